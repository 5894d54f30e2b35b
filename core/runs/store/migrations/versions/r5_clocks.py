"""By which time things are old is kept, so that a clock that is wrong for a day deletes nothing."""

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "clocks",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("followed", sa.Double, nullable=False),
    )
