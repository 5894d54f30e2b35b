"""The hall: the classes of this server, kept in the database, and what they train. Thread-safe."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from functools import partial
from threading import Event, RLock, Thread

from sqlalchemy.exc import SQLAlchemyError

from core.classes import views
from core.classes.cards import Card
from core.classes.codes import hashed, new_code, new_secret, opens, read_code, seat_of
from core.classes.guide.lectures import plan_of
from core.classes.keeping import PATIENCE, Keeping, read
from core.classes.report import report
from core.classes.state import Class, Dot, Kept, Seat, Steering, Tempo
from core.classes.summary import summary
from core.classes.tally import measured
from core.classes.training import Training
from core.experiments import Trained
from core.refusals import SpecError
from core.runs import Refused, Runs

log = logging.getLogger(__name__)

MOST_CLASSES = 20

HOURS = 24.0
"""A class ends so long after it was opened, and everything about it is deleted."""

TICK_SECONDS = 1.0

Written = Future[bool]
"""Resolved when something is in the database, or could not be written there: then it is tried again."""


class NoClassError(Exception):
    """There is no such class."""


class Hall:
    """The classes. Any thread may call it; a class that it gives must only be read.

    Args:
        service: what trains, and has the database.
        clock: seconds since 1970.

    Attributes:
        listeners: called, from any thread, with the code of a class of which there is news; must not block.
    """

    def __init__(self, service: Runs, clock: Callable[[], float] = time.time) -> None:
        self.listeners: list[Callable[[str], None]] = []
        self._clock = clock
        self._rows = service.classes
        self._keeping = Keeping(service.classes)
        self._training = Training(service)
        self._lock = RLock()
        self._classes: dict[str, Class] = {}
        self._loaded = False
        self._closing, self._wake = Event(), Event()
        self._keeper = Thread(target=self._keep_house, name="hall-housekeeper", daemon=True)

    def open(self) -> None:
        """Bring the classes back that the database has; one that does not answer is tried again. Once."""
        if not self._keeper.is_alive() and not self._closing.is_set():
            self._load()
            self._keeping.start()
            self._keeper.start()

    def close(self) -> None:
        """Write what is left."""
        if not self._closing.is_set():
            self._closing.set()
            self._wake.set()
            if self._keeper.is_alive():
                self._keeper.join(timeout=5.0)
            self._keeping.close()

    def create(self, cards: Sequence[Card]) -> tuple[str, str]:
        """Open a class; its code and the presenter's secret, which is kept nowhere. Raises Refused."""
        with self._lock:
            if len(self._classes) >= MOST_CLASSES:
                raise Refused(f"{MOST_CLASSES} classes are open on this server: end one of them first.")
            code, secret = new_code(), new_secret()
            self._classes[code] = Class(code, hashed(secret), self._clock(), tuple(cards))
        wait([self._changed(code)], PATIENCE)
        return code, secret

    def get(self, code: str) -> Class:
        """A class by its code, however it was typed. Raises NoClassError."""
        room = self._classes.get(read_code(code))
        if room is None or self._is_over(room):
            raise NoClassError
        return room

    def is_presenter(self, code: str, secret: str) -> bool:
        """Whether a secret is that of the class. Raises NoClassError."""
        return opens(secret, self.get(code).secret)

    def join(self, code: str, owner: str) -> tuple[Seat, Written]:
        """A browser's seat. Raises NoClassError, FullError."""
        with self._lock:
            room = self.get(code)
            key = seat_of(room.code, owner)
            before = len(room.seats)
            seat = room.join(key)
            if len(room.seats) == before:
                return seat, _done()
            written = self._keeping.seat(room.code, key, seat)
        self._tell(room.code)
        return seat, written

    def answer(self, code: str, owner: str, card: int, round_: int, value: object) -> tuple[Kept, Written]:
        """Take a seat's answer.

        Raises:
            NoClassError: there is no such class, or the browser has no seat in it.
            SpecError: the card takes no such answer.
        """
        with self._lock:
            room = self.get(code)
            key = seat_of(room.code, owner)
            if key not in room.seats:
                raise NoClassError
            if not 0 <= card < len(room.cards) or not room.cards[card].takes(value):
                raise SpecError(_takes(room.cards[card] if 0 <= card < len(room.cards) else None, value))
            assert isinstance(value, int | float)
            kept = room.answer(key, card, round_, value, self._clock())
            if kept != "kept":
                return kept, _done()
            written = self._keeping.answer(room.code, card, round_, key, value)
        self._tell(room.code)
        return kept, written

    def tempo(self, code: str, owner: str, tempo: Tempo) -> None:
        """How the lecture goes for a seat. Raises NoClassError."""
        with self._lock:
            room = self.get(code)
            key = seat_of(room.code, owner)
            if key not in room.seats:
                raise NoClassError
            room.seats[key].tempo = tempo
            self._keeping.seat(room.code, key, room.seats[key])
        self._tell(room.code)

    def steer(self, code: str, do: Steering, at: int, card: int = 0, dot: Dot | None = None) -> Written:
        """Do what the lecturer asks, who has shown the secret. Raises NoClassError."""
        with self._lock:
            room = self.get(code)
            if not room.steer(do, at, card, dot):
                return _done()
            room.clocked(self._clock())
            return self._changed(room.code)

    def delete(self, code: str) -> None:
        """End a class and delete all there is of it. Raises NoClassError."""
        with self._lock:
            room = self._classes.pop(self.get(code).code)
        self._training.stop(room)
        self._keeping.forget(room.code)
        self._tell(room.code)

    def trained(self, room: Class) -> Sequence[Trained]:
        """What the class experiment of the card on the screen has come to."""
        return self._training.of(room)

    def scene(self, room: Class) -> dict[str, object]:
        """`views.scene` of a class."""
        with self._lock:
            return views.scene(room, self._training.of(room))

    def tick(self, room: Class) -> dict[str, object]:
        """`views.tick` of a class."""
        with self._lock:
            return views.tick(room, self._training.progress(room), self._training.left(room))

    def plan(self, room: Class) -> dict[str, object]:
        """The plan of a class, and the time here: that of the lecturer's device may be another."""
        return {"now": self._clock(), **plan_of(room.cards)}

    def report(self, room: Class) -> dict[str, object]:
        """`report` of a class."""
        self._read_examples(room)
        with self._lock:
            return report(room, partial(self._training.of, room))

    def summary(self, room: Class) -> str:
        """`summary` of a class."""
        self._read_examples(room)
        with self._lock:
            return summary(room, partial(self._training.of, room))

    def _read_examples(self, room: Class) -> None:
        """What takes a moment, outside the lock: the others need not wait for it."""
        for card in room.cards:
            measured(card)

    def own(self, room: Class, owner: str) -> dict[str, object]:
        """`views.own` of a browser."""
        with self._lock:
            return views.own(room, seat_of(room.code, owner))

    def keep_house(self) -> None:
        """Once a second: train what is to be trained, delete what is over."""
        self._load()
        with self._lock:
            rooms = list(self._classes.values())
        for room in rooms:
            if self._is_over(room):
                self._over(room)
                continue
            measured(room.card)  # Reading an example takes a moment: not when somebody waits for it.
            if self._training.tick(room):
                self._changed(room.code)

    def _over(self, room: Class) -> None:
        with self._lock:
            self._classes.pop(room.code, None)
        self._training.stop(room)
        self._keeping.forget(room.code)

    def _is_over(self, room: Class) -> bool:
        return self._clock() - room.created > 3600 * HOURS

    def _changed(self, code: str) -> Written:
        with self._lock:
            written = self._keeping.room(self._classes[code])
        self._wake.set()
        self._tell(code)
        return written

    def _tell(self, code: str) -> None:
        for listener in self.listeners:
            listener(code)

    def _load(self) -> None:
        if self._loaded:
            return
        try:
            kept = self._rows.load()
        except SQLAlchemyError as error:
            log.error("the classes cannot be read: %s", error)
            return
        with self._lock:
            for room in filter(None, map(read, kept)):
                self._classes.setdefault(room.code, room)
            self._loaded = True

    def _keep_house(self) -> None:
        while not self._closing.is_set():
            try:
                self.keep_house()
            except Exception:
                # Without this thread no class would ever be deleted.
                log.exception("keeping the hall failed")
            self._wake.wait(TICK_SECONDS)
            self._wake.clear()


def _takes(card: Card | None, value: object) -> str:
    if card is None:
        return f"card must be one of the class's, got '{value}'."
    if card.choices:
        return f"An answer must be a choice from 0 to {len(card.choices) - 1}, got '{value}'."
    return f"An answer must be a number from {card.low:g} to {card.high:g}, got '{value}'."


def _done() -> Written:
    done: Written = Future()
    done.set_result(True)
    return done
