"""Workshops and their events: written once, in order, read back as they were."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from ..changes import AnyChange, Change, read_change
from ..rows import Event, State
from ..state import fold, snapshot_from, snapshot_of
from .database import Store
from .tables import EVENT, SNAPSHOT, WORKSHOP

SNAPSHOT_EVERY = 500
SNAPSHOT_SHARE = 10
"""Of a long log, a snapshot after each tenth: a full room's takes most of a second to write."""


@dataclass(frozen=True, slots=True)
class StoredWorkshop:
    """What is kept of a workshop beside its log."""

    id: str
    created: str
    join_code: str
    key_generation: int
    last_seq: int


def now() -> str:
    """Return the server's time, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def add_workshop(store: Store, workshop: str, join_code: str, events: Sequence[Event] = ()) -> StoredWorkshop:
    """Make room for a new workshop's log, with the events it begins with, in one transaction."""
    row = StoredWorkshop(workshop, now(), join_code, 1, 0)
    with store.writing() as connection:
        connection.execute(
            insert(WORKSHOP).values(
                id=row.id, created=row.created, join_code=join_code, key_generation=1, last_seq=0
            )
        )
        for event in events:
            _insert(connection, event)
    return row


def workshops(store: Store) -> list[StoredWorkshop]:
    """Return all workshops, oldest first."""
    with store.reading() as connection:
        rows = connection.execute(select(WORKSHOP).order_by(WORKSHOP.c.created)).mappings()
        return [StoredWorkshop(**row) for row in rows]


def workshop(store: Store, workshop_id: str) -> StoredWorkshop | None:
    """Return one workshop, or None."""
    with store.reading() as connection:
        row = connection.execute(select(WORKSHOP).where(WORKSHOP.c.id == workshop_id)).mappings().first()
        return StoredWorkshop(**row) if row else None


def workshop_by_code(store: Store, code: str) -> StoredWorkshop | None:
    """Return the workshop a join code belongs to, or None."""
    with store.reading() as connection:
        row = connection.execute(select(WORKSHOP).where(WORKSHOP.c.join_code == code)).mappings().first()
        return StoredWorkshop(**row) if row else None


def renew_keys(store: Store, workshop_id: str, join_code: str) -> None:
    """Make all links and the join code void, and give a new code."""
    with store.writing() as connection:
        connection.execute(
            update(WORKSHOP)
            .where(WORKSHOP.c.id == workshop_id)
            .values(join_code=join_code, key_generation=WORKSHOP.c.key_generation + 1)
        )


def append(store: Store, event: Event) -> None:
    """Write one event and move the workshop's counter, in one transaction.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        When the op_id or the seq is taken; nothing is written.
    """
    with store.writing() as connection:
        _insert(connection, event)


def _insert(connection: Connection, event: Event) -> None:
    connection.execute(
        insert(EVENT).values(
            workshop=event.workshop,
            seq=event.seq,
            op_id=event.change.op_id,
            at=event.at,
            person=event.person,
            role=event.role,
            agency=event.agency,
            kind=event.change.kind,
            body=body_of(event.change),
        )
    )
    connection.execute(update(WORKSHOP).where(WORKSHOP.c.id == event.workshop).values(last_seq=event.seq))


def body_of(change: Change) -> str:
    """Return a change's own fields as the log keeps them."""
    return json.dumps(change.fields(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def events(
    store: Store,
    workshop_id: str,
    since: int = 0,
    limit: int | None = None,
    kinds: Collection[str] | None = None,
) -> list[Event]:
    """Return the events after `since`, in order; only those of some kinds where `kinds` is given."""
    query = select(EVENT).where(EVENT.c.workshop == workshop_id, EVENT.c.seq > since).order_by(EVENT.c.seq)
    if kinds is not None:
        query = query.where(EVENT.c.kind.in_(kinds))
    with store.reading() as connection:
        return [event_of(row) for row in connection.execute(query.limit(limit)).mappings()]


def event_with_op(store: Store, workshop_id: str, op_id: str) -> Event | None:
    """Return the event a change was accepted as, or None."""
    query = select(EVENT).where(EVENT.c.workshop == workshop_id, EVENT.c.op_id == op_id)
    with store.reading() as connection:
        row = connection.execute(query).mappings().first()
        return event_of(row) if row else None


def count(store: Store, workshop_id: str) -> int:
    """Return how many events a workshop has."""
    query = select(func.count()).select_from(EVENT).where(EVENT.c.workshop == workshop_id)
    with store.reading() as connection:
        return int(connection.execute(query).scalar_one())


def event_of(row: RowMapping | sqlite3.Row) -> Event:
    """Return the event that a row of the log holds."""
    change: AnyChange = read_change({"kind": row["kind"], "op_id": row["op_id"], **json.loads(row["body"])})
    return Event(row["workshop"], row["seq"], row["at"], row["person"], row["role"], row["agency"], change)


def save_snapshot(store: Store, state: State) -> None:
    """Keep the state, so that the next start need not fold the whole log."""
    body = snapshot_of(state)
    statement = upsert(SNAPSHOT).values(workshop=state.workshop, seq=state.seq, body=body)
    with store.writing() as connection:
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["workshop"],
                set_={"seq": statement.excluded.seq, "body": statement.excluded.body},
            )
        )


def snapshot_seq(store: Store, workshop_id: str) -> int:
    """Return the change that the kept snapshot stands at; 0 when there is none."""
    with store.reading() as connection:
        found = connection.execute(select(SNAPSHOT.c.seq).where(SNAPSHOT.c.workshop == workshop_id))
        return int(found.scalar_one_or_none() or 0)


def wants_snapshot(seq: int, kept: int) -> bool:
    """Whether enough has happened since the snapshot that is kept.

    Examples
    --------
    >>> wants_snapshot(499, 0), wants_snapshot(500, 0)
    (False, True)
    >>> wants_snapshot(10_500, 10_000), wants_snapshot(11_200, 10_000)
    (False, True)
    """
    return seq - kept >= max(SNAPSHOT_EVERY, seq // SNAPSHOT_SHARE)


def load_state(store: Store, workshop_id: str) -> State:
    """Return a workshop's state: the snapshot, and the tail of the log after it."""
    with store.reading() as connection:
        body = connection.execute(
            select(SNAPSHOT.c.body).where(SNAPSHOT.c.workshop == workshop_id)
        ).scalar_one_or_none()
    state = (snapshot_from(body) if body else None) or State(workshop_id)
    return fold(state, events(store, workshop_id, since=state.seq))
