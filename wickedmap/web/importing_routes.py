"""A file sent into a workshop: first what it would do, then one change that does it."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from ..access import Actor, new_token
from ..causal_map import CausalMap
from ..changes import Refused
from ..formats.native import map_to_json
from ..formats.picture import svg
from ..importing import ImportPreview, afterwards, file_label, prepared, preview
from ..rows import State
from .api import json_body
from .context import Desk, language_of
from .doors import read_file
from .import_pictures import ImportPictures
from .import_view import Taken, after_adding, before_adding
from .operation_limiter import OperationLimiter


def routes(desk: Desk) -> APIRouter:
    """Return the route that takes a file into a workshop."""
    api = APIRouter(prefix="/api/v1")
    # Reading a file costs more than any other change.
    limiter = OperationLimiter(per_second=0.5, burst=10)
    pictures = ImportPictures()

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
                                "same": {
                                    "type": "object",
                                    "additionalProperties": {"type": "string"},
                                    "description": "Factors of the file that are factors here: "
                                    "`in_file` and `first` of a pair in the preview's `alike`.",
                                },
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
        body = await asyncio.to_thread(_taken_in, desk, actor, data, language_of(request), pictures)
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    @api.get("/workshops/{workshop}/import/picture/{name}.svg", include_in_schema=False)
    async def picture(request: Request, workshop: str, name: str) -> Response:
        # A picture says of no surface that it asks for it; only the console shows this one.
        await asyncio.to_thread(desk.actor, workshop, "console", request)
        drawn = await asyncio.to_thread(pictures.svg, name, workshop)
        if drawn is None:
            raise Refused("not_found")
        return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=600"})

    return api


def _taken_in(
    desk: Desk, actor: Actor, data: dict[str, Any], language: str, pictures: ImportPictures
) -> dict[str, Any]:
    for flag in ("preview", "aliases"):
        if type(data.get(flag, False)) is not bool:
            raise Refused("bad_value", flag, name=flag)
    aliases, same = data.get("aliases", False), data.get("same", {})
    if type(same) is not dict or not all(type(one) is str for one in same.values()):
        raise Refused("bad_value", "same", name="same")
    reading = read_file(data, language)
    name, on_page = data["name"], data.get("page") is True
    state = desk.workshops.view(actor)
    found = preview(state, reading, aliases=aliases, same=same)
    shown = found.to_json(language)
    if data.get("preview"):
        if not on_page:
            return {"preview": shown}
        taken = _taken_for(state, reading.map, same, language)
        picture = _picture(pictures, actor.workshop, state, found, language)
        tree = before_adding(found, name, language, aliases=aliases, taken=taken, picture=picture).tree
        return {"preview": shown, "tree": tree}
    change = {
        "kind": "import_map",
        "op_id": data.get("op_id") or f"import-{new_token()[:24]}",
        "map": map_to_json(prepared(state, reading.map, same=same)),
        "file": file_label(name),
        "aliases": aliases,
        "same": same,
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


def _taken_for(state: State, m: CausalMap, same: dict[str, str], language: str) -> list[Taken]:
    """Return the factors of the file that somebody has said are factors here, with both wordings."""
    here = {factor.id: factor.labels.in_language(language) for factor in state.to_map().factors}
    return [
        Taken(one.id, same[one.id], one.labels.in_language(language), here[same[one.id]])
        for one in m.factors
        if same.get(one.id) in here
    ]


def _picture(pictures: ImportPictures, workshop: str, state: State, found: ImportPreview, language: str) -> str:
    """Return the address of a picture of the map as it would be, with what is new in front."""
    if not found.possible or not (found.plan.factors or found.plan.links):
        return ""
    tables = state.tables

    def draw() -> str:
        m = afterwards(state, found.plan)
        here = {*tables["factors"].keys(), *tables["links"].keys()}
        return svg(m, language=language, title="", pale=here)

    factors = len(tables["factors"]) + len(found.plan.factors)
    links = len(tables["links"]) + len(found.plan.links)
    name = pictures.keep(factors, links, draw, workshop)
    return f"/api/v1/workshops/{workshop}/import/picture/{name}.svg" if name else ""
