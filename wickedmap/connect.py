"""Reading a live workshop from a notebook or script, with an API token.

The token is on the workshop's export page. It sees what its role may see (a
researcher what has been revealed), reads only, and is void once the facilitator
renews the links.
"""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from ._version import __version__
from .causal_map import CausalMap
from .formats import FormatError
from .formats.native import map_from_json

_TOKEN: Final = re.compile(r"([a-z0-9]{1,64})\.(facilitator|researcher)\.[A-Za-z0-9_-]{32}")
_LINK: Final = re.compile(r"/open/([a-z0-9]{1,64})/(facilitator|researcher)/([A-Za-z0-9_-]{32})/?")
_MOST: Final = 64_000_000


class ConnectError(Exception):
    """A workshop that cannot be read, and what to do.

    Attributes
    ----------
    code : str
        ``"bad-address"``, ``"bad-token"``, ``"unreachable"``, ``"not-wickedmap"``,
        ``"wrong-token"``, ``"not-allowed"``, ``"newer-server"`` or ``"refused"``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[ConnectError], tuple[str, str]]:
        return ConnectError, (self.code, str(self))


@dataclass(frozen=True, slots=True)
class LiveWorkshop:
    """A workshop on a server, read anew at every call.

    Attributes
    ----------
    url : str
        The server's address.
    workshop, role : str
        What the token opens.
    server_version : str
    timeout : float
        Seconds to wait for the server.
    """

    url: str
    workshop: str
    role: str
    token: str = field(repr=False)
    server_version: str = ""
    timeout: float = 30.0

    def map(self, *, private: bool = False) -> CausalMap:
        """Return the map with what was said, as the export gives it: pseudonyms, no aliases.

        Parameters
        ----------
        private : bool
            Also what was never revealed; for a facilitator's token only.

        Raises
        ------
        ConnectError
        """
        data = self._json("export/wickedmap", {"private": "true"} if private else {})
        try:
            return map_from_json(data)
        except FormatError as error:
            if _newer(self.server_version):
                raise ConnectError(
                    "newer-server",
                    f"the server has wickedmap {self.server_version}, this is {__version__}: {error.message}",
                ) from None
            raise ConnectError(
                "not-wickedmap", f"{self.url} answered with a map that cannot be read: {error}"
            ) from None

    def state(self) -> dict[str, Any]:
        """Return the whole workshop as the role may see it: ``seq``, ``settings``, ``totals``, ``map``, ..."""
        return self._json("state")

    def changes(self, since: int = 0) -> list[dict[str, Any]]:
        """Return what happened after change number `since`, in order, as the role may see it.

        Each has ``seq``, ``kind``, ``at`` (UTC), ``by`` and ``fields``;
        ``pandas.json_normalize(live.changes())`` makes a table of them.
        """
        found: list[dict[str, Any]] = []
        while True:
            part = self._json("changes", {"since": str(since)})
            found += part["changes"]
            if not part["more"]:
                return found
            since = int(part["seq"])

    def export(self, form: str = "package") -> bytes:
        """Return the workshop as a file: ``"package"``, ``"graphml"``, ``"xlsx"``, ... ."""
        return self._get(f"/api/v1/workshops/{self.workshop}/export/{form}")

    def _json(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        words = f"?{urlencode(query)}" if query else ""
        return _object(self._get(f"/api/v1/workshops/{self.workshop}/{path}{words}"), self.url)

    def _get(self, path: str) -> bytes:
        return _fetch(self.url + path, self.timeout, {"Authorization": f"Bearer {self.token}"})


def connect(url: str, token: str | None = None, *, timeout: float = 30.0) -> LiveWorkshop:
    """Return a live workshop to read from; the address and the token are tried at once.

    Parameters
    ----------
    url : str
        The server's address, such as ``"https://kart.kommune.no"``.
    token : str, optional
        From the export page: ``<workshop>.<role>.<key>``. Keep it out of notebooks that
        you share, for instance in an environment variable. Without it `url` is the
        researcher's or the facilitator's link, which holds the same.
    timeout : float
        Seconds to wait for each answer.

    Raises
    ------
    ConnectError
        Saying whether the address, the token or the version is what is wrong.

    Examples
    --------
    >>> connect("kart.kommune.no", "abc.researcher.x")
    Traceback (most recent call last):
    ...
    wickedmap.connect.ConnectError: 'kart.kommune.no' is not an address; write it as https://kart.kommune.no
    """
    base, path = server_address(url)
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0:
        raise ValueError(f"timeout: {timeout!r} is not a number of seconds above 0")
    link = _LINK.fullmatch(path)
    if token is None and link is not None:
        token = ".".join(link.groups())
    if not isinstance(token, str) or not token.strip():
        raise ConnectError("bad-token", "there is no token; copy it from the export page")
    token = token.strip()
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise ConnectError(
            "bad-token",
            "the token does not look like <workshop>.researcher.<key>; copy it from the export page",
        )
    health = _object(_fetch(f"{base}/health", timeout, {}), base)
    version = str(health.get("version", ""))
    if health.get("status") != "ok" or not version:
        raise ConnectError("not-wickedmap", f"{base} answers, but is no wickedmap server")
    live = LiveWorkshop(base, found.group(1), found.group(2), token, version, timeout)
    live.state()
    return live


def server_address(url: str) -> tuple[str, str]:
    """Return the server's part of an address, and the path after it.

    Raises
    ------
    ConnectError
        ``"bad-address"``.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except (AttributeError, ValueError):
        raise ConnectError(
            "bad-address", f"{url!r} is not an address; write it as https://kart.kommune.no"
        ) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConnectError("bad-address", f"{url!r} is not an address; write it as https://kart.kommune.no")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}", parts.path


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to wherever it points."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _fetch(address: str, timeout: float, headers: Mapping[str, str]) -> bytes:
    asked = {"Accept-Language": "en", "User-Agent": f"wickedmap/{__version__}", **headers}
    request = urllib.request.Request(address, headers=asked)
    host = urlsplit(address).netloc
    try:
        with urllib.request.build_opener(_StayHere()).open(request, timeout=timeout) as answer:
            content: bytes = answer.read(_MOST + 1)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error, host) from None
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
        why = getattr(error, "reason", None) or error
        raise ConnectError(
            "unreachable", f"{host} cannot be reached ({why}); check the address and the network"
        ) from None
    if len(content) > _MOST:
        raise ConnectError("refused", f"{host} sent more than {_MOST // 10**6} MB")
    return content


def _refusal(error: urllib.error.HTTPError, host: str) -> ConnectError:
    if 300 <= error.code < 400:
        there = error.headers.get("Location", "another address")
        return ConnectError("bad-address", f"{host} sends us on to {there}; connect to that address itself")
    try:
        said = json.loads(error.read(100_000))
        code, message = str(said["code"]), str(said["message"])
    except (ValueError, TypeError, KeyError, OSError, http.client.HTTPException):
        return ConnectError("not-wickedmap", f"{host} answered {error.code} and is perhaps no wickedmap server")
    if code in ("wrong_key", "not_joined"):
        return ConnectError(
            "wrong-token", "the token opens nothing (any longer); copy the one on the export page now"
        )
    if code == "not_allowed":
        return ConnectError("not-allowed", "the token's role may not read this; a facilitator's token may")
    return ConnectError("refused", f"{host}: {message}")


def _object(content: bytes, url: str) -> dict[str, Any]:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise ConnectError("not-wickedmap", f"{url} answers, but is no wickedmap server")
    return data


def _newer(version: str) -> bool:
    def numbers(text: str) -> list[int]:
        return [int(part) for part in re.findall(r"\d+", text)[:3]]

    return numbers(version) > numbers(__version__)
