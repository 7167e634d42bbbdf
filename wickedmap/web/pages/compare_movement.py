"""Before and after: how what people hold has moved during the workshop, link by link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from ...agenda import step_at
from ...causal_map import CausalMap
from ...graphs import LinkMovement, Movement, movement
from ...looking_back import Moment, as_it_was, moments
from ..elements import Child, Native, Options, data_table, element, empty_state, select, whole
from .compare_material import Material, said_by
from .compare_pair import value_or_why

FIRST: Final = "first"
NOW: Final = "now"
_KINDS: Final = ("stances", "framings")
_IN_PICTURE: Final = 12
_LEFT, _RIGHT = 12.0, 228.0

Say = Callable[..., str]


def view(material: Material, first: str = "", second: str = "") -> list[Child]:
    """Return what has moved between two moments; by default from each one's first word until now."""
    t = material.looking.t
    known = moments(material.looking.workshops, material.looking.state.workshop)
    places = {str(moment.seq) for moment in known}
    start = first if first in places else FIRST
    end = second if second in places else NOW
    found = moved_between(material, start, end)
    # What may be counted depends on how many there are of everybody, also of those not chosen.
    of_all = moved_between(material.whole, start, end) if material.names_hidden else found
    return [
        material.room(
            _KINDS,
            wall="movement",
            since=None if start == FIRST else int(start),
            until=None if end == NOW else int(end),
        ),
        _chooser(material, known, start, end),
        *_body(material, found, of_all),
        element("p", t("movement.method"), class_="wm-hint"),
    ]


def moved_between(material: Material, start: str, end: str) -> Movement:
    """Return what moved between two moments: places in the log as text, `FIRST` or `NOW`."""
    return material.once(
        ("movement", start, end), lambda: movement(_held(material, start), _held(material, end))
    )


def _held(material: Material, moment: str) -> CausalMap:
    if moment == NOW:
        return material.m
    seq = None if moment == FIRST else int(moment)
    looking = material.looking

    def held_then() -> CausalMap:
        then = as_it_was(looking.workshops, looking.actor, seq)
        # Everyone's stances, in no order: a movement is the same in any.
        stances = tuple(then.tables["stances"].values())
        return material.whole.m.replace(stances=stances, framings=tuple(then.rows("framings")))

    held = material.whole.once(("held", moment), held_then)
    return said_by(held, frozenset(material.agencies)) if material.partial else held


def _chooser(material: Material, known: tuple[Moment, ...], start: str, end: str) -> Native:
    t = material.looking.t
    named: Options = [(str(moment.seq), moment_name(material, moment)) for moment in known]
    return element(
        "form",
        select(t("movement.from"), "from", [(FIRST, t("movement.first")), *named], value=start),
        select(t("movement.to"), "to", [*named, (NOW, t("movement.now"))], value=end),
        data_goes="movement",
        class_="wm-pair-form",
    )


def moment_name(material: Material, moment: Moment) -> str:
    """Return what a moment is called."""
    t = material.looking.t
    if moment.kind == "shown":
        return t("movement.shown")
    name = step_at(moment.agenda, moment.step).name
    return t("movement.step", number=moment.step + 1, title=material.looking.t(f"agenda.step.{name}.title"))


def _body(material: Material, found: Movement, of_all: Movement) -> list[Child]:
    t = material.looking.t
    if not found.links and not found.still:
        return [empty_state(t("movement.empty"))]
    if not found.links:
        return [empty_state(t("movement.nothing_moved", count=found.still))]
    counted = counted_links(material, of_all)
    return [
        element(
            "p",
            how_many_changed(material, found, of_all),
            " ",
            closer_or_apart(material, found, of_all),
            class_="wm-lead",
        ),
        _picture(material, found.links, counted),
        _table(material, found.links, counted),
        element("p", t("movement.still", count=found.still), class_="wm-hint") if found.still else None,
    ]


def counted_links(material: Material, of_all: Movement) -> frozenset[str]:
    """Return the links whose shares may be shown.

    Each share is a number of its own, and the two together tell how many moved: while
    names are hidden, enough people must stand behind all three.

    `of_all` is what moved with all agencies chosen.
    """
    return frozenset(
        row.link
        for row in of_all.links
        if all(material.may_count(people) for people in (row.people, *_behind(row)))
    )


