"""What survives a restart: runs, events, kept moments and learners' progress, in any SQLAlchemy database."""

import logging
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    Engine,
    LargeBinary,
    String,
    Text,
    bindparam,
    create_engine,
    delete,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from core.refusals import SpecError
from core.runs.views import GOING, RunView, State
from core.snapshots import Event
from core.spec import RunSpec

log = logging.getLogger(__name__)

INTERRUPTED = "The server was restarted while this run was going."


class _Base(DeclarativeBase):
    pass


class RunRow(_Base):
    """One run. `instance`: the server that has it."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    instance: Mapped[str] = mapped_column(String(64))
    spec: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), index=True)
    reason: Mapped[str] = mapped_column(Text)
    speed: Mapped[int]
    created: Mapped[float] = mapped_column(index=True)


class EventRow(_Base):
    """One event, as JSON, numbered within its run."""

    __tablename__ = "events"

    run: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class MomentRow(_Base):
    """One kept moment: all lanes' points, and for some moments their frames, compressed."""

    __tablename__ = "moments"

    run: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    points: Mapped[bytes] = mapped_column(LargeBinary)
    frames: Mapped[bytes | None] = mapped_column(LargeBinary)


class LearnerRow(_Base):
    """One thing an owner's lesson remembers, as JSON under a name."""

    __tablename__ = "learners"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    changed: Mapped[float] = mapped_column(index=True)


Row = dict[str, Any]


class Store:
    """The database. Every method may raise SQLAlchemyError; nothing here retries."""

    def __init__(self, url: str, instance: str) -> None:
        self._url = make_url(url)
        self._instance = instance
        self._engine = _engine(url)

    def open(self, oldest: float) -> None:
        """Make the tables, mark this server's left-over runs, delete what ended before `oldest`."""
        if self._url.get_backend_name() == "sqlite" and self._url.database not in (None, "", ":memory:"):
            Path(str(self._url.database)).parent.mkdir(parents=True, exist_ok=True)
        _Base.metadata.create_all(self._engine)
        going = RunRow.state.in_(GOING)
        left_over = update(RunRow).where(going, RunRow.instance == self._instance)
        with Session(self._engine) as session, session.begin():
            session.execute(left_over.values(state="interrupted", reason=INTERRUPTED))
            old = select(RunRow.id).where(RunRow.created < oldest, RunRow.state.not_in(GOING))
            for table in (EventRow, MomentRow):
                session.execute(delete(table).where(table.run.in_(old)))
            session.execute(delete(RunRow).where(RunRow.created < oldest, RunRow.state.not_in(GOING)))
            session.execute(delete(LearnerRow).where(LearnerRow.changed < oldest))

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
        if row is None:
            return None
        try:
            spec = RunSpec.from_json(row.spec)
        except SpecError as error:
            log.warning("run %s has a spec that cannot be read: %s", run, error)
            return None
        state = cast(State, row.state)
        return RunView(row.id, row.owner, spec, state, 0, row.reason, row.speed, row.created)

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
