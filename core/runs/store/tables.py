"""The tables of the store, as this version reads them; `migrations` makes and changes them."""

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Gathers the tables."""


class RunRow(Base):
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


class OriginRow(Base):
    """What a run was when it started, a `core.runs.views.Origin`; the way from there stands in MoveRow."""

    __tablename__ = "origins"

    run: Mapped[str] = mapped_column(String(32), primary_key=True)
    spec: Mapped[str] = mapped_column(Text)
    parent: Mapped[str] = mapped_column(String(32), index=True)
    step: Mapped[int]
    planned: Mapped[str] = mapped_column(Text)


class MoveRow(Base):
    """One move that was made in a run, as JSON of `core.spec.Moved`, numbered within it."""

    __tablename__ = "moves"

    run: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class EventRow(Base):
    """One event, as JSON, numbered within its run."""

    __tablename__ = "events"

    run: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class MomentRow(Base):
    """One kept moment: all lanes' points, and for some moments their frames, compressed."""

    __tablename__ = "moments"

    run: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    points: Mapped[bytes] = mapped_column(LargeBinary)
    frames: Mapped[bytes | None] = mapped_column(LargeBinary)


class MarkRow(Base):
    """What an owner says about a run; see `core.runs.store.marks.Mark`."""

    __tablename__ = "marks"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    run: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(40))
    pinned: Mapped[float | None]
    baseline: Mapped[bool]
    deleted: Mapped[float | None] = mapped_column(index=True)


class LearnerRow(Base):
    """One thing an owner's lesson remembers, as JSON under a name."""

    __tablename__ = "learners"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    changed: Mapped[float] = mapped_column(index=True)


class ClockRow(Base):
    """By which time, in seconds since 1970, things here are old; one row. See `Store.tidy`."""

    __tablename__ = "clocks"

    id: Mapped[int] = mapped_column(primary_key=True)
    followed: Mapped[float]


class ClassRow(Base):
    """A class: what opens it, and as JSON its cards and where it is. `instance`: the server that has it."""

    __tablename__ = "classes"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    instance: Mapped[str] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(String(64))
    created: Mapped[float]
    body: Mapped[str] = mapped_column(Text)


class SeatRow(Base):
    """A seat of a class. Its key leads back to no browser."""

    __tablename__ = "seats"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    seat: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int]
    tempo: Mapped[str] = mapped_column(String(8))


class AnswerRow(Base):
    """What a seat has answered to a card in one of its rounds."""

    __tablename__ = "answers"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    card: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[float]
