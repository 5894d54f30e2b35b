"""What the trainers say, brought to the runs it is about."""

import logging
from collections.abc import Collection
from threading import RLock

from core.runs.board import Board
from core.runs.entries import Entry
from core.runs.questions import Questions
from core.runs.trainers.process import Message
from core.snapshots import Event, Snapshot
from core.spec import Moved

log = logging.getLogger(__name__)


class Intake:
    """Called from the threads that read the trainers' output; takes the lock of `Runs` for the board."""

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
            log.error("a trainer did not understand a line: %s", message)
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
        elif kind == "moved":
            made = Moved.checked({name: message[name] for name in ("step", "lane", "move")})
            with self._lock:
                self._board.moved(entry, made)
        elif kind == "resumed" and entry.twin:
            # It is where it was when others were trained with it: nothing was lost.
            entry.twin = ""
        elif kind == "resumed" and not entry.arrives:
            entry.feed.add_event(_resumed(entry.id, int(message["step"]), int(message["kept"])))
        elif kind == "resumed":
            log.debug("run %s is where it branched", entry.id)
        elif kind in ("checkpoint", "unkept"):
            self._unkept(entry, str(message.get("message", "")))
            if kind == "checkpoint":
                with self._lock:
                    self._board.convoys.kept(entry, int(message["step"]))
        elif kind in ("finished", "failed"):
            self._end(entry, kind, str(message.get("reason", "")))
        else:
            raise ValueError(f"event must be one of the protocol's, got '{kind}'")

    def lose(self, runs: Collection[str], questions: Collection[str]) -> None:
        """A trainer is gone, with the runs and the questions it had."""
        self._questions.lose(questions)
        with self._lock:
            self._board.lose(runs)

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
            # A run its owner has stopped is over already; this was the trainer's last word on it.
            if entry.active:
                self._board.over(entry, kind, reason)
            self._board.settle()


def _resumed(run: str, step: int, kept: int) -> Event:
    text = (
        f"The training process had ended. The run goes on at step {step:,} with the same numbers, computed "
        f"again from step {kept:,}."
    )
    return Event(run=run, lane=0, step=step, kind="resumed", text=text)
