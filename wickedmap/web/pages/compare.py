"""Comparing: where agencies agree, differ and are silent, one view at a time.

The view is in the address, after ``#``: ``#links/L52`` is the table of influences with
what is behind one of them, and ``?agencies=nav,politi`` before it says whose. So it
survives a reload, can be sent to others, and every number is one click from the
stances it rests on.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, unquote

import dash
from dash import Input, Output, State, dcc

from ...changes import Refused
from ..context import Desk, Looking
from ..elements import (
    Child,
    Native,
    element,
    empty_state,
    language_switch,
    live_region,
    nav,
    shown,
    status_bar,
    theme_switch,
    whole,
)
from ..map_canvas import map_canvas
from ..wall import Places, picture
from . import (
    compare_choice,
    compare_distance,
    compare_factors,
    compare_framings,
    compare_links,
    compare_loops,
    compare_movement,
    compare_pair,
    compare_terms,
)
from .address import workshop_at
from .compare_answers import Answers, Comparisons
from .compare_material import Kept, Material

VIEWS: Final = ("framings", "links", "factors", "pair", "distance", "loops", "terms", "movement")
_WITH_MAP: Final = "links"


def layout(looking: Looking, _services: dict[str, Any]) -> Any:
    """Return the page; the view that its address names comes with the first callback."""
    state, t = looking.state, looking.t
    return element(
        "div",
        dcc.Store(id="compare-place"),
        element(
            "header",
            element("p", "wickedmap", class_="wm-brand"),
            element("div", _ways(looking), theme_switch(), language_switch(looking.language), class_="wm-row"),
            class_="wm-top",
        ),
        element(
            "main",
            element("p", shown(state.titles().in_language(looking.language)), class_="wm-kicker"),
            element("h1", t("compare.title")),
            element("p", t("compare.lead"), class_="wm-lead"),
            _drawn("compare-tabs", _tabs(looking, "")),
            _drawn("compare-choice"),
            element(
                "div",
                element(
                    "div",
                    element(
                        "div",
                        map_canvas(zooming=False),
                        id="wm-canvas-box",
                    ),
                    element("p", t("compare.links.map_legend"), class_="wm-hint"),
                    id="compare-map",
                    **_map_attributes(False),
                ),
                _drawn("compare-view", element("p", t("shell.loading"), class_="wm-loading", role="status")),
                class_="wm-compare-stage",
            ),
            id="wm-main",
            tabindex=-1,
            class_="wm-stack",
        ),
        element("footer", status_bar(), live_region(), class_="wm-compare-foot"),
        id="wm-root",
        class_="wm-page wm-compare",
        data_workshop=state.workshop,
        data_seq=state.seq,
        data_surface="compare",
        data_person=looking.actor.person,
    )


def _drawn(place: str, *content: Child) -> Native:
    """Return a part that callbacks draw anew by its tree, so that focus, folds and typed text stay."""
    made = whole(*content, id=place, class_=place)
    made.id = place
    return made


def _ways(looking: Looking) -> Child:
    """Return the way back to where this person works."""
    own = {"facilitator": "console", "representative": "me", "researcher": "export"}.get(looking.actor.role)
    if own is None:
        return None
    return element("a", looking.t(f"compare.back.{own}"), href=f"/w/{looking.state.workshop}/{own}")


def _tabs(looking: Looking, current: str) -> Native:
    links = [(looking.t(f"compare.tab.{view}"), f"#{view}") for view in VIEWS]
    return nav(looking.t("compare.tabs"), links, f"#{current}")


def _map_attributes(shown_now: bool) -> dict[str, object]:
    return {"class_": "wm-compare-map", "hidden": not shown_now}


def _box_attributes(material: Material, shown_now: bool) -> dict[str, Any]:
    if not shown_now:
        return {}
    looking = material.looking
    address = (
        f"/api/v1/workshops/{looking.state.workshop}/canvas"
        f"?surface=compare&view=overlay&language={looking.language}&theme=light"
    )
    if material.partial:
        address += f"&agencies={quote(','.join(material.agencies))}"
    return element("div", data_canvas_url=address).attributes


def read_place(address: object) -> tuple[str, list[str]]:
    """Return the view that the part after ``#`` names, and what it says within that view.

    Examples
    --------
    >>> read_place("?agencies=nav#pair/nav/politi"), read_place(""), read_place("#elsewhere")
    (('pair', ['nav', 'politi']), ('framings', []), ('framings', []))
    """
    text = address.partition("#")[2][:400] if type(address) is str else ""
    view, *rest = (unquote(part) for part in text.split("/"))
    return (view, rest) if view in VIEWS else ("framings", [])


def view_of(material: Material, place: str, rest: list[str]) -> list[Child]:
    """Return one view, under its heading."""
    first, second = [*rest, "", ""][:2]
    views: dict[str, Callable[[], list[Child]]] = {
        "framings": lambda: compare_framings.view(material),
        "links": lambda: compare_links.view(material, first, second),
        "factors": lambda: compare_factors.view(material),
        "pair": lambda: compare_pair.view(material, first, second),
        "distance": lambda: compare_distance.view(material),
        "loops": lambda: compare_loops.view(material),
        "terms": lambda: compare_terms.view(material),
        "movement": lambda: compare_movement.view(material, first, second),
    }
    chosen = bool(material.agencies) or not material.partial
    return [
        element("h2", material.t(f"compare.tab.{place}")),
        element("p", material.t(f"compare.about.{place}"), class_="wm-about"),
        *(views[place]() if chosen else [material.room(()), empty_state(material.t("compare.choice.none"))]),
    ]


def register(app: Any, desk: Desk, services: dict[str, Any]) -> None:
    """Show the view that the address names, and keep it current."""
    comparisons = services["comparisons"] = Comparisons(desk.workshops, services["places"], ANSWERS)

    @app.callback(
        Output("compare-tabs", "tree"),
        Output("compare-choice", "tree"),
        Output("compare-view", "tree"),
        Output("compare-map", "attributes"),
        Output("wm-canvas-box", "attributes"),
        Input("compare-place", "data"),
        Input("version-compare", "data"),
        State("wm-url", "pathname"),
        prevent_initial_call=True,
    )
    async def show(address: Any, _version: Any, pathname: Any) -> Any:
        workshop = workshop_at(pathname, "compare")
        asked = address[: compare_choice.LONGEST] if type(address) is str else ""
        try:
            if not workshop:
                raise Refused("not_found")
            actor = await asyncio.to_thread(desk.actor, workshop, "compare")
            return await comparisons.answer(actor, "view", asked)
        except Refused:
            return (dash.no_update,) * 5


def answer(looking: Looking, kept: Kept, places: Places, address: str) -> tuple[Any, ...]:
    """Return what the page shows at an address: tabs, chooser, view, and the map's attributes."""
    material = Material(looking, kept, places, compare_choice.read_chosen(address))
    place, rest = read_place(address)
    # All that a view depends on besides what `once` knows of.
    asked = ("view", looking.language, place, tuple(rest), material.lost)
    view = material.once(asked, lambda: _drawn("compare-view", *view_of(material, place, rest)).tree)
    has_map = place == _WITH_MAP and any(row.by_agency for row in material.overlay.links)
    return (
        _drawn("compare-tabs", _tabs(looking, place)).tree,
        _drawn("compare-choice", *compare_choice.chooser(material, address)).tree,
        view,
        element("div", **_map_attributes(has_map)).attributes,
        _box_attributes(material, has_map),
    )


def overlay_picture(looking: Looking, _kept: Kept, places: Places, asked: tuple[str, Any]) -> str:
    """Return the overlay map as a canvas takes it, as JSON; `asked` is the theme, and agencies or None."""
    theme, agencies = asked
    return json.dumps(picture(places, looking, "overlay", theme, agencies), ensure_ascii=False)


ANSWERS: Final[Answers] = {"view": answer, "picture": overlay_picture}
