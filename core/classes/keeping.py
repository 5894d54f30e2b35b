"""One thread that writes what classes gather, all that waits at once: 300 answers are a few writes."""

import logging
from concurrent.futures import Future
from threading import Condition, Thread

from sqlalchemy.exc import SQLAlchemyError

from core.classes.cards import Value
from core.classes.state import TEMPOS, Class, Seat
from core.refusals import SpecError
from core.runs.store.classes import AnswerKey, ClassRows, KeptClass, News, SeatKey

log = logging.getLogger(__name__)

TRY_SECONDS = 2.0
"""Between two tries to write to a database that does not answer."""

PATIENCE = 2.0
"""Seconds that somebody waits for something to be written; then it counts in memory alone."""


class Keeping:
    """Writes as fast as the database takes it. Who notes something gets a future, True once it is written."""

    def __init__(self, rows: ClassRows) -> None:
        self._rows = rows
        self._news = News()
        self._waiting: list[Future[bool]] = []
        self._bell = Condition()
        self._closed = False
        self._thread = Thread(target=self._work, name="hall-writer", daemon=True)

    def start(self) -> None:
        """Write from now on."""
        self._thread.start()

    def close(self) -> None:
        """Write what is left, and end."""
        with self._bell:
            self._closed = True
            self._bell.notify()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def room(self, room: Class) -> Future[bool]:
        """A class as it is now."""
        body = room.secret, room.created, room.kept()
        with self._bell:
            self._news.rooms[room.code] = body
            return self._note()

    def seat(self, code: str, key: str, seat: Seat) -> Future[bool]:
        """A seat as it is now."""
        with self._bell:
            self._news.seats[SeatKey(code, key)] = seat.number, seat.tempo or ""
            return self._note()

    def answer(self, code: str, card: int, round_: int, key: str, value: Value) -> Future[bool]:
        """The last answer of a seat."""
        with self._bell:
            self._news.answers[AnswerKey(code, card, round_, key)] = value
            return self._note()

    def forget(self, code: str) -> Future[bool]:
        """Delete a class with all it had."""
        with self._bell:
            self._news.forget(code)
            return self._note()

    def _note(self) -> Future[bool]:
        noted: Future[bool] = Future()
        self._waiting.append(noted)
        self._bell.notify()
        return noted

    def _work(self) -> None:
        while True:
            with self._bell:
                while not (self._news or self._closed):
                    self._bell.wait()
                if not self._news:
                    return
                news, self._news = self._news, News()
                waiting, self._waiting = self._waiting, []
            written = self._write(news)
            for each in waiting:
                each.set_result(written)
            with self._bell:
                if not written:
                    self._news = news.then(self._news)
                    if self._closed:
                        return
                    self._bell.wait(TRY_SECONDS)

    def _write(self, news: News) -> bool:
        try:
            self._rows.write(news)
        except SQLAlchemyError as error:
            log.error("classes cannot be written, and are tried again: %s", error)
            return False
        return True


def read(kept: KeptClass) -> Class | None:
    """A class as it was when the server ended; None where one of its cards is no more."""
    secret, created, body = kept.head
    try:
        room = Class.read(kept.code, secret, created, body)
    except SpecError as error:
        log.warning("a class cannot be read: %s", error)
        return None
    for key, (number, tempo) in kept.seats.items():
        said = next((each for each in TEMPOS if each == tempo), None)
        room.seats[key] = Seat(number, said)
    for answer, value in kept.answers:
        given = room.answers.setdefault((answer.card, answer.round), {})
        given[answer.seat] = int(value) if room.cards[answer.card].choices else value
    return room
