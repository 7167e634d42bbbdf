"""A researcher's script reads a live workshop with a token, and can do no more than that."""

from __future__ import annotations

import io
import json
import pickle
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

import wickedmap
from tests.conftest import Meeting
from tests.house import Room
from wickedmap import ConnectError
from wickedmap.leaving import api_token

SECRET = "KANARIFUGL"


def token(room: Room, role: str = "researcher") -> str:
    return f"{room.id}.{role}.{room.link(role).rsplit('/', 1)[-1]}"


def failing(url: str, with_token: str) -> ConnectError:
    with pytest.raises(ConnectError) as caught:
        wickedmap.connect(url, with_token, timeout=5)
    return caught.value


def test_the_map_is_read_as_the_export_gives_it(room: Room) -> None:
    nav = room.join("nav_kommune", alias=f"{SECRET}-alias")
    nav.does("annotate", target_kind="factor", target="gjeld", text="Bøter")
    nav.does("take_stance", link="L60", stance="asserts", sign="+")
    room.facilitator.does("reveal", stances=True)
    live = wickedmap.connect(room.house.url, token(room))
    m = live.map()
    assert len(m.factors) == 22
    assert [stance.link for stance in m.stances] == ["L60"]
    assert m.annotations == ()
    assert nav.person not in repr(m.stances)
    assert live.state()["you"]["role"] == "researcher"
    assert "KANARI" not in json.dumps(live.state())


def test_it_is_read_anew_every_time_and_changes_come_in_order(room: Room) -> None:
    live = wickedmap.connect(room.house.url + "/", token(room))
    seq = live.state()["seq"]
    room.facilitator.does("add_factor", label="Ventetid")
    room.facilitator.does("set_stage", stage=4)
    assert [change["kind"] for change in live.changes(since=seq)] == ["add_factor", "set_stage"]
    assert "Ventetid" in {factor.label for factor in live.map().factors}
    assert [change["seq"] for change in live.changes()] == sorted(change["seq"] for change in live.changes())


def test_a_facilitators_token_may_ask_for_what_is_private(room: Room) -> None:
    room.join("nav_kommune").does("annotate", target_kind="factor", target="gjeld", text=SECRET)
    live = wickedmap.connect(room.house.url, token(room, "facilitator"))
    assert live.map().annotations == ()
    assert [note.text for note in live.map(private=True).annotations] == [SECRET]
    researcher = wickedmap.connect(room.house.url, token(room))
    with pytest.raises(ConnectError) as caught:
        researcher.map(private=True)
    assert caught.value.code == "not-allowed"


def test_a_file_in_any_form_can_be_fetched(room: Room) -> None:
    live = wickedmap.connect(room.house.url, token(room))
    assert live.export("graphml").startswith(b"<?xml")
    with pytest.raises(ConnectError) as caught:
        live.export("nope")
    assert caught.value.code == "refused"


def test_the_token_shown_is_the_one_that_works(meeting: Meeting, room: Room) -> None:
    shown = api_token(meeting.workshops, meeting.id)
    assert shown.startswith(f"{meeting.id}.researcher.")
    assert failing(room.house.url, shown).code == "wrong-token"


def test_a_token_reads_and_never_writes(room: Room) -> None:
    headers = {"Authorization": f"Bearer {token(room, 'facilitator')}"}
    address = f"{room.house.url}/api/v1/workshops/{room.id}"
    before = room.facilitator.state()
    change = {"kind": "finish", "op_id": "operation-token"}
    for path, body in (("changes", change), ("import", {}), ("renew", {})):
        answer = httpx.post(f"{address}/{path}", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), path
    assert room.facilitator.state() == before


def test_a_token_counts_even_beside_a_cookie_so_that_a_script_never_gets_more(room: Room) -> None:
    answer = room.facilitator.client.get(
        f"/api/v1/workshops/{room.id}/state", headers={"Authorization": f"Bearer {token(room)}"}
    )
    assert answer.json()["you"]["role"] == "researcher"


@pytest.mark.parametrize("header", ["Basic dXNlcjpwYXNz", "Bearer aaaa.bbbb.cccc", "Bearer", "x" * 500])
def test_an_authorization_that_a_proxy_sends_is_left_alone(room: Room, header: str) -> None:
    answer = room.facilitator.client.get(
        f"/api/v1/workshops/{room.id}/state",
        headers={"Authorization": header, "X-Wickedmap-Surface": "console"},
    )
    assert answer.json()["you"]["role"] == "facilitator"


