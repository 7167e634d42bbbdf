"""Browser sessions and what they give access to; tokens are kept as hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from ..access import new_token, token_hash
from .database import Store
from .log import now
from .tables import GRANT, SESSION

IDLE = timedelta(hours=12)
"""A phone may lie in a pocket through a whole workshop day."""
ABSOLUTE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a workshop, held by a session, as a person."""

    workshop: str
    role: str
    person: str


def _parse(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp.replace("Z", "+00:00"))


def grants_of(store: Store, token: str) -> list[Grant]:
    """Return what a session token gives access to; nothing when it has expired."""
    hashed = token_hash(token)
    with store.reading() as connection:
        session = connection.execute(select(SESSION).where(SESSION.c.token == hashed)).mappings().first()
        if session is None:
            return []
        moment = datetime.now(UTC)
        if moment - _parse(session["seen"]) > IDLE or moment - _parse(session["created"]) > ABSOLUTE:
            return []
        rows = connection.execute(select(GRANT).where(GRANT.c.token == hashed)).mappings()
        grants = [Grant(row["workshop"], row["role"], row["person"]) for row in rows]
    if moment - _parse(session["seen"]) > timedelta(minutes=10):
        with store.writing() as connection:
            connection.execute(update(SESSION).where(SESSION.c.token == hashed).values(seen=now()))
    return grants


def give(store: Store, old_token: str | None, grant: Grant) -> str:
    """Add a grant and return the session's new token.

    The token changes with every new grant, so that one planted in somebody's
    browser beforehand opens nothing. What the old session held is carried over.
    """
    kept = grants_of(store, old_token) if old_token else []
    token = new_token()
    hashed = token_hash(token)
    moment = now()
    with store.writing() as connection:
        connection.execute(insert(SESSION).values(token=hashed, created=moment, seen=moment))
        for one in [*kept, grant]:
            connection.execute(
                upsert(GRANT)
                .values(token=hashed, workshop=one.workshop, role=one.role, person=one.person)
                .on_conflict_do_update(
                    index_elements=["token", "workshop", "role"], set_={"person": one.person}
                )
            )
        if old_token and kept:
            connection.execute(delete(SESSION).where(SESSION.c.token == token_hash(old_token)))
    return token


def end_person(store: Store, workshop: str, person: str) -> None:
    """End a person's access in every browser that holds it."""
    with store.writing() as connection:
        connection.execute(delete(GRANT).where(GRANT.c.workshop == workshop, GRANT.c.person == person))


def end_session(store: Store, token: str, workshop: str | None = None) -> None:
    """End a session, or only what it holds in one workshop."""
    hashed = token_hash(token)
    with store.writing() as connection:
        if workshop is None:
            connection.execute(delete(GRANT).where(GRANT.c.token == hashed))
            connection.execute(delete(SESSION).where(SESSION.c.token == hashed))
        else:
            connection.execute(delete(GRANT).where(GRANT.c.token == hashed, GRANT.c.workshop == workshop))
