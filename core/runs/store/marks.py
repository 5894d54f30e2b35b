"""What owners say about runs: a name, a pin, the baseline, and that one is to go; kept in the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.runs.store.tables import MarkRow


@dataclass(frozen=True)
class Mark:
    """What one owner says about one run.

    Attributes:
        name: what it is called; "" by its settings.
        pinned: when it was pinned, in seconds since 1970, which is also its place; 0 when it was taken off
            again; None when nothing was ever said.
        baseline: whether the others are compared with it; of one owner's runs at most one is.
        deleted: when it was deleted, in seconds since 1970; None when it was not.
    """

    name: str = ""
    pinned: float | None = None
    baseline: bool = False
    deleted: float | None = None


class Marks:
    """The table of marks. Every method may raise SQLAlchemyError, as `session` may."""

    def __init__(self, session: Callable[[], Session]) -> None:
        self._session = session

    def of(self, owner: str) -> dict[str, Mark]:
        """An owner's marks, by run."""
        with self._session() as session:
            rows = session.scalars(select(MarkRow).where(MarkRow.owner == owner))
            return {row.run: Mark(row.name, row.pinned, row.baseline, row.deleted) for row in rows}

    def say(self, owner: str, run: str, **fields: Any) -> None:
        """Set some fields of one mark; the others stay as they are."""
        with self._session() as session, session.begin():
            if fields.get("baseline"):
                session.execute(update(MarkRow).where(MarkRow.owner == owner).values(baseline=False))
            row = session.get(MarkRow, (owner, run))
            if row is None:
                row = MarkRow(owner=owner, run=run, name="", pinned=None, baseline=False, deleted=None)
                session.add(row)
            for name, value in fields.items():
                setattr(row, name, value)

    def deleted_before(self, moment: float) -> Sequence[str]:
        """The runs that their owners deleted before a moment."""
        with self._session() as session:
            return session.scalars(select(MarkRow.run).where(MarkRow.deleted < moment)).all()
