"""The guard at the door, tried over real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import http.client
import json
import logging
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from wickedmap.access import new_token
from wickedmap.texts import catalogue, text
from wickedmap.web.errors import STATUS_OF, error_response
from wickedmap.web.request_guard import RequestRefused, is_own_origin, read_json
from wickedmap.web.request_log import OneLineFormatter, path_template
from wickedmap.web.security import FailureMiddleware, SecurityMiddleware, SecurityRules, security_headers
from wickedmap.web.session_cookie import cookie_name, drop_cookie, session_cookie, session_token

HASH = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
CANARY = "Kanarifugl-8472"
OUTPUT = "note.children"


class Seen:
    """What reached the application behind the guard."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []


async def echo(request: Request) -> Response:
    try:
        body = await request.body()
    except ClientDisconnect:
        return Response(status_code=499)
    request.app.state.seen.bodies.append(body)
    return JSONResponse({"bytes": len(body)})


async def fail(_: Request) -> Response:
    raise ValueError(f"could not read {CANARY}")


async def refuse_lookup(_: Request) -> Response:
    raise LookupError


async def fail_halfway(_: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        yield b"first"
        raise ValueError(CANARY)

    return StreamingResponse(parts())


async def refuse(request: Request) -> Response:
    raise HTTPException(int(request.query_params["status"]), CANARY)


async def dash_failure(_: Request) -> Response:
    return JSONResponse({"error": "InternalServerError", "message": CANARY}, 500)


async def stale(_: Request) -> Response:
    return error_response("stale", "nn", "text", details={"theirs": "x" * 2000})


async def page(_: Request) -> Response:
    return HTMLResponse("<p>hei</p>", headers={"Cache-Control": "public, max-age=99"})


async def missing_page(_: Request) -> Response:
    return HTMLResponse("<p>borte</p>", 404)


async def asset(_: Request) -> Response:
    return PlainTextResponse("x")


async def events(_: Request) -> Response:
    async def stream() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream")


def application(rules: SecurityRules) -> Starlette:
    app = Starlette(
        routes=[
            Route("/", page),
            Route("/gone", missing_page),
            Route("/health", page),
            Route("/plain", echo, methods=["POST"]),
            Route("/_dash-update-component", echo, methods=["POST"]),
            Route("/_dash-layout", dash_failure),
            Route("/api/v1/workshops/{id}/changes", echo, methods=["POST", "DELETE"]),
            Route("/api/v1/import", echo, methods=["POST"]),
            Route("/api/v1/workshops/{id}/stream", events),
            Route("/api/v1/fail", fail, methods=["GET", "POST"]),
            Route("/api/v1/fail-halfway", fail_halfway),
            Route("/api/v1/refuse", refuse),
            Route("/api/v1/stale", stale),
            Route("/assets/{name:path}", asset),
            Route("/_dash-component-suites/{name:path}", asset),
        ]
    )
    app.add_middleware(GZipMiddleware, minimum_size=500)
    app.add_middleware(SecurityMiddleware, rules=rules)
    app.state.seen = Seen()
    return app


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """A real server on a free port."""

    def __init__(self, rules: SecurityRules) -> None:
        self.app = application(rules)
        config = uvicorn.Config(self.app, log_level="critical", access_log=False, server_header=True, ws="none")
        self._server = uvicorn.Server(config)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    @property
    def bodies(self) -> list[bytes]:
        return self.app.state.seen.bodies

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        encode_chunked: bool = False,
        **headers: str,
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, named, encode_chunked=encode_chunked)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def post_json(self, path: str, content: Any, **headers: str) -> Answer:
        return self.ask(
            "POST", path, json.dumps(content).encode(), **{"Content-Type": "application/json"}, **headers
        )

    def raw(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(request)
            answer = b""
            while part := connection.recv(65536):
                answer += part
            return answer


@pytest.fixture(scope="module")
def lan() -> Iterator[Server]:
    """A server on plain http in a local network."""
    rules = SecurityRules(
        "http://10.0.0.5:8050",
        extra_hosts=["Wall.Local"],
        script_hashes=lambda: [HASH],
        callback_outputs=lambda: {OUTPUT},
        body_seconds=0.5,
    )
    server = Server(rules)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def public() -> Iterator[Server]:
    """A server behind a proxy that ends TLS."""
    server = Server(SecurityRules("https://kart.kommune.no"))
    yield server
    server.stop()


CHANGES = "/api/v1/workshops/k7/changes"
IMPORT = "/api/v1/import"
CALLBACK = {"output": OUTPUT, "inputs": []}


# --- headers of answers ---

EVERY_ROUTE = [
    "/",
    "/gone",
    "/nothing",
    "/assets/10-a.js",
    "/_dash-layout",
    CHANGES,
    "/api/v1/fail",
    "/api/v1/stale",
]


@pytest.mark.parametrize("path", EVERY_ROUTE)
def test_every_answer_carries_the_headers(lan: Server, path: str) -> None:
    headers = lan.ask("GET", path).headers
    assert headers["content-security-policy"] == (
        f"default-src 'none'; script-src 'self' {HASH}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers


def test_refused_requests_carry_the_headers_too(lan: Server) -> None:
    answer = lan.ask("POST", CHANGES, b"{}", Origin="http://evil.example")
    assert answer.status == 403
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_https_is_kept_for_a_year(public: Server) -> None:
    assert public.ask("GET", "/").headers["strict-transport-security"] == "max-age=31536000"


def test_a_word_that_is_no_hash_cannot_loosen_the_policy() -> None:
    with pytest.raises(ValueError, match="script_hashes: \"'unsafe-eval'\" is not"):
        security_headers(["'unsafe-eval'"], https=True)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "no-store"),
        ("/health", "no-store"),
        ("/api/v1/workshops/k7/stream", "no-store"),
        ("/assets/10-a.js", "no-cache"),
        ("/assets/10-a.js?m=1700000000.25", "public, max-age=31536000, immutable"),
        ("/assets/10-a.js?x=1", "no-cache"),
        (
            "/_dash-component-suites/dash/deps/react@18.v4_4_1m170.3.1.min.js",
            "public, max-age=31536000, immutable",
        ),
        ("/_dash-component-suites/dash/dcc/dash_core_components.js", "no-cache"),
        ("/nothing?m=1", "no-store"),
    ],
)
def test_only_fixed_versions_of_assets_are_kept(lan: Server, path: str, kept: str) -> None:
    assert lan.ask("GET", path).headers["cache-control"] == kept


