"""The doors: links with keys, the join code, opening a workshop, and the language.

These are the only routes that hand out or change a session.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
from typing import Any

from fastapi import APIRouter, Request
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response

from .. import access
from ..access import Actor
from ..causal_map import CausalMap
from ..changes import Refused
from ..default_map import default_map
from ..formats import FormatError, Reading, read_bytes
from ..formats.picture import svg
from ..formats.words import error_text, notice_text, place_text
from ..importing import to_open
from ..rows import Person
from ..store import log, sessions
from ..store.sessions import Grant
from ..text import LANGUAGES, TextError, Texts, plain
from .api import json_body
from .context import LANGUAGE_COOKIE, Desk, language_of
from .failure_limiter import FailureLimiter, TooManyTries
from .import_pictures import ImportPictures
from .import_view import before_opening
from .operation_limiter import OperationLimiter
from .session_cookie import session_cookie

HOST_COOKIE = "wm_host"
SURFACE_OF_ROLE = {"facilitator": "console", "viewer": "projector", "researcher": "export"}


def host_key(secret: bytes) -> str:
    """Return the secret part of the link that lets a facilitator open workshops here."""
    return access.key_for(secret, "*", "host", 1)


def _language(data: dict[str, Any], request: Request) -> str:
    chosen = data.get("language")
    return chosen if type(chosen) is str and chosen in LANGUAGES else language_of(request)


def is_host(request: HTTPConnection, secret: bytes) -> bool:
    """Whether the browser has opened the start link of this server."""
    return hmac.compare_digest(request.cookies.get(HOST_COOKIE, "").encode(), host_key(secret).encode())


def routes(desk: Desk, limiter: FailureLimiter, *, secure: bool) -> APIRouter:
    """Return the routes that give access."""
    doors = APIRouter()
    workshops = desk.workshops
    store = workshops.store
    pictures = ImportPictures()
    # Reading a file costs more than anything else that is asked for here.
    files = OperationLimiter(per_second=0.5, burst=10)

    def with_cookie(response: Response, token: str) -> Response:
        response.headers.append("Set-Cookie", session_cookie(token, https=secure))
        response.headers["Cache-Control"] = "no-store"
        return response

    def address(request: Request) -> str:
        return request.client.host if request.client else ""

    @doors.get("/start/{key}", include_in_schema=False)
    async def start(key: str) -> Response:
        if not access.key_fits(store.secret, "*", "host", 1, key):
            raise Refused("wrong_key")
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(
            HOST_COOKIE, key, max_age=14 * 86400, httponly=True, samesite="lax", secure=secure, path="/"
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    @doors.get("/open/{workshop}/{role}/{key}", include_in_schema=False)
    async def open_with_key(request: Request, workshop: str, role: str, key: str) -> Response:
        # The key leaves the address bar at once: cookie, then a clean address.
        grant = await asyncio.to_thread(workshops.grant_for_key, workshop, role, key)
        token = await asyncio.to_thread(sessions.give, store, desk.token(request), grant)
        response = RedirectResponse(f"/w/{workshop}/{SURFACE_OF_ROLE[role]}", status_code=303)
        return with_cookie(response, token)

    async def workshop_for_code(request: Request, typed: object) -> log.StoredWorkshop:
        try:
            await limiter.wait_turn(address(request))
        except TooManyTries as error:
            raise Refused("too_many_tries", "code", seconds=error.retry_after) from None
        code = access.normalise_code(typed)
        row = await asyncio.to_thread(log.workshop_by_code, store, code) if code else None
        if row is None:
            limiter.failed(address(request))
            raise Refused("wrong_code", "code")
        return row

    @doors.post("/api/v1/join/look", summary="What a join code leads to: title and agencies")
    async def look(request: Request) -> Response:
        data = await json_body(request)
        row = await workshop_for_code(request, data.get("code") if isinstance(data, dict) else None)
        state = workshops.state(row.id)
        language = language_of(request)
        return JSONResponse(
            {
                "workshop": row.id,
                "title": state.titles().in_language(language),
                "doors": bool(state.setting("doors")),
                "finished": bool(state.setting("finished")),
                "agencies": [
                    {"id": agency.id, "label": agency.labels.in_language(language)}
                    for agency in state.rows("agencies")
                ],
            },
            headers={"Cache-Control": "no-store"},
        )

    @doors.post("/api/v1/join", summary="Join a workshop with its code; sets the session cookie")
    async def join(request: Request) -> Response:
        data = await json_body(request)
        if not isinstance(data, dict):
            raise Refused("bad_request")
        row = await workshop_for_code(request, data.get("code"))
        language = _language(data, request)
        agency, agency_name = data.get("agency") or "", data.get("agency_name") or ""
        op_id = data.get("op_id") or f"join-{access.new_token()[:24]}"
        fields: dict[str, Any] = {
            "agency": agency,
            "agency_name": agency_name,
            "alias": data.get("alias") or "",
        }
        token = desk.token(request)
        person = await asyncio.to_thread(_come_in, desk, row.id, token, op_id, language, fields)
        grant = Grant(row.id, "representative", person.id)
        new = await asyncio.to_thread(sessions.give, store, token, grant)
        response: Response = JSONResponse(
            {"workshop": row.id, "person": person.id, "agency": person.agency, "next": f"/w/{row.id}/me"}
        )
        response = with_cookie(response, new)
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=31536000, samesite="lax", secure=secure)
        return response

    @doors.post("/api/v1/workshops/{workshop}/leave", summary="End this browser's part in a workshop")
    async def leave(request: Request, workshop: str) -> Response:
        token = desk.token(request)
        if token:
            await asyncio.to_thread(sessions.end_session, store, token, workshop)
        return JSONResponse({"left": workshop})

    async def as_host(request: Request) -> dict[str, Any]:
        data = await json_body(request)
        if not isinstance(data, dict):
            raise Refused("bad_request")
        keyed = access.key_fits(store.secret, "*", "host", 1, data.get("key"))
        if not (keyed or is_host(request, store.secret)):
            raise Refused("not_allowed")
        return data

    @doors.post("/api/v1/import", summary="Open a workshop from a file, or only look at it (`preview: true`)")
    async def from_file(request: Request) -> Response:
        data = {**await as_host(request), "source": "file"}
        if type(data.get("preview", False)) is not bool:
            raise Refused("bad_value", "preview", name="preview")
        files.check(address(request))
        if not data.get("preview"):
            return await opened(request, data)
        shown = await asyncio.to_thread(_looked_at, data, language_of(request), pictures)
        return JSONResponse(shown, headers={"Cache-Control": "no-store"})

    @doors.get("/api/v1/import/picture/{name}.svg", include_in_schema=False)
    async def picture(request: Request, name: str) -> Response:
        if not is_host(request, store.secret):
            raise Refused("not_allowed")
        drawn = await asyncio.to_thread(pictures.svg, name)
        if drawn is None:
            raise Refused("not_found")
        return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=600"})

    @doors.post("/api/v1/workshops", summary="Open a workshop from the default map, an empty one or a file")
    async def open_workshop(request: Request) -> Response:
        return await opened(request, await as_host(request))

    async def opened(request: Request, data: dict[str, Any]) -> Response:
        language = _language(data, request)
        try:
            title = plain(data.get("title") or "", limit=80, empty=True, one_line=True)
        except TextError as error:
            raise Refused(error.code, "title", limit=error.limit or 80) from None
        begun = await asyncio.to_thread(_map_to_open, data, language, title)
        workshop = await asyncio.to_thread(workshops.open_workshop, begun, title=title, language=language)
        grant = Grant(workshop, "facilitator", "facilitator")
        token = await asyncio.to_thread(sessions.give, store, desk.token(request), grant)
        body = {"workshop": workshop, "next": f"/w/{workshop}/console"}
        return with_cookie(JSONResponse(body, status_code=201), token)

    @doors.post("/api/v1/workshops/{workshop}/renew", summary="Make the code and all links void; new ones")
    async def renew(request: Request, workshop: str) -> Response:
        actor: Actor = await asyncio.to_thread(desk.actor, workshop, "console", request)
        code = access.new_code()
        await asyncio.to_thread(log.renew_keys, store, actor.workshop, code)
        return JSONResponse({"code": access.show_code(code)})

    @doors.post("/api/v1/language", summary="Choose the language of the screens")
    async def language(request: Request) -> Response:
        data = await json_body(request)
        chosen = data.get("language") if isinstance(data, dict) else None
        if chosen not in LANGUAGES:
            raise Refused("bad_value", "language", name="language")
        response = JSONResponse({"language": chosen})
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=31536000, samesite="lax", secure=secure)
        return response

    return doors


def _come_in(
    desk: Desk, workshop: str, token: str | None, op_id: str, language: str, fields: dict[str, Any]
) -> Person:
    # Whoever is in already, with the same agency, stays who they are: a second scan of the
    # code must not make a second person of them.
    held = sessions.grants_of(desk.workshops.store, token) if token else []
    for grant in held:
        if grant.workshop == workshop and grant.role == "representative":
            person = desk.workshops.state(workshop).person_row(grant.person)
            if person is not None and not person.ended and fields["agency"] == person.agency:
                return person
    return desk.workshops.join(workshop, op_id=op_id, language=language, **fields)


def _map_to_open(data: dict[str, Any], language: str, title: str) -> CausalMap:
    source = data.get("source", "default")
    if source == "default":
        return default_map()
    if source == "empty":
        return default_map().replace(
            factors=(),
            links=(),
            focal="",
            suggested=(),
            framings=(),
            titles=Texts({language: title}) if title else Texts(),
        )
    if source == "file":
        return to_open(read_file(data, language))
    raise Refused("bad_value", "source", name="source")


def read_file(data: dict[str, Any], language: str) -> Reading:
    """Return the file that a request carries as ``name`` and ``content_base64``, read.

    Raises
    ------
    Refused
        ``missing_field``, ``bad_value``, or ``bad_file`` with the reason in the language given.
    """
    content, name = data.get("content_base64"), data.get("name")
    if type(content) is not str or type(name) is not str:
        raise Refused("missing_field", "file", name="file")
    try:
        return read_bytes(base64.b64decode(content, validate=True), name)
    except FormatError as error:
        raise Refused("bad_file", "file", why=error_text(error, language)) from None
    except ValueError:
        raise Refused("bad_value", "content_base64", name="content_base64") from None


def _looked_at(data: dict[str, Any], language: str, pictures: ImportPictures) -> dict[str, Any]:
    """Return what a file is and holds, as JSON and, where a page asks, as it shows it."""
    reading = read_file(data, language)
    said = {
        "format": reading.format,
        "title": reading.map.title,
        "read": reading.counts(),
        "notices": [
            {
                "code": one.code,
                "place": place_text(one.place, language),
                "text": notice_text(one, language),
            }
            for one in reading.report
        ],
    }
    if data.get("page") is not True:
        return {"preview": said}
    m = reading.map
    name = pictures.keep(len(m.factors), len(m.links), lambda: svg(m, language=language, title=""))
    address = f"/api/v1/import/picture/{name}.svg" if name else ""
    shown = before_opening(reading, data["name"], language, address)
    return {"preview": said, "tree": shown.tree}
