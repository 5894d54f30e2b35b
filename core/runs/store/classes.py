"""What is kept of classes: phases, seats and answers; a server that starts again goes on with them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.runs.store.tables import AnswerRow, ClassRow, SeatRow


class SeatKey(NamedTuple):
    """Which seat: its class's code, its own key."""

    code: str
    seat: str


class AnswerKey(NamedTuple):
    """Which answer; there is one at most."""

    code: str
    card: int
    round: int
    seat: str


Head = tuple[str, float, Mapping[str, Any]]
"""Of a class: the hash of its secret, when it was opened, the rest as JSON."""


@dataclass
class News:
    """What has changed since the last write; of one thing the last word."""

    rooms: dict[str, Head] = field(default_factory=dict)
    seats: dict[SeatKey, tuple[int, str]] = field(default_factory=dict)
    answers: dict[AnswerKey, float] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return any((self.rooms, self.seats, self.answers, self.gone))

    def forget(self, code: str) -> None:
        """A class is over: nothing of it is to be written any more, and what was is to be deleted."""
        self.rooms.pop(code, None)
        self.seats = {key: seat for key, seat in self.seats.items() if key.code != code}
        self.answers = {key: value for key, value in self.answers.items() if key.code != code}
        self.gone.add(code)

    def then(self, later: "News") -> "News":
        """Both, where the later word counts."""
        both = News(
            self.rooms | later.rooms, self.seats | later.seats, self.answers | later.answers, set(self.gone)
        )
        for code in later.gone:
            both.forget(code)
        return both


@dataclass(frozen=True)
class KeptClass:
    """A class as it was kept: `rooms`, `seats` and `answers` of `News`, of one class."""

    code: str
    head: Head
    seats: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    answers: Sequence[tuple[AnswerKey, float]] = ()


class ClassRows:
    """The tables of classes. Every method may raise SQLAlchemyError, as `session` may.

    Args:
        session: what gives one.
        instance: the server that has them, among several on one database.
    """

    def __init__(self, session: Callable[[], Session], instance: str) -> None:
        self._session = session
        self._instance = instance

    def write(self, news: News) -> None:
        """Write what has changed, all of it or nothing."""
        with self._session() as session, session.begin():
            for table in (ClassRow, SeatRow, AnswerRow):
                session.execute(delete(table).where(table.code.in_(news.gone)))
            for code, (secret, created, body) in news.rooms.items():
                text = json.dumps(body, separators=(",", ":"), allow_nan=False)
                session.merge(
                    ClassRow(code=code, instance=self._instance, secret=secret, created=created, body=text)
                )
            for key, (number, tempo) in news.seats.items():
                session.merge(SeatRow(code=key.code, seat=key.seat, number=number, tempo=tempo))
            for answer, value in news.answers.items():
                session.merge(AnswerRow(**answer._asdict(), value=value))

    def load(self) -> list[KeptClass]:
        """All classes of this server."""
        own = select(ClassRow).where(ClassRow.instance == self._instance)
        with self._session() as session:
            kept = {
                row.code: KeptClass(row.code, (row.secret, row.created, json.loads(row.body)))
                for row in session.scalars(own)
            }
            return [self._filled(session, each) for each in kept.values()]

    def _filled(self, session: Session, kept: KeptClass) -> KeptClass:
        seats = session.scalars(select(SeatRow).where(SeatRow.code == kept.code).order_by(SeatRow.number))
        answers = session.scalars(select(AnswerRow).where(AnswerRow.code == kept.code))
        return replace(
            kept,
            seats={row.seat: (row.number, row.tempo) for row in seats},
            answers=[(AnswerKey(row.code, row.card, row.round, row.seat), row.value) for row in answers],
        )
