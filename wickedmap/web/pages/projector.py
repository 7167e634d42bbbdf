"""The wall: one calm picture for the whole room, read-only, without scroll or buttons."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any, Final

import dash
from dash import Input, Output, State

from ... import access
from ...changes import Refused
from ...model import Stance
from ...perspective import by_side, sign_held
from ...sentences import link_sentence
from ..canvas import link_mark
from ..context import Desk, Looking
from ..elements import element, shown
from ..files import join_address
from ..map_canvas import map_canvas
from . import wall_compare
from .address import workshop_at

_STAGES = (1, 2, 3, 4)
_TITLE: Final = 50
"""Characters that have room in one line; with two, everything below would move."""


def layout(looking: Looking, services: dict[str, Any]) -> Any:
    """Return the wall as it is now."""
    return element(
        "main",
        element("header", _head(looking, services), id="wall-head", class_="wm-wall-head"),
        element(
            "div",
            element(
                "div",
                map_canvas(panning=False, zooming=False),
                id="wm-canvas-box",
                data_canvas_url=canvas_address(looking),
                class_="wm-wall-canvas",
            ),
            element("div", _panel(looking, services), id="wall-panel"),
            class_="wm-wall-stage",
        ),
        element("footer", _foot(looking, services), id="wall-foot", class_="wm-wall-foot"),
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
    return (
        f"/api/v1/workshops/{looking.state.workshop}/canvas"
        f"?surface=projector&view={view}&theme={theme}&language={language}"
    )


def _head(looking: Looking, services: dict[str, Any]) -> Any:
    state, t = looking.state, looking.t
    wall, stage = state.setting("wall"), state.setting("stage")
    title = state.titles().in_language(looking.language)
    if wall == "map":
        stages = {one.number: one.titles.in_language(looking.language) for one in state.base.stages}
        what = stages.get(stage) or t(f"wall.stage.{stage}")
        spotlight = state.setting("spotlight")
        if spotlight:
            what = _lit(looking, spotlight) or what
        elif state.setting("centre") and stage > 1:
            row = state.row("factors", state.setting("centre"))
            what = t("wall.centred", factor=row.labels.in_language(looking.language)) if row else what
    else:
        what = t(f"wall.view.{wall}")
    people = services["live"].people(state.workshop)["people"]
    here = t("wall.here", count=people) if people else ""
    return [
        element("h1", what, class_="wm-wall-what"),
        element(
            "p",
            title if wall != "join" else "",
            " · " if here and wall != "join" else "",
            here,
            class_="wm-wall-small",
        ),
    ]


def _lit(looking: Looking, spotlight: dict[str, Any]) -> str:
    state = looking.state
    if spotlight["kind"] == "factor":
        row = state.row("factors", spotlight["target"])
        if row is None:
            return ""
        m = state.to_map().at_stage(state.setting("stage"))
        counts = (len(m.causes_of(row.id)), len(m.effects_of(row.id))) if m.has_factor(row.id) else (0, 0)
        causes, effects = (
            looking.t("canvas.causes", count=counts[0]),
            looking.t("canvas.effects", count=counts[1]),
        )
        return f"{row.labels.in_language(looking.language)}: {causes}, {effects}"
    if spotlight["kind"] == "loop":
        return _loop_title(looking, spotlight)
    row = state.row("links", spotlight["target"])
    return link_sentence(state.to_map(), row, looking.language) if row else ""


def _loop_title(looking: Looking, spotlight: dict[str, Any]) -> str:
    """Return what kind of loop is lit, its name, and the factors of a short one."""
    state = looking.state
    links = [row for row in (state.row("links", one) for one in spotlight["links"]) if row is not None]
    if not links or len(links) < len(spotlight["links"]):
        return ""
    product = 1
    for link in links:
        product *= 0 if link.both_signs else link.sign or 0
    kind = {1: "reinforcing", -1: "balancing"}.get(product, "unknown")
    title = f"{looking.t(f'analyse.polarity.{kind}')} {(spotlight['target'] or '').replace('U', '?')}".strip()
    title = title[0].upper() + title[1:]
    m = state.to_map()
    labels = [m.factor(link.source).labels.in_language(looking.language) for link in links]
    told = f"{title}: {' → '.join(labels)}"
    return told if len(told) <= _TITLE else title


def _panel(looking: Looking, services: dict[str, Any]) -> Any:
    wall = looking.state.setting("wall")
    if wall == "join":
        return _join(looking, services)
    if wall == "quote":
        quote = looking.t("wall.quote")
        return element(
            "div",
            element(
                "blockquote",
                element("span", quote, lang="en"),
                element("p", looking.t("wall.quote_by"), class_="wm-wall-small"),
            ),
            class_="wm-wall-centre",
        )
    if wall == "framings":
        return wall_compare.framings(looking)
    if wall == "matrix":
        return wall_compare.matrix(looking)
    spotlight = looking.state.setting("spotlight")
    if wall == "map" and spotlight and spotlight["kind"] == "link":
        return _who_says_what(looking, spotlight["target"])
    return None


def _join(looking: Looking, services: dict[str, Any]) -> Any:
    state, t = looking.state, looking.t
    stored = looking.workshops.find(state.workshop)
    if not state.setting("doors"):
        return element("div", element("p", t("wall.doors_closed")), class_="wm-wall-centre")
    address = join_address(services["public_url"], stored.join_code)
    where = _without_scheme(services["public_url"])
    return element(
        "div",
        element("p", state.titles().in_language(looking.language), class_="wm-wall-title"),
        element(
            "img",
            src=f"/api/v1/workshops/{state.workshop}/qr.svg?surface=projector",
            alt=t("wall.qr", address=address),
            class_="wm-wall-qr",
        ),
        element("p", access.show_code(stored.join_code), class_="wm-wall-code"),
        element("p", t("wall.join_at", address=where), class_="wm-wall-small"),
        class_="wm-wall-centre",
    )


def _without_scheme(address: str) -> str:
    return address.split("://", 1)[-1] + "/join"


def _who_says_what(looking: Looking, link: str) -> Any:
    """Return who asserts and rejects the lit link, without names until they are shown."""
    state, t = looking.state, looking.t
    row = state.row("links", link)
    if row is None:
        return None
    if not state.setting("stances_revealed"):
        return element("aside", element("p", t("wall.stances_hidden")), class_="wm-wall-aside")
    stances: list[Stance] = [one for one in state.rows("stances") if one.link == link]
    if not stances:
        return element("aside", element("p", t("wall.no_stances")), class_="wm-wall-aside")
    held = {sign_held(one, row) for one in stances if one.stance == "asserts"}
    mark = "+≠−" if {1, -1} <= held else link_mark(row)
    parts: list[Any] = [element("p", element("strong", mark), class_="wm-wall-mark")]
    for kind, sign, group in by_side(stances, row):
        if not group:
            continue
        names = sorted({state.agency_label(one.agency, looking.language) for one in group})
        said = link_sentence(state.to_map(), replace(row, sign=sign, both_signs=False), looking.language)
        counted = state.setting("names_shown") or access.countable(Counter(one.agency for one in group)).total
        heading = t(f"wall.stance.{kind}", count=len(group), sentence=said)
        # With hidden names, "1 holds ..." above a letter would be a number that points at somebody.
        parts.append(element("h2", heading if counted else t(f"wall.some.{kind}", sentence=said)))
        parts.append(element("p", ", ".join(shown(name) for name in names), class_="wm-wall-small"))
        reasons = [one.reason for one in group if one.reason][:3]
        parts.append(
            element("ul", [element("li", "«", shown(one), "»") for one in reasons]) if reasons else None
        )
    return element("aside", *parts, class_="wm-wall-aside")


def _foot(looking: Looking, services: dict[str, Any]) -> Any:
    state, t = looking.state, looking.t
    wall = state.setting("wall")
    parts: list[Any] = []
    if wall in ("map", "overlay") and state.setting("stage") > 1:
        legend = ("agree", "contested") if wall == "overlay" else ("plus", "minus", "delay")
        parts.append(
            element("ul", [element("li", t(f"wall.legend.{one}")) for one in legend], class_="wm-wall-legend")
        )
    if wall not in ("join",) and state.setting("show_join") and state.setting("doors"):
        stored = looking.workshops.find(state.workshop)
        where = _without_scheme(services["public_url"])
        parts.append(
            element(
                "p",
                t("wall.join_short", address=where),
                " ",
                element("strong", access.show_code(stored.join_code)),
                class_="wm-wall-way-in",
            )
        )
    return parts


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
    return _head(looking, services), _panel(looking, services), _foot(looking, services), root, box
