"""What a workshop holds at one moment: tables of immutable rows.

A `State` is a value: making a new one leaves the old one as it was, and shares
with it all that did not change, so an analysis can read one in a thread while the
room goes on writing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from rpds import HashTrieMap

from .causal_map import CausalMap
from .changes import AnyChange
from .model import Agency, Annotation, Conclusion, Factor, Framing, Link, Meaning, Rating, Stance
from .text import Texts

TABLES: Final = (
    *("factors", "links", "positions", "removed"),
    *("annotations", "stances", "ratings", "framings", "proposals", "terms", "hidden"),
    *("merged", "conclusions"),
    *("agencies", "people", "parked", "settings"),
)
CONTRIBUTIONS: Final = ("annotations", "stances", "ratings", "framings", "proposals", "terms")
"""Tables whose rows are private until revealed."""

START_SETTINGS: Final[Mapping[str, Any]] = {
    "title": "",
    "language": "nb",
    "stage": 1,
    "centre": None,
    "spotlight": None,
    "wall": "join",
    "wall_of": None,
    "doors": True,
    "finished": False,
    "notes_revealed": False,
    "stances_revealed": False,
    "ratings_revealed": False,
    "framings_revealed": False,
    "proposals_revealed": False,
    "terms_revealed": False,
    "names_shown": False,
    "private_released": False,
    "distance": 6,
    "theme": "light",
    "wall_language": "nb",
    "show_join": True,
    "agenda": "90",
    "step": 0,
    "step_since": "",
}


@dataclass(frozen=True, slots=True)
class Person:
    """A participant: an agency and perhaps an alias, never a real identity."""

    id: str
    role: str
    agency: str = ""
    alias: str = ""
    language: str = "nb"
    joined: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A factor or link that a representative wants on the map."""

    id: str
    person: str
    agency: str
    factor: Factor | None = None
    link: Link | None = None
    status: str = "open"
    reason: str = ""
    answer: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """A factor that became part of another, and what it was, so that it can be itself again."""

    factor: Factor
    keep: str
    links: tuple[Link, ...]
    position: tuple[float, float] | None = None
    owners_added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parked:
    """Something the room wants to come back to."""

    id: str
    text: str
    language: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Who last touched a row, and when; and when it was made, to keep rows in order.

    `place` tells rows apart that one change made together, such as an opened map.
    """

    seq: int
    person: str
    at: str
    created: int
    place: int = 0


@dataclass(frozen=True, slots=True)
class Effect:
    """What one change did to one row."""

    table: str
    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Done:
    """An undoable change that was made: its effects, and whether it still stands.

    `now` is the place in the log where its effects took hold last: its own, or
    that of the redo that brought them back.
    """

    kind: str
    person: str
    effects: tuple[Effect, ...]
    now: int
    of: int | None = None
    undone_by: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A change that was accepted: who, when, in which order."""

    workshop: str
    seq: int
    at: str
    person: str
    role: str
    agency: str
    change: AnyChange


def _no_tables() -> HashTrieMap[str, HashTrieMap[str, Any]]:
    return HashTrieMap({name: HashTrieMap() for name in TABLES})