def test_a_token_of_one_workshop_opens_no_other(room: Room) -> None:
    other = room.house.open_room()
    answer = httpx.get(
        f"{room.house.url}/api/v1/workshops/{other.id}/state",
        headers={"Authorization": f"Bearer {token(room)}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "not_joined")


def test_a_viewers_or_an_invented_token_opens_nothing(room: Room) -> None:
    assert failing(room.house.url, token(room, "viewer")).code == "bad-token"
    assert failing(room.house.url, f"{room.id}.researcher.{'A' * 32}").code == "wrong-token"
    assert failing(room.house.url, "").code == "bad-token"


def test_renewed_links_make_the_token_void(room: Room) -> None:
    live = wickedmap.connect(room.house.url, token(room))
    room.facilitator.client.post(f"/api/v1/workshops/{room.id}/renew", json={})
    with pytest.raises(ConnectError) as caught:
        live.map()
    assert caught.value.code == "wrong-token"


def test_the_researchers_link_is_enough(room: Room) -> None:
    assert wickedmap.connect(room.link("researcher")) == wickedmap.connect(room.house.url, token(room))
    assert wickedmap.connect(f" {room.link('facilitator')}/\n").role == "facilitator"


@pytest.mark.parametrize("given", [None, "", 5, b"abc"])
def test_without_a_token_it_is_said_where_one_is(room: Room, given: Any) -> None:
    refused = failing(room.house.url, given)
    assert (refused.code, str(refused)) == ("bad-token", "there is no token; copy it from the export page")


def test_labels_come_in_the_workshops_language_unless_another_is_asked_for(room: Room) -> None:
    live = wickedmap.connect(room.house.url, token(room))
    assert (live.language, live.map().language) == ("nb", "nb")
    assert live.map().to_pandas()[0]["label"][0] == "Stabil og egnet bolig"
    english = wickedmap.connect(room.house.url, token(room), language="en")
    assert english.map().to_pandas()[0]["label"][0] == "Stable, suitable housing"
    with pytest.raises(ValueError, match="language: 'de' is not one of nb, nn, en"):
        wickedmap.connect(room.house.url, token(room), language="de")


@pytest.mark.parametrize("since", [-1, 1.5, "3", None, True])
def test_a_since_that_is_no_number_of_a_change_is_refused_by_name(room: Room, since: Any) -> None:
    live = wickedmap.connect(room.house.url, token(room))
    with pytest.raises(ValueError, match=r"since: .* is not the number of a change"):
        live.changes(since)
    assert live.changes(10**30) == []


def test_a_file_may_be_private_for_the_facilitator_and_has_the_licence_that_is_named(room: Room) -> None:
    nav = room.join("nav_kommune")
    nav.does("take_stance", link="L60", stance="asserts", reason=SECRET)
    leads = wickedmap.connect(room.house.url, token(room, "facilitator"))
    assert SECRET.encode() in leads.export("wickedmap", private=True)
    assert SECRET.encode() not in leads.export("wickedmap")
    with zipfile.ZipFile(io.BytesIO(leads.export(licence="CC-BY-4.0"))) as package:
        assert b"CC-BY-4.0" in package.read("LICENCE.md")
    live = wickedmap.connect(room.house.url, token(room))
    with pytest.raises(ConnectError) as refused:
        live.export("wickedmap", private=True)
    assert refused.value.code == "not-allowed"
    with pytest.raises(TypeError, match="form: expected a text such as 'package', got None"):
        live.export(None)  # type: ignore[arg-type]
    for form in ("", "../state", "xlsx?private=true"):
        with pytest.raises(ConnectError) as refused:
            live.export(form)
        assert refused.value.code == "refused"


@pytest.mark.parametrize("role", ["viewer", "join", "start"])
def test_a_link_that_holds_no_key_to_the_data_says_which_one_does(room: Room, role: str) -> None:
    ways = {
        "viewer": room.link("viewer"),
        "join": f"{room.house.url}/j/{room.code}",
        "start": room.house.addresses["start"],
    }
    with pytest.raises(ConnectError, match="take the researcher's link") as refused:
        wickedmap.connect(ways[role])
    assert refused.value.code == "bad-token"


@pytest.mark.parametrize("timeout", [0, -1, "5", float("nan"), float("inf"), 1e12, True])
def test_a_timeout_that_is_none_is_refused(timeout: Any) -> None:
    with pytest.raises(ValueError, match=r"timeout: .* is not a number of seconds above 0"):
        wickedmap.connect("http://127.0.0.1:1", TOKEN, timeout=timeout)


def test_an_error_of_connecting_comes_back_from_another_process() -> None:
    again = pickle.loads(pickle.dumps(ConnectError("refused", "no")))
    assert (again.code, str(again)) == ("refused", "no")


def test_the_token_is_not_shown_by_repr(room: Room) -> None:
    live = wickedmap.connect(room.house.url, token(room))
    assert live.token not in repr(live)


# --- servers that are not what they should be ---


@contextmanager
def answering(pages: dict[str, tuple[int, dict[str, str], bytes]]) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers.get('Authorization', '')}".strip())
            status, headers, body = pages.get(self.path.split("?")[0], (404, {}, b"no such page"))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


TOKEN = f"abcd1234.researcher.{'A' * 32}"
HEALTHY = (200, {}, b'{"status": "ok", "version": "99.0.0"}')


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"status": "up"}', b"\xff", b"[" * 100_000])
def test_another_kind_of_server_is_named_so(body: bytes) -> None:
    with answering({"/health": (200, {}, body)}) as (url, _):
        assert failing(url, TOKEN).code == "not-wickedmap"


