"""The HTTP API: the same changes and reads that the screens use, as JSON."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fastapi import APIRouter, Request
from pydantic.json_schema import models_json_schema
from starlette.responses import JSONResponse, Response, StreamingResponse

from .. import __version__
from ..access import Actor
from ..changes import CHANGE, Refused
from ..formats.native import map_to_json
from ..rows import State
from .context import Desk
from .errors import STATUS_OF, error_response
from .live import Live
from .operation_limiter import OperationLimiter

CHANGES_AT_ONCE = 1000


def refusal_response(refused: Refused, language: str) -> JSONResponse:
    """Return the answer to a change or a read that was refused."""
    status = STATUS_OF.get(refused.code, 422)
    headers = {"Retry-After": str(refused.values.get("seconds", 2))} if status in (429, 503) else None
    return error_response(
        refused.code,
        language,
        refused.field,
        status=status,
        headers=headers,
        details=refused.details,
        **refused.values,
    )


async def json_body(request: Request) -> Any:
    """Return what was sent, read as JSON."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Refused("not_json")
    try:
        return json.loads(await request.body(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused("bad_request") from None


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def state_json(state: State, actor: Actor) -> dict[str, Any]:
    """Return a visible state as the API gives it."""
    settings = dict(sorted(state.tables["settings"].items()))
    return {
        "workshop": state.workshop,
        "seq": state.seq,
        "you": {"person": actor.person, "role": actor.role, "agency": actor.agency},
        "titles": dict(state.titles()),
        "settings": settings,
        "totals": dict(state.totals),
        "map": map_to_json(state.to_map()),
        "proposals": [
            {
                "id": row.id,
                "status": row.status,
                "agency": row.agency,
                "reason": row.reason,
                "answer": row.answer,
                "factor": dict(row.factor.labels) if row.factor else None,
                "link": {"source": row.link.source, "target": row.link.target, "mark": row.link.mark}
                if row.link
                else None,
            }
            for row in state.rows("proposals")
        ],
        "parked": [{"id": row.id, "text": row.text} for row in state.rows("parked")],
    }


def since_of(request: Request) -> int:
    """Return the place in the log that a reader has come to; `Refused` when it is no number."""
    raw = request.headers.get("last-event-id") or request.query_params.get("since") or "-1"
    if not (raw.lstrip("-").isascii() and raw.lstrip("-").isdigit()) or len(raw) > 18:
        raise Refused("bad_value", "since", name="since")
    return max(-1, int(raw))


def routes(desk: Desk, live: Live, limiter: OperationLimiter) -> APIRouter:
    """Return the routes under ``/api/v1``."""
    api = APIRouter(prefix="/api/v1")
    workshops = desk.workshops

    async def actor_of(request: Request, workshop: str) -> Actor:
        return await asyncio.to_thread(desk.actor, workshop, desk.surface_of(request), request)

    @api.get("/workshops/{workshop}/state", summary="The workshop as you may see it")
    async def read_state(request: Request, workshop: str) -> Response:
        actor = await actor_of(request, workshop)
        body = await asyncio.to_thread(lambda: state_json(workshops.view(actor), actor))
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    @api.get("/workshops/{workshop}/changes", summary="Changes after `since`, as you may see them")
    async def read_changes(request: Request, workshop: str) -> Response:
        actor = await actor_of(request, workshop)
        since = max(0, since_of(request))
        found = await asyncio.to_thread(workshops.changes_since, actor, since, CHANGES_AT_ONCE)
        upto = min(workshops.state(workshop).seq, since + CHANGES_AT_ONCE)
        body = {"seq": upto, "changes": found, "more": upto < workshops.state(workshop).seq}
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    @api.get("/workshops/{workshop}/stream", summary="Changes as they happen (server-sent events)")
    async def stream(request: Request, workshop: str) -> Response:
        actor = await actor_of(request, workshop)
        since = since_of(request)
        return StreamingResponse(
            live.stream(actor, desk.surface_of(request), since),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @api.post(
        "/workshops/{workshop}/changes",
        summary="Make one change; the same op_id twice is one change",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Change"}}},
            }
        },
    )
    async def write(request: Request, workshop: str) -> Response:
        actor = await actor_of(request, workshop)
        data = await json_body(request)
        limiter.check(f"{workshop}/{actor.role}/{actor.person}")
        if isinstance(data, dict) and data.get("kind") == "end_attendance":
            receipt = await asyncio.to_thread(
                workshops.end_attendance, actor, str(data.get("person")), str(data.get("op_id"))
            )
        else:
            receipt = await asyncio.to_thread(workshops.submit, actor, data)
        return JSONResponse(
            {
                "seq": receipt.seq,
                "op_id": receipt.op_id,
                "kind": receipt.kind,
                "undoable": receipt.undoable,
                "repeated": receipt.repeated,
            },
            headers={"Cache-Control": "no-store"},
        )

    return api


def add_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Put the vocabulary of changes, and the form of errors, into an OpenAPI document."""
    _, definitions = models_json_schema(
        [(model, "validation") for model in _change_models()], ref_template="#/components/schemas/{model}"
    )
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(definitions.get("$defs", {}))
    change = CHANGE.json_schema(ref_template="#/components/schemas/{model}")
    change.pop("$defs", None)
    schemas["Change"] = change
    schemas["Error"] = {
        "type": "object",
        "required": ["code", "message", "field"],
        "properties": {
            "code": {"type": "string"},
            "message": {"type": "string"},
            "field": {"type": ["string", "null"]},
        },
    }
    error = {
        "description": "Refused; nothing was written",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    for path in schema.get("paths", {}).values():
        for operation in path.values():
            operation.setdefault("responses", {})["4XX"] = error
            operation["responses"].pop("422", None)
    schema["info"] = {"title": "wickedmap", "version": __version__}
    return schema


def _change_models() -> list[Any]:
    from .. import changes

    models = [value for value in vars(changes).values() if isinstance(value, type)]
    return [model for model in models if issubclass(model, changes.Change) and model is not changes.Change]
