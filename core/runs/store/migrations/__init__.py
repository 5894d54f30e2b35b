"""Databases of earlier versions, brought by Alembic into today's form; new ones get their tables.

`versions/` holds one revision for each change, numbered; one that has been released is never edited. The
first three also take over databases from before Alembic, which noted in a table what they had had.
"""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text


def migrate(connection: Connection) -> None:
    """Take the revisions that a database has not had, in the transaction that the connection is in.

    Raises:
        alembic.util.CommandError: a later version of this program has written it.
    """
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", f"{__package__}:")
    command.upgrade(config, "head")


def n_formats(connection: Connection) -> int:
    """How many changes of rows a database had before Alembic counted them."""
    if not inspect(connection).has_table("formats"):
        return 0
    return connection.execute(text("SELECT steps FROM formats")).scalar() or 0
