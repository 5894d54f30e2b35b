"""What survives a restart: runs, events, kept moments and learners' progress, in any SQLAlchemy database."""

import json
import logging
import sqlite3
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, bindparam, create_engine, delete, event, func, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.runs.store.batch import Batch, Row
from core.runs.store.classes import ClassRows
from core.runs.store.files import Claim, inode, ready, shrink
from core.runs.store.marks import Marks
from core.runs.store.migrations import migrate
from core.runs.store.people import People
from core.runs.store.rows import origin_row, run_row, run_view
from core.runs.store.tables import (
    ClockRow,
    EventRow,
    LearnerRow,
    MarkRow,
    MomentRow,
    MoveRow,
    OriginRow,
    RunRow,
)
from core.runs.views import ACTIVE, GOING, Origin, RunView
from core.snapshots import Event
from core.spec import Moved, RunSpec

log = logging.getLogger(__name__)

UNREADABLE = (SQLAlchemyError, ValueError, zlib.error)
"""What reading a run may raise: no answer, or a row that is damaged."""

INTERRUPTED = "The server was restarted while this run was going."

CONNECT_SECONDS = 5
"""A database on another machine that has not answered by then does not."""

FOLLOWED_SECONDS = 2 * 86_400.0
"""How far the time by which runs are old may come nearer to the clock at once: a day and what it lags by."""


