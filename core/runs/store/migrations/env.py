"""What Alembic runs to take revisions: on the connection of `migrate`, one server at a time."""

from alembic import context
from sqlalchemy import text

from core.runs.store.tables import Base

LOCK = 1_282_500_961
"""Any number: servers that open the same database at once agree on it."""

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
context.configure(connection=connection, target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
