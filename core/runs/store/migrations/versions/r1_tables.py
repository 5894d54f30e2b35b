"""The tables. Databases from before Alembic have some of them."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make those that are missing."""
    short, name = sa.String(32), sa.String(64)
    tables = {
        "runs": (
            sa.Column("id", short, primary_key=True),
            sa.Column("owner", name, nullable=False),
            sa.Column("instance", name, nullable=False),
            sa.Column("spec", sa.Text, nullable=False),
            sa.Column("state", sa.String(16), nullable=False),
            sa.Column("reason", sa.Text, nullable=False),
            sa.Column("speed", sa.Integer, nullable=False),
            sa.Column("created", sa.Double, nullable=False),
        ),
        "origins": (
            sa.Column("run", short, primary_key=True),
            sa.Column("spec", sa.Text, nullable=False),
            sa.Column("parent", short, nullable=False),
            sa.Column("step", sa.Integer, nullable=False),
            sa.Column("planned", sa.Text, nullable=False),
        ),
        "moves": (*_numbered(), sa.Column("body", sa.Text, nullable=False)),
        "events": (*_numbered(), sa.Column("body", sa.Text, nullable=False)),
        "moments": (
            *_numbered(),
            sa.Column("points", sa.LargeBinary, nullable=False),
            sa.Column("frames", sa.LargeBinary),
        ),
        "marks": (
            sa.Column("owner", name, primary_key=True),
            sa.Column("run", short, primary_key=True),
            sa.Column("name", sa.String(40), nullable=False),
            sa.Column("pinned", sa.Double),
            sa.Column("baseline", sa.Boolean, nullable=False),
            sa.Column("deleted", sa.Double),
        ),
        "learners": (
            sa.Column("owner", name, primary_key=True),
            sa.Column("name", name, primary_key=True),
            sa.Column("value", sa.Text, nullable=False),
            sa.Column("changed", sa.Double, nullable=False),
        ),
    }
    indices = {
        "runs": ("owner", "state", "created"),
        "origins": ("parent",),
        "marks": ("run", "deleted"),
        "learners": ("changed",),
    }
    for table, columns in tables.items():
        op.create_table(table, *columns, if_not_exists=True)
        for column in indices.get(table, ()):
            op.create_index(f"ix_{table}_{column}", table, [column], if_not_exists=True)


def _numbered() -> tuple[sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("run", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    )