def test_a_page_that_is_missing_is_no_wickedmap() -> None:
    with answering({}) as (url, _):
        assert failing(url, TOKEN).code == "not-wickedmap"


def test_a_redirect_is_not_followed_with_the_token() -> None:
    with answering({}) as (elsewhere, asked):
        moved = (302, {"Location": f"{elsewhere}/steal"}, b"")
        state = "/api/v1/workshops/abcd1234/state"
        with answering({"/health": HEALTHY, state: moved}) as (url, _):
            refused = failing(url, TOKEN)
        assert refused.code == "bad-address"
        assert elsewhere in str(refused)
        assert asked == []


def test_a_newer_server_whose_map_cannot_be_read_asks_for_an_upgrade() -> None:
    address = "/api/v1/workshops/abcd1234"
    map_of_tomorrow = json.dumps({"format": "wickedmap-map", "version": 2}).encode()
    pages = {
        "/health": HEALTHY,
        f"{address}/state": (200, {}, b"{}"),
        f"{address}/export/wickedmap": (200, {}, map_of_tomorrow),
    }
    with answering(pages) as (url, _):
        live = wickedmap.connect(url, TOKEN)
        with pytest.raises(ConnectError) as caught:
            live.map()
    assert caught.value.code == "newer-server"
    assert "99.0.0" in str(caught.value)


@contextmanager
def sending(say: Callable[[socket.socket], None]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def once() -> None:
            caller, _ = server.accept()
            with caller:
                caller.recv(10_000)
                with suppress(OSError):
                    say(caller)

        thread = threading.Thread(target=once, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def test_an_answer_that_trickles_is_given_up() -> None:
    def trickle(caller: socket.socket) -> None:
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            caller.sendall(b" ")
            threading.Event().wait(0.01)

    with sending(trickle) as host, pytest.raises(ConnectError, match="does not come to an end") as refused:
        wickedmap.connect(f"http://{host}", TOKEN, timeout=0.1)
    assert refused.value.code == "unreachable"


def test_an_answer_that_is_cut_off_is_none() -> None:
    cut = b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"status": "ok", "version": "1"}'
    with sending(lambda caller: caller.sendall(cut)) as host:
        assert failing(f"http://{host}", TOKEN).code == "unreachable"


def test_https_to_a_server_of_http_says_so() -> None:
    with sending(lambda caller: caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as host:
        refused = failing(f"https://{host}", TOKEN)
        assert refused.code == "unreachable"
        assert f"try http://{host}" in str(refused)


def test_http_to_a_server_that_hangs_up_names_the_other_way() -> None:
    with sending(lambda caller: None) as host:
        assert "the other of http and https" in str(failing(f"http://{host}", TOKEN))


def test_nobody_at_the_address_is_said_so() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        refused = failing(f"http://127.0.0.1:{probe.getsockname()[1]}", TOKEN)
    assert refused.code == "unreachable"
    assert "cannot be reached" in str(refused)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "kart.kommune.no",
        "file:///etc/passwd",
        "ftp://x",
        "http://",
        "http://127.0.0.1:99999",
        "http://a:b:c",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    assert failing(url, TOKEN).code == "bad-address"
