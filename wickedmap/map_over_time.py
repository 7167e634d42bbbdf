"""The map as the workshop made it: when each factor and link came and went, and who held what when.

Of what people said only numbers leave, and only as `access` has it: what was shown to
the room, and while names are hidden no number of one or two people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from .access import Actor, large_enough, visible_to
from .formats.gexf_dynamic import MapOverTime, Span, Timed
from .looking_back import Version, seen_versions, steps
from .model import Factor, Link
from .pseudonyms import coarse, seconds
from .rows import Event, State
from .store import log
from .workshop import Workshops

COUNTED: Final = {"asserts": "asserting", "rejects": "rejecting", "unsure": "unsure"}
"""The column that counts each stance."""

Steps: TypeAlias = Mapping[str, list[tuple[int, Any, Any]]]
"""Of each row of a table that was ever changed, its changes in order: place in the log, before, after."""


def map_over_time(workshops: Workshops, actor: Actor) -> MapOverTime:
    """Return the map over time, as the actor may take it away.

    Factors and links that were removed are part of it, with their end. A stance counts
    from when it was said, but only once it was shown to the room (as in
    `looking_back.as_it_was`), and not at all when it was withdrawn later. While names are
    hidden, a number of one or two people is left out and times are whole minutes.

    O(changes * log changes + reveals * replaced stances + the sum over links of v^2), with v
    the times that a stance on the link was said or changed.
    """
    state = workshops.state(actor.workshop)
    named = bool(state.setting("names_shown"))
    events = [event for event in log.events(workshops.store, actor.workshop) if event.seq <= state.seq]
    clock = _Clock(events, coarsely=not named)
    factors, factor_spans = _lives(state, "factors", steps(state, "factors"), clock)
    links_made = steps(state, "links")
    links, link_spans = _lives(state, "links", links_made, clock)
    places = _places(state)
    seen = visible_to(state, actor)
    known = {factor.id for factor in factors}
    links = [link for link in links if {link.source, link.target} <= known]
    whole = seen.to_map()
    return MapOverTime(
        map=whole.replace(
            factors=tuple(replace(one, position=places.get(one.id, one.position)) for one in factors),
            links=tuple(links),
            **dict.fromkeys(("stances", "ratings", "annotations", "framings", "meanings", "conclusions"), ()),
        ),
        span=Span(clock.first, clock.last),
        factors=factor_spans,
        links=link_spans,
        values={
            "sign_over_time": {link.id: _signs(state, link.id, links_made, clock) for link in links},
            **_counts(workshops, actor, state, seen, clock, named=named),
        },
    )


class _Clock:
    """When each change was made."""

    def __init__(self, events: Iterable[Event], *, coarsely: bool) -> None:
        self._at = {event.seq: coarse(event.at) if coarsely else seconds(event.at) for event in events}
        self.first = self._at[min(self._at)]
        self.last = self._at[max(self._at)]

    def span(self, since: int, until: int | None) -> Span | None:
        """Return the time between two changes; None when it is none, to the whole second or minute."""
        start, end = self._at[since], "" if until is None else self._at[until]
        return None if start == end else Span(start, end)


def _versions(state: State, table: str, key: str, made: list[tuple[int, Any, Any]]) -> list[Version]:
    """Return every version of a row, also of one that is gone; a gap is a version without a row."""
    rows = [(1, made[0][1]), *((seq, after) for seq, _, after in made)] if made else []
    rows = rows or [(1, state.row(table, key))]
    ends: list[int | None] = [*(seq for seq, _ in rows[1:]), None]
    return [Version(row, since, until) for (since, row), until in zip(rows, ends, strict=True)]


def _lives(state: State, table: str, made: Steps, clock: _Clock) -> tuple[list[Any], dict[str, list[Span]]]:
    """Return every row that ever stood, as it was last, and when it did."""
    keys = [*(key for key, _ in state.items(table)), *(key for key in made if state.row(table, key) is None)]
    rows: list[Factor | Link] = []
    spans: dict[str, list[Span]] = {}
    for key in keys:
        stood: list[Version] = []
        for version in _versions(state, table, key, made.get(key, [])):
            if version.row is None:
                continue
            if stood and stood[-1].until == version.since:
                stood[-1] = replace(version, since=stood[-1].since)
            else:
                stood.append(version)
        found = [span for one in stood if (span := clock.span(one.since, one.until))]
        # What came and went within a second never stood on the map for anyone.
        if found:
            rows.append(stood[-1].row)
            spans[stood[-1].row.id] = found
    return rows, spans


def _places(state: State) -> Mapping[str, tuple[float, float]]:
    left = {
        key: after or before for key, made in steps(state, "positions").items() for _, before, after in made
    }
    return {**left, **dict(state.tables["positions"].items())}


def _signs(state: State, link: str, made: Steps, clock: _Clock) -> list[Timed]:
    versions = _versions(state, "links", link, made.get(link, []))
    held = [(one.row, one.since, one.until) for one in versions if one.row]
    return _joined(
        ("" if row.sign is None else str(row.sign), clock.span(since, until)) for row, since, until in held
    )


def _joined(values: Iterable[tuple[str, Span | None]]) -> list[Timed]:
    """Return what held when, like neighbours as one, and nothing for no value."""
    found: list[Timed] = []
    for value, span in values:
        if span is None:
            continue
        if found and found[-1].value == value and found[-1].span.end == span.start:
            found[-1] = Timed(value, Span(found[-1].span.start, span.end))
        else:
            found.append(Timed(value, span))
    return [timed for timed in found if timed.value]


def _counts(
    workshops: Workshops, actor: Actor, state: State, seen: State, clock: _Clock, *, named: bool
) -> dict[str, dict[str, list[Timed]]]:
    """Return how many asserted, rejected and were unsure of each link, over time."""
    said: dict[str, list[Version]] = {}
    shown = seen.tables["stances"]
    for key, versions in seen_versions(workshops, actor, state, "stances").items():
        if key in shown and shown[key].person:
            said.setdefault(shown[key].link, []).extend(versions)
    counts: dict[str, dict[str, list[Timed]]] = {column: {} for column in COUNTED.values()}
    for link, held in said.items():
        turns = sorted({turn for one in held for turn in (one.since, one.until) if turn is not None})
        for stance, column in COUNTED.items():
            numbers = []
            for since, until in zip(turns, [*turns[1:], None], strict=True):
                people = sum(
                    one.row.stance == stance and one.since <= since and (one.until is None or one.until > since)
                    for one in held
                )
                number = str(people) if named or large_enough(people) else ""
                numbers.append((number, clock.span(since, until)))
            counts[column][link] = _joined(numbers)
    return counts
