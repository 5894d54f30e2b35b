"""Classes: their phases, seats and answers."""

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "classes",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("instance", sa.String(64), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "seats",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("seat", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("tempo", sa.String(8), nullable=False),
    )
    op.create_table(
        "answers",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("card", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seat", sa.String(32), primary_key=True),
        sa.Column("value", sa.Double, nullable=False),
    )
