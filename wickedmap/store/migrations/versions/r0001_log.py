"""The log, its snapshots, sessions and what they give access to."""

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "workshop",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("join_code", sa.String(16), nullable=False, unique=True),
        sa.Column("key_generation", sa.Integer, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("workshop", sa.String(64), sa.ForeignKey("workshop.id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("op_id", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.UniqueConstraint("workshop", "op_id", name="event_once"),
    )
    op.create_table(
        "snapshot",
        sa.Column("workshop", sa.String(64), sa.ForeignKey("workshop.id"), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("seen", sa.String(40), nullable=False),
    )
    op.create_table(
        "access_grant",
        sa.Column("token", sa.String(64), sa.ForeignKey("session.token", ondelete="CASCADE"), primary_key=True),
        sa.Column("workshop", sa.String(64), sa.ForeignKey("workshop.id"), primary_key=True),
        sa.Column("role", sa.String(20), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    raise RuntimeError("migrations only go forward; restore the backup made before this one")
