"""The cookie that carries a session's token; the token itself is made in `wickedmap.access`."""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

SESSION_SECONDS: Final = 24 * 3600

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def cookie_name(*, https: bool) -> str:
    """Return the cookie's name; on https one that no other host or path can set."""
    return "__Host-wm" if https else "wm"


def session_cookie(token: str, *, https: bool, seconds: int = SESSION_SECONDS) -> str:
    """Return the ``Set-Cookie`` header that gives a browser its session token."""
    if not _TOKEN.fullmatch(token):
        raise ValueError("token: not one made by new_token()")
    secure = "; Secure" if https else ""
    return f"{cookie_name(https=https)}={token}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"


def drop_cookie(*, https: bool) -> str:
    """Return the ``Set-Cookie`` header that makes a browser forget its session."""
    secure = "; Secure" if https else ""
    return f"{cookie_name(https=https)}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax{secure}"


def session_token(scope: Scope, *, https: bool) -> str | None:
    """Return the session token a request carries, or None.

    Two different ones under the same name mean that somebody else set one of
    them: then none counts.
    """
    name = cookie_name(https=https)
    found = set()
    for header in Headers(scope=scope).getlist("cookie"):
        for part in header.split(";"):
            key, separator, value = part.strip().partition("=")
            if separator and key == name:
                found.add(value)
    token = found.pop() if len(found) == 1 else ""
    return token if _TOKEN.fullmatch(token) else None
