"""Putting the server together: doors, API, live stream, screens, and the guard around them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Any

from dash.exceptions import PreventUpdate
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Scope

from .. import __version__
from ..changes import Refused
from ..workshop import Workshops
from . import api, doors, files, importing_routes, wall
from .context import Desk, RequestContext, language_of
from .failure_limiter import FailureLimiter
from .live import Live
from .operation_limiter import OperationLimiter
from .request_guard import SecurityRules
from .security import FailureMiddleware, SecurityMiddleware
from .shell import make_dash
from .steadiness import steady


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is ready to run, and the parts that the caller may need."""

    app: FastAPI
    live: Live
    desk: Desk
    dash: Any


def build(workshops: Workshops, *, public_url: str, extra_hosts: Collection[str] = ()) -> Served:
    """Return the whole web application for one database.

    Parameters
    ----------
    workshops : Workshops
        The open database.
    public_url : str
        The address that links and the QR code carry; never taken from a request.
    extra_hosts : collection of str
        Other host names or addresses it answers to.
    """
    live = Live(workshops)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        live.start()
        with steady():
            yield
        live.stop()
        for running in ("analyses", "comparisons"):
            if running in services:
                await asyncio.to_thread(services[running].close)

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    secure = public_url.startswith("https:")
    desk = Desk(workshops, secure=secure)
    services: dict[str, Any] = {"live": live, "places": wall.Places(), "public_url": public_url.rstrip("/")}
    _errors(app)

    @app.get("/health", include_in_schema=False)
    async def health() -> dict[str, str]:
        await asyncio.to_thread(workshops.all)
        return {"status": "ok", "version": __version__}

    routers = [
        doors.routes(desk, FailureLimiter(), secure=secure),
        api.routes(desk, live, OperationLimiter()),
        wall.routes(desk, services),
        files.routes(desk, services),
        importing_routes.routes(desk),
    ]
    for router in routers:
        app.include_router(router)

    @app.get("/api/openapi.json", include_in_schema=False)
    async def openapi() -> JSONResponse:
        ours = [route for router in routers for route in router.routes]
        return JSONResponse(api.add_schema(get_openapi(title="wickedmap", version=__version__, routes=ours)))

    # After the real ones and before Dash, which answers any other address with its page.
    @app.api_route(
        "/api/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )
    async def unknown(rest: str) -> Response:  # noqa: ARG001
        raise Refused("not_found")

    app.add_middleware(FailureMiddleware, language=_language, passed_on=(PreventUpdate,))
    dash = make_dash(app, desk, services)
    app.add_middleware(RequestContext)
    rules = SecurityRules(
        public_url=public_url,
        extra_hosts=extra_hosts,
        script_hashes=dash.csp_hashes,
        callback_outputs=lambda: dash.callback_map,
        language=_language,
    )
    app.add_middleware(SecurityMiddleware, rules=rules)
    return Served(app, live, desk, dash)


def _language(scope: Scope) -> str:
    return language_of(HTTPConnection(scope))


def _errors(app: FastAPI) -> None:
    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        by_hand = "text/html" in request.headers.get("accept", "")
        if by_hand and request.url.path.startswith(("/open/", "/start/")):
            # Somebody has followed a link, and reads a page.
            return RedirectResponse("/link-not-valid", status_code=303)
        return api.refusal_response(error, language_of(request))

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, _: RequestValidationError) -> Response:
        return api.refusal_response(Refused("bad_request"), language_of(request))
