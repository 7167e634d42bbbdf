"""What stands on the wall: the line above the map, what lies on it or stands instead of it, the line below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ... import access
from ...sentences import link_sentence
from ..context import Looking
from ..elements import Child, Native, element, shown
from ..files import join_address
from . import wall_pictures, wall_room, wall_said
from .compare_material import Material
from .wall_link import who_says_what

_TITLE: Final = 50
"""Characters that have room in one line; with two, everything below would move."""

_COMPARED: Final[Mapping[str, Callable[[Material], Native]]] = {
    "framings": wall_said.framings,
    "matrix": wall_said.matrix,
    "terms": lambda material: wall_said.terms(material, str(wall_room.of_wall(material.looking).get("term"))),
    "pair": wall_pictures.pair,
    "distance": wall_pictures.distance,
    "loops": wall_pictures.loops,
    "movement": wall_pictures.movement,
}
"""What is drawn instead of the map."""


def head(looking: Looking, services: dict[str, Any]) -> list[Native]:
    """Return the line that says what the room is looking at."""
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
        what = _compared(looking, services, wall)
    title = _belongs(looking) or title
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


def _belongs(looking: Looking) -> str:
    """Return the domain and the agencies of the factor in the light: its label has no room for them."""
    state, language = looking.state, looking.language
    spotlight = state.setting("spotlight") if state.setting("wall") == "map" else None
    factor = state.row("factors", spotlight["target"]) if spotlight and spotlight["kind"] == "factor" else None
    if factor is None:
        return ""
    domains = [one.labels.in_language(language) for one in state.base.domains if one.id == factor.domain]
    owners = [row for row in (state.row("agencies", one) for one in factor.agencies) if row is not None]
    named = [(row.short or row.labels).in_language(language) for row in owners]
    return " · ".join([*domains, ", ".join(named)] if named else domains)


def _compared(looking: Looking, services: dict[str, Any], wall: str) -> str:
    t = looking.t
    if wall == "pair":
        material = wall_room.material_of(looking, services)
        if len(material.agencies) != 2:
            return t("wall.view.two")
        names = [[name(one) for one in material.agencies] for name in (material.short, material.initials)]
        tried = [t("wall.view.pair", a=a, b=b) for a, b in names]
        return next((one for one in tried if len(one) <= _TITLE), tried[-1])
    if wall == "terms":
        term = wall_room.of_wall(looking).get("term")
        word = next((one for one in looking.state.base.instruments.glossary if one.id == term), None)
        return t("wall.view.terms", term=shown(word.terms.in_language(looking.language))) if word else ""
    return t(f"wall.view.{wall}")


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


def panel(looking: Looking, services: dict[str, Any]) -> Native | None:
    """Return what lies on the map or stands instead of it."""
    wall = looking.state.setting("wall")
    if wall == "join":
        return _join(looking, services)
    if wall == "quote":
        return element(
            "div",
            element(
                "blockquote",
                element("span", looking.t("wall.quote"), lang="en"),
                element("p", looking.t("wall.quote_by"), class_="wm-wall-small"),
            ),
            class_="wm-wall-centre",
        )
    if wall in _COMPARED:
        material = wall_room.material_of(looking, services)
        if material.asked and material.lost == len(material.asked):
            return wall_room.words(looking.t("wall.nobody_chosen", count=len(material.asked)))
        return _COMPARED[wall](material)
    spotlight = looking.state.setting("spotlight")
    if wall == "map" and spotlight and spotlight["kind"] == "link":
        return who_says_what(looking, services, spotlight["target"])
    return None


def _join(looking: Looking, services: dict[str, Any]) -> Native:
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


def foot(looking: Looking, services: dict[str, Any]) -> list[Native]:
    """Return the line that says how the map is read, and the way in."""
    state, t = looking.state, looking.t
    wall = state.setting("wall")
    parts: list[Native] = []
    if wall in ("map", "overlay") and state.setting("stage") > 1:
        parts.append(element("ul", [element("li", one) for one in _legend(looking)], class_="wm-wall-legend"))
    if wall != "join" and state.setting("show_join") and state.setting("doors"):
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


def _legend(looking: Looking) -> list[Child]:
    """Return what the signs on the map mean; only those that are on it."""
    state, t = looking.state, looking.t
    if state.setting("wall") == "overlay":
        return [t("wall.legend.agree"), t("wall.legend.contested")]
    links = state.to_map().at_stage(state.setting("stage")).links
    there = {
        "plus": True,
        "minus": True,
        "long": any(link.delay == "long" for link in links),
        "both": any(link.contested or link.both_signs for link in links),
    }
    return [t(f"wall.legend.{name}") for name, shows in there.items() if shows]
