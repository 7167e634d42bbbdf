"""A file brought into a workshop that has a map already: what it would add, and what is there.

`preview` shows it without changing anything; the change ``import_map`` does the same
and no more, because both follow `plan_import`. Nothing on the map is taken away or
overwritten, and one undo takes all of it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, TypeAlias

from .causal_map import CausalMap
from .changes import (
    LABEL_LIMIT,
    MAX_FACTORS,
    MAX_LINKS,
    NAME_LIMIT,
    ImportMap,
    Refused,
    holds_national_number,
)
from .formats import FormatError, Notice, Reading
from .formats.lessened import is_safe_id
from .formats.native import map_from_json
from .graphs.checks import suggest_merges
from .graphs.layout import layout
from .model import Agency, Factor, Link
from .rows import State
from .text import TextError, Texts, plain, same_label

Point: TypeAlias = tuple[float, float]

_ROOM: Final = 320.0
_LAID_OUT_UP_TO: Final = 300
"""With more factors than this on the map, a layout takes longer than a room waits."""
_ALIKE_UP_TO: Final = 200
"""Comparing every wording with every other takes half a second here, and grows with the square."""
_SAID: Final = ("stances", "ratings", "annotations", "framings", "meanings", "conclusions")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A factor of the file that the map has already: its label there, and the factor here."""

    label: str
    factor: str
    here: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Two factors that may mean the same and would both be on the map; `second` is new."""

    first: str
    second: str
    first_label: str
    second_label: str
    likeness: str


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would write, with the ids that things get here.

    Attributes
    ----------
    ids : mapping of str to str
        The factor here for each factor of the file.
    factors, links, agencies : tuple
        New rows.
    reworded : tuple of Factor
        Factors of the workshop with another wording among their aliases.
    recognised : tuple of Recognised
    known_links : tuple of str
        Links of the file (its own ids) that say nothing the map does not say.
    notices : tuple of Notice
        What is left out or doubtful, beside what the reader of the file found.
    problems : tuple of Notice
        What must be mended in the file first; with any of them nothing is imported.
    """

    ids: Mapping[str, str]
    factors: tuple[Factor, ...] = ()
    links: tuple[Link, ...] = ()
    agencies: tuple[Agency, ...] = ()
    reworded: tuple[Factor, ...] = ()
    recognised: tuple[Recognised, ...] = ()
    known_links: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    problems: tuple[Notice, ...] = ()

    @property
    def adds_nothing(self) -> bool:
        """Whether the map would be the same afterwards."""
        return not (self.factors or self.links or self.agencies or self.reworded)


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

    def to_json(self, language: str = "nb") -> dict[str, Any]:
        """Return the preview as the API gives it."""
        plan = self.plan
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
            "problems": [asdict(one) for one in plan.problems],
            "notices": [asdict(one) for one in (*plan.notices, *self.report)],
        }


def preview(state: State, reading: Reading, *, aliases: bool = False) -> ImportPreview:
    """Return what importing a file would do to a workshop; nothing is changed.

    Parameters
    ----------
    state : State
        The workshop as it stands.
    reading : Reading
        What `wickedmap.formats.read` made of the file.
    aliases : bool
        Whether other wordings of factors that are here already are kept as aliases.
    """
    plan = plan_import(state, reading.map, aliases=aliases)
    report = reading.report
    if len(plan.factors) + len(state.tables["factors"]) > _ALIKE_UP_TO:
        text = (
            f"near duplicates are looked for in maps of up to {_ALIKE_UP_TO} factors; this one will have more"
        )
        report = (*report, Notice("alike-not-searched", "", text))
    return ImportPreview(reading.format, reading.counts(), report, plan, _alike(state, plan))