# --- where a request comes from ---


@pytest.mark.parametrize(
    "host", ["10.0.0.5:8050", "10.0.0.5", "localhost:1234", "127.0.0.1", "[::1]:80", "WALL.local"]
)
def test_the_configured_hosts_and_loopback_are_answered(lan: Server, host: str) -> None:
    assert lan.ask("GET", "/", Host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "10.0.0.5.evil.example",
        "10.0.0.5:99999",
        "10.0.0.5:x",
        "user@10.0.0.5",
        "",
        "10.0.0.5/",
        "[::1",
    ],
)
def test_a_forged_host_is_refused(lan: Server, host: str) -> None:
    answer = lan.ask("GET", "/", Host=host, Accept_Language="en")
    assert answer.status == 400
    assert answer.json == {"code": "wrong_host", "message": text("en", "errors.wrong_host"), "field": None}


def test_two_hosts_are_refused(lan: Server) -> None:
    answer = lan.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")


def own_origin(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def test_a_post_from_our_own_page_passes(lan: Server) -> None:
    assert lan.post_json(CHANGES, {}, Origin=own_origin(lan), Sec_Fetch_Site="same-origin").status == 200


def test_on_plain_http_the_origin_stands_alone(lan: Server) -> None:
    assert lan.post_json(CHANGES, {}, Origin=own_origin(lan)).status == 200
    assert lan.post_json(CHANGES, {}, Host="10.0.0.5:8050", Origin="http://10.0.0.5:8050").status == 200


def test_a_script_without_a_browser_passes(lan: Server) -> None:
    assert lan.post_json(CHANGES, {}).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://10.0.0.5.evil.example:8050"},
        {"Origin": "file://"},
        {"Origin": "http://10.0.0.5:8050/"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "cross-site", "Origin": "http://10.0.0.5:8050"},
        {"Sec_Fetch_Site": "same-origin", "Origin": "http://evil.example"},
        {"Sec_Fetch_Site": "none", "Origin": "http://evil.example"},
    ],
)
@pytest.mark.parametrize("path", [CHANGES, "/_dash-update-component", "/plain"])
def test_a_post_from_another_site_never_arrives(lan: Server, path: str, headers: dict[str, str]) -> None:
    before = len(lan.bodies)
    answer = lan.post_json(path, CALLBACK, **headers)
    assert (answer.status, answer.json["code"], answer.json["field"]) == (403, "cross_site", None)
    assert len(lan.bodies) == before


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_every_method_that_may_change_something_is_checked(lan: Server, method: str) -> None:
    assert lan.ask(method, CHANGES, Origin="http://evil.example").json["code"] == "cross_site"


