"""How Alembic runs our migrations: on the connection that it is given, inside the caller's transaction."""

from alembic import context

from tradestream_gui.adapters.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
context.run_migrations()
