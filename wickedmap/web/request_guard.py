"""What every request must satisfy before any of our code sees it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from ..texts import preferred_language
from .errors import STATUS_OF

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
CALLBACK_PATH: Final = "/_dash-update-component"
MAX_DEPTH: Final = 100
MAX_HEADER: Final = 8 * 1024
MAX_HEADERS: Final = 16 * 1024

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)(?::(\d{1,5}))?")
_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.S)
_DEFAULT_PORT: Final = {"http": 80, "https": 443}


def _language_of_browser(scope: Scope) -> str:
    return preferred_language(Headers(scope=scope).get("accept-language", ""))


@dataclass(frozen=True)
class SecurityRules:
    """How one installation is reached, and how much it takes in.

    Attributes
    ----------
    public_url : str
        The address people use, such as ``https://kart.kommune.no``. Its scheme
        decides whether cookies and headers are those of https.
    extra_hosts : collection of str
        Other host names or addresses it answers to; loopback always counts.
    script_hashes : callable
        Returns the hashes of inline scripts for the content security policy
        (``app.csp_hashes``). Called once, at the first answer.
    callback_outputs : callable
        Returns the outputs that callbacks exist for; empty when not known yet.
    language : callable
        Returns the language of the person behind a request (an ASGI scope).
    body_limit, upload_limit : int
        Bytes, for ordinary requests and for `upload_paths`.
    upload_paths : pattern
        Full match of the paths where a file may be sent, as JSON or
        ``application/octet-stream``.
    body_seconds : float
        How long a client may take to send a body.
    """

    public_url: str
    extra_hosts: Collection[str] = ()
    script_hashes: Callable[[], Sequence[str]] = list
    callback_outputs: Callable[[], Collection[str]] = list
    language: Callable[[Scope], str] = _language_of_browser
    body_limit: int = 256 * 1024
    # A file of 10 MB, which JSON carries as base64.
    upload_limit: int = 14_000_000
    upload_paths: re.Pattern[str] = re.compile(r"/api/v1/(?:import|workshops(?:/[^/]+/import)?)")
    body_seconds: float = 30.0
    origin: str = field(init=False)
    hosts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Work out the origin and the hosts."""
        url = urlsplit(self.public_url)
        origin = f"{url.scheme}://{url.netloc}".lower()
        host, _ = _split_host(url.netloc)
        if url.scheme not in _DEFAULT_PORT or host is None or url.path not in ("", "/") or url.query:
            raise ValueError(
                f"public_url: {self.public_url!r} is not an address like https://kart.kommune.no or http://10.0.0.5:8050"
            )
        object.__setattr__(self, "origin", origin)
        object.__setattr__(self, "hosts", LOOPBACK | {host} | {name.lower() for name in self.extra_hosts})

    @property
    def https(self) -> bool:
        """Whether people reach it by https."""
        return self.origin.startswith("https:")