@dataclass(frozen=True)
class State:
    """A workshop as it stood right after change number `seq`.

    Attributes
    ----------
    base : CausalMap
        The map it was opened with: instruments, domains, stages, suggestions.
    tables : mapping of table name to rows by key
    marks : mapping of ``"table/key"`` to `Mark`
    done : mapping of seq to `Done`, for the undoable changes
    totals : mapping of str to int
        Filled by `access.visible_to` only: how much there is, of what is hidden.
    """

    workshop: str
    seq: int = 0
    base: CausalMap = field(default_factory=CausalMap)
    tables: HashTrieMap[str, HashTrieMap[str, Any]] = field(default_factory=_no_tables)
    marks: HashTrieMap[str, Mark] = field(default_factory=HashTrieMap)
    done: HashTrieMap[int, Done] = field(default_factory=HashTrieMap)
    totals: Mapping[str, int] = field(default_factory=dict)

    def row(self, table: str, key: str) -> Any:
        """Return a row, or None."""
        return self.tables[table].get(key)

    def rows(self, table: str) -> list[Any]:
        """Return a table's rows in the order they were made.

        What was said of a factor that has since been merged counts for the one it
        became part of.
        """
        return [row for _, row in self.items(table)]

    def items(self, table: str) -> Iterator[tuple[str, Any]]:
        """Return keys and rows in the order they were made, merged factors resolved."""
        marks, place = self.marks, f"{table}/"
        aged: list[tuple[int, int, str, Any]] = []
        for key, row in self.tables[table].items():
            mark = marks.get(place + key)
            aged.append((mark.created, mark.place, key, row) if mark else (0, 0, key, row))
        # No two keys are equal, so rows are never compared.
        aged.sort()
        entries = [(key, row) for _, _, key, row in aged]
        if len(self.tables["merged"]) and table in ("annotations", "ratings", "framings"):
            return ((key, self._resolved(row)) for key, row in entries)
        return iter(entries)

    def resolve(self, factor: str) -> str:
        """Return the factor that this one is part of now: itself, unless it was merged."""
        seen = {factor}
        while (row := self.tables["merged"].get(factor)) is not None and row.keep not in seen:
            factor = row.keep
            seen.add(factor)
        return factor

    def _resolved(self, row: Any) -> Any:
        if isinstance(row, Rating):
            return replace(row, factor=self.resolve(row.factor))
        if isinstance(row, Annotation):
            return replace(row, target=self.resolve(row.target)) if row.target_kind == "factor" else row
        factors = tuple(dict.fromkeys(self.resolve(factor) for factor in row.factors))
        return replace(row, factors=factors)

    def setting(self, name: str) -> Any:
        """Return one of `START_SETTINGS` as it stands."""
        rows = self.tables["settings"]
        return rows[name] if name in rows else START_SETTINGS[name]

    def mark(self, table: str, key: str) -> Mark | None:
        """Return who last touched a row, and when."""
        return self.marks.get(f"{table}/{key}")

    def titles(self) -> Texts:
        """Return the workshop's title: its own, else the map's."""
        own = self.setting("title")
        return Texts({self.setting("language"): own}) if own else self.base.titles

    def person_row(self, person: str) -> Person | None:
        """Return a participant, or None."""
        row: Person | None = self.tables["people"].get(person)
        return row

    def agency_label(self, agency: str, language: str) -> str:
        """Return an agency's name in a language; its id when it is unknown."""
        row: Agency | None = self.tables["agencies"].get(agency)
        return row.labels.in_language(language) if row else agency

    def written(self, writes: list[tuple[str, str, Any]], event: Event) -> tuple[State, tuple[Effect, ...]]:
        """Return the state with these rows written, and what that did."""
        tables, marks = self.tables, self.marks
        effects = []
        for place, (table, key, after) in enumerate(writes):
            rows = tables[table]
            before = rows.get(key)
            if before == after:
                continue
            effects.append(Effect(table, key, before, after))
            rows = rows.discard(key) if after is None else rows.insert(key, after)
            tables = tables.insert(table, rows)
            name = f"{table}/{key}"
            old = marks.get(name)
            created, place = (old.created, old.place) if old is not None else (event.seq, place)
            marks = marks.insert(name, Mark(event.seq, event.person, event.at, created, place))
        return replace(self, seq=event.seq, tables=tables, marks=marks), tuple(effects)

    def _one_rating_each(self) -> list[Rating]:
        if not len(self.tables["merged"]):
            return self.rows("ratings")
        # Whoever rated both factors that are one now: the latest word counts.
        latest: dict[tuple[str, str], Rating] = {}
        for row in sorted(self.rows("ratings"), key=lambda row: row.at):
            latest[row.person, row.factor] = row
        return list(latest.values())

    def to_map(self, *, proposals: bool = False) -> CausalMap:
        """Return the map with everything this state says of it.

        Rows that point to removed factors and links stay in: they were said.
        """
        positions = self.tables["positions"]
        factors = []
        for factor in self.rows("factors"):
            place = positions.get(factor.id)
            factors.append(replace(factor, position=place) if place else factor)
        links = self.rows("links")
        if proposals:
            known = {factor.id for factor in factors}
            open_ones = [row for row in self.rows("proposals") if row.status == "open"]
            factors += [row.factor for row in open_ones if row.factor is not None]
            known |= {factor.id for factor in factors}
            links += [
                row.link
                for row in open_ones
                if row.link and row.link.source in known and row.link.target in known
            ]
        focal = self.base.focal if self.base.focal in self.tables["factors"] else ""
        return self.base.replace(
            factors=tuple(factors),
            links=tuple(links),
            titles=self.titles(),
            focal=focal,
            agencies=tuple(self.rows("agencies")),
            stances=tuple(self.rows("stances")),
            ratings=tuple(self._one_rating_each()),
            annotations=tuple(self.rows("annotations")),
            framings=tuple(self.rows("framings")),
            meanings=tuple(self.rows("terms")),
            conclusions=tuple(self.rows("conclusions")),
        )


def row_types() -> Mapping[str, Any]:
    """Return the type of each table's rows, for the snapshot's codec."""
    return {
        "factors": Factor,
        "links": Link,
        "positions": tuple[float, float],
        "removed": Factor | Link,
        "annotations": Annotation,
        "stances": Stance,
        "ratings": Rating,
        "framings": Framing,
        "proposals": Proposal,
        "hidden": bool,
        "merged": Merged,
        "conclusions": Conclusion,
        "terms": Meaning,
        "agencies": Agency,
        "people": Person,
        "parked": Parked,
        "settings": Any,
    }
