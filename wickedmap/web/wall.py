"""What a canvas shows: the map at its stage, as this person may see it, with every place worked out."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from ..causal_map import CausalMap
from ..graphs.free_places import place_new
from ..graphs.label_boxes import LABEL_PX
from ..graphs.layout import layout
from ..graphs.stage_layout import Arrangement, arrangement
from ..rows import State
from .canvas import canvas_elements
from .canvas_style import stylesheet
from .context import Desk, Looking
from .palette import THEMES

_KEPT: Final = 64
_VIEWS: Final = ("map", "web", "overlay")

Point = tuple[float, float]


class Places:
    """Where factors stand: what the facilitator chose, and a lasting place for the rest."""

    def __init__(self) -> None:
        self._placed: dict[str, dict[str, Point]] = {}
        self._arranged: OrderedDict[tuple[Any, ...], Arrangement] = OrderedDict()
        self._lock = threading.Lock()

    def positions(self, state: State, m: CausalMap) -> dict[str, Point]:
        """Return a place for every factor; the same ones for as long as the server runs."""
        chosen: Mapping[str, Point] = state.tables["positions"]
        known = {factor.id: chosen[factor.id] for factor in m.factors if factor.id in chosen}
        lacking = [factor.id for factor in m.factors if factor.id not in known]
        if not lacking:
            return known
        with self._lock:
            placed = self._placed.setdefault(state.workshop, {})
            if not known and not any(one in placed for one in lacking):
                placed.update(layout(m))
            for one in lacking:
                if one not in placed:
                    placed[one] = place_new({**placed, **known}, m, one)
                known[one] = placed[one]
        return known

    def arranged(self, state: State, m: CausalMap, stage: int, centre: str | None) -> Arrangement:
        """Return the arrangement of a stage, worked out once for the same map and places."""
        positions = self.positions(state, m)
        key = (
            state.workshop,
            stage,
            centre,
            tuple(sorted(positions.items())),
            tuple((link.source, link.target) for link in m.links) if centre else (),
        )
        with self._lock:
            found = self._arranged.get(key)
        if found is None:
            found = arrangement(m, stage, centre, positions=positions)
            with self._lock:
                self._arranged[key] = found
                while len(self._arranged) > _KEPT:
                    self._arranged.popitem(last=False)
        return found


def shown_stage(looking: Looking, view: str) -> int:
    """Return the stage a canvas shows: the room's, or the whole web to compare or to work on."""
    return int(looking.state.setting("stage")) if view == "map" else 4


def arranged_for(places: Places, looking: Looking, view: str) -> Arrangement:
    """Return where everything stands on a canvas."""
    state = looking.state
    m = state.to_map()
    stage = shown_stage(looking, view)
    centre = state.setting("centre")
    if view != "map" or centre is None or not m.at_stage(stage).has_factor(centre) or stage == 1:
        centre = None
    return places.arranged(state, m, stage, centre)


def picture(
    places: Places, looking: Looking, view: str, theme: str, agencies: Collection[str] | None = None
) -> dict[str, Any]:
    """Return what a canvas draws, as `assets/40-canvas.js` takes it; an overlay of `agencies`, or of all."""
    state = looking.state
    m = state.to_map()
    stage = shown_stage(looking, view)
    arranged = arranged_for(places, looking, view)
    # On the page of analyses, what is lit is the page's own business.
    own_light = looking.surface == "analyse"
    spotlight = state.setting("spotlight") if view != "overlay" and not own_light else None
    badges = {
        target: count
        for name, count in state.totals.items()
        if name.startswith("notes/")
        for target in [name.split("/", 2)[2]]
    }
    lit = spotlight["target"] if spotlight and spotlight["kind"] != "loop" else None
    elements = canvas_elements(
        m,
        arranged.positions,
        language=looking.language,
        stage=stage,
        spotlight=lit,
        badges=badges,
        theme=theme,  # type: ignore[arg-type]
        view="overlay" if view == "overlay" else "map",
        font_px=arranged.font_px,
        agencies=agencies,
        far=looking.surface == "projector",
    )
    drawn = {
        "seq": state.seq,
        "elements": elements,
        "style": stylesheet(theme, arranged.font_px / LABEL_PX),  # type: ignore[arg-type]
        "theme": theme,
        "stage": stage,
    }
    if own_light:
        return drawn
    told = {"links": spotlight["links"], "paused": False} if spotlight and spotlight["kind"] == "loop" else None
    return {**drawn, "spotlight": lit, "loop": told}


def routes(desk: Desk, services: dict[str, Any]) -> APIRouter:
    """Return the route that canvases read."""
    wall = APIRouter(prefix="/api/v1/workshops/{workshop}")
    places: Places = services["places"]

    @wall.get("/canvas", summary="The map as cytoscape elements, at the room's stage", include_in_schema=False)
    async def canvas(request: Request, workshop: str) -> Response:
        surface = desk.surface_of(request) or "compare"
        view = request.query_params.get("view", "map")
        theme = request.query_params.get("theme")
        chosen = request.query_params.get("agencies")
        agencies = None if chosen is None else tuple(chosen.split(","))
        if surface == "compare" and view == "overlay" and theme in THEMES:
            actor = await asyncio.to_thread(desk.actor, workshop, surface)
            drawn = await services["comparisons"].answer(actor, "picture", (theme, agencies))
            return Response(drawn, media_type="application/json", headers={"Cache-Control": "no-store"})
        looking = await asyncio.to_thread(desk.looking, workshop, surface)
        theme = theme or looking.state.setting("theme")
        found = await asyncio.to_thread(
            picture,
            places,
            looking,
            view if view in _VIEWS else "map",
            theme if theme in THEMES else "light",
            agencies,
        )
        return JSONResponse(found, headers={"Cache-Control": "no-store"})

    return wall
