"""What a database has had is noted by Alembic alone."""

from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Drop the table that noted it before."""
    op.drop_table("formats", if_exists=True)