def test_behind_a_proxy_the_public_origin_counts_whatever_host_the_proxy_sends(public: Server) -> None:
    assert public.post_json(CHANGES, {}, Origin="https://kart.kommune.no").status == 200
    assert public.post_json(CHANGES, {}, Origin="https://kart.kommune.no", Host="kart.kommune.no").status == 200


def test_a_page_over_plain_http_cannot_write_to_an_https_installation(public: Server) -> None:
    assert public.post_json(CHANGES, {}, Origin="http://kart.kommune.no", Host="kart.kommune.no").status == 403


@given(st.text(max_size=30))
def test_no_odd_origin_is_taken_for_ours(origin: str) -> None:
    rules = SecurityRules("http://10.0.0.5:8050")
    assert not is_own_origin(origin, "10.0.0.5:8050", rules)


@pytest.mark.parametrize(
    "url", ["kart.kommune.no", "ftp://x", "https://", "https://a/b", "https://a?b", "https://a b"]
)
def test_a_public_address_that_is_none_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="public_url"):
        SecurityRules(url)


def test_a_websocket_is_refused_before_it_is_accepted() -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async def never(*_: Any) -> None:
        raise AssertionError("the application was reached")

    guard = SecurityMiddleware(never, SecurityRules("http://localhost"))
    asyncio.run(guard({"type": "websocket", "path": "/_dash-ws", "headers": []}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]


# --- bodies ---


@pytest.mark.parametrize("path", [CHANGES, "/_dash-update-component"])
@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/json; charset=utf-16",
        "application/jsonp",
        "",
    ],
)
def test_only_json_is_taken_in(lan: Server, path: str, kind: str) -> None:
    before = len(lan.bodies)
    answer = lan.ask("POST", path, json.dumps(CALLBACK).encode(), **{"Content-Type": kind})
    assert (answer.status, answer.json["code"]) == (415, "not_json")
    assert len(lan.bodies) == before


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON", "application/json; charset=UTF-8"])
def test_json_by_any_of_its_spellings_is_taken_in(lan: Server, kind: str) -> None:
    assert lan.ask("POST", CHANGES, b"{}", **{"Content-Type": kind}).status == 200


def test_a_request_without_a_body_needs_no_type(lan: Server) -> None:
    assert lan.ask("DELETE", CHANGES).status == 200


def test_a_file_may_be_sent_to_the_import_only(lan: Server) -> None:
    sent = b"\x00" * (1024 * 1024)
    assert lan.ask("POST", IMPORT, sent, **{"Content-Type": "application/octet-stream"}).json == {
        "bytes": len(sent)
    }


@pytest.mark.parametrize(
    ("path", "limit"), [(CHANGES, 256 * 1024), (IMPORT, 14_000_000), ("/plain", 256 * 1024)]
)
def test_a_body_at_the_limit_passes_and_one_byte_more_does_not(lan: Server, path: str, limit: int) -> None:
    at_limit = b'"' + b"x" * (limit - 2) + b'"'
    assert lan.ask("POST", path, at_limit, **{"Content-Type": "application/json"}).json == {"bytes": limit}
    request = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {limit + 1}\r\n\r\n"
    )
    answer = lan.raw(request.encode())
    assert answer.startswith(b"HTTP/1.1 413")
    assert b'"too_large"' in answer


