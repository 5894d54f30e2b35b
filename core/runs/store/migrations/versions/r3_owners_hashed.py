"""Older versions wrote the browsers' keys themselves: their hashes take the place."""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

from core.runs.store.migrations import n_formats

revision = "3"
down_revision = "2"

KEY_CHARS = 22
"""Of a browser's key: 128 random bits. Hashes are longer."""


def upgrade() -> None:
    """Put each key's hash in its place, in every table that knows owners."""
    connection = op.get_bind()
    if n_formats(connection) >= 2:
        return
    for name in ("runs", "marks", "learners"):
        table = sa.table(name, sa.column("owner"))
        keys = sa.select(table.c.owner).where(sa.func.length(table.c.owner) == KEY_CHARS).distinct()
        for key in connection.scalars(keys).all():
            owner = sha256(key.encode("utf-8", "replace")).hexdigest()
            connection.execute(sa.update(table).where(table.c.owner == key).values(owner=owner))
