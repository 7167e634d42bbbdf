"""A file sent to a server that is running, in the facilitator's or the host's name."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from ._version import __version__
from .connect import ConnectError, server_address

_LINK: Final = re.compile(r"/open/([a-z0-9]{1,64})/facilitator/([A-Za-z0-9_-]{32})/?")
_TOKEN: Final = re.compile(r"([a-z0-9]{1,64})\.facilitator\.([A-Za-z0-9_-]{32})")
_SECONDS: Final = 60.0
_MOST: Final = 64_000_000
_AT_ONCE: Final = 65_536

Progress: TypeAlias = Callable[[int, int], None]
"""Called with how many bytes have been sent, and of how many."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A way into one workshop on a server, or with `host_key` to opening new ones there."""

    url: str
    workshop: str = ""
    cookie: str = field(default="", repr=False)
    host_key: str = field(default="", repr=False)
    language: str = "en"

    def add(
        self,
        name: str,
        content: bytes,
        *,
        preview: bool,
        aliases: bool = False,
        op_id: str = "",
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Add a file to the workshop, or with `preview` only learn what that would do.

        Until all of it is sent the server has nothing that it could use.

        Raises
        ------
        ConnectError
            ``"refused"`` with the server's reason, or what else is in the way.
        """
        body: dict[str, Any] = {"preview": preview, "aliases": aliases, **({"op_id": op_id} if op_id else {})}
        return self._send(f"/api/v1/workshops/{self.workshop}/import", name, content, body, progress)

    def open(
        self, name: str, content: bytes, *, title: str, language: str, progress: Progress | None = None
    ) -> dict[str, Any]:
        """Open a new workshop from a file; `ConnectError` as `add` has it."""
        body = {"title": title, "language": language, "key": self.host_key}
        return self._send("/api/v1/import", name, content, body, progress)

    def _send(
        self, path: str, name: str, content: bytes, body: dict[str, Any], progress: Progress | None
    ) -> dict[str, Any]:
        packed = base64.b64encode(content).decode()
        sent = json.dumps({**body, "name": name, "content_base64": packed}).encode()
        headers = {"Content-Type": "application/json", "X-Wickedmap-Surface": "console"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        status, _, answer = _ask(self.url, "POST", path, self.language, sent, headers, progress)
        said = _object(answer, self.url)
        if status >= 400:
            raise ConnectError("refused", str(said.get("message") or f"{self.url} answered {status}"))
        return said


def way_in(address: str, token: str = "") -> tuple[str, str, str]:
    """Return the server's address, the workshop and the key that a link or a token holds.

    Raises
    ------
    ConnectError
        ``"bad-address"`` or ``"bad-token"``.

    Examples
    --------
    >>> way_in("https://kart.no/open/abc/facilitator/" + 32 * "k")
    ('https://kart.no', 'abc', 'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk')
    """
    server, path = server_address(address)
    found = _TOKEN.fullmatch(token.strip()) if token else _LINK.fullmatch(path)
    if found is None:
        raise ConnectError(
            "bad-token",
            "give --url the facilitator's link, or --token in the form <workshop>.facilitator.<key>",
        )
    return server, found.group(1), found.group(2)


def come_in(url: str, workshop: str, key: str, language: str = "en") -> Visit:
    """Use a facilitator's key as its link does; `ConnectError` when it opens nothing."""
    status, headers, answer = _ask(url, "GET", f"/open/{workshop}/facilitator/{key}", language)
    cookie = (headers.get("Set-Cookie") or "").partition(";")[0]
    if status != 303 or "=" not in cookie:
        if status in (403, 404):
            raise ConnectError("wrong-token", "the key opens nothing (any longer); copy the link again")
        raise ConnectError("not-wickedmap", f"{url} answered {status}: {answer[:80].decode(errors='replace')}")
    return Visit(url, workshop, cookie, language=language)


def _ask(
    url: str,
    method: str,
    path: str,
    language: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    progress: Progress | None = None,
) -> tuple[int, http.client.HTTPMessage, bytes]:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=_SECONDS)
    asked = {"Accept-Language": language, "User-Agent": f"wickedmap/{__version__}", **(headers or {})}
    if body is not None:
        asked["Content-Length"] = str(len(body))
    try:
        # A server that wants no more may hang up before it has all, and yet have answered why.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, None if body is None else _in_parts(body, progress), asked)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read(_MOST)
    except (http.client.HTTPException, OSError) as error:
        why = (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
        raise ConnectError(
            "unreachable", f"{parts.netloc} cannot be reached ({why}); check the address and the network"
        ) from None
    finally:
        connection.close()


def _in_parts(body: bytes, progress: Progress | None) -> Iterator[bytes]:
    for start in range(0, len(body), _AT_ONCE):
        yield body[start : start + _AT_ONCE]
        if progress is not None:
            progress(min(start + _AT_ONCE, len(body)), len(body))


def _object(content: bytes, url: str) -> dict[str, Any]:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise ConnectError("not-wickedmap", f"{url} answers, but is no wickedmap server")
    return data