def test_a_declared_length_is_refused_before_any_of_it_is_read(lan: Server) -> None:
    answer = lan.raw(b"POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000000\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in answer.lower()


def test_a_body_in_pieces_is_counted_as_it_comes(lan: Server) -> None:
    before = len(lan.bodies)
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    start = b"POST /plain HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    # Five pieces pass the limit; the end of the body is never sent.
    answer = lan.raw(start + piece * 5)
    assert answer.startswith(b"HTTP/1.1 413")
    assert len(lan.bodies) == before


def test_a_small_body_in_pieces_arrives_whole(lan: Server) -> None:
    answer = lan.ask(
        "POST", CHANGES, iter([b"[1,", b"2]"]), encode_chunked=True, **{"Content-Type": "application/json"}
    )
    assert answer.status == 200
    assert lan.bodies[-1] == b"[1,2]"


def test_a_body_that_never_comes_is_given_up(lan: Server) -> None:
    answer = lan.raw(b"POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_client_that_leaves_halfway_reaches_nothing(lan: Server) -> None:
    before = len(lan.bodies)
    with socket.create_connection(("127.0.0.1", lan.port)) as connection:
        connection.sendall(b"POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")
    assert lan.ask("GET", "/health").status == 200
    assert len(lan.bodies) == before


def test_nothing_is_unpacked(lan: Server) -> None:
    packed = gzip.compress(b"[" + b" " * 10_000_000 + b"]")
    answer = lan.ask(
        "POST", CHANGES, packed, **{"Content-Type": "application/json", "Content-Encoding": "gzip"}
    )
    assert answer.status == 415


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b'{"output": {"a": 1}, "inputs": []}',
        b'{"output": "note.children", "inputs": "x"}',
        b'{"output": "unknown.children", "inputs": []}',
        b"[" * 100_000,
        b"[" * 50_000 + b"]" * 50_000,
        b"9" * 5000,
        b"\xff\xfe",
    ],
)
def test_what_cannot_be_a_callback_of_ours_never_reaches_dash(lan: Server, body: bytes) -> None:
    before = len(lan.bodies)
    answer = lan.ask("POST", "/_dash-update-component", body, **{"Content-Type": "application/json"})
    assert (answer.status, answer.json["code"]) == (400, "bad_request")
    assert len(lan.bodies) == before


def test_a_callback_of_ours_reaches_dash_byte_for_byte(lan: Server) -> None:
    lan.post_json("/_dash-update-component", CALLBACK)
    assert json.loads(lan.bodies[-1]) == CALLBACK


def test_brackets_inside_text_are_not_depth() -> None:
    note = {"text": "[" * 500 + '\\"' + "{" * 500}
    assert read_json(json.dumps(note).encode()) == note


def test_depth_is_counted_where_it_is() -> None:
    assert read_json(b"[" * 100 + b"]" * 100) is not None
    with pytest.raises(RequestRefused, match="bad_request"):
        read_json(b"[" * 101 + b"]" * 101)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_every_ordinary_json_value_is_read_as_it_is(value: Any) -> None:
    assert read_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(RequestRefused):
        json.dumps(read_json(body))


@pytest.mark.parametrize("size", [9 * 1024, 60 * 1024])
def test_a_huge_header_is_refused(lan: Server, size: int) -> None:
    answer = lan.ask("GET", "/", X_Big="a" * size)
    assert answer.status == 431
    assert answer.json["code"] == "too_large"


# --- errors ---


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nothing", 404, "not_found"),
        ("/plain", 405, "bad_request"),
        ("/api/v1/refuse?status=401", 401, "not_joined"),
        ("/api/v1/refuse?status=429", 429, "rate_limited"),
        ("/api/v1/refuse?status=422", 422, "bad_request"),
        ("/api/v1/fail", 500, "server_error"),
        ("/_dash-layout", 500, "server_error"),
    ],
)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_error_is_json_in_the_persons_language(
    lan: Server, path: str, status: int, code: str, language: str
) -> None:
    answer = lan.ask("GET", path, Accept_Language=language)
    assert answer.status == status
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {"code": code, "message": text(language, f"errors.{code}"), "field": None}
    assert CANARY.encode() not in answer.body


