"""Fold: the state after a change is a function of the state before and the change.

`apply` is the only way from one `State` to the next; `fold` applies a log from
the beginning. An undo is a change like any other: it writes back the rows that the
undone change found, and is refused when somebody has touched them since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from rpds import HashTrieMap

from .changes import OpenWorkshop, Refused, Undo
from .consequences import Writes, consequences
from .formats.native import map_from_json, map_to_json
from .model import Link
from .rows import TABLES, Done, Effect, Event, Mark, State, row_types

__all__ = ["apply", "fold", "last_redoable", "last_undoable", "snapshot_from", "snapshot_of"]

_SNAPSHOT_FORM = 2


def apply(state: State, event: Event) -> State:
    """Return the state after `event`.

    Raises
    ------
    Refused
        When the change cannot be made in this state; the state is untouched.
    """
    change = event.change
    if isinstance(change, Undo):
        return _undo(state, event, change.of)
    if isinstance(change, OpenWorkshop):
        opened = map_from_json(change.map)
        # What people said lives in the tables only, where `access` can hide it.
        state = replace(
            state,
            base=opened.replace(
                stances=(),
                ratings=(),
                annotations=(),
                framings=(),
                meanings=(),
                conclusions=(),
                provenance="",
            ),
        )
    writes = consequences(state, event)
    after, effects = state.written(writes, event)
    if not change.undoable:
        return after
    done = Done(change.kind, event.person, effects, event.seq)
    return replace(after, done=after.done.insert(event.seq, done))


def fold(state: State, events: Iterable[Event]) -> State:
    """Apply a log, or the tail of one, in order."""
    for event in events:
        state = apply(state, event)
    return state


def _undo(state: State, event: Event, of: int) -> State:
    done = state.done.get(of)
    if done is None:
        raise Refused("cannot_undo", "of")
    if event.role != "facilitator" and done.person != event.person:
        raise Refused("not_allowed", "of")
    if done.undone_by is not None:
        raise Refused("already_undone", "of")
    for effect in done.effects:
        mark = state.mark(effect.table, effect.key)
        if mark is not None and mark.seq > done.now:
            raise Refused("cannot_undo", "of", details={"seq": mark.seq, "person": mark.person})
    writes = _reversals(state, done.effects)
    _ends_exist(state, writes)
    after, effects = state.written(writes, event)
    rest = after.done.insert(of, replace(done, undone_by=event.seq))
    if done.kind == "undo" and done.of is not None:
        original = rest[done.of]
        rest = rest.insert(done.of, replace(original, undone_by=None, now=event.seq))
    else:
        rest = rest.insert(event.seq, Done("undo", event.person, effects, event.seq, of=of))
    return replace(after, done=rest)


def _reversals(state: State, effects: tuple[Effect, ...]) -> Writes:
    writes: Writes = [
        (effect.table, effect.key, effect.before)
        for effect in reversed(effects)
        # Somebody may have joined for an agency that came with an import: it stays.
        if not (effect.table == "agencies" and effect.before is None and _has_people(state, effect.key))
    ]
    return writes + _left_hanging(state, writes)


def _has_people(state: State, agency: str) -> bool:
    return any(person.agency == agency for person in state.tables["people"].values())


def _left_hanging(state: State, writes: Writes) -> Writes:
    """Return what must go too when factors go: links that others have drawn at them since.

    They are part of the undo's own effects, so a redo brings them back.
    """
    gone = {key for table, key, row in writes if table == "factors" and row is None}
    if not gone:
        return []
    written = {(table, key): row for table, key, row in writes}
    more: Writes = []
    links: dict[str, Link] = dict(state.tables["links"].items())
    links.update({key: row for (table, key), row in written.items() if table == "links" and row is not None})
    for key, link in sorted(links.items()):
        if written.get(("links", key), link) is not None and gone & {link.source, link.target}:
            more += [("links", key, None), ("removed", key, link)]
    for factor in sorted(gone):
        if ("removed", factor) not in written:
            more.append(("removed", factor, state.row("factors", factor)))
    if state.setting("centre") in gone:
        more.append(("settings", "centre", None))
    return more


def _ends_exist(state: State, writes: Writes) -> None:
    coming = {key for table, key, row in writes if table == "factors" and row is not None}
    for table, _, row in writes:
        if table == "links" and isinstance(row, Link):
            for end in (row.source, row.target):
                if end not in coming and state.row("factors", end) is None:
                    raise Refused("cannot_undo", "of")


def last_undoable(state: State, person: str) -> int | None:
    """Return the person's latest change that stands and can be undone."""
    mine = (seq for seq, done in state.done.items() if _stands(done, person) and done.kind != "undo")
    return max(mine, default=None)


