"""Alembic's entry: runs the migrations on the connection that `storage.migrate` holds."""

from __future__ import annotations

from alembic import context

from storage.tables import fact

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=fact.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
