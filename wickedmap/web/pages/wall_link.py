"""Who says what about the influence in the light: beside it on the wall, where it covers least."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ... import access
from ...model import Link, Stance
from ...perspective import by_side, sign_held
from ...sentences import link_sentence
from ..canvas import link_mark
from ..context import Looking
from ..elements import Child, Native, element, shown
from ..wall import arranged_for
from . import wall_room

CORNERS: Final = ("bottom-right", "bottom-left", "top-right", "top-left")
_WIDE: Final = 0.34
_WIDER: Final = 0.48
_HIGH: Final = 0.62
"""The share of the stage that the panel may fill in width, and mostly fills in height."""
_TEXT: Final = 0.78
_LONGEST: Final = 110
"""Characters of a reason; more cannot be read in the time that a room looks at it."""


@dataclass(frozen=True, slots=True)
class Side:
    """Those who hold the same of a link: a heading, who they are, and why."""

    heading: str
    names: str
    reasons: tuple[str, ...]


def who_says_what(looking: Looking, services: Mapping[str, Any], link: str) -> Native | None:
    """Return who asserts and rejects the lit link, without names until they are shown."""
    state, t = looking.state, looking.t
    row = state.row("links", link)
    if row is None:
        return None
    corner = f"wm-wall-aside wm-wall-{free_corner(looking, services, row)}"
    if not state.setting("stances_revealed"):
        return element("aside", element("p", t("wall.stances_hidden")), class_=corner)
    stances: list[Stance] = [one for one in state.rows("stances") if one.link == link]
    if not stances:
        return element("aside", element("p", t("wall.no_stances")), class_=corner)
    held = {sign_held(one, row) for one in stances if one.stance == "asserts"}
    mark = "+≠−" if {1, -1} <= held else link_mark(row)
    sides = _sides(looking, row, stances)
    size, across, kept = _fitted(looking, sides)
    parts: list[Child] = [element("p", element("strong", mark), class_="wm-wall-mark")]
    for side, many in zip(sides, kept, strict=True):
        more = len(side.reasons) - many
        parts.append(element("h2", side.heading))
        parts.append(element("p", side.names, class_="wm-wall-small"))
        if side.reasons:
            said: list[Child] = [element("li", "«", one, "»") for one in side.reasons[:many]]
            said.append(element("li", t("wall.more_reasons", count=more)) if more else None)
            parts.append(element("ul", said))
    style = {"--letters": wall_room.in_ems(looking, size), "--across": f"{across:.0%}"}
    return element("aside", *parts, class_=corner, style=style)


def _sides(looking: Looking, row: Link, stances: Sequence[Stance]) -> list[Side]:
    state, t = looking.state, looking.t
    sides = []
    for kind, sign, group in by_side(stances, row):
        if not group:
            continue
        names = sorted({_short(looking, one.agency) for one in group})
        said = link_sentence(state.to_map(), replace(row, sign=sign, both_signs=False), looking.language)
        counted = state.setting("names_shown") or access.countable(Counter(one.agency for one in group)).total
        # With hidden names, "1 holds ..." above a letter would be a number that points at somebody.
        heading = (
            t(f"wall.stance.{kind}", count=len(group), sentence=said)
            if counted
            else t(f"wall.some.{kind}", sentence=said)
        )
        reasons = tuple(wall_room.shortened(one.reason, _LONGEST) for one in group if one.reason)
        sides.append(Side(heading, ", ".join(shown(name) for name in names), reasons))
    return sides


def _short(looking: Looking, agency: str) -> str:
    """Return one or two words for an agency; its letter alone is no name in a list."""
    row = looking.state.row("agencies", agency)
    short = row.short.in_language(looking.language) if row is not None else ""
    return short if len(short) > 1 else looking.state.agency_label(agency, looking.language)


def _fitted(looking: Looking, sides: Sequence[Side]) -> tuple[float, float, list[int]]:
    """Return the size of the panel's letters, its share of the width, and how many reasons of each side fit.

    The largest letters at which every side has a reason; when there are none, the
    smallest in a wider panel.
    """
    tried = [size for size in wall_room.sizes(looking) if size <= max(_TEXT * wall_room.letters(looking), 28)]
    for across in (_WIDE, _WIDER):
        for size in tried:
            kept = _reasons_that_fit(looking, sides, size, across)
            if all(many or not side.reasons for many, side in zip(kept, sides, strict=True)):
                return size, across, kept
    return tried[-1], _WIDER, kept


def _reasons_that_fit(looking: Looking, sides: Sequence[Side], size: float, across: float) -> list[int]:
    """Return how many reasons of each side have room: one of each in turn, so that no side goes first."""
    width, height = wall_room.stage_size(looking)
    inside = width * across / size - 2.2
    room = height * 0.94 / size - 3.0
    for side in sides:
        room -= 1.25 * wall_room.lines_of(side.heading, inside) + 0.4
        room -= 1.2 * wall_room.lines_of(side.names, inside)
        # The line that says how many more there are.
        room -= 1.25 if len(side.reasons) > 1 else 0
    kept = [0] * len(sides)
    for turn in range(max((len(side.reasons) for side in sides), default=0)):
        for place, side in enumerate(sides):
            if kept[place] != turn or turn >= len(side.reasons):
                continue
            needs = 1.27 * wall_room.lines_of(side.reasons[turn], inside - 1.5)
            if needs <= room:
                room -= needs
                kept[place] += 1
    return kept


def free_corner(looking: Looking, services: Mapping[str, Any], link: Link) -> str:
    """Return the corner of the wall where a panel covers the fewest labels, and neither end of the link."""
    arranged = arranged_for(services["places"], looking, "map")
    at = arranged.positions
    if not at:
        return CORNERS[0]
    left, right = min(x for x, _ in at.values()), max(x for x, _ in at.values())
    top, bottom = min(y for _, y in at.values()), max(y for _, y in at.values())

    def covered(corner: str) -> tuple[int, int, int]:
        inside = {
            one
            for one, (x, y) in at.items()
            if _near(x, left, right, _WIDE + 0.06, at_end="right" in corner)
            and _near(y, top, bottom, _HIGH, at_end="bottom" in corner)
        }
        return len(inside & {link.source, link.target}), len(inside), CORNERS.index(corner)

    return min(CORNERS, key=covered)


def _near(value: float, low: float, high: float, share: float, *, at_end: bool) -> bool:
    """Whether a place lies in the first or last part of a side."""
    part = (value - low) / (high - low or 1.0)
    return part > 1 - share if at_end else part < share
