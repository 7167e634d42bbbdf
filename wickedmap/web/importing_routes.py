"""A file sent into a workshop: first what it would do, then one change that does it."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from ..access import Actor, new_token
from ..changes import Refused
from ..formats.native import map_to_json
from ..importing import file_label, prepared, preview
from .api import json_body
from .context import Desk, language_of
from .doors import read_file
from .import_view import after_adding, before_adding
from .operation_limiter import OperationLimiter


def routes(desk: Desk) -> APIRouter:
    """Return the route that takes a file into a workshop."""
    api = APIRouter(prefix="/api/v1")
    # Reading a file costs more than any other change.
    limiter = OperationLimiter(per_second=0.5, burst=10)

    @api.post(
        "/workshops/{workshop}/import",
        summary="What a file would add (`preview: true`), or add it in one change that can be undone",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["name", "content_base64"],
                            "properties": {
                                "name": {"type": "string"},
                                "content_base64": {"type": "string"},
                                "preview": {"type": "boolean", "default": False},
                                "aliases": {"type": "boolean", "default": False},
                                "op_id": {"type": "string"},
                            },
                        }
                    }
                },
            }
        },
    )
    async def take_in(request: Request, workshop: str) -> Response:
        actor = await asyncio.to_thread(desk.actor, workshop, desk.surface_of(request), request)
        if actor.role != "facilitator":
            raise Refused("not_allowed")
        limiter.check(f"{workshop}/{actor.person}")
        data = await json_body(request)
        if not isinstance(data, dict):
            raise Refused("bad_request")
        body = await asyncio.to_thread(_taken_in, desk, actor, data, language_of(request))
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    return api


def _taken_in(desk: Desk, actor: Actor, data: dict[str, Any], language: str) -> dict[str, Any]:
    for flag in ("preview", "aliases"):
        if type(data.get(flag, False)) is not bool:
            raise Refused("bad_value", flag, name=flag)
    aliases = data.get("aliases", False)
    reading = read_file(data, language)
    name, on_page = data["name"], data.get("page") is True
    state = desk.workshops.view(actor)
    found = preview(state, reading, aliases=aliases)
    shown = found.to_json(language)
    if data.get("preview"):
        tree = {"tree": before_adding(found, name, language, aliases=aliases).tree} if on_page else {}
        return {"preview": shown, **tree}
    change = {
        "kind": "import_map",
        "op_id": data.get("op_id") or f"import-{new_token()[:24]}",
        "map": map_to_json(prepared(state, reading.map)),
        "file": file_label(name),
        "aliases": aliases,
    }
    receipt = desk.workshops.submit(actor, change)
    return {
        "seq": receipt.seq,
        "op_id": receipt.op_id,
        "kind": receipt.kind,
        "undoable": receipt.undoable,
        "repeated": receipt.repeated,
        "preview": shown,
        **({"tree": after_adding(found, receipt.seq, language).tree} if on_page else {}),
    }
