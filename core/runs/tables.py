"""The tables of the store. Those a database lacks are made when it is opened; no table ever gains a column.

So what a later version has to remember about a run goes into a table of its own, and an older database
needs no conversion.
"""

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
    """What an owner says about a run; see `core.runs.marks.Mark`."""

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