class RequestRefused(Exception):
    """A request that goes no further: the error's code and the HTTP status.

    With `close` the connection ends too, as its body has not been read.
    """

    def __init__(self, code: str, status: int, *, close: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.close = close


def check_headers(scope: Scope, rules: SecurityRules) -> None:
    """Refuse a request by its headers alone.

    The size of the headers, the host, and for every method that can change
    something the origin: a page of another site must not act in a person's name.
    Old browsers, and all on plain http in a local network, send no
    ``Sec-Fetch-Site``, so ``Origin`` must be able to stand alone. A script
    outside a browser sends neither and has no cookie of anyone's to misuse.
    """
    raw: Iterable[tuple[bytes, bytes]] = scope["headers"]
    sizes = [len(name) + len(value) for name, value in raw]
    if sum(sizes) > MAX_HEADERS or max(sizes, default=0) > MAX_HEADER:
        raise RequestRefused("too_large", 431, close=True)
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    host = _split_host(hosts[0])[0] if len(hosts) == 1 else None
    if host not in rules.hosts:
        raise RequestRefused("wrong_host", STATUS_OF["wrong_host"])
    if scope["method"] in _SAFE_METHODS:
        return
    if any(site not in ("same-origin", "none") for site in headers.getlist("sec-fetch-site")):
        raise RequestRefused("cross_site", STATUS_OF["cross_site"])
    if any(not is_own_origin(origin, hosts[0], rules) for origin in headers.getlist("origin")):
        raise RequestRefused("cross_site", STATUS_OF["cross_site"])


def is_own_origin(origin: str, host: str, rules: SecurityRules) -> bool:
    """Whether `origin` is the public address, or the very host (and port) the request went to."""
    url = urlsplit(origin) if origin.isascii() else urlsplit("")
    if url.scheme not in _DEFAULT_PORT or url.path or url.query:
        return False
    name, port = _split_host(url.netloc)
    default = _DEFAULT_PORT[url.scheme]
    public = urlsplit(rules.origin)
    public_name, public_port = _split_host(public.netloc)
    if (url.scheme, name, port or default) == (
        public.scheme,
        public_name,
        public_port or _DEFAULT_PORT[public.scheme],
    ):
        return True
    host_name, host_port = _split_host(host)
    downgraded = rules.https and url.scheme == "http" and name not in LOOPBACK
    return name is not None and (name, port or default) == (host_name, host_port or default) and not downgraded


def _split_host(value: str) -> tuple[str | None, int | None]:
    match = _HOST.fullmatch(value.lower())
    if match is None:
        return None, None
    port = int(match.group(2)) if match.group(2) else None
    return (match.group(1), port) if port is None or 0 < port < 65536 else (None, None)


async def checked_body(scope: Scope, receive: Receive, rules: SecurityRules) -> Receive | None:
    """Read and check the body; return a `receive` that gives it again, or None when the client left.

    The declared length is checked before anything is read, and what comes in
    pieces is counted as it comes.
    """
    if scope["method"] in _SAFE_METHODS:
        return receive
    headers = Headers(scope=scope)
    if headers.get("content-encoding", "identity") != "identity":
        raise RequestRefused("bad_request", 415, close=True)
    path = scope["path"]
    upload = rules.upload_paths.fullmatch(path) is not None
    limit = rules.upload_limit if upload else rules.body_limit
    declared = headers.get("content-length", "0")
    if not declared.isdecimal():
        raise RequestRefused("bad_request", 400, close=True)
    if int(declared[:20]) > limit:
        raise RequestRefused("too_large", 413, close=True)
    guarded = path == CALLBACK_PATH or path == "/api" or path.startswith("/api/")
    has_body = declared.strip("0") != "" or "transfer-encoding" in headers
    is_json = _is_json(headers)
    if (
        guarded
        and (has_body or "content-type" in headers)
        and not is_json
        and not (upload and _is_file(headers))
    ):
        raise RequestRefused("not_json", STATUS_OF["not_json"], close=has_body)
    body = await _read(receive, limit, rules.body_seconds)
    if body is None:
        return None
    if guarded and is_json and body and not upload:
        # Parsing a large body takes long enough for others to notice.
        content = read_json(body) if len(body) < 65536 else await asyncio.to_thread(read_json, body)
        if path == CALLBACK_PATH and not is_callback(content, rules.callback_outputs()):
            raise RequestRefused("bad_request", 400)
    elif path == CALLBACK_PATH:
        raise RequestRefused("bad_request", 400)
    return _replay(body, receive)


def _is_json(headers: Headers) -> bool:
    kind, _, parameter = headers.get("content-type", "").lower().partition(";")
    return kind.strip() == "application/json" and parameter.strip() in ("", "charset=utf-8", 'charset="utf-8"')


def _is_file(headers: Headers) -> bool:
    # Never a type that a form of another site can send.
    return headers.get("content-type", "").strip().lower() == "application/octet-stream"


async def _read(receive: Receive, limit: int, seconds: float) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > limit:
                    raise RequestRefused("too_large", 413, close=True)
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        raise RequestRefused("bad_request", 408, close=True) from None


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def read_json(body: bytes) -> Any:
    """Return the content of a JSON body that is neither malformed nor nested absurdly deep.

    Depth is counted without recursion, so that no input can exhaust the stack.
    """
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        depth = 0
        for bracket in re.findall(rb"[\[\]{}]", _JSON_STRING.sub(b"", body)):
            depth += 1 if bracket in b"[{" else -1
            if depth > MAX_DEPTH:
                raise RequestRefused("bad_request", 400)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise RequestRefused("bad_request", 400) from None


def is_callback(content: Any, outputs: Collection[str]) -> bool:
    """Whether a body can be a callback of ours; anything else would make Dash fail."""
    return (
        isinstance(content, dict)
        and type(content.get("output")) is str
        and type(content.get("inputs")) is list
        and (not outputs or content["output"] in outputs)
    )
