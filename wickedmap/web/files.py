"""Leaving with the data: the map in every format, and the QR code."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import segno
from fastapi import APIRouter, Request
from starlette.responses import Response

from .. import leaving
from ..changes import Refused
from .context import Desk, language_of


def join_address(public_url: str, code: str) -> str:
    """Return what the QR code on the wall holds."""
    return f"{public_url}/j/{code}"


def qr_svg(address: str) -> bytes:
    """Return a QR code as SVG, dark on white with its quiet zone."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=8, border=3, light="#ffffff", xmldecl=False)
    return out.getvalue()


def routes(desk: Desk, services: dict[str, Any]) -> APIRouter:
    """Return the routes that hand out files."""
    files = APIRouter(prefix="/api/v1/workshops/{workshop}")
    workshops = desk.workshops

    @files.get("/qr.svg", summary="The join link as a QR code")
    async def qr(request: Request, workshop: str) -> Response:
        actor = await asyncio.to_thread(desk.actor, workshop, desk.surface_of(request), request)
        if actor.role not in ("facilitator", "viewer"):
            raise Refused("not_allowed")
        stored = await asyncio.to_thread(workshops.find, workshop)
        svg = await asyncio.to_thread(qr_svg, join_address(services["public_url"], stored.join_code))
        return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})

    @files.get("/export/{form}", summary="The map with what was said, as a file")
    async def export(request: Request, workshop: str, form: str) -> Response:
        actor = await asyncio.to_thread(desk.actor, workshop, "export", request)
        made = await asyncio.to_thread(
            leaving.export_file,
            workshops,
            actor,
            form,
            private=request.query_params.get("private") == "true",
            language=language_of(request),
            licence=request.query_params.get("licence", ""),
        )
        return Response(
            made.content,
            media_type=made.media_type,
            headers={
                "Content-Disposition": f'attachment; filename="{made.name}"',
                "Cache-Control": "no-store",
            },
        )

    return files
