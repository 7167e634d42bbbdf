"""What a canvas shows: the map, or a part of it, as this person may see it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from .context import Desk


def routes(_desk: Desk, _services: dict[str, Any]) -> APIRouter:
    """Return the route that canvases read."""
    return APIRouter(prefix="/api/v1/workshops/{workshop}")
