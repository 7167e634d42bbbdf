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
        ``unknown_workshop``; nothing is deleted.
    """
    if log.workshop(store, workshop) is None:
        raise StoreError("unknown_workshop", f"there is no workshop {workshop!r} here")
    gone = log.count(store, workshop)
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
        ``unknown_workshop``, ``unknown_person``, ``unknown_change``, or ``whole_map``
        for the change that brought a whole map in; nothing is deleted.
    """
    if log.workshop(store, workshop) is None:
        raise StoreError("unknown_workshop", f"there is no workshop {workshop!r} here")
    before = log.events(store, workshop)
    _known(before, persons, changes)
    reworded = dict(_reworded(before, frozenset(persons), frozenset(changes)))
    try:
        fold(State(workshop), (reworded.get(event.seq, event) for event in before))
    except Refused as error:
        raise StoreError(
            "words_needed", f"the log cannot be read without these words ({error}); nothing was deleted"
        ) from None
    bodies = {seq: log.body_of(event.change) for seq, event in reworded.items()}
    for path in _files(store):
        _rewrite(path, workshop, bodies)
    return len(reworded)


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
    events: Iterable[Event], persons: frozenset[str], changes: frozenset[int]
) -> Iterable[tuple[int, Event]]:
    for event in events:
        if event.seq in changes:
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
            # A copy is older and may lack some; where it has one, it is the same change.
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
