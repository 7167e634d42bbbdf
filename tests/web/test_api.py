"""The HTTP API over a real server: every route, as every role."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.house import House, Room, Voice

SECRET = "KANARIFUGL"


def refused(answer: httpx.Response, status: int, code: str, field: str | None = None) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["field"] == field
    assert len(answer.json()["message"]) > 10


def test_health_says_the_version(house: House) -> None:
    assert httpx.get(f"{house.url}/health").json()["version"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
def test_an_unknown_api_address_is_404_json(house: House, method: str) -> None:
    answer = httpx.request(method, f"{house.url}/api/v1/nope", json={} if method != "GET" else None)
    refused(answer, 404, "not_found")


def test_openapi_describes_every_change_and_only_our_routes(house: House) -> None:
    document = httpx.get(f"{house.url}/api/openapi.json").json()
    assert all(path.startswith("/api/v1") for path in document["paths"])
    assert "/api/v1/workshops/{workshop}/changes" in document["paths"]
    schemas = document["components"]["schemas"]
    kinds = set(schemas["Change"]["discriminator"]["mapping"])
    assert {"annotate", "take_stance", "write_framing", "undo", "reveal"} <= kinds
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["responses"]["4XX"]
    text = json.dumps(document)
    assert all(f'"{name}"' in text for name in ("TakeStance", "WriteFraming", "Error"))


def test_joining_gives_a_cookie_that_scripts_cannot_read(room: Room) -> None:
    answer = httpx.post(f"{room.house.url}/api/v1/join", json={"code": room.code, "agency": "politi"})
    cookie = answer.headers.get_list("set-cookie")[0]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert answer.json()["next"] == f"/w/{room.id}/me"
    assert room.code not in answer.text


@pytest.mark.parametrize("code", [None, [], {}, "", "WRONGCOD", "0" * 100_000, 5])
def test_a_wrong_code_is_refused_the_same_way_whatever_it_is(room: Room, code: Any) -> None:
    answer = httpx.post(f"{room.house.url}/api/v1/join", json={"code": code, "agency": "politi"}, timeout=30)
    assert answer.json()["code"] in ("wrong_code", "too_many_tries")
    assert "set-cookie" not in answer.headers


def test_a_role_in_the_join_body_gives_no_role(room: Room) -> None:
    client = room.house.client()
    body = {"code": room.code, "agency": "politi", "role": "facilitator"}
    assert client.post("/api/v1/join", json=body).status_code == 200
    refused(Voice(client, room.id, "console").get("state"), 401, "not_joined")
    assert Voice(client, room.id, "me").state()["you"]["role"] == "representative"


def test_a_second_scan_of_the_code_does_not_make_a_second_person(room: Room) -> None:
    nav = room.join("nav_kommune")
    answer = nav.client.post("/api/v1/join", json={"code": room.code, "agency": "nav_kommune"})
    assert answer.json()["person"] == nav.person


def test_a_hundred_and_twenty_people_join_from_one_address(room: Room) -> None:
    def come_in(number: int) -> int:
        body = {"code": room.code.lower(), "agency": "politi", "alias": f"nr {number}"}
        return httpx.post(f"{room.house.url}/api/v1/join", json=body, timeout=60).status_code

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(come_in, range(120))) == {200}
    assert room.facilitator.state()["totals"]["people"] == 120


def test_a_wrong_key_opens_nothing(room: Room) -> None:
    for role in ("facilitator", "viewer", "researcher", "admin"):
        answer = httpx.get(f"{room.house.url}/open/{room.id}/{role}/{'A' * 32}")
        refused(answer, 403, "wrong_key")


def test_whoever_follows_a_link_that_is_void_is_told_on_a_page(room: Room) -> None:
    for address in (f"open/{room.id}/facilitator/{'A' * 32}", f"start/{'A' * 32}"):
        answer = httpx.get(f"{room.house.url}/{address}", headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/link-not-valid")


def test_a_viewers_link_does_not_open_the_console(room: Room) -> None:
    viewer = room.enter("viewer")
    viewer.surface = "console"
    refused(viewer.get("state"), 401, "not_joined")


def test_renewing_the_keys_makes_old_links_and_the_code_void(room: Room) -> None:
    old_code, old_link = room.code, room.link("viewer")
    answer = room.facilitator.client.post(f"/api/v1/workshops/{room.id}/renew", json={})
    assert answer.status_code == 200
    assert httpx.get(old_link).status_code == 403
    answer = httpx.post(
        f"{room.house.url}/api/v1/join", json={"code": old_code, "agency": "politi"}, timeout=30
    )
    assert answer.json()["code"] == "wrong_code"


def test_opening_a_workshop_takes_the_servers_start_link(house: House) -> None:
    answer = httpx.post(f"{house.url}/api/v1/workshops", json={"source": "default"})
    refused(answer, 403, "not_allowed")
    answer = httpx.post(f"{house.url}/api/v1/workshops", json={"source": "default", "key": "A" * 32})
    refused(answer, 403, "not_allowed")


ROUTES = [
    "state",
    "changes",
    "canvas",
    "qr.svg",
    "export/wickedmap",
    "export/graphml",
    "export/wickedmap?private=true",
]
WHO = ["stranger", "other room", "representative", "viewer", "researcher", "facilitator"]
OPEN = {
    "representative": {"state", "changes", "canvas"},
    "viewer": {"state", "changes", "canvas", "qr.svg"},
    "researcher": {"state", "changes", "canvas", "export/wickedmap", "export/graphml"},
    "facilitator": set(ROUTES),
}


@pytest.mark.parametrize("who", WHO)
def test_every_route_as_every_role_shows_only_what_is_revealed(room: Room, who: str) -> None:
    nav = room.join("nav_kommune", alias=f"{SECRET}-alias")
    nav.does("annotate", target_kind="factor", target="gjeld", text=f"{SECRET} note")
    nav.does("take_stance", link="L60", stance="rejects", reason=f"{SECRET} stance")
    nav.does("write_framing", problem=f"{SECRET} framing")
    if who == "stranger":
        voice = room.stranger()
    elif who == "other room":
        voice = room.house.open_room().facilitator
        voice.workshop = room.id
    elif who == "representative":
        voice = room.join("politi")
    else:
        voice = room.enter(who)
    for route in ROUTES:
        path, _, query = route.partition("?")
        answer = voice.get(path, **dict(part.split("=") for part in query.split("&") if part))
        if route in OPEN.get(who, set()):
            assert answer.status_code == 200, (route, answer.text)
        else:
            assert answer.status_code in (401, 403), route
        if who != "facilitator":
            assert SECRET not in answer.text, route
        assert f"{SECRET}-alias" not in answer.text or who == "facilitator"


@pytest.mark.parametrize("who", ["stranger", "viewer", "researcher"])
def test_those_who_only_look_cannot_write(room: Room, who: str) -> None:
    voice = room.stranger() if who == "stranger" else room.enter(who)
    change = {"kind": "annotate", "op_id": "x" * 12, "target_kind": "factor", "target": "gjeld", "text": "nei"}
    for surface in ("me", "console", "projector", "export", ""):
        voice.surface = surface
        assert voice.send(change).status_code in (401, 403)
    assert room.facilitator.state()["totals"]["annotations"] == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("[]", 400, "bad_request"),
        ("{", 400, "bad_request"),
        ('{"kind": NaN}', 400, "bad_request"),
        ("null", 400, "bad_request"),
        ("[" * 5000, 400, "bad_request"),
        ('{"kind": "annotate"}', 422, "missing_field"),
        ('{"kind": {"a": 1}, "op_id": "abcdefgh"}', 404, "unknown_change"),
    ],
)
def test_a_body_that_is_no_change_is_refused(room: Room, body: str, status: int, code: str) -> None:
    answer = room.facilitator.client.post(
        f"/api/v1/workshops/{room.id}/changes", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (status, 400, 422)
    assert answer.json()["code"] in (code, "bad_request", "unknown_change")


def test_a_body_over_the_limit_is_refused_before_it_is_read(room: Room) -> None:
    answer = room.facilitator.client.post(
        f"/api/v1/workshops/{room.id}/changes",
        content=b"x" * 300_000,
        headers={"Content-Type": "application/json"},
    )
    refused(answer, 413, "too_large")


def test_a_change_from_another_site_is_refused(room: Room) -> None:
    nav = room.join("nav_kommune")
    answer = nav.client.post(
        f"/api/v1/workshops/{room.id}/changes",
        json={"kind": "withdraw_framing", "op_id": "abcdefgh"},
        headers={"Origin": "https://evil.example"},
    )
    refused(answer, 403, "cross_site")


def test_errors_come_in_the_persons_language(room: Room) -> None:
    sentences = set()
    for language in ("nb", "nn", "en"):
        answer = httpx.get(
            f"{room.house.url}/api/v1/workshops/{room.id}/state", headers={"Accept-Language": language}
        )
        sentences.add(answer.json()["message"])
    assert len(sentences) == 3


def test_one_person_cannot_fill_the_room(room: Room) -> None:
    nav = room.join("nav_kommune")
    codes = []
    for number in range(60):
        change = {"kind": "rate_factor", "op_id": f"flood-{number:06d}", "factor": "gjeld", "importance": 1}
        codes.append(nav.send(change).status_code)
    assert codes[0] == 200
    assert 429 in codes
    assert room.join("politi").does("rate_factor", factor="gjeld", importance=2)


def test_an_exported_map_opens_as_an_equal_workshop(room: Room) -> None:
    nav, police = room.join("nav_kommune"), room.join("politi")
    nav.does("take_stance", link="L60", stance="rejects", reason="Ikke hos oss")
    police.does("take_stance", link="L60", stance="asserts", sign="+", strength=3)
    nav.does("annotate", target_kind="factor", target="gjeld", text="Æøå «sitat» <b>ikke fet</b>")
    nav.does("write_framing", problem="For få boliger", factors=["bolig"], belief=2)
    room.facilitator.does("add_factor", label="Ventetid")
    room.facilitator.does("reveal", notes=True, stances=True, framings=True)
    room.facilitator.does("show_names", shown=True)
    exported = room.facilitator.get("export/wickedmap", private="true").content
    from wickedmap.formats import read_bytes

    original = read_bytes(exported, "map.json").map
    again = room.house.open_room()
    import base64

    body = {
        "source": "file",
        "name": "map.json",
        "content_base64": base64.b64encode(exported).decode(),
        "key": room.house.host_key,
    }
    answer = again.facilitator.client.post("/api/v1/import", json=body)
    assert answer.status_code == 201, answer.text
    second = Voice(again.facilitator.client, answer.json()["workshop"], "console")
    repeated = read_bytes(second.get("export/wickedmap", private="true").content, "map.json").map
    assert repeated == original
    assert {row.person for row in original.stances} == {"nav_kommune-1", "politi-1"}


def test_a_bad_file_opens_nothing_and_says_why(room: Room) -> None:
    import base64

    before = len(room.facilitator.client.get("/health").json())
    for content in (
        b"",
        b"\x00\x01\x02",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><graphml/>",
        b'{"format": "wickedmap-map"}',
    ):
        body = {
            "source": "file",
            "name": "kart.json",
            "content_base64": base64.b64encode(content).decode(),
            "key": room.house.host_key,
        }
        answer = room.facilitator.client.post("/api/v1/import", json=body)
        refused(answer, 422, "bad_file", "file")
        assert "kart.json" in answer.json()["message"]
    assert before == len(room.facilitator.client.get("/health").json())


def _listen(voice: Voice, since: int, seconds: float, seen: list[dict[str, Any]]) -> None:
    address = f"/api/v1/workshops/{voice.workshop}/stream?since={since}&surface={voice.surface}"
    try:
        with voice.client.stream("GET", address, timeout=seconds) as answer:
            event: dict[str, Any] = {}
            for line in answer.iter_lines():
                if line.startswith("id: "):
                    event["id"] = int(line[4:])
                elif line.startswith("event: "):
                    event["event"] = line[7:]
                elif line.startswith("data: "):
                    event["data"] = json.loads(line[6:])
                elif not line and event:
                    seen.append(event)
                    event = {}
    except httpx.ReadTimeout:
        pass


def test_the_stream_replays_what_was_missed_and_goes_on_live(room: Room) -> None:
    viewer = room.enter("viewer")
    room.facilitator.does("set_stage", stage=2)
    seen: list[dict[str, Any]] = []
    thread = threading.Thread(target=_listen, args=(viewer, 2, 2.5, seen))
    thread.start()
    import time

    time.sleep(0.6)
    room.facilitator.does("set_stage", stage=3)
    thread.join()
    changes = [event["data"] for event in seen if "event" not in event]
    assert seen[0]["event"] == "hello"
    assert [(change["kind"], change["fields"].get("stage")) for change in changes] == [
        ("set_stage", 2),
        ("set_stage", 3),
    ]
    assert [change["seq"] for change in changes] == sorted(change["seq"] for change in changes)


def test_a_private_note_never_goes_down_somebody_elses_stream(room: Room) -> None:
    nav, police, viewer = room.join("nav_kommune"), room.join("politi"), room.enter("viewer")
    heard: dict[str, list[dict[str, Any]]] = {"nav": [], "police": [], "viewer": []}
    threads = [
        threading.Thread(target=_listen, args=(voice, 0, 2.0, heard[name]))
        for name, voice in (("nav", nav), ("police", police), ("viewer", viewer))
    ]
    for thread in threads:
        thread.start()
    nav.does("annotate", target_kind="factor", target="gjeld", text=f"{SECRET} note")
    for thread in threads:
        thread.join()
    assert SECRET in json.dumps(heard["nav"])
    assert SECRET not in json.dumps(heard["police"])
    assert SECRET not in json.dumps(heard["viewer"])
    assert any(event.get("data", {}).get("kind") == "activity" for event in heard["viewer"])


@pytest.mark.parametrize("since", ["abc", "1e9", "９９", "-5x"])
def test_a_place_in_the_log_that_is_no_number_is_refused(room: Room, since: str) -> None:
    answer = room.facilitator.client.get(
        f"/api/v1/workshops/{room.id}/changes?surface=console", params={"since": since}
    )
    refused(answer, 422, "bad_value", "since")


def test_the_log_of_the_server_holds_nothing_that_people_wrote(room: Room) -> None:
    nav = room.join("nav_kommune", alias=f"{SECRET}-alias")
    nav.does("annotate", target_kind="factor", target="gjeld", text=f"{SECRET} note")
    nav.send({"kind": "annotate", "op_id": "abcdefgh", "text": SECRET})
    httpx.get(f"{room.house.url}/{SECRET}?q={SECRET}")
    log = room.house.log.read_text()
    assert SECRET not in log
    assert room.code not in log
