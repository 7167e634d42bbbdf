"""The wall: one calm picture for the whole room, read-only, without scroll or buttons."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import dash
from dash import Input, Output, State

from ...changes import Refused
from ..context import Desk, Looking
from ..elements import element
from ..map_canvas import map_canvas
from . import wall_room
from .address import workshop_at
from .wall_parts import foot, head, panel


def layout(looking: Looking, services: dict[str, Any]) -> Any:
    """Return the wall as it is now."""
    return element(
        "main",
        element("header", head(looking, services), id="wall-head", class_="wm-wall-head"),
        element(
            "div",
            element(
                "div",
                map_canvas(panning=False, zooming=False),
                id="wm-canvas-box",
                data_canvas_url=canvas_address(looking),
                class_="wm-wall-canvas",
            ),
            element("div", panel(looking, services), id="wall-panel"),
            class_="wm-wall-stage",
        ),
        element("footer", foot(looking, services), id="wall-foot", class_="wm-wall-foot"),
        id="wm-root",
        lang=looking.language,
        **_root_attributes(looking),
    )


def _root_attributes(looking: Looking) -> dict[str, Any]:
    state = looking.state
    return {
        "class_": f"wm-wall wm-wall-shows-{state.setting('wall')}",
        "data_workshop": state.workshop,
        "data_seq": state.seq,
        "data_surface": "projector",
        "data_theme": state.setting("theme"),
        "data_room": str(state.setting("distance")),
        "data_spotlight": "yes" if state.setting("spotlight") else "no",
    }


def canvas_address(looking: Looking) -> str:
    """Return where the wall's canvas is read from."""
    view = "overlay" if looking.state.setting("wall") == "overlay" else "map"
    theme, language = looking.state.setting("theme"), looking.language
    address = (
        f"/api/v1/workshops/{looking.state.workshop}/canvas"
        f"?surface=projector&view={view}&theme={theme}&language={language}"
    )
    chosen = wall_room.of_wall(looking).get("agencies") if view == "overlay" else None
    return f"{address}&agencies={quote(','.join(chosen))}" if chosen else address


def register(app: Any, desk: Desk, services: dict[str, Any]) -> None:
    """Keep the wall current."""

    @app.callback(
        Output("wall-head", "children"),
        Output("wall-panel", "children"),
        Output("wall-foot", "children"),
        Output("wm-root", "attributes"),
        Output("wm-canvas-box", "attributes"),
        Input("version-projector", "data"),
        Input("presence-projector", "data"),
        State("wm-url", "pathname"),
        prevent_initial_call=True,
    )
    async def refresh(_version: Any, _presence: Any, pathname: Any) -> Any:
        return await asyncio.to_thread(_refreshed, desk, services, pathname)


def _refreshed(desk: Desk, services: dict[str, Any], pathname: Any) -> Any:
    workshop = workshop_at(pathname, "projector")
    if not workshop:
        return (dash.no_update,) * 5
    try:
        looking = desk.looking(workshop, "projector")
    except Refused:
        return (dash.no_update,) * 5
    root = element("main", lang=looking.language, **_root_attributes(looking)).attributes
    box = element("div", data_canvas_url=canvas_address(looking), class_="wm-wall-canvas").attributes
    return head(looking, services), panel(looking, services), foot(looking, services), root, box