def last_redoable(state: State, person: str) -> int | None:
    """Return the person's latest undo, unless they have done something since."""
    mine = [(seq, done) for seq, done in state.done.items() if done.person == person]
    undos = [seq for seq, done in mine if done.kind == "undo" and done.undone_by is None]
    latest = max(undos, default=None)
    if latest is None or any(seq > latest for seq, done in mine if done.kind != "undo"):
        return None
    return latest


def _stands(done: Done, person: str) -> bool:
    return done.person == person and done.undone_by is None and bool(done.effects)


# --- snapshots -------------------------------------------------------------


@cache
def _codec(table: str) -> TypeAdapter[Any]:
    return TypeAdapter(row_types()[table])


def _written(table: str, row: Any) -> str:
    return "null" if row is None else _codec(table).dump_json(row).decode()


def _decode(table: str, data: Any) -> Any:
    return None if data is None else _codec(table).validate_python(data)


def snapshot_of(state: State) -> str:
    """Return the whole state as JSON; `snapshot_from` gives an equal state back."""
    # Row by row: one call for all of a full room would keep every other thread waiting.
    tables = (
        f"{_plain(table)}:{{"
        + ",".join(f"{_plain(key)}:{_written(table, row)}" for key, row in state.tables[table].items())
        + "}"
        for table in TABLES
    )
    marks = (
        f"{_plain(name)}:{_plain([mark.seq, mark.person, mark.at, mark.created, mark.place])}"
        for name, mark in state.marks.items()
    )
    done = (
        f"[{seq},{_plain(one.kind)},{_plain(one.person)},{one.now},{_plain(one.of)},{_plain(one.undone_by)},["
        + ",".join(
            f"[{_plain(e.table)},{_plain(e.key)},{_written(e.table, e.before)},{_written(e.table, e.after)}]"
            for e in one.effects
        )
        + "]]"
        for seq, one in sorted(state.done.items())
    )
    return (
        f'{{"form":{_SNAPSHOT_FORM},"workshop":{_plain(state.workshop)},"seq":{state.seq},'
        f'"base":{_plain(map_to_json(state.base))},"tables":{{{",".join(tables)}}},'
        f'"marks":{{{",".join(marks)}}},"done":[{",".join(done)}]}}'
    )


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def snapshot_from(text: str) -> State | None:
    """Return the state of a snapshot, or None when it was written in another form.

    A snapshot only saves time: without it, the log is folded from the start.
    """
    data = json.loads(text)
    if data.get("form") != _SNAPSHOT_FORM:
        return None
    tables = {
        table: HashTrieMap({key: _decode(table, row) for key, row in data["tables"].get(table, {}).items()})
        for table in TABLES
    }
    done = {
        seq: Done(
            kind,
            person,
            tuple(Effect(t, key, _decode(t, before), _decode(t, after)) for t, key, before, after in effects),
            now,
            of,
            undone_by,
        )
        for seq, kind, person, now, of, undone_by, effects in data["done"]
    }
    return State(
        workshop=data["workshop"],
        seq=data["seq"],
        base=map_from_json(data["base"]),
        tables=HashTrieMap(tables),
        marks=HashTrieMap({name: Mark(*parts) for name, parts in data["marks"].items()}),
        done=HashTrieMap(done),
    )
