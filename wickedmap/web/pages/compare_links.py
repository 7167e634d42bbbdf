"""Who holds which influence: the table beside the overlay map, and the stances behind each number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...graphs import LinkOpinions
from ...graphs.opinions import Side
from ...model import Sign, Stance
from ...perspective import sign_held
from ..elements import (
    Child,
    Native,
    button,
    disclosure,
    element,
    empty_state,
    shown,
    whole,
)
from .compare_conclusion import concluded, talk
from .compare_material import Material

SHOWN: Final = 60
"""With more rows than this in a list, the rest come when they are asked for."""
ALL: Final = "all"
_SIDES: Final = ("more", "less", "unknown", "rejects", "unsure")
_HELD: Final[Mapping[Sign | None, str]] = {1: "more", -1: "less", None: "unknown"}


def view(material: Material, opened: str = "", shown_rows: str = "") -> list[Child]:
    """Return the table of links that somebody has spoken of; `opened` shows the stances behind one."""
    t = material.t
    head = material.room(("stances", "framings"), wall="overlay")
    spoken = [row for row in material.overlay.links if row.by_agency]
    if not spoken:
        return [head, empty_state(t("compare.links.empty"))]
    contested = material.overlay.contested
    first = {row.link for row in contested}
    others = sorted(
        (row for row in spoken if row.link not in first),
        key=lambda row: (-len(row.asserting), -row.people.considered, row.link),
    )
    silent = [row for row in material.overlay.links if not row.by_agency]
    place = _Place(opened, shown_rows == ALL)
    several = bool(contested) or len({row.agency for one in spoken for row in one.by_agency}) > 1
    return [
        head,
        element(
            "p",
            t("compare.links.count", count=len(spoken)),
            " ",
            t("compare.links.contested_count", count=len(contested))
            if several
            else material.need_two()
            if material.partial
            else t("compare.links.one_agency"),
            class_="wm-lead",
        ),
        element("p", t("compare.links.units"), class_="wm-hint"),
        _part(material, contested, place) if contested else None,
        disclosure(
            t("compare.links.agreed", count=len(others)),
            _list(material, others, place),
            open_=not contested or any(row.link == opened for row in others),
            class_="wm-more",
        )
        if others
        else None,
        disclosure(
            t("compare.links.silent", count=len(silent)),
            whole(
                element(
                    "ul",
                    [element("li", material.sentence(material.m.link(row.link))) for row in silent],
                    class_="wm-plain",
                )
            ),
        )
        if silent
        else None,
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in this view somebody is: the link that is open, and whether long lists are shown whole."""

    opened: str
    everything: bool

    def address(self, link: str) -> str:
        return f"#links/{link}/{ALL}" if self.everything else f"#links/{link}" if link else "#links"


def _list(material: Material, rows: Sequence[LinkOpinions], place: _Place) -> Native:
    kept = [row for at, row in enumerate(rows) if place.everything or at < SHOWN or row.link == place.opened]
    more = element(
        "p",
        element(
            "a",
            material.t("compare.links.show_all", count=len(rows)),
            href=f"#links/{place.opened}/{ALL}",
            class_="wm-button",
        ),
    )
    return whole(
        element("ul", [_row(material, row, place) for row in kept], class_="wm-opinions"),
        more if len(kept) < len(rows) else None,
        class_="wm-section",
    )


def _part(material: Material, contested: Sequence[LinkOpinions], place: _Place) -> Native:
    return element(
        "section",
        element("h3", material.t("compare.links.contested")),
        _list(material, contested, place),
    )


def _row(material: Material, row: LinkOpinions, place: _Place) -> Native:
    t = material.t
    is_open = row.link == place.opened
    link = material.m.link(row.link)
    mark, kind = _mark(row)
    return element(
        "li",
        element(
            "a",
            element(
                "span",
                mark or "·",
                class_="wm-sign",
                data_sign=kind,
                aria_hidden=True,
            ),
            element(
                "span",
                element("strong", material.sentence(link)),
                element("span", t("compare.links.contested"), class_="wm-visually-hidden")
                if row.contested
                else None,
            ),
            href=place.address("" if is_open else row.link),
            class_="wm-opinion",
            aria_expanded=is_open,
            role="button",
            data_link=row.link,
        ),
        _bar(row),
        element("p", [_side(material, side, row.sign) for side in row.sides], class_="wm-sides"),
        _behind(material, row) if is_open else None,
        data_key=row.link,
    )