class Store:
    """The database. Every method may raise SQLAlchemyError; nothing here retries.

    While opening has not succeeded they do so at once: nobody waits for a database that does not answer.

    Attributes:
        marks: what owners say about their runs.
        classes: what is kept of classes.
        people: all that is one owner's.
    """

    def __init__(self, url: str | URL, instance: str) -> None:
        self._url = make_url(url)
        self._instance = instance
        self._engine = _engine(url)
        self._closed = False
        self._file: Path | None = None
        self._inode = 0
        self._claim: Claim | None = None
        self.marks = Marks(self._session)
        self.classes = ClassRows(self._session, instance)
        self.people = People(self._session)

    def open(self) -> str:
        """Make the tables, mark runs that were left and cannot go on. Nothing else is done until it is.

        A run that was going when this server ended can go on if its origin is known, or if it had not begun;
        see `left`. What older versions wrote is brought into today's form.

        Returns a sentence where a file had to be set aside, else "".

        Raises:
            OSError: the folder of the file cannot be used.
            alembic.util.CommandError: a later version of this program has written it.
        """
        self._closed = True
        said = ""
        if self._url.get_backend_name() == "sqlite" and self._url.database not in (None, "", ":memory:"):
            self._engine.dispose()
            self._file = Path(str(self._url.database))
            self._claim = self._claim or Claim(self._file, self._instance)
            said = ready(self._file)
            self._inode = inode(self._file)
        with self._engine.begin() as connection:
            migrate(connection)
        if self.is_alone():
            begun = RunRow.state.in_(ACTIVE), RunRow.id.not_in(select(OriginRow.run))
            left_over = update(RunRow).where(*begun, RunRow.instance == self._instance)
            with Session(self._engine) as session, session.begin():
                session.execute(left_over.values(state="interrupted", reason=INTERRUPTED))
        self._closed = False
        return said

    def is_alone(self) -> bool:
        """Whether no other server has this file under the same name, which it then has until it is closed."""
        return self._claim is None or self._claim.take()

    def tidy(self, now: float, seconds: float) -> Sequence[str]:
        """Delete ended runs, and what learners left, that are older than `seconds`; returns the runs' ids.

        Old by a time that is kept here and follows the clock by FOLLOWED_SECONDS a call: a clock that is
        wrong for a day deletes nothing that the right one would keep for two more.

        Args:
            now: seconds since 1970 by this machine's clock.
            seconds: how long things are kept.
        """
        with self._session() as session, session.begin():
            oldest = _followed(session, now) - seconds
            ended_before = (RunRow.created < oldest, RunRow.state.not_in(GOING))
            old = session.scalars(select(RunRow.id).where(*ended_before)).all()
            _delete(session, old)
            session.execute(delete(LearnerRow).where(LearnerRow.changed < oldest))
        if self._file is not None:
            try:
                shrink(self._file)
            except sqlite3.Error as error:
                log.warning("the database stays as large as it is today: %s", error)
        return old

    def is_lost(self) -> bool:
        """Whether its file was deleted or replaced since it was opened: what is written then goes nowhere."""
        return self._file is not None and inode(self._file) != self._inode

    def answers(self) -> bool:
        """Whether it can be read."""
        try:
            with self._session() as session:
                return bool(session.scalar(select(1)))
        except SQLAlchemyError:
            return False

    def left(self) -> list[RunView]:
        """The runs that were going when this server ended, oldest first; none while another has its name."""
        if not self.is_alone():
            return []
        own = RunRow.state.in_(GOING), RunRow.instance == self._instance
        with self._session() as session:
            views = [
                run_view(row) for row in session.scalars(select(RunRow).where(*own).order_by(RunRow.created))
            ]
        return [view for view in views if view is not None]

    def past(self, run: str) -> tuple[Origin, list[Moved]] | None:
        """What a run was when it started, and the moves made since; None where nobody has noted that."""
        bodies = select(MoveRow.body).where(MoveRow.run == run).order_by(MoveRow.number)
        with self._session() as session:
            origin = session.get(OriginRow, run)
            if origin is None:
                return None
            moves = [Moved.model_validate_json(body) for body in session.scalars(bodies)]
            planned = tuple(Moved.checked(each) for each in json.loads(origin.planned))
            return Origin(RunSpec.from_json(origin.spec), origin.parent, origin.step, planned), moves

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()
        if self._claim is not None:
            self._claim.give_back()

    def write(self, batch: Batch) -> None:
        """Write a batch in one transaction: all of it or nothing."""
        with self._session() as session, session.begin():
            for view in batch.runs.values():
                session.merge(run_row(view, self._instance))
            for run, origin in batch.origins.items():
                session.merge(origin_row(run, origin))
            for run, (points_stride, frames_stride) in batch.thinned.items():
                _thin(session, run, points_stride, frames_stride)
            _replace(session, MoveRow, batch.moves)
            _replace(session, EventRow, batch.events)
            _replace(session, MomentRow, batch.moments)

    def view(self, run: str) -> RunView | None:
        """A run as it was last written; None when there is none or its spec is of another version."""
        with self._session() as session:
            row = session.get(RunRow, run)
        return None if row is None else run_view(row)

    def listed(self, owner: str, most: int) -> list[RunView]:
        """An owner's runs, newest first, at most `most`."""
        newest = select(RunRow).where(RunRow.owner == owner).order_by(RunRow.created.desc()).limit(most)
        with self._session() as session:
            views = [run_view(row) for row in session.scalars(newest)]
        return [view for view in views if view is not None]

    def remove(self, runs: Sequence[str]) -> None:
        """Delete runs with all they had."""
        with self._session() as session, session.begin():
            _delete(session, runs)

    def picture(self, run: str, most: int) -> tuple[list[bytes], bytes | None]:
        """About `most` moments' points spread evenly, the last among them, and the last frames; packed."""
        of_run = MomentRow.run == run
        with self._session() as session:
            numbers = session.scalars(select(MomentRow.number).where(of_run).order_by(MomentRow.number)).all()
            # Counted from the end, so that the last moment is always among them.
            chosen = numbers[:: -max(1, -(-len(numbers) // most))]
            points = select(MomentRow.points).where(of_run, MomentRow.number.in_(chosen))
            frames = select(MomentRow.frames).where(of_run, MomentRow.frames.is_not(None))
            return (
                list(session.scalars(points.order_by(MomentRow.number))),
                session.scalars(frames.order_by(MomentRow.number.desc()).limit(1)).first(),
            )

    def moments(self, run: str) -> list[tuple[int, bytes, bytes | None]]:
        """A run's kept moments: number, points, frames; oldest first."""
        columns = select(MomentRow.number, MomentRow.points, MomentRow.frames)
        with self._session() as session:
            rows = session.execute(columns.where(MomentRow.run == run).order_by(MomentRow.number))
            return [(row.number, row.points, row.frames) for row in rows]

    def events(self, run: str) -> list[Event]:
        """A run's events, oldest first."""
        with self._session() as session:
            bodies = session.scalars(
                select(EventRow.body).where(EventRow.run == run).order_by(EventRow.number)
            )
            return [Event.model_validate_json(body) for body in bodies]

    def kept(self, owner: str) -> dict[str, str]:
        """What an owner's lesson remembers: JSON by name."""
        columns = select(LearnerRow.name, LearnerRow.value)
        with self._session() as session:
            rows = session.execute(columns.where(LearnerRow.owner == owner))
            return {row.name: row.value for row in rows}

    def keep(self, owner: str, name: str, value: str, now: float) -> None:
        """Remember a value, in place of the one under this name."""
        with self._session() as session, session.begin():
            session.merge(LearnerRow(owner=owner, name=name, value=value, changed=now))

    def _session(self) -> Session:
        if self._closed:
            raise SQLAlchemyError("it has not been opened yet")
        return Session(self._engine)


def _engine(url: str | URL) -> Engine:
    # A failed statement is logged without its values: the owner's name is the key to their runs.
    backend = make_url(url).get_backend_name()
    patience = {"connect_timeout": CONNECT_SECONDS} if backend in ("postgresql", "mysql", "mariadb") else {}
    engine = create_engine(
        url, pool_pre_ping=backend != "sqlite", hide_parameters=True, connect_args=patience
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
    return engine


def _tune_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # WAL: readers and the writer do not wait for each other. NORMAL: a power cut may cost the last
    # second, never the file; 7,000 commits a second instead of some hundred.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=2000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _followed(session: Session, now: float) -> float:
    """The time by which things are old: at first that of the newest there is, then nearer to the clock."""
    row = session.get(ClockRow, 1)
    if row is None:
        newest = [session.scalar(select(func.max(each))) for each in (RunRow.created, LearnerRow.changed)]
        row = ClockRow(id=1, followed=max((each for each in newest if each is not None), default=now))
        session.add(row)
    row.followed = min(now, row.followed + FOLLOWED_SECONDS)
    return row.followed


def _delete(session: Session, runs: Sequence[str]) -> None:
    for table in (OriginRow, MoveRow, EventRow, MomentRow, MarkRow):
        session.execute(delete(table).where(table.run.in_(runs)))
    session.execute(delete(RunRow).where(RunRow.id.in_(runs)))


def _replace(session: Session, table: type[MoveRow | EventRow | MomentRow], rows: dict[Any, Row]) -> None:
    if not rows:
        return
    # Delete and insert is an "upsert" every database understands; a retried batch cannot collide.
    of_row = delete(table).where(table.run == bindparam("a"), table.number == bindparam("b"))
    session.connection().execute(of_row, [{"a": run, "b": number} for run, number in rows])
    session.execute(insert(table), list(rows.values()))


def _thin(session: Session, run: str, points_stride: int, frames_stride: int) -> None:
    of_run = MomentRow.run == run
    session.execute(delete(MomentRow).where(of_run, MomentRow.number % points_stride != 0))
    no_frames = update(MomentRow).where(of_run, MomentRow.number % frames_stride != 0)
    session.execute(no_frames.values(frames=None))