def _behind(row: LinkMovement) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return the people of each agency who had spoken before, who had after, and who moved."""
    everyone = Counter(row.people)
    came = Counter(move.agency for move in row.moves if not move.before)
    left = Counter(move.agency for move in row.moves if not move.after)
    return everyone - came, everyone - left, Counter(move.agency for move in row.moves)


def how_many_changed(material: Material, found: Movement, of_all: Movement | None = None) -> str:
    """Return in words how many changed their mind, where that many may be told.

    `of_all` is what moved with all agencies chosen, where that is not `found`.
    """
    of_all = of_all or found
    t = material.looking.t
    changed, both = sum(found.changed.values()), sum(found.both.values())
    if not both:
        return t("movement.nobody_twice")
    if not changed:
        return t("movement.nobody_changed")
    if not (material.may_count(of_all.changed) and material.may_count(of_all.both)):
        return t("movement.some_changed")
    return t("movement.changed", count=changed, of=both)


def closer_or_apart(material: Material, found: Movement, of_all: Movement | None = None) -> str:
    """Return in words whether the agencies' maps came closer to each other.

    `of_all` is what moved with all agencies chosen, where that is not `found`.
    """
    of_all = of_all or found
    t = material.looking.t
    before, after = found.convergence.before, found.convergence.after
    if not material.may_count(of_all.both):
        return t("movement.distance_withheld")
    if before.value is None or after.value is None:
        return t("movement.no_distance", why=value_or_why(material, before if before.value is None else after))
    written = material.number(before.value, 3), material.number(after.value, 3)
    closer = after.value < before.value
    # What is written with the same figures has not moved for the reader either.
    way = "same" if written[0] == written[1] else "closer" if closer else "apart"
    return t(f"movement.distance.{way}", before=written[0], after=written[1], n=after.n)


# --- picture -------------------------------------------------------------------


def _picture(material: Material, links: Iterable[LinkMovement], counted: Collection[str]) -> Native | None:
    """Return the share that holds each link to be there, before and after, on one scale."""
    t = material.looking.t
    drawn = [row for row in links if row.link in counted][:_IN_PICTURE]
    if not drawn:
        return element("p", t("movement.picture_withheld"), class_="wm-hint")
    return element(
        "section",
        element("h3", material.caption(t("movement.picture"))),
        element("p", t("movement.legend"), class_="wm-hint"),
        whole(element("ul", [_drawn(material, row) for row in drawn], class_="wm-moved")),
        class_="wm-section",
    )


def _drawn(material: Material, row: LinkMovement) -> Native:
    first, then = row.asserting
    before, after = sum(row.before.values()), sum(row.after.values())
    return element(
        "li",
        element("span", _sentence(material, row.link)),
        track(first / before if before else None, then / after if after else None),
        element("span", " → ".join(shares(material, row)), class_="wm-figure"),
        data_key=row.link,
    )


def shares(material: Material, row: LinkMovement) -> tuple[str, str]:
    """Return in words how many hold the link to be there, of those who had spoken, before and after."""
    t = material.looking.t
    held = zip(row.asserting, (row.before, row.after), strict=True)
    before, after = (
        t("movement.of", count=asserting, of=sum(counts.values())) if counts else t("movement.nothing_said")
        for asserting, counts in held
    )
    return before, after


def track(before: float | None, after: float | None) -> Native:
    """Return a share before and after as two places on a line."""

    def at(share: float) -> float:
        return _LEFT + share * (_RIGHT - _LEFT)

    marks: list[Child] = [element("line", x1=_LEFT, y1=14, x2=_RIGHT, y2=14, class_="wm-moved-scale")]
    marks += [
        element("line", x1=at(share), y1=9, x2=at(share), y2=19, class_="wm-moved-scale")
        for share in (0.0, 0.5, 1.0)
    ]
    if before is not None and after is not None and before != after:
        marks.append(element("line", x1=at(before), y1=14, x2=at(after), y2=14, class_="wm-moved-way"))
    if before is not None:
        marks.append(element("circle", cx=at(before), cy=14, r=8, class_="wm-moved-before"))
    if after is not None:
        marks.append(element("circle", cx=at(after), cy=14, r=6, class_="wm-moved-after"))
    # The figures beside it say the same in words.
    return element(
        "svg", *marks, viewBox="0 0 240 28", aria_hidden=True, focusable="false", class_="wm-moved-track"
    )


def _sentence(material: Material, link: str) -> Native:
    return element("a", material.sentence(material.m.link(link)), href=f"#links/{link}")


# --- table ---------------------------------------------------------------------


def _table(material: Material, links: Sequence[LinkMovement], counted: Collection[str]) -> Native:
    t = material.looking.t
    some = any(row.link in counted for row in links)
    heads = [t("movement.before"), t("movement.after")] if some else []
    return data_table(
        material.caption(t("movement.caption")),
        [t("movement.link"), *heads, t("movement.who")],
        [_row(material, row, some, row.link in counted) for row in links],
    )


def _row(material: Material, row: LinkMovement, figured: bool, counted: bool) -> list[Child]:
    figures: list[Child] = []
    if figured:
        figures = list(shares(material, row)) if counted else ["–", "–"]
    return [
        _sentence(material, row.link),
        *figures,
        element("ul", moves_told(material, row), class_="wm-plain"),
    ]


def moves_told(material: Material, row: LinkMovement) -> list[Native]:
    """Return each agency's moves; the same move by several of an agency is told once.

    How many they were is told with them, unless so few would be told under a letter.
    """
    t = material.looking.t
    told: dict[tuple[str, str, str], int] = {}
    # A change of mind comes before a first word.
    for move in sorted(row.moves, key=lambda move: (not move.before, move.agency)):
        way = (move.agency, move.before, move.after)
        told[way] = told.get(way, 0) + 1
    return [
        element(
            "li",
            material.chip(agency),
            element("span", " ", _told(t, before, after)),
            element("small", f" n={count}") if not material.withheld(agency, count) else None,
        )
        for (agency, before, after), count in told.items()
    ]


def _told(t: Say, before: str, after: str) -> str:
    if not before:
        return t("movement.came", after=t(f"movement.position.{after}"))
    if not after:
        return t("movement.left", before=t(f"movement.position.{before}"))
    return t("movement.move", before=t(f"movement.position.{before}"), after=t(f"movement.position.{after}"))
