"""The tables of the database; `migrations/` holds how they came to be."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text, UniqueConstraint

METADATA = MetaData()

WORKSHOP = Table(
    "workshop",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("created", String(40), nullable=False),
    Column("join_code", String(16), nullable=False, unique=True),
    Column("key_generation", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
)
EVENT = Table(
    "event",
    METADATA,
    Column("workshop", String(64), ForeignKey("workshop.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("op_id", String(64), nullable=False),
    Column("at", String(40), nullable=False),
    Column("person", String(64), nullable=False),
    Column("role", String(20), nullable=False),
    Column("agency", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("workshop", "op_id", name="event_once"),
)
SNAPSHOT = Table(
    "snapshot",
    METADATA,
    Column("workshop", String(64), ForeignKey("workshop.id"), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("body", Text, nullable=False),
)
SESSION = Table(
    "session",
    METADATA,
    Column("token", String(64), primary_key=True),
    Column("created", String(40), nullable=False),
    Column("seen", String(40), nullable=False),
)
GRANT = Table(
    "access_grant",
    METADATA,
    Column("token", String(64), ForeignKey("session.token", ondelete="CASCADE"), primary_key=True),
    Column("workshop", String(64), ForeignKey("workshop.id"), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("person", String(64), nullable=False),
)
EXPECTED = frozenset(METADATA.tables) | {"alembic_version"}
