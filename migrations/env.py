"""Alembic's entry: the connection is handed over by `app.records.schema`, which is how the kit upgrades itself."""

from alembic import context

from app.records import action_tables  # noqa: F401 - they declare their tables
from app.records.cohorts import campaign_tables, tables  # noqa: F401 - they declare their tables
from app.records.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
