"""Reading a live workshop from a notebook or script, with an API token.

The token is on the workshop's export page. It sees what its role may see (a
researcher what has been revealed), reads only, and is void once the facilitator
renews the links.
"""

from __future__ import annotations

import http.client
import json
import operator
import re
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from ._version import __version__
from .causal_map import CausalMap
from .formats import FormatError
from .formats.native import map_from_json
from .text import LANGUAGES

_TOKEN: Final = re.compile(r"([a-z0-9]{1,64})\.(facilitator|researcher)\.[A-Za-z0-9_-]{32}")
_LINK: Final = re.compile(r"/open/([a-z0-9]{1,64})/(facilitator|researcher)/([A-Za-z0-9_-]{32})/?")
_OTHER_LINK: Final = re.compile(r"/(open/[a-z0-9]{1,64}/viewer|j|start|w)/.*")
_MOST: Final = 64_000_000
_LONGEST: Final = 3600.0
_WHOLE_ANSWER: Final = 10
"""So many times the timeout an answer may take as a whole; a trickle would else never end."""


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
    language : str
        Of labels and files: the workshop's own, or the one that was asked for.
    """

    url: str
    workshop: str
    role: str
    token: str = field(repr=False)
    server_version: str = ""
    timeout: float = 30.0
    language: str = ""

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
        data = _object(self.export("wickedmap", private=private), self.url)
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

        Raises
        ------
        ValueError
            When `since` is no whole number of at least 0.
        ConnectError
        """
        since = _number_of_change(since)
        found: list[dict[str, Any]] = []
        while True:
            part = self._json("changes", {"since": str(since)})
            found += part["changes"]
            if not part["more"]:
                return found
            since = int(part["seq"])

    def export(self, form: str = "package", *, private: bool = False, licence: str = "") -> bytes:
        """Return the workshop as a file: ``"package"``, ``"graphml"``, ``"xlsx"``, ... .

        Parameters
        ----------
        form : str
            As on the export page and in `wickedmap.save`; another one is refused with
            the list of those there are.
        private : bool
            Also what was never revealed; for a facilitator's token only.
        licence : str
            Of the data package, such as ``"CC-BY-4.0"``, when those who held the
            workshop have chosen one.

        Raises
        ------
        TypeError
            When `form` is no text.
        ConnectError
        """
        if not isinstance(form, str):
            raise TypeError(f"form: expected a text such as 'package', got {form!r}")
        query = {**({"private": "true"} if private else {}), **({"licence": licence} if licence else {})}
        return self._get(f"export/{quote(form, safe='') or '-'}", query, self.language)

    def _json(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        return _object(self._get(path, query), self.url)

    def _get(self, path: str, query: Mapping[str, str] | None = None, language: str = "") -> bytes:
        words = f"?{urlencode(query)}" if query else ""
        headers = {"Authorization": f"Bearer {self.token}"}
        if language:
            headers["Accept-Language"] = language
        address = f"{self.url}/api/v1/workshops/{self.workshop}/{path}{words}"
        return _fetch(address, self.timeout, headers)


def _number_of_change(since: object) -> int:
    try:
        number = operator.index(since)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if isinstance(since, bool) or number < 0:
        raise ValueError(f"since: {since!r} is not the number of a change, 0 or more")
    return min(number, 2**53)


def connect(url: str, token: str | None = None, *, timeout: float = 30.0, language: str = "") -> LiveWorkshop:
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
        Seconds to wait for the server, at most an hour; a whole answer may take ten
        times as long.
    language : {"", "nb", "nn", "en"}
        Of labels and files; the workshop's own when empty.

    Raises
    ------
    ConnectError
        Saying whether the address, the token or the version is what is wrong.
    ValueError
        For another timeout or language.

    Examples
    --------
    >>> connect("kart.kommune.no", "abc.researcher.x")
    Traceback (most recent call last):
    ...
    wickedmap.connect.ConnectError: 'kart.kommune.no' is not an address; write it as https://kart.kommune.no
    """
    base, path = server_address(url)
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not 0 < timeout <= _LONGEST:
        raise ValueError(f"timeout: {timeout!r} is not a number of seconds above 0 and at most {_LONGEST:g}")
    if language not in ("", *LANGUAGES):
        raise ValueError(f"language: {language!r} is not one of {', '.join(LANGUAGES)}")
    link = _LINK.fullmatch(path)
    if token is None and link is not None:
        token = ".".join(link.groups())
    if token is None and _OTHER_LINK.fullmatch(path):
        raise ConnectError(
            "bad-token",
            "this link holds no key to the data; take the researcher's link, or the token on the export page",
        )
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
    live = LiveWorkshop(base, found.group(1), found.group(2), token, version, timeout, language)
    settings = live.state().get("settings")
    own = settings.get("language") if isinstance(settings, dict) else ""
    return live if language or own not in LANGUAGES else replace(live, language=str(own))


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
            content = _all_of(answer, time.monotonic() + _WHOLE_ANSWER * timeout)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error, host) from None
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
        why = getattr(error, "reason", None) or error
        todo = _what_to_do(address, why)
        raise ConnectError("unreachable", f"{host} cannot be reached ({why}); {todo}") from None
    if len(content) > _MOST:
        raise ConnectError("refused", f"{host} sent more than {_MOST // 10**6} MB")
    return content


def _all_of(answer: http.client.HTTPResponse, until: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size <= _MOST and (part := answer.read1(1 << 16)):
        parts.append(part)
        size += len(part)
        if time.monotonic() > until:
            raise TimeoutError("the answer does not come to an end")
    if size <= _MOST and answer.length:
        raise http.client.IncompleteRead(b"", answer.length)
    return b"".join(parts)


def _what_to_do(address: str, why: object) -> str:
    if isinstance(why, ssl.SSLCertVerificationError):
        return "its certificate is not trusted here; ask those who run it"
    if isinstance(why, ssl.SSLError):
        return f"perhaps it speaks http only; try http://{urlsplit(address).netloc}"
    if isinstance(why, ConnectionResetError | http.client.BadStatusLine):
        return "perhaps it speaks the other of http and https, or was stopped; check the address and try again"
    return "check the address and the network; if it is being restarted, try again in a moment"


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
