"""A file sent into a running workshop over HTTP."""

from __future__ import annotations

import base64
import re
from typing import Any

import httpx
import pytest

from tests.house import Room, Voice

CSV = "fra;til;fortegn\nGjeld;Søvnløshet;+\nSøvnløshet;Husleie;-\n".encode()


def send(voice: Voice, content: bytes, file: str = "kart.csv", **fields: Any) -> httpx.Response:
    return voice.client.post(
        f"/api/v1/workshops/{voice.workshop}/import",
        json={"name": file, "content_base64": base64.b64encode(content).decode(), **fields},
        headers={"X-Wickedmap-Surface": voice.surface},
    )


def test_a_preview_shows_everything_and_changes_nothing(room: Room) -> None:
    before = room.facilitator.state()
    answer = send(room.facilitator, CSV, preview=True)
    assert answer.status_code == 200, answer.text
    shown = answer.json()["preview"]
    assert [one["label"] for one in shown["factors"]] == ["Søvnløshet", "Husleie"]
    assert [one["label"] for one in shown["recognised"]] == ["Gjeld"]
    assert room.facilitator.state() == before


def test_an_import_is_one_change_and_one_undo(room: Room) -> None:
    before = room.facilitator.state()["map"]
    answer = send(room.facilitator, CSV, op_id="import-operation-1")
    assert answer.status_code == 200, answer.text
    made = answer.json()
    after = room.facilitator.state()
    assert after["seq"] == made["seq"]
    assert {"Søvnløshet", "Husleie"} <= {one["labels"].get("nb") for one in after["map"]["factors"]}
    assert send(room.facilitator, CSV, op_id="import-operation-1").json()["repeated"]
    assert made["undoable"]
    room.facilitator.does("undo", of=made["seq"])
    assert room.facilitator.state()["map"] == before


def test_what_may_mean_the_same_can_be_taken_for_what_is_here(room: Room) -> None:
    table = b"fra;til\nStabil og egna bolig;Uro\n"
    alike = send(room.facilitator, table, preview=True).json()["preview"]["alike"]
    pair = next(one for one in alike if one["here"] and one["first_label"] == "Stabil og egnet bolig")
    same = {pair["in_file"]: pair["first"]}
    shown = send(room.facilitator, table, preview=True, same=same, page=True).json()
    assert [one["label"] for one in shown["preview"]["factors"]] == ["Uro"]
    assert "Stabil og egna bolig" in str(shown["tree"])
    send(room.facilitator, table, same=same)
    labels = [one["labels"].get("nb") for one in room.facilitator.state()["map"]["factors"]]
    assert "Uro" in labels
    assert "Stabil og egna bolig" not in labels


def test_the_map_as_it_would_be_is_drawn_for_the_facilitator_only(room: Room) -> None:
    tree = str(send(room.facilitator, CSV, preview=True, page=True).json()["tree"])
    address = re.search(r"import/picture/[\w-]+\.svg", tree)
    assert address is not None
    drawn = room.facilitator.get(address[0])
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert '<g opacity="0.35">' in drawn.text
    assert "Søvnløshet" in drawn.text
    for voice in (room.join("politi"), room.enter("researcher"), room.stranger()):
        answer = voice.client.get(
            f"/api/v1/workshops/{voice.workshop}/{address[0]}", headers={"X-Wickedmap-Surface": voice.surface}
        )
        assert answer.status_code in (401, 403)
    assert room.facilitator.client.get("/api/v1/" + address[0]).status_code in (401, 403, 404)


def test_others_learn_of_an_import_without_the_file(room: Room) -> None:
    nav = room.join("nav_kommune")
    send(room.facilitator, CSV)
    change = nav.get("changes").json()["changes"][-1]
    assert change["kind"] == "import_map"
    assert change["fields"] == {"file": "kart.csv", "mode": "add", "aliases": False, "same": {}}


@pytest.mark.parametrize("who", ["stranger", "representative", "viewer", "researcher"])
def test_only_the_facilitator_may_send_a_file(room: Room, who: str) -> None:
    if who == "stranger":
        voice = room.stranger()
    else:
        voice = room.join("politi") if who == "representative" else room.enter(who)
    for preview in (True, False):
        assert send(voice, CSV, preview=preview).status_code in (401, 403)


@pytest.mark.parametrize(
    ("content", "name", "fields", "code"),
    [
        (b"", "kart.csv", {}, "bad_file"),
        (b"\x00\xff" * 300, "kart.bin", {}, "bad_file"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><graphml>&a;</graphml>", "kart.graphml", {}, "bad_file"),
        (b"[" * 100_000, "kart.json", {}, "bad_file"),
        (b"PK\x03\x04broken", "kart.xlsx", {}, "bad_file"),
        (b"%PDF-1.7", "kart.pdf", {}, "bad_file"),
        (CSV, "kart.csv", {"preview": "yes"}, "bad_value"),
        (CSV, "kart.csv", {"aliases": 1}, "bad_value"),
        (CSV, "kart.csv", {"same": ["a"]}, "bad_value"),
        (CSV, "kart.csv", {"same": {"a": 1}}, "bad_value"),
        (CSV, "kart.csv", {"op_id": "short"}, "bad_value"),
        (CSV, "kart.csv", {"content_base64": "%%%"}, "bad_value"),
        (CSV, "kart.csv", {"content_base64": None}, "missing_field"),
        (CSV, "kart.csv", {"name": ["x"]}, "missing_field"),
        (b"fra;til\nKari 01019012345;Husleie\n", "kart.csv", {}, "national_number"),
    ],
)
def test_a_bad_file_is_refused_and_changes_nothing(
    room: Room, content: bytes, name: str, fields: dict[str, Any], code: str
) -> None:
    before = room.facilitator.state()
    answer = send(room.facilitator, content, name, **fields)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert room.facilitator.state() == before


def test_a_large_file_passes_the_guard_and_a_too_large_one_does_not(room: Room) -> None:
    rows = "".join(f"faktor {number};faktor {number + 1};+\n" for number in range(1500))
    filled = ("fra;til;fortegn\n" + rows).encode()
    assert send(room.facilitator, filled, preview=True).status_code == 200
    # Small enough to be looked at: the reader refuses it, not the guard.
    assert send(room.facilitator, b"x" * 4_990_000).json()["code"] == "bad_file"
    assert send(room.facilitator, b"x" * 9_990_000).json()["code"] == "bad_file"
    assert send(room.facilitator, b"x" * 11_000_000).status_code == 413


def test_a_foreign_file_name_is_no_danger(room: Room) -> None:
    answer = send(room.facilitator, CSV, "../../etc/<b>\u202epasswd.csv")
    assert answer.status_code == 200, answer.text
    change = room.facilitator.get("changes").json()["changes"][-1]
    assert change["fields"]["file"] == ""


def test_requests_without_an_object_are_refused(room: Room) -> None:
    address = f"/api/v1/workshops/{room.id}/import"
    for body in ([], None, "x", 5):
        answer = room.facilitator.client.post(address, json=body, headers={"X-Wickedmap-Surface": "console"})
        assert answer.status_code in (400, 415), answer.text
