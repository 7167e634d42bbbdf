"""The database on disk: settings, locks, and files that are not ours."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from tests.conftest import Meeting
from wickedmap.default_map import default_map
from wickedmap.store import Store, StoreError, log, open_store, sessions
from wickedmap.store.database import FILE_NAME, integrity
from wickedmap.store.sessions import Grant
from wickedmap.workshop import Workshops


def test_the_writer_is_durable_and_takes_the_lock_at_once(store: Store) -> None:
    with store.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        other = sqlite3.connect(store.path, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_a_reader_cannot_write(store: Store) -> None:
    with store.reading() as connection, pytest.raises(Exception, match=r"readonly|read-only"):
        connection.exec_driver_sql("DELETE FROM event")


def test_a_second_process_is_told_that_the_folder_is_in_use(store: Store) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(store.folder)
    assert caught.value.code == "in_use"
    assert "--data" in str(caught.value)
    open_store(store.folder, read_only=True).close()


@pytest.mark.parametrize("content", [b"this is no database at all" * 100, b"PK\x03\x04" + b"\0" * 200])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path)
    assert caught.value.code == "unreadable"
    assert path.read_bytes() == content


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path)
    assert caught.value.code == "unreadable"


def test_a_database_with_a_trigger_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("CREATE TRIGGER sly AFTER INSERT ON event BEGIN DELETE FROM event; END")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path)
    assert caught.value.code == "unreadable"


def test_a_database_of_a_later_version_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("UPDATE alembic_version SET version_num = 'r9999'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path)
    assert caught.value.code == "newer"
    assert "r9999" in str(caught.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path / "file" / "data")
    assert caught.value.code == "not_writable"
    assert "--data" in str(caught.value)


def test_the_files_are_for_the_owner_only(meeting: Meeting, tmp_path: Path) -> None:
    store = meeting.workshops.store
    copy = store.backup(tmp_path / "copy.sqlite")
    files = [store.folder / name for name in (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", "secret.key")]
    for file in (*files, copy):
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_after_a_clean_stop_the_one_file_holds_everything(meeting: Meeting, tmp_path: Path) -> None:
    store = meeting.workshops.store
    with store.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM event").scalar()
    store.close()
    (tmp_path / "moved").mkdir()
    (tmp_path / "moved" / FILE_NAME).write_bytes(store.path.read_bytes())
    moved = open_store(tmp_path / "moved")
    assert log.load_state(moved, meeting.id) == meeting.state
    moved.close()


def test_the_secret_is_made_once(store: Store) -> None:
    first = store.secret
    store.close()
    again = open_store(store.folder)
    assert again.secret == first
    assert len(first) == 32
    again.close()


def test_no_token_is_kept_as_it_is(meeting: Meeting) -> None:
    store = meeting.workshops.store
    token = sessions.give(store, None, Grant(meeting.id, "facilitator", "facilitator"))
    assert len(token) == 43
    raw = store.path.read_bytes() + store.path.with_name(FILE_NAME + "-wal").read_bytes()
    assert token.encode() not in raw
    for role in ("facilitator", "viewer", "researcher"):
        assert meeting.workshops.key(meeting.id, role).encode() not in raw


def test_every_new_grant_gives_a_new_token_and_voids_the_old(meeting: Meeting) -> None:
    store = meeting.workshops.store
    first = sessions.give(store, None, Grant(meeting.id, "facilitator", "facilitator"))
    second = sessions.give(store, first, Grant(meeting.id, "viewer", "viewer"))
    assert second != first
    assert sessions.grants_of(store, first) == []
    assert {grant.role for grant in sessions.grants_of(store, second)} == {"facilitator", "viewer"}


def test_a_token_that_somebody_made_up_gives_nothing(store: Store) -> None:
    assert sessions.grants_of(store, "A" * 43) == []


def test_a_session_ends_when_it_lay_unused_for_long(meeting: Meeting) -> None:
    store = meeting.workshops.store
    token = sessions.give(store, None, Grant(meeting.id, "viewer", "viewer"))
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE session SET seen = '2020-01-01T00:00:00.000Z'")
    assert sessions.grants_of(store, token) == []


def test_a_backup_is_whole_while_the_room_goes_on_writing(meeting: Meeting, tmp_path: Path) -> None:
    meeting.leads("add_factor", label="Ventetid")
    copy = tmp_path / "copy" / FILE_NAME
    copy.parent.mkdir()
    meeting.workshops.store.backup(copy)
    restored = open_store(copy.parent)
    assert integrity(restored) == "ok"
    assert log.load_state(restored, meeting.id) == meeting.state
    restored.close()


_WRITER = """
import sys
from wickedmap.access import Actor
from wickedmap.store import open_store
from wickedmap.workshop import Workshops
workshops = Workshops(open_store(sys.argv[1]))
known = workshops.all()
actor = Actor(known[0].id, "facilitator", "facilitator")
start = workshops.state(actor.workshop).seq
for number in range(100000):
    change = {"kind": "set_step", "op_id": f"kill-{start}-{number:06d}", "step": number % 9}
    receipt = workshops.submit(actor, change)
    print(receipt.op_id, flush=True)
"""


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(meeting: Meeting) -> None:
    folder = meeting.workshops.store.folder
    meeting.workshops.store.close()
    acknowledged: list[str] = []
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        acknowledged.append(process.stdout.readline().strip())
        time.sleep(0.2)
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [
            line.strip() for line in process.stdout.read().splitlines() if line.endswith(tuple("0123456789"))
        ]
        process.wait()
        process.stdout.close()
    again = open_store(folder)
    kept = [event.change.op_id for event in log.events(again, meeting.id)]
    assert integrity(again) == "ok"
    assert len(kept) == len(set(kept))
    # The last line of a killed process may be cut short, so only whole ones count.
    whole = {op_id for op_id in acknowledged if len(op_id.rsplit("-", 1)[-1]) == 6}
    assert len(whole) > 30
    assert whole <= set(kept)
    again.close()


def test_a_workshop_is_opened_whole_or_not_at_all(store: Store) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON event WHEN new.seq = 2 BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(IntegrityError, match="full"):
        Workshops(store).open_workshop(default_map())
    assert log.workshops(store) == []
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM event").scalar() == 0
