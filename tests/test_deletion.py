"""What is deleted is gone, from the log and from the bytes on disk, and the rest stays as it was."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BeforeValidator

from tests.conftest import Meeting
from wickedmap.changes import AnyChange, read_change, without_words
from wickedmap.changes.words import FREE_TEXT, NAMES
from wickedmap.store import Store, StoreError, log, open_store, restore
from wickedmap.store.deletion import delete_words, delete_workshop
from wickedmap.workshop import Workshops

SECRET = "kanarifugl i kjelleren"


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def holds(value: Any) -> bool:
    return SECRET in json.dumps(value, ensure_ascii=False, default=str)


def texts_of(kind: Any) -> Iterator[str]:
    for name, about in kind.model_fields.items():
        parts = [*about.metadata, *(part for arg in get_args(about.annotation) for part in get_args(arg))]
        if any(isinstance(part, BeforeValidator) for part in parts):
            yield name


@pytest.fixture
def spoken(meeting: Meeting) -> tuple[Meeting, str, str]:
    """A meeting where one person has written a secret in every way there is, and another has not."""
    one = meeting.join("nav_kommune", alias=SECRET)
    other = meeting.join("kommune_bolig", alias="Ola")
    link = meeting.state.to_map().links[0].id
    meeting.does(one, "annotate", target_kind="link", target=link, text=f"{SECRET} merknad")
    meeting.does(one, "take_stance", link=link, stance="rejects", reason=f"{SECRET} grunn")
    meeting.does(one, "write_framing", problem=f"{SECRET} problem", causes="", remedy=SECRET)
    meeting.does(one, "propose_factor", label="Lang ventetid", definition=SECRET)
    meeting.does(other, "annotate", target_kind="link", target=link, text="Dette skal stå")
    meeting.leads("park", text="Også dette")
    return meeting, one.person, other.person


def test_every_text_of_the_vocabulary_is_known_as_words_or_as_a_name() -> None:
    found = {name for kind in get_args(get_args(AnyChange)[0]) for name in texts_of(kind)}
    assert found == FREE_TEXT | NAMES


def test_a_change_without_words_keeps_what_was_ticked() -> None:
    change = read_change(
        {"kind": "take_stance", "op_id": "o" * 8, "link": "L1", "stance": "rejects", "reason": "fordi"}
    )
    gone = without_words(change, 4)
    assert gone == change.model_copy(update={"reason": "[slettet]"})
    assert without_words(gone.model_copy(update={"reason": ""}), 4).fields() == {
        "link": "L1",
        "stance": "rejects",
        "reason": "",
        "language": "nb",
    }


def test_a_persons_words_are_gone_from_the_bytes_and_the_rest_stays(
    spoken: tuple[Meeting, str, str],
) -> None:
    meeting, one, other = spoken
    store = meeting.workshops.store
    log.save_snapshot(store, meeting.state)
    assert SECRET.encode() in bytes_in(store.folder)
    before = meeting.state.to_map()

    assert delete_words(store, meeting.id, persons=[one]) == 5

    assert SECRET.encode() not in bytes_in(store.folder)
    after = Workshops(store).state(meeting.id)
    assert not holds(after.tables)
    assert after.seq == meeting.state.seq
    m = after.to_map()
    assert (m.factors, m.links) == (before.factors, before.links)
    assert [replace(one, reason="") for one in m.stances] == [replace(one, reason="") for one in before.stances]
    assert sorted(note.text for note in m.annotations) == ["Dette skal stå", "[slettet]"]
    assert after.tables["people"][other].alias == "Ola"
    assert "Lang ventetid" in repr(after.tables["proposals"])


def test_one_change_loses_its_words_and_its_name(meeting: Meeting) -> None:
    seq = meeting.leads("add_factor", label=SECRET, definition=SECRET).seq
    store = meeting.workshops.store
    assert delete_words(store, meeting.id, changes=[seq]) == 1
    assert SECRET.encode() not in bytes_in(store.folder)
    labels = [factor.label for factor in Workshops(store).state(meeting.id).to_map().factors]
    assert f"[slettet {seq}]" in labels


def test_an_edit_on_deleted_words_can_still_be_read_and_undone(meeting: Meeting) -> None:
    one = meeting.join("nav_kommune")
    link = meeting.state.to_map().links[0].id
    note = meeting.does(one, "annotate", target_kind="link", target=link, text=SECRET)
    ((key, _),) = meeting.state.tables["annotations"].items()
    edit = meeting.does(one, "edit_annotation", annotation=key, base_seq=note.seq, text=f"{SECRET} igjen")
    delete_words(meeting.workshops.store, meeting.id, persons=[one.person])
    later = Meeting(Workshops(meeting.workshops.store), meeting.id, meeting.facilitator)
    later.workshops.submit(one, {"kind": "undo", "op_id": "undo-this-one", "of": edit.seq})
    assert [note.text for note in later.state.to_map().annotations] == ["[slettet]"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"persons": ["nobody"]}, "unknown_person"),
        ({"changes": [999]}, "unknown_change"),
        ({"changes": [1]}, "whole_map"),
    ],
)
def test_what_cannot_be_deleted_is_said_and_nothing_is(
    meeting: Meeting, words: dict[str, Any], code: str
) -> None:
    before = log.events(meeting.workshops.store, meeting.id)
    with pytest.raises(StoreError) as caught:
        delete_words(meeting.workshops.store, meeting.id, **words)
    assert caught.value.code == code
    assert log.events(meeting.workshops.store, meeting.id) == before


def test_a_deleted_workshop_is_gone_and_another_is_untouched(
    spoken: tuple[Meeting, str, str], tmp_path: Path
) -> None:
    meeting, *_ = spoken
    store: Store = meeting.workshops.store
    stays = meeting.workshops.open_workshop(meeting.state.base, title="Et annet møte")
    before = log.events(store, stays)
    store.backup(store.folder / "before-r0002-now.sqlite")

    assert delete_workshop(store, meeting.id) == meeting.state.seq

    assert log.workshop(store, meeting.id) is None
    assert log.events(store, stays) == before
    assert SECRET.encode() not in bytes_in(store.folder)
    with pytest.raises(StoreError, match="there is no workshop"):
        delete_workshop(store, meeting.id)


def test_words_are_gone_from_a_copy_whose_log_went_another_way(meeting: Meeting, tmp_path: Path) -> None:
    store = meeting.workshops.store
    one = meeting.join("nav_kommune")
    copy = store.backup(tmp_path / "copy.sqlite")
    meeting.does(one, "annotate", target_kind="factor", target="gjeld", text=SECRET)
    store.close()
    restore(store.folder, copy)
    again = open_store(store.folder)
    later = Meeting(Workshops(again), meeting.id, meeting.facilitator)
    seq = later.workshops.submit(
        meeting.facilitator, {"kind": "add_factor", "op_id": "another-way-1", "label": "Ventetid"}
    ).seq
    (aside,) = again.folder.glob("before-restore-*.sqlite")
    assert SECRET.encode() in aside.read_bytes()

    delete_words(again, meeting.id, changes=[seq])
    assert delete_words(again, meeting.id, persons=[one.person]) == 0

    assert SECRET.encode() not in bytes_in(again.folder)
    again.close()
    # The copy is still a whole log: the note at the place of the deleted change is a note.
    restore(again.folder, aside)
    back = open_store(again.folder)
    notes = Workshops(back).state(meeting.id).to_map().annotations
    assert [note.text for note in notes] == ["[slettet]"]
    back.close()


@pytest.mark.parametrize("content", [b"this is no database", b""])
def test_a_copy_that_cannot_be_read_is_named_and_nothing_is_deleted(meeting: Meeting, content: bytes) -> None:
    store = meeting.workshops.store
    (store.folder / "before-restore-x.sqlite").write_bytes(content)
    for delete in (
        lambda: delete_workshop(store, meeting.id),
        lambda: delete_words(store, meeting.id, changes=[2]),
    ):
        with pytest.raises(StoreError, match=r"before-restore-x\.sqlite cannot be read"):
            delete()
    assert log.count(store, meeting.id) == meeting.state.seq


def test_a_backup_is_restored_and_what_was_there_is_set_aside(meeting: Meeting, tmp_path: Path) -> None:
    store = meeting.workshops.store
    copy = store.backup(tmp_path / "copy.sqlite")
    kept = meeting.state.seq
    meeting.leads("park", text="Etter kopien")
    with pytest.raises(StoreError) as caught:
        restore(store.folder, copy)
    assert caught.value.code == "in_use"
    store.close()

    aside = restore(store.folder, copy)

    with_old = open_store(store.folder)
    assert Workshops(with_old).state(meeting.id).seq == kept
    with_old.close()
    assert aside is not None
    connection = sqlite3.connect(aside)
    assert connection.execute("SELECT max(seq) FROM event").fetchone() == (kept + 1,)
    connection.close()
    assert copy.is_file()


def test_a_file_that_is_no_backup_changes_nothing(meeting: Meeting, tmp_path: Path) -> None:
    folder = meeting.workshops.store.folder
    meeting.workshops.store.close()
    before = (folder / "wickedmap.sqlite").read_bytes()
    empty, torn = tmp_path / "empty.sqlite", tmp_path / "torn.sqlite"
    empty.touch()
    torn.write_bytes(before[: len(before) // 2])
    for copy, code in (
        (tmp_path / "none.sqlite", "missing"),
        (empty, "unreadable"),
        (torn, "unreadable"),
    ):
        with pytest.raises(StoreError) as caught:
            restore(folder, copy)
        assert caught.value.code == code
    assert (folder / "wickedmap.sqlite").read_bytes() == before
    assert not list(folder.glob("before-*"))


def test_the_commands_list_ask_delete_and_restore(spoken: tuple[Meeting, str, str], tmp_path: Path) -> None:
    meeting, one, _ = spoken
    folder = meeting.workshops.store.folder
    copy = meeting.workshops.store.backup(tmp_path / "copy.sqlite")
    meeting.workshops.store.close()

    def run(*words: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "wickedmap", *words, "--data", str(folder)],
            capture_output=True,
            text=True,
            input=answer,
            timeout=120,
        )

    assert one in run("purge", meeting.id, "--people").stdout
    found = json.loads(run("purge", meeting.id, "--find", SECRET.upper(), "--json").stdout)
    assert {row["person"] for row in found} == {one}
    assert "annotate" in {row["kind"] for row in found}
    assert json.loads(run("purge", meeting.id, "--find", "Utkastelse", "--json").stdout)[0]["change"] == 1
    for odd in (["--find", "", "--yes"], ["--find", "x", "--yes"], ["--people", "--yes"], ["--find", ""]):
        assert run("purge", meeting.id, *odd).returncode == 2
    refused = run("purge", meeting.id, "--person", one, answer="n\n")
    assert (refused.returncode, "nothing was deleted" in refused.stderr) == (1, True)
    assert SECRET.encode() in bytes_in(folder)
    assert run("purge", meeting.id, "--person", one, answer="y\n").returncode == 0
    assert SECRET.encode() not in bytes_in(folder)
    assert run("purge", meeting.id, "--yes").returncode == 0
    gone = run("purge", meeting.id, "--yes")
    assert (gone.returncode, "there is no workshop" in gone.stderr) == (1, True)
    assert "restored" in run("restore", str(copy)).stdout
    assert one in run("purge", meeting.id, "--people").stdout
