"""Who is asking: the request at hand, its session, and the actor it stands for.

Nothing that the browser says of itself counts here but the session cookie. A page
may say which surface it is, which only chooses among what the session holds. A
script may instead send an API token, which reads and never writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from ..access import Actor
from ..changes import Refused
from ..rows import State
from ..store import sessions
from ..store.sessions import Grant
from ..text import LANGUAGES
from ..texts import preferred_language, text
from ..workshop import Workshops
from .session_cookie import session_token

LANGUAGE_COOKIE: Final = "wm_language"
SURFACE_HEADER: Final = "x-wickedmap-surface"

SURFACES: Final[dict[str, tuple[str, ...]]] = {
    "console": ("facilitator",),
    "projector": ("viewer", "facilitator"),
    "me": ("representative",),
    "compare": ("facilitator", "representative", "viewer", "researcher"),
    "analyse": ("facilitator", "researcher", "representative"),
    "export": ("facilitator", "researcher"),
}
"""Which roles a surface serves, the one it prefers first."""
_ANY = ("facilitator", "representative", "viewer", "researcher")
_API_TOKEN = re.compile(r"Bearer ([a-z0-9]{1,64})\.(facilitator|researcher)\.([A-Za-z0-9_-]{32})", re.I)

_request: ContextVar[HTTPConnection | None] = ContextVar("wickedmap_request", default=None)


class RequestContext:
    """ASGI middleware: keep the request where pages and callbacks can find it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Remember the connection while it is being answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        token = _request.set(HTTPConnection(scope))
        try:
            await self.app(scope, receive, send)
        finally:
            _request.reset(token)


def current_request() -> HTTPConnection:
    """Return the request that is being answered."""
    request = _request.get()
    if request is None:
        raise RuntimeError("no request is being answered")
    return request


def language_of(request: HTTPConnection) -> str:
    """Return the language a person chose, else the one their browser prefers."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    return preferred_language(request.headers.get("accept-language", ""))


def api_token_of(request: HTTPConnection) -> tuple[str, str, str] | None:
    """Return workshop, role and key of the API token a request carries.

    None when there is none of ours: a proxy may send an ``Authorization`` of its own.
    """
    found = _API_TOKEN.fullmatch(request.headers.get("authorization", ""))
    return (found.group(1), found.group(2), found.group(3)) if found else None


@dataclass(frozen=True, slots=True)
class Looking:
    """Somebody looking at a workshop: who, and what they may see of it."""

    workshops: Workshops
    actor: Actor
    surface: str
    state: State
    language: str

    def t(self, key: str, /, **values: Any) -> str:
        """Return a sentence in the person's language."""
        return text(self.language, key, **values)


class Desk:
    """The way from a request to the actor behind it, for one server."""

    def __init__(self, workshops: Workshops, *, secure: bool) -> None:
        self.workshops = workshops
        self.secure = secure

    def token(self, request: HTTPConnection | None = None) -> str | None:
        """Return the session token the browser sent."""
        return session_token((request or current_request()).scope, https=self.secure)

    def roles(self, workshop: str, request: HTTPConnection | None = None) -> list[str]:
        """Return the roles that the session holds in a workshop."""
        token = self.token(request)
        grants = sessions.grants_of(self.workshops.store, token) if token else []
        return [grant.role for grant in grants if grant.workshop == workshop]

    def actor(self, workshop: str, surface: str, request: HTTPConnection | None = None) -> Actor:
        """Return who the session is on a surface of a workshop.

        Raises
        ------
        Refused
            ``not_joined`` when the session holds nothing there that fits.
        """
        request = request or current_request()
        held = {grant.role: grant for grant in self._grants(request) if grant.workshop == workshop}
        for role in SURFACES.get(surface, _ANY):
            if role not in held:
                continue
            actor = self.workshops.actor(held[role], language_of(request))
            if actor is None:
                continue
            if surface == "projector":
                # The wall shows what the room may see, whoever has opened it.
                return Actor(workshop, "viewer", "viewer", "", actor.language)
            return actor
        raise Refused("not_joined")

    def _grants(self, request: HTTPConnection) -> list[Grant]:
        key = api_token_of(request)
        if key is not None:
            if request.scope["method"] not in ("GET", "HEAD"):
                raise Refused("not_allowed")
            return [self.workshops.grant_for_key(*key)]
        token = self.token(request)
        return sessions.grants_of(self.workshops.store, token) if token else []

    def looking(self, workshop: str, surface: str) -> Looking:
        """Return the person behind the request at hand, and what they may see."""
        actor = self.actor(workshop, surface)
        state = self.workshops.view(actor)
        language = state.setting("wall_language") if surface == "projector" else actor.language
        return Looking(self.workshops, actor, surface, state, language)

    def surface_of(self, request: HTTPConnection) -> str:
        """Return the surface a request says it comes from; empty when it says none."""
        said = request.headers.get(SURFACE_HEADER) or request.query_params.get("surface") or ""
        return said if said in SURFACES else ""


def translator(language: str) -> Callable[..., str]:
    """Return ``t(key, **values)`` for one language."""
    return partial(text, language)
