"""A file brought into a workshop that has a map already: what it would add, and what is there.

`preview` shows it without changing anything; the change ``import_map`` does the same
and no more, because both follow `plan_import`. Nothing on the map is taken away or
overwritten, and one undo takes all of it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, TypeAlias

from .causal_map import CausalMap
from .changes import (
    FARTHEST,
    MAX_FACTORS,
    MAX_LINKS,
    NAME_LIMIT,
    ImportMap,
    Refused,
    holds_national_number,
)
from .formats import FormatError, Notice, Reading
from .formats.native import map_from_json
from .formats.words import notice_text, place_text
from .graphs.checks import suggest_merges
from .graphs.free_places import drawn_apart
from .graphs.label_boxes import GAP, LABEL_PX, label_box
from .graphs.layout import layout
from .import_plan import ImportPlan, plan_import
from .model import Factor
from .rows import State
from .text import TextError, plain

Point: TypeAlias = tuple[float, float]

_OWN: Final = frozenset({"wickedmap", "wickedmap-yaml"})
_ROOM: Final = 320.0
ALIKE_UP_TO: Final = 200
"""Comparing every wording with every other takes half a second here, and grows with the square."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two factors that may mean the same and would both be on the map; `second` is new.

    Attributes
    ----------
    in_file : str
        The id in the file of the second.
    here : bool
        Whether the first is on the map already, so that the second can be taken for it.
    """

    first: str
    second: str
    first_label: str
    second_label: str
    likeness: str
    in_file: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What somebody sees before they import: the reader's report and the plan."""

    format: str
    read: Mapping[str, int]
    report: tuple[Notice, ...]
    plan: ImportPlan
    alike: tuple[Alike, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether the import can be made and would change anything."""
        return not self.plan.problems and not self.plan.adds_nothing

    def to_json(self, language: str = "nb", told_in: str = "") -> dict[str, Any]:
        """Return the preview as the API gives it.

        Parameters
        ----------
        language : str
            Of the map's labels.
        told_in : str
            Of notices and problems; the same when empty.
        """
        plan, told_in = self.plan, told_in or language
        labels = {one.id: one.labels.in_language(language) for one in (*plan.factors, *plan.reworded)}
        labels |= {one.factor: one.here for one in plan.recognised}
        return {
            "format": self.format,
            "possible": self.possible,
            "read": dict(self.read),
            "adds": {
                "factors": len(plan.factors),
                "links": len(plan.links),
                "agencies": len(plan.agencies),
                "aliases": len(plan.reworded),
            },
            "factors": [{"id": one.id, "label": labels[one.id]} for one in plan.factors],
            "links": [
                {
                    "id": one.id,
                    "source": labels.get(one.source, one.source),
                    "target": labels.get(one.target, one.target),
                    "mark": one.mark,
                }
                for one in plan.links
            ],
            "agencies": [one.labels.in_language(language) for one in plan.agencies],
            "recognised": [asdict(one) for one in plan.recognised],
            "known_links": len(plan.known_links),
            "alike": [asdict(one) for one in self.alike],
            "problems": [_said(one, told_in) for one in plan.problems],
            "notices": [_said(one, told_in) for one in (*plan.notices, *self.report)],
        }


def _said(notice: Notice, language: str) -> dict[str, str]:
    return {
        "code": notice.code,
        "place": place_text(notice.place, language),
        "text": notice_text(notice, language),
    }


def to_open(reading: Reading) -> CausalMap:
    """Return the map of a file as a workshop begins with it: what another tool placed can be read here.

    Positions in a file of our own are those that somebody chose, and stay, as long as
    the map could have been made here.
    """
    m = reading.map
    placed = [factor for factor in m.factors if factor.position is not None]
    reached = all(abs(value) <= FARTHEST for factor in placed for value in factor.position or ())
    if not placed or (reading.format in _OWN and reached):
        return m
    points = dict(zip([one.id for one in placed], _readable(placed), strict=True))
    left, top = (min(point[axis] for point in points.values()) for axis in (0, 1))
    places = {one: (x - left + _ROOM / 2, y - top + _ROOM / 3) for one, (x, y) in points.items()}
    return m.replace(factors=tuple(replace(one, position=places.get(one.id)) for one in m.factors))


def _readable(placed: Sequence[Factor]) -> list[Point]:
    boxes = [label_box(factor, LABEL_PX) for factor in placed]
    return drawn_apart(boxes, [factor.position for factor in placed if factor.position], GAP * LABEL_PX)


def preview(
    state: State, reading: Reading, *, aliases: bool = False, same: Mapping[str, str] | None = None
) -> ImportPreview:
    """Return what importing a file would do to a workshop; nothing is changed.

    Parameters
    ----------
    state : State
        The workshop as it stands.
    reading : Reading
        What `wickedmap.formats.read` made of the file.
    aliases : bool
        Whether other wordings of factors that are here already are kept as aliases.
    same : mapping of str to str, optional
        Factors of the file that are factors here under another wording: id in the
        file, id here. Ids that are unknown are passed over.
    """
    plan = plan_import(state, reading.map, aliases=aliases, same=same)
    report = reading.report
    if len(plan.factors) + len(state.tables["factors"]) > ALIKE_UP_TO:
        text = f"near duplicates are looked for in maps of up to {ALIKE_UP_TO} factors; this one will have more"
        report = (*report, Notice("alike-not-searched", "", text))
    return ImportPreview(reading.format, reading.counts(), report, plan, _alike(state, plan))


def prepared(state: State, m: CausalMap, *, same: Mapping[str, str] | None = None) -> CausalMap:
    """Return a map as the change ``import_map`` should carry it.

    Only factors, links, agencies and domains are left, and what is new has a place:
    as in the file, but clear of what is on the wall already; where the file says
    none, near what it is linked to.
    """
    plan = plan_import(state, m, same=same)
    places = _places(state, plan)
    return CausalMap(
        factors=tuple(replace(one, position=places.get(plan.ids[one.id])) for one in m.factors),
        links=m.links,
        titles=m.titles,
        language=m.language,
        domains=m.domains,
        agencies=m.agencies,
    )


def afterwards(state: State, plan: ImportPlan) -> CausalMap:
    """Return the map as it would be with what a file adds, every new factor in the place it would get."""
    here, places = state.to_map(), _places(state, plan)
    added = tuple(replace(one, position=places.get(one.id)) for one in plan.factors)
    rows = _rows_beside(state, replace(plan, factors=added))
    added = tuple(replace(one, position=one.position or rows[one.id]) for one in added)
    return here.replace(
        factors=(*here.factors, *added),
        links=(*here.links, *plan.links),
        agencies=(*here.agencies, *plan.agencies),
    )


def file_label(name: str) -> str:
    """Return a file's name as the log can keep it; empty when it cannot."""
    last = name.replace("\\", "/").rpartition("/")[2][-NAME_LIMIT:]
    try:
        kept = plain(last, limit=NAME_LIMIT, empty=True, one_line=True)
    except TextError:
        return ""
    return "" if holds_national_number(kept) else kept


def _places(state: State, plan: ImportPlan) -> dict[str, Point]:
    placed = [factor for factor in plan.factors if factor.position]
    if placed:
        there = dict(zip([factor.id for factor in placed], _readable(placed), strict=True))
        taken = [point for _, point in state.items("positions")]
        shift_x, shift_y = _clear_of(taken, list(there.values()))
        return {one: (x + shift_x, y + shift_y) for one, (x, y) in there.items()}
    if not plan.factors:
        return {}
    here = state.to_map()
    whole = here.replace(factors=(*here.factors, *plan.factors), links=(*here.links, *plan.links))
    found = layout(whole, fixed={factor.id: factor.position for factor in here.factors if factor.position})
    return {factor.id: found[factor.id] for factor in plan.factors}


def _clear_of(taken: list[Point], coming: list[Point]) -> Point:
    if not taken:
        return 0.0, 0.0
    left = min(x for x, _ in coming)
    top = min(y for _, y in coming)
    return max(x for x, _ in taken) + _ROOM - left, min(y for _, y in taken) - top


def import_writes(state: State, seq: int, change: ImportMap) -> list[tuple[str, str, Any]]:
    """Return the rows that the change ``import_map`` writes.

    Raises
    ------
    Refused
        ``bad_file`` when the map cannot be read or holds texts that cannot be kept;
        ``national_number``; ``too_many``; ``nothing_new``.
    """
    try:
        m = map_from_json(change.map)
    except FormatError as error:
        raise Refused("bad_file", "map", why=str(error)) from None
    source = f"{change.file}, change {seq}" if change.file else f"import, change {seq}"
    plan = plan_import(
        state, m, aliases=change.aliases, same=change.same, op_id=change.op_id, provenance=source
    )
    for problem in plan.problems:
        if problem.code == "national-number":
            raise Refused("national_number", "map")
        if problem.code == "too-many":
            limit = MAX_FACTORS if problem.place == "factors" else MAX_LINKS
            raise Refused("too_many", "map", limit=limit)
        raise Refused("bad_file", "map", why=str(problem))
    if plan.adds_nothing:
        raise Refused("nothing_new", "map")
    rows = _rows_beside(state, plan)
    writes: list[tuple[str, str, Any]] = [("agencies", agency.id, agency) for agency in plan.agencies]
    writes += [("factors", factor.id, factor) for factor in plan.reworded]
    writes += [("factors", factor.id, replace(factor, position=None)) for factor in plan.factors]
    writes += [("positions", factor.id, factor.position or rows[factor.id]) for factor in plan.factors]
    return writes + [("links", link.id, link) for link in plan.links]


def _rows_beside(state: State, plan: ImportPlan) -> dict[str, Point]:
    """Return a place in rows, to the right of everything, for each factor without one."""
    lacking = [factor.id for factor in plan.factors if factor.position is None]
    points = [point for _, point in state.items("positions")]
    points += [factor.position for factor in plan.factors if factor.position]
    left = max((x for x, _ in points), default=0.0) + _ROOM
    top = min((y for _, y in points), default=_ROOM / 2)
    columns = max(1, round(len(lacking) ** 0.5))
    return {
        one: (left + _ROOM * (place % columns), top + _ROOM / 2 * (place // columns))
        for place, one in enumerate(lacking)
    }


def _alike(state: State, plan: ImportPlan) -> tuple[Alike, ...]:
    here = state.to_map()
    whole = here.replace(factors=(*here.factors, *plan.factors))
    if not plan.factors or plan.problems or len(whole.factors) > ALIKE_UP_TO:
        return ()
    new = {factor.id for factor in plan.factors}
    of_file = {made: one for one, made in reversed([*plan.ids.items()])}
    found = []
    for pair in suggest_merges(whole, max_pairs=None).pairs:
        first, second = str(pair.first), str(pair.second)
        if first in new and second not in new:
            first, second = second, first
        if second in new:
            labels = whole.factor(first).label, whole.factor(second).label
            likeness = str(pair.likeness)
            found.append(Alike(first, second, *labels, likeness, of_file[second], first not in new))
    return tuple(found[:100])
