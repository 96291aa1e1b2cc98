"""Alembic's way in: runs the migrations on the connection that :meth:`musnad.casefile.store.Case.upgrade` gives."""

from alembic import context

from musnad.casefile.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
