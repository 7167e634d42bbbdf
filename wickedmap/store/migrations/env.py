"""Alembic's entry: runs on the connection that `database` hands over."""

from alembic import context

from wickedmap.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