def _mark(row: LinkOpinions) -> tuple[str, str]:
    """Return what is held of a link as one sign, and which of the signs it is for the style sheet."""
    if len(row.signs) > 1:
        return "+≠−", "±"
    if row.contested:
        return "≠", "±"
    if row.asserting:
        return ("+", "+") if row.signs == (1,) else ("−", "-") if row.signs else ("?", "?")
    if row.rejecting:
        return "×", "×"
    return ("?", "?") if row.unsure else ("·", "")


def _bar(row: LinkOpinions) -> Native:
    """Return how the agencies divide, as lengths; the sides under it say the same in words."""
    return element(
        "span",
        [
            element("span", data_side=side.kind, style={"--share": len(side.agencies)}, data_key=str(place))
            for place, side in enumerate(row.sides)
        ],
        class_="wm-sides-bar",
        aria_hidden=True,
    )


def _side(material: Material, side: Side, drawn: Sign | None) -> Native:
    return element(
        "span",
        element("b", len(side.agencies)),
        " ",
        material.t(f"compare.links.side.{_named(side, drawn)}"),
        " ",
        material.chips(side.agencies),
        class_="wm-side",
        data_side=side.kind,
    )


def _named(side: Side, drawn: Sign | None) -> str:
    """Return which words a side has: against a sign in the map it is the other one, else its own."""
    if side.kind == "asserts":
        return "asserts" if drawn is not None else "unknown"
    if side.kind != "other_way":
        return side.kind
    if side.sign is None:
        return "unknown"
    return "opposite" if drawn is not None else _HELD[side.sign]


def _behind(material: Material, row: LinkOpinions) -> Native:
    t = material.t
    link = material.m.link(row.link)
    by_side: dict[str, list[Stance]] = {side: [] for side in _SIDES}
    for stance in row.stances:
        if stance.stance == "asserts":
            by_side[_HELD[sign_held(stance, link)]].append(stance)
        else:
            by_side[stance.stance].append(stance)
    told: dict[str, Callable[[], str]] = {
        "more": lambda: material.sentence(replace(link, sign=1, both_signs=False)),
        "less": lambda: material.sentence(replace(link, sign=-1, both_signs=False)),
        "unknown": lambda: material.sentence(replace(link, sign=None, both_signs=False)),
    }
    sides = [
        element(
            "section",
            element("h3", told[side]() if side in told else t(f"compare.links.heading.{side}")),
            element("ul", [_said(material, row, stance) for stance in stances], class_="wm-plain wm-said"),
        )
        for side, stances in by_side.items()
        if stances
    ]
    people = row.people.considered
    of_all = material.whole.overlay.link(row.link)
    counted = material.may_count(Counter(stance.agency for stance in of_all.stances))
    return element(
        "div",
        element("p", t("compare.people", count=people), class_="wm-hint") if counted else None,
        element("div", sides, class_="wm-two-sides"),
        element("p", t("compare.links.not_considered", names=material.names(row.silent)), class_="wm-hint")
        if row.silent
        else None,
        talk(material, row) if row.contested else None,
        concluded(material, row),
        element(
            "div",
            button(
                t("compare.links.light"),
                change="set_spotlight",
                fields={"target_kind": "link", "target": row.link},
            ),
            class_="wm-actions",
        )
        if material.leads
        else None,
        class_="wm-behind",
    )


def _said(material: Material, row: LinkOpinions, stance: Stance) -> Native:
    t = material.t
    notes: list[Child] = []
    if stance.strength is not None:
        level = "weak" if stance.strength < 1.5 else "medium" if stance.strength < 2.5 else "strong"
        notes.append(t("compare.links.strength", level=material.looking.t(f"common.strength.{level}").lower()))
    if not _stated(material, row.link, stance):
        notes.append(t("compare.links.from_framing"))
    return element(
        "li",
        material.chip(stance.agency, named=True),
        element("small", " · ".join(str(one) for one in notes)) if notes else None,
        element("blockquote", shown(stance.reason), lang=stance.language or None) if stance.reason else None,
    )


def _stated(material: Material, link: str, stance: Stance) -> bool:
    """Whether it is a stance somebody took, and not what a problem definition rests on."""
    stated: frozenset[tuple[str, str, str]] = material.once(
        "stated", lambda: frozenset((row.link, row.agency, row.person) for row in material.m.stances)
    )
    return (link, stance.agency, stance.person) in stated
