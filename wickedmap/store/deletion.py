"""Taking out of the log for good: a whole workshop, or the words of a person or of a change.

The log is otherwise only added to. What is deleted here is also gone from the bytes of
the database and of the older copies beside it; copies made elsewhere are not known here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..changes import Refused, without_words
from ..rows import Event, State
from ..state import fold
from . import log
from .database import Store, StoreError

COPIES: Final = "before-*.sqlite"
"""What is set aside in the data folder before a migration or a restore."""


def delete_workshop(store: Store, workshop: str) -> int:
    """Delete a workshop with its log, its snapshot and all access to it; return the number of changes.

    Raises
    ------
    StoreError
        ``unknown_workshop``, or ``unreadable`` for a copy; nothing is deleted.
    """
    if log.workshop(store, workshop) is None:
        raise StoreError("unknown_workshop", f"there is no workshop {workshop!r} here")
    gone = log.count(store, workshop)
    for path in _files(store):
        # Nothing is deleted anywhere while there is a file that cannot be deleted from.
        _events_in(path, workshop)
    for path in _files(store):
        with closing(_forgetful(path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            for table in ("event", "snapshot", "access_grant"):
                connection.execute(f"DELETE FROM {table} WHERE workshop = ?", (workshop,))
            connection.execute("DELETE FROM session WHERE token NOT IN (SELECT token FROM access_grant)")
            connection.execute("DELETE FROM workshop WHERE id = ?", (workshop,))
            connection.execute("COMMIT")
            _leave_no_trace(connection)
    return gone


def delete_words(
    store: Store, workshop: str, *, persons: Collection[str] = (), changes: Collection[int] = ()
) -> int:
    """Put ``[slettet]`` in the place of what some people wrote, or of what some changes say.

    Stances, ratings and ticked factors stay, and so do the names of factors, which
    belong to the shared map, unless the very change is named in `changes`.

    Parameters
    ----------
    store : Store
        Open for writing, and used by nobody else.
    workshop : str
        Its id.
    persons : collection of str
        Ids of people; also their alias goes.
    changes : collection of int
        Places in the log.

    Returns
    -------
    int
        How many changes were reworded.

    Raises
    ------
    StoreError
        ``unknown_workshop``, ``unknown_person``, ``unknown_change``, ``whole_map`` for
        the change that brought a whole map in, or ``unreadable`` for a copy; nothing is deleted.
    """
    if log.workshop(store, workshop) is None:
        raise StoreError("unknown_workshop", f"there is no workshop {workshop!r} here")
    before = log.events(store, workshop)
    _known(before, persons, changes)
    # A copy may have gone another way since: its changes are known by their op_id, not by their place.
    operations = frozenset(event.change.op_id for event in before if event.seq in changes)
    bodies = {path: _bodies_without(path, workshop, frozenset(persons), operations) for path in _files(store)}
    for path, found in bodies.items():
        _rewrite(path, workshop, found)
    return len(bodies[store.path])


def _bodies_without(
    path: Path, workshop: str, persons: frozenset[str], operations: frozenset[str]
) -> dict[int, str]:
    """Return what the log in a file is to hold instead, by place; the whole is known to fold."""
    events = _events_in(path, workshop)
    reworded = dict(_reworded(events, persons, operations))
    try:
        fold(State(workshop), (reworded.get(event.seq, event) for event in events))
    except Refused as error:
        raise StoreError(
            "words_needed",
            f"the log in {path} cannot be read without these words ({error}); nothing was deleted",
        ) from None
    return {seq: log.body_of(event.change) for seq, event in reworded.items()}


def _events_in(path: Path, workshop: str) -> list[Event]:
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.row_factory = sqlite3.Row
            rows = connection.execute("SELECT * FROM event WHERE workshop = ? ORDER BY seq", (workshop,))
            return [log.event_of(row) for row in rows]
    except (sqlite3.DatabaseError, Refused, ValueError) as error:
        raise StoreError(
            "unreadable",
            f"{path} cannot be read ({error}), so nothing was deleted; delete that file and try again",
        ) from None


def _known(events: Iterable[Event], persons: Collection[str], changes: Collection[int]) -> None:
    wrote: set[str] = set()
    kinds: dict[int, str] = {}
    for event in events:
        wrote.add(event.person)
        kinds[event.seq] = event.change.kind
    for person in persons:
        if person not in wrote:
            raise StoreError("unknown_person", f"no person {person!r} has been in this workshop")
    for seq in changes:
        if seq not in kinds:
            raise StoreError("unknown_change", f"there is no change {seq} in this workshop")
        if kinds[seq] in ("open_workshop", "import_map"):
            raise StoreError(
                "whole_map",
                f"change {seq} brought in a whole map; rename or remove its factors, or delete the workshop",
            )


def _reworded(
    events: Iterable[Event], persons: frozenset[str], operations: frozenset[str]
) -> Iterable[tuple[int, Event]]:
    for event in events:
        if event.change.op_id in operations:
            change = without_words(event.change, event.seq, names=True)
        elif event.person in persons and event.change.kind not in ("open_workshop", "import_map"):
            change = without_words(event.change, event.seq)
        else:
            continue
        if change != event.change:
            yield event.seq, replace(event, change=change)


def _rewrite(path: Path, workshop: str, bodies: Mapping[int, str]) -> None:
    with closing(_forgetful(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "UPDATE event SET body = ? WHERE workshop = ? AND seq = ?",
            [(body, workshop, seq) for seq, body in bodies.items()],
        )
        connection.execute("DELETE FROM snapshot WHERE workshop = ?", (workshop,))
        connection.execute("COMMIT")
        _leave_no_trace(connection)


def _files(store: Store) -> list[Path]:
    # The copies come first: were this broken off, what is left says what is still to be done.
    return [*sorted(store.folder.glob(COPIES)), store.path]


def _forgetful(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=5.0)
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")
    return connection


def _leave_no_trace(connection: sqlite3.Connection) -> None:
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