def prepared(state: State, m: CausalMap) -> CausalMap:
    """Return a map as the change ``import_map`` should carry it.

    Only factors, links, agencies and domains are left, and what is new has a place:
    as in the file, but clear of what is on the wall already; where the file says
    none, near what it is linked to, or in rows beside the map when there is much.
    """
    plan = plan_import(state, m)
    places = _places(state, plan)
    return CausalMap(
        factors=tuple(replace(one, position=places.get(plan.ids[one.id])) for one in m.factors),
        links=m.links,
        titles=m.titles,
        language=m.language,
        domains=m.domains,
        agencies=m.agencies,
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
    there = {factor.id: factor.position for factor in plan.factors if factor.position}
    if there:
        taken = [point for _, point in state.items("positions")]
        shift_x, shift_y = _clear_of(taken, list(there.values()))
        return {one: (x + shift_x, y + shift_y) for one, (x, y) in there.items()}
    if not plan.factors or len(plan.factors) + len(state.tables["factors"]) > _LAID_OUT_UP_TO:
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


# --- the plan --------------------------------------------------------------


def plan_import(
    state: State, m: CausalMap, *, aliases: bool = False, op_id: str = "preview", provenance: str = ""
) -> ImportPlan:
    """Return what importing `m` would write.

    A factor counts as here already when one of its labels is, in any language, the
    label or an alias of a factor on the map (`text.same_label`). A link counts as here
    already when there is one with the same ends that has its sign and delay; a sign
    or delay that the file does not know makes no new link.
    """
    notices, problems = _texts(m)
    index, here = _index(state), {factor.id: factor for factor in state.rows("factors")}
    agencies, agency_of = _agencies(state, m, op_id)
    domain_of = _domains(state, m)
    taken = _taken(state, "factors")
    ends: dict[str, str] = {}
    new: dict[str, Factor] = {}
    recognised: list[Recognised] = []
    reworded: dict[str, Factor] = {}
    for factor in m.factors:
        keys = _keys(factor)
        known = next((index[key] for key in keys if key in index), None)
        if known is not None:
            ends[factor.id] = known
            for key in keys:
                index.setdefault(key, known)
            at = new.get(known) or reworded.get(known) or here[known]
            recognised.append(Recognised(factor.label, known, at.label))
            more = _other_wordings(at, factor) if aliases else ()
            if more:
                (new if known in new else reworded)[known] = replace(at, aliases=(*at.aliases, *more))
            continue
        if factor.id in here:
            text = f"{factor.label!r} has the id of {here[factor.id].label!r}; it is added"
            notices.append(Notice("same-id", factor.id, text))
        made_id = _new_id(state, "f", factor.id, taken, op_id, factor.labels)
        taken.add(made_id)
        ends[factor.id] = made_id
        index |= dict.fromkeys(keys, made_id)
        new[made_id] = replace(
            factor,
            id=made_id,
            domain=domain_of.get(factor.domain, factor.domain)[:64],
            agencies=tuple(dict.fromkeys(agency_of[one] for one in factor.agencies)),
            status="imported" if factor.status == "proposed" else factor.status,
            provenance=factor.provenance or provenance,
        )
    factors = [
        replace(one, members=tuple(ends[member] for member in one.members if member in ends))
        for one in new.values()
    ]
    links, known_links, about_links = _links(state, m, ends, op_id, provenance)
    notices += about_links
    for name in _SAID:
        if count := len(getattr(m, name)):
            notices.append(
                Notice(
                    "said-elsewhere",
                    name,
                    f"{count} {name} stay behind; open the file as a workshop of its own to keep them",
                )
            )
    problems += _too_many(state, len(factors), len(links))
    return ImportPlan(
        ends,
        tuple(factors),
        tuple(links),
        tuple(agencies),
        tuple(reworded.values()),
        tuple(recognised),
        tuple(known_links),
        tuple(notices),
        tuple(problems),
    )


def import_writes(state: State, seq: int, change: ImportMap) -> list[tuple[str, str, Any]]:
    """Return the rows that the change ``import_map`` writes.

    Raises
    ------
    Refused
        ``bad_file`` when the map cannot be read, holds texts that cannot be kept, or
        brings nothing new; ``national_number``; ``too_many``.
    """
    try:
        m = map_from_json(change.map)
    except FormatError as error:
        raise Refused("bad_file", "map", why=str(error)) from None
    source = f"{change.file}, change {seq}" if change.file else f"import, change {seq}"
    plan = plan_import(state, m, aliases=change.aliases, op_id=change.op_id, provenance=source)
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


def _index(state: State) -> dict[str, str]:
    index: dict[str, str] = {}
    factors = state.rows("factors")
    for factor in factors:
        for alias in factor.aliases:
            index.setdefault(same_label(alias), factor.id)
    for factor in factors:
        index.update(dict.fromkeys(_keys(factor), factor.id))
    return index


def _keys(factor: Factor) -> list[str]:
    return [same_label(label) for label in factor.labels.values()]


def _other_wordings(here: Factor, factor: Factor) -> tuple[str, ...]:
    have = {*here.labels.values(), *here.aliases}
    return tuple(dict.fromkeys(one for one in (*factor.labels.values(), *factor.aliases) if one not in have))


def _taken(state: State, table: str) -> set[str]:
    # Rows that were removed or only offered keep their ids: what was said of them is still there.
    ids = {*state.tables[table].keys(), *state.tables["removed"].keys(), *state.tables["proposals"].keys()}
    return ids | {factor.id for factor in state.base.suggested} if table == "factors" else ids


def _new_id(
    state: State, prefix: str, wanted: str, taken: set[str], op_id: str, labels: Texts | None = None
) -> str:
    gone = state.row("removed", wanted)
    back = isinstance(gone, Factor) and labels is not None and gone.labels == labels
    if is_safe_id(wanted) and (wanted not in taken or (back and wanted not in state.tables["factors"])):
        return wanted
    number = 0
    while True:
        told = f"{op_id}|{wanted}|{number}".encode("utf-8", "replace")
        made = prefix + hashlib.blake2s(told, digest_size=6).hexdigest()
        if made not in taken:
            return made
        number += 1


def _agencies(state: State, m: CausalMap, op_id: str) -> tuple[list[Agency], dict[str, str]]:
    """Return the agencies that are new here, and which of ours each of the file's ids is."""
    ours: dict[str, str] = {}
    for row in state.rows("agencies"):
        ours |= {same_label(label): row.id for label in row.labels.values()}
    taken = set(state.tables["agencies"].keys())
    listed = {agency.id: agency for agency in m.agencies}
    new: list[Agency] = []
    found: dict[str, str] = {}
    for one in dict.fromkeys(agency for factor in m.factors for agency in factor.agencies):
        row = listed.get(one) or Agency(one, Texts({m.language: one}))
        labels = [same_label(label) for label in row.labels.values()]
        known = one if one in taken else next((ours[label] for label in labels if label in ours), None)
        if known is None:
            known = _new_id(state, "g", one, taken, op_id)
            new.append(replace(row, id=known, provenance=row.provenance or "import"))
            taken.add(known)
            ours |= dict.fromkeys(labels, known)
        found[one] = known
    return new, found


def _domains(state: State, m: CausalMap) -> dict[str, str]:
    ours = {same_label(label): row.id for row in state.base.domains for label in row.labels.values()}
    known = {row.id for row in state.base.domains}
    found = {}
    for row in m.domains:
        match = next((ours[key] for key in map(same_label, row.labels.values()) if key in ours), None)
        if row.id not in known and match:
            found[row.id] = match
    for factor in m.factors:
        if factor.domain not in known and same_label(factor.domain) in ours:
            found.setdefault(factor.domain, ours[same_label(factor.domain)])
    return found


def _links(
    state: State, m: CausalMap, ends: Mapping[str, str], op_id: str, provenance: str
) -> tuple[list[Link], list[str], list[Notice]]:
    between: dict[tuple[str, str], list[Link]] = {}
    for link in state.rows("links"):
        between.setdefault((link.source, link.target), []).append(link)
    taken = _taken(state, "links")
    links: list[Link] = []
    known: list[str] = []
    notices: list[Notice] = []
    for link in m.links:
        source, target = ends[link.source], ends[link.target]
        place = f"{m.factor(link.source).label} → {m.factor(link.target).label}"
        if source == target:
            notices.append(Notice("self-link", place, "left out: a factor cannot influence itself directly"))
            continue
        others = between.setdefault((source, target), [])
        if any(_says_no_more(link, other) for other in others):
            known.append(link.id)
            continue
        if link.sign is not None and any(other.sign == -link.sign for other in others):
            notices.append(
                Notice("contested", place, "the map has this link with the opposite sign; both are kept")
            )
        made = replace(
            link,
            id=_new_id(state, "k", link.id, taken, op_id),
            source=source,
            target=target,
            status="imported" if link.status == "proposed" else link.status,
            provenance=link.provenance or provenance,
        )
        taken.add(made.id)
        others.append(made)
        links.append(made)
    return links, known, notices


def _says_no_more(link: Link, other: Link) -> bool:
    unsigned = link.sign is None and not link.both_signs
    same_sign = unsigned or (link.sign, link.both_signs) == (other.sign, other.both_signs)
    return same_sign and link.delay in ("", other.delay)


def _texts(m: CausalMap) -> tuple[list[Notice], list[Notice]]:
    """Return what is doubtful and what cannot be kept among the texts of the file."""
    doubtful, wrong = [], []
    said = [
        (f"factor {factor.label[:60]!r}", text)
        for factor in m.factors
        for texts in (factor.labels, factor.definitions)
        for text in (*texts.values(), *(factor.aliases if texts is factor.labels else ()))
    ]
    said += [(f"link {link.id!r}", text) for link in m.links for text in link.rationale.values()]
    said += [(f"agency {one.id!r}", text) for one in m.agencies for text in one.labels.values()]
    for place, text in said:
        try:
            plain(text, limit=len(text) * 4 + 1)
        except TextError as error:
            wrong.append(Notice("bad-text", place, str(error)))
        if holds_national_number(text):
            wrong.append(
                Notice("national-number", place, "11 digits that look like a national identity number")
            )
    for factor in m.factors:
        if len(factor.label) > LABEL_LIMIT:
            text = f"the label has {len(factor.label)} characters; on a wall, {LABEL_LIMIT} can be read"
            doubtful.append(Notice("long-label", f"factor {factor.label[:60]!r}", text))
    return doubtful, wrong


def _too_many(state: State, factors: int, links: int) -> list[Notice]:
    found = []
    for name, more, most in (("factors", factors, MAX_FACTORS), ("links", links, MAX_LINKS)):
        if (whole := len(state.tables[name]) + more) > most:
            found.append(Notice("too-many", name, f"the map would have {whole} {name}; at most {most}"))
    return found


def _alike(state: State, plan: ImportPlan) -> tuple[Alike, ...]:
    here = state.to_map()
    whole = here.replace(factors=(*here.factors, *plan.factors))
    if not plan.factors or plan.problems or len(whole.factors) > _ALIKE_UP_TO:
        return ()
    new = {factor.id for factor in plan.factors}
    found = []
    for pair in suggest_merges(whole, max_pairs=None).pairs:
        first, second = str(pair.first), str(pair.second)
        if first in new and second not in new:
            first, second = second, first
        if second in new:
            labels = whole.factor(first).label, whole.factor(second).label
            found.append(Alike(first, second, *labels, str(pair.likeness)))
    return tuple(found[:100])
