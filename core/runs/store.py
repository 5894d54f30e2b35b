"""What survives a restart: runs, events, kept moments and learners' progress, in any SQLAlchemy database."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, bindparam, create_engine, delete, event, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from core.refusals import SpecError
from core.runs.marks import Marks
from core.runs.tables import Base, EventRow, LearnerRow, MarkRow, MomentRow, RunRow
from core.runs.views import GOING, RunView, State
from core.snapshots import Event
from core.spec import RunSpec

log = logging.getLogger(__name__)

INTERRUPTED = "The server was restarted while this run was going."


Row = dict[str, Any]


class Store:
    """The database. Every method may raise SQLAlchemyError; nothing here retries.

    Attributes:
        marks: what owners say about their runs.
    """

    def __init__(self, url: str, instance: str) -> None:
        self._url = make_url(url)
        self._instance = instance
        self._engine = _engine(url)
        self.marks = Marks(self._engine)

    def open(self, oldest: float) -> Sequence[str]:
        """Make the tables, mark this server's left-over runs, delete those older than `oldest`: their ids."""
        if self._url.get_backend_name() == "sqlite" and self._url.database not in (None, "", ":memory:"):
            Path(str(self._url.database)).parent.mkdir(parents=True, exist_ok=True)
        Base.metadata.create_all(self._engine)
        going = RunRow.state.in_(GOING)
        left_over = update(RunRow).where(going, RunRow.instance == self._instance)
        with Session(self._engine) as session, session.begin():
            session.execute(left_over.values(state="interrupted", reason=INTERRUPTED))
            ended_before = (RunRow.created < oldest, RunRow.state.not_in(GOING))
            old = session.scalars(select(RunRow.id).where(*ended_before)).all()
            _delete(session, old)
            session.execute(delete(LearnerRow).where(LearnerRow.changed < oldest))
        return old

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def write(self, batch: "Batch") -> None:
        """Write a batch in one transaction: all of it or nothing."""
        with Session(self._engine) as session, session.begin():
            for view in batch.runs.values():
                session.merge(_run_row(view, self._instance))
            for run, (points_stride, frames_stride) in batch.thinned.items():
                _thin(session, run, points_stride, frames_stride)
            _replace(session, EventRow, batch.events)
            _replace(session, MomentRow, batch.moments)

    def view(self, run: str) -> RunView | None:
        """A run as it was last written; None when there is none or its spec is of another version."""
        with Session(self._engine) as session:
            row = session.get(RunRow, run)
        return None if row is None else _view(row)

    def listed(self, owner: str, most: int) -> list[RunView]:
        """An owner's runs, newest first, at most `most`."""
        newest = select(RunRow).where(RunRow.owner == owner).order_by(RunRow.created.desc()).limit(most)
        with Session(self._engine) as session:
            views = [_view(row) for row in session.scalars(newest)]
        return [view for view in views if view is not None]

    def remove(self, runs: Sequence[str]) -> None:
        """Delete runs with all they had."""
        with Session(self._engine) as session, session.begin():
            _delete(session, runs)

    def picture(self, run: str, most: int) -> tuple[list[bytes], bytes | None]:
        """About `most` moments' points spread evenly, the last among them, and the last frames; packed."""
        of_run = MomentRow.run == run
        with Session(self._engine) as session:
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
        with Session(self._engine) as session:
            rows = session.execute(columns.where(MomentRow.run == run).order_by(MomentRow.number))
            return [(row.number, row.points, row.frames) for row in rows]

    def events(self, run: str) -> list[Event]:
        """A run's events, oldest first."""
        with Session(self._engine) as session:
            bodies = session.scalars(
                select(EventRow.body).where(EventRow.run == run).order_by(EventRow.number)
            )
            return [Event.model_validate_json(body) for body in bodies]

    def kept(self, owner: str) -> dict[str, str]:
        """What an owner's lesson remembers: JSON by name."""
        columns = select(LearnerRow.name, LearnerRow.value)
        with Session(self._engine) as session:
            rows = session.execute(columns.where(LearnerRow.owner == owner))
            return {row.name: row.value for row in rows}

    def keep(self, owner: str, name: str, value: str, now: float) -> None:
        """Remember a value, in place of the one under this name."""
        with Session(self._engine) as session, session.begin():
            session.merge(LearnerRow(owner=owner, name=name, value=value, changed=now))


class Batch:
    """What has gathered since the last write; a later word on the same thing replaces the earlier."""

    def __init__(self) -> None:
        self.runs: dict[str, RunView] = {}
        self.events: dict[tuple[str, int], Row] = {}
        self.moments: dict[tuple[str, int], Row] = {}
        self.thinned: dict[str, tuple[int, int]] = {}

    def __bool__(self) -> bool:
        return bool(self.runs or self.events or self.moments or self.thinned)

    def thin(self, run: str, points_stride: int, frames_stride: int) -> None:
        """Drop the moments so far whose number is no multiple of the stride, here and in the store."""
        self.thinned[run] = (points_stride, frames_stride)
        for key in [key for key in self.moments if key[0] == run]:
            if key[1] % points_stride:
                del self.moments[key]
            elif key[1] % frames_stride:
                self.moments[key]["frames"] = None

    def add_under(self, older: "Batch") -> None:
        """Take an older batch in; this one's words win."""
        for run, strides in self.thinned.items():
            older.thin(run, *strides)
        self.runs = older.runs | self.runs
        self.events = older.events | self.events
        self.moments = older.moments | self.moments
        self.thinned = older.thinned | self.thinned


def _engine(url: str) -> Engine:
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
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


def _view(row: RunRow) -> RunView | None:
    try:
        spec = RunSpec.from_json(row.spec)
    except SpecError as error:
        log.warning("run %s has a spec that cannot be read: %s", row.id, error)
        return None
    state = cast(State, row.state)
    return RunView(row.id, row.owner, spec, state, 0, row.reason, row.speed, row.created)


def _delete(session: Session, runs: Sequence[str]) -> None:
    for table in (EventRow, MomentRow, MarkRow):
        session.execute(delete(table).where(table.run.in_(runs)))
    session.execute(delete(RunRow).where(RunRow.id.in_(runs)))


def _run_row(view: RunView, instance: str) -> RunRow:
    return RunRow(
        id=view.id,
        owner=view.owner,
        instance=instance,
        spec=view.spec.to_json(),
        state=view.state,
        reason=view.reason,
        speed=view.speed,
        created=view.created,
    )


def _replace(session: Session, table: type[EventRow] | type[MomentRow], rows: dict[Any, Row]) -> None:
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
