"""All that the database has of one owner: whether there is anything, and its end."""

from collections.abc import Callable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.runs.store.tables import LearnerRow, MarkRow, RunRow


class People:
    """Every method may raise SQLAlchemyError, as `session` may."""

    def __init__(self, session: Callable[[], Session]) -> None:
        self._session = session

    def knows(self, owner: str) -> bool:
        """Whether anything here is an owner's."""
        owners = (table.owner for table in (RunRow, MarkRow, LearnerRow))
        with self._session() as session:
            return any(session.scalar(select(each).where(each == owner).limit(1)) for each in owners)

    def runs(self, owner: str) -> Sequence[str]:
        """All runs of an owner, by their ids."""
        with self._session() as session:
            return session.scalars(select(RunRow.id).where(RunRow.owner == owner)).all()

    def forget(self, owner: str) -> None:
        """Delete what an owner says about runs, and what the lesson remembers of them."""
        with self._session() as session, session.begin():
            for table in (MarkRow, LearnerRow):
                session.execute(delete(table).where(table.owner == owner))