def test_an_error_in_our_form_keeps_its_details_even_when_packed(lan: Server) -> None:
    answer = lan.ask("GET", "/api/v1/stale", Accept_Encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    content = json.loads(gzip.decompress(answer.body))
    assert (content["code"], content["field"], len(content["theirs"])) == ("stale", "text", 2000)


def test_a_page_that_says_what_is_missing_stays_a_page(lan: Server) -> None:
    answer = lan.ask("GET", "/gone")
    assert (answer.status, answer.body) == (404, b"<p>borte</p>")


def test_an_answer_that_breaks_halfway_breaks_the_connection(lan: Server) -> None:
    with pytest.raises(http.client.IncompleteRead):
        lan.ask("GET", "/api/v1/fail-halfway")
    assert lan.ask("GET", "/health").status == 200


class Swallows:
    """Answers errors as Dash's middleware does: by itself, and telling nobody."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except Exception:
            await JSONResponse({"swallowed": True}, 500)(scope, receive, send)


def test_an_error_is_logged_even_where_dash_would_swallow_it(caplog: pytest.LogCaptureFixture) -> None:
    app = Starlette(routes=[Route("/", fail), Route("/stop", refuse_lookup)])
    app.add_middleware(FailureMiddleware, language=lambda _: "nn", passed_on=(LookupError,))
    app.add_middleware(Swallows)

    async def ask(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path)

    failed, passed_on = asyncio.run(ask("/")), asyncio.run(ask("/stop"))
    assert failed.json()["message"] == text("nn", "errors.server_error")
    assert passed_on.json() == {"swallowed": True}
    (line,) = [record.getMessage() for record in caplog.records if record.name == "wickedmap.requests"]
    assert "ValueError at test_security.py" in line
    assert CANARY not in line


def test_every_error_sentence_has_a_status() -> None:
    assert {f"errors.{code}" for code in STATUS_OF} == {
        key for key in catalogue("nb") if key.startswith("errors.")
    }


# --- the log ---


def test_the_log_holds_no_text_code_token_cookie_or_query(
    lan: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        lan.ask(
            "GET", f"/join/{CANARY}?code={CANARY}", Cookie=f"wm={CANARY}", User_Agent=CANARY, Referer=CANARY
        )
        lan.ask("GET", f"/assets/{CANARY}")
        lan.ask("GET", f"/w/{CANARY}%0d%0a2026-01-01%20forged%1b[31m")
        lan.post_json(CHANGES, {"text": CANARY}, Origin=f"http://{CANARY}")
        lan.ask("GET", "/api/v1/fail")
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("wickedmap")]
    assert len(lines) == 6
    assert CANARY.casefold().replace("-", "") not in " ".join(lines).casefold().replace("-", "")
    assert re.fullmatch(r"GET /join/\* 404 \d+ ms", lines[0])
    assert re.fullmatch(r"GET /w/\* 404 \d+ ms", lines[2])
    assert re.fullmatch(r"/api/v1/\* ValueError at test_security\.py:\d+ fail < .*", lines[4])


@given(st.text(max_size=60))
def test_a_logged_path_holds_only_words_of_ours(path: str) -> None:
    assert re.fullmatch(r"[a-z0-9_./*-]*", path_template(path))


@given(st.text(max_size=60))
def test_a_logged_line_is_one_printable_line(message: str) -> None:
    record = logging.makeLogRecord({"msg": message, "levelname": "INFO"})
    assert OneLineFormatter().format(record).isprintable()


# --- the cookie ---


def scope_with(*cookies: str) -> dict[str, Any]:
    return {"type": "http", "headers": [(b"cookie", cookie.encode()) for cookie in cookies]}


@pytest.mark.parametrize("https", [True, False])
def test_the_cookie_is_for_the_server_alone(https: bool) -> None:
    token = new_token()
    name, *parts = session_cookie(token, https=https).split("; ")
    assert name == f"{'__Host-wm' if https else 'wm'}={token}"
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=86400"} <= set(parts)
    assert ("Secure" in parts) is https
    assert not any(part.startswith("Domain") for part in parts)


def test_the_cookie_comes_back_as_the_token() -> None:
    token = new_token()
    assert session_token(scope_with(f"a=b; wm={token}; c=d"), https=False) == token
    assert session_token(scope_with("a=b", f"__Host-wm={token}"), https=True) == token


def test_the_cookie_of_plain_http_does_not_count_on_https() -> None:
    assert session_token(scope_with(f"wm={new_token()}"), https=True) is None


def test_two_different_tokens_count_as_none() -> None:
    assert session_token(scope_with(f"wm={new_token()}; wm={new_token()}"), https=False) is None


@pytest.mark.parametrize("value", ["", "short", "a" * 44, "æ" * 43, "a" * 42 + ";", '"' + "a" * 43 + '"'])
def test_what_is_no_token_counts_as_none(value: str) -> None:
    assert session_token(scope_with(f"wm={value}"), https=False) is None


def test_dropping_the_cookie_ends_it_now() -> None:
    assert drop_cookie(https=True).startswith(f"{cookie_name(https=True)}=; Max-Age=0; Path=/; HttpOnly; ")


def test_a_cookie_cannot_smuggle_a_header() -> None:
    with pytest.raises(ValueError, match="token"):
        session_cookie("x\r\nSet-Cookie: a=b", https=False)
