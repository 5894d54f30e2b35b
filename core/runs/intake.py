"""What the worker says, brought to the runs it is about."""

import logging
from threading import RLock

from core.runs.board import Board
from core.runs.entries import Entry
from core.runs.questions import Questions
from core.runs.worker_process import Message
from core.snapshots import Event, Snapshot

log = logging.getLogger(__name__)


class Intake:
    """Called from the thread that reads the worker's output; takes the lock of `Runs` for the board."""

    def __init__(self, lock: RLock, board: Board, questions: Questions) -> None:
        self._lock = lock
        self._board = board
        self._questions = questions

    def receive(self, message: Message) -> None:
        """Take one message in.

        Raises:
            ValueError, KeyError: it is not what the protocol says.
        """
        kind = message.pop("event", "")
        entry = self._board.get(str(message.get("run", "")))
        if kind == "hello":
            with self._lock:
                self._board.settle()
        elif kind == "error":
            log.error("the worker did not understand a line: %s", message)
        elif kind in ("answer", "refused"):
            self._questions.receive(message)
        elif entry is None:
            log.debug("news of a run that is gone: %s", message.get("run"))
        elif kind == "snapshot":
            self._loaded(entry)
            entry.feed.add_snapshot(Snapshot.model_validate(message))
        elif kind == "loading":
            self._loading(entry, str(message["text"]), float(message["share"]))
        elif kind == "event":
            entry.feed.add_event(Event.model_validate(message))
        elif kind in ("checkpoint", "unkept"):
            self._unkept(entry, str(message.get("message", "")))
        elif kind in ("finished", "failed"):
            self._end(entry, kind, str(message.get("reason", "")))
        else:
            raise ValueError(f"event must be one of the protocol's, got '{kind}'")

    def lose_worker(self) -> None:
        """The worker is gone: end its runs."""
        self._questions.lose()
        with self._lock:
            self._board.lose_worker()

    def _loading(self, entry: Entry, text: str, share: float) -> None:
        if not 0.0 <= share <= 1.0:
            raise ValueError(f"share must be from 0 to 1, got '{share}'")
        with self._lock:
            entry.loading = (text, share)
            self._board.settle()

    def _loaded(self, entry: Entry) -> None:
        # Asked before the lock: a snapshot must not wait for it.
        if entry.loading is not None:
            with self._lock:
                entry.loading = None
                self._board.settle()

    def _unkept(self, entry: Entry, text: str) -> None:
        with self._lock:
            entry.unkept = text
            self._board.settle()

    def _end(self, entry: Entry, kind: str, reason: str) -> None:
        entry.feed.finish()
        with self._lock:
            # A run its owner has stopped is over already; this was the worker's last word on it.
            if entry.active:
                self._board.over(entry, kind, reason)
            self._board.settle()
