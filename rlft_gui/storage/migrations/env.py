"""Alembic's entry. It runs only inside `_migrate.migrate`, on the connection and transaction given there."""

from alembic import context

from rlft_gui.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
