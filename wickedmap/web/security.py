"""The guard at the door: refuses what is not ours, and completes every answer.

`SecurityMiddleware` stands around the whole application, so that no route,
page, asset or callback can be forgotten. It knows nothing of workshops: who may
do what is decided in `wickedmap.access` and `wickedmap.workshop`.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable, Sequence
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import code_for, error_body, error_response
from .request_guard import RequestRefused, SecurityRules, check_headers, checked_body
from .request_log import log_failure, log_request

__all__ = ["FailureMiddleware", "SecurityMiddleware", "SecurityRules", "cache_control", "security_headers"]

_MAX_ERROR: Final = 256 * 1024
_FOREVER: Final = "public, max-age=31536000, immutable"
_FINGERPRINTED = re.compile(r"/[^/.]+\.v[\w-]+m[0-9a-fA-F]+\.[^/]+$")
_SCRIPT_HASH = re.compile(r"'sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}'")


class SecurityMiddleware:
    """Refuses what is not ours, and completes every answer. Pure ASGI.

    Put it outermost: ``server.add_middleware(SecurityMiddleware, rules=rules)``
    after everything else has been added. There are no websockets: a handshake is
    refused before it is accepted.
    """

    def __init__(self, app: ASGIApp, rules: SecurityRules) -> None:
        self.app = app
        self.rules = rules
        self._headers: dict[str, str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self._headers is None:
            self._headers = security_headers(self.rules.script_hashes(), https=self.rules.https)
        began = time.monotonic()
        answer = _Answer(scope, send, self.rules, self._headers)
        try:
            check_headers(scope, self.rules)
            replayed = await checked_body(scope, receive, self.rules)
            if replayed is not None:
                await self.app(scope, replayed, answer.send)
        except RequestRefused as refusal:
            response = error_response(refusal.code, self.rules.language(scope), status=refusal.status)
            if refusal.close:
                response.headers["connection"] = "close"
            await response(scope, receive, answer.send)
        except Exception as error:
            log_failure(scope["path"], error)
            if answer.status == 0:
                await error_response("server_error", self.rules.language(scope))(scope, receive, answer.send)
            elif not answer.complete:
                # The server must break the connection off; its log must not quote the error.
                raise ConnectionAbortedError("an answer was broken off by an error") from None
        finally:
            log_request(scope["method"], scope["path"], answer.status, time.monotonic() - began)


class FailureMiddleware:
    """Logs and answers what no handler expected. Pure ASGI.

    Put it innermost, before Dash is made: Dash's own middleware answers errors
    on its routes and on the first page itself, and tells nobody.

    Parameters
    ----------
    passed_on : tuple of type
        Exceptions that mean something to those further out.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        language: Callable[[Scope], str],
        passed_on: tuple[type[Exception], ...] = (),
    ) -> None:
        self.app = app
        self.language = language
        self.passed_on = passed_on

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        began = False

        async def note_start(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self.app(scope, receive, note_start)
        except self.passed_on:
            raise
        except Exception as error:
            if began or scope["type"] != "http":
                raise
            log_failure(scope["path"], error)
            await error_response("server_error", self.language(scope))(scope, receive, send)


class _Answer:
    """Passes an answer on, with our headers, and errors in our form."""

    def __init__(self, scope: Scope, send: Send, rules: SecurityRules, headers: dict[str, str]) -> None:
        self._scope, self._send, self._rules, self._headers = scope, send, rules, headers
        self._held: Message | None = None
        self._body = b""
        self.status = 0
        self.complete = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(raw=list(message.get("headers", [])))
            if self.status >= 400 and not headers.get("content-type", "").startswith("text/html"):
                self._held = message
                return
            await self._start(message, headers)
        elif message["type"] == "http.response.body":
            if self._held is None:
                self.complete = not message.get("more_body", False)
                await self._send(message)
                return
            self._body += message.get("body", b"")[: _MAX_ERROR - len(self._body)]
            if not message.get("more_body", False):
                await self._finish_error(self._held)
        else:
            await self._send(message)

    async def _start(self, message: Message, headers: MutableHeaders) -> None:
        for name, value in self._headers.items():
            headers[name] = value
        headers["cache-control"] = cache_control(self._scope, self.status)
        if "server" in headers:
            del headers["server"]
        await self._send({**message, "headers": headers.raw})

    async def _finish_error(self, message: Message) -> None:
        headers = MutableHeaders(raw=list(message.get("headers", [])))
        self._held = None
        body = self._body
        if not is_error_body(body, headers.get("content-encoding", "")):
            code = code_for(self.status)
            body = bytes(JSONResponse(error_body(code, self._rules.language(self._scope))).body)
            for name in ("content-encoding", "etag", "last-modified"):
                if name in headers:
                    del headers[name]
            headers["content-type"] = "application/json"
        headers["content-length"] = str(len(body))
        await self._start(message, headers)
        self.complete = True
        await self._send({"type": "http.response.body", "body": body})


def is_error_body(body: bytes, encoding: str = "") -> bool:
    """Whether an answer has our form already: ``code``, ``message`` and ``field``."""
    try:
        content = json.loads(gzip.decompress(body) if encoding == "gzip" else body)
    except (ValueError, OSError, EOFError, RecursionError):
        return False
    return isinstance(content, dict) and {"code", "message", "field"} <= content.keys()


def security_headers(script_hashes: Sequence[str], *, https: bool) -> dict[str, str]:
    """Return the headers of every answer.

    Parameters
    ----------
    script_hashes : sequence of str
        ``'sha256-...'`` with its quotes, one for each inline script.
    https : bool
        Whether to ask browsers to stay on https for a year.

    Raises
    ------
    ValueError
        When a hash is not one, and would loosen the policy.
    """
    for script_hash in script_hashes:
        if not _SCRIPT_HASH.fullmatch(script_hash):
            raise ValueError(f"script_hashes: {script_hash!r} is not a quoted sha256, sha384 or sha512")
    policy = (
        "default-src 'none'",
        " ".join(["script-src 'self'", *script_hashes]),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
    headers = {
        "content-security-policy": "; ".join(policy),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }
    if https:
        headers["strict-transport-security"] = "max-age=31536000"
    return headers


def cache_control(scope: Scope, status: int) -> str:
    """Return how long an answer may be kept: only assets at all, and for long only fixed versions of them."""
    path: str = scope["path"]
    is_asset = path.startswith(("/assets/", "/_dash-component-suites/"))
    if not is_asset or scope["method"] not in ("GET", "HEAD") or status not in (200, 206, 304):
        return "no-store"
    if _FINGERPRINTED.search(path) or re.fullmatch(rb"[mv]=[\w.-]+", scope.get("query_string", b"")):
        return _FOREVER
    return "no-cache"
