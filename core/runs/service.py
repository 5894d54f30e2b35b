"""Starting, watching and ending runs: what pages and the live feed call."""

import secrets
import time
from collections.abc import Callable
from threading import Event as Flag
from threading import RLock
from typing import Any

from core.checkpoints import Checkpoints
from core.runs.archive import Archive
from core.runs.board import Board
from core.runs.entries import Entry
from core.runs.housekeeping import keep_house
from core.runs.hub import Feed
from core.runs.intake import Intake
from core.runs.learners import Learners
from core.runs.questions import Questions, waited
from core.runs.reading import read
from core.runs.settings import Settings
from core.runs.shelf import Shelf
from core.runs.steering import Steering
from core.runs.store import Store
from core.runs.views import RunHistory, RunView, check_speed
from core.runs.worker_process import Worker, WorkerState
from core.runs.writer import Writer
from core.spec import RunSpec

SERVER_STOPPED = "The server was stopped while this run was going."


class Runs(Steering):
    """The runs of this server. Thread-safe: page scripts, the worker's reader and the event loop call it.

    Args:
        settings: limits and places.
        clock: seconds that only go forward; a test brings its own.
        make_worker: what stands in for `Worker` in a test.

    Attributes:
        listeners: called, from any thread, with the id of a run whose feed has news; must not block.
        checkpoints: the files in which the worker keeps weights.
        questions: about runs, on their way to the worker and back.
        shelf: the lists of runs that owners keep in order.
        learners: what the lesson remembers of each owner.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        make_worker: Callable[..., Worker] = Worker,
    ) -> None:
        self.settings = settings
        self.listeners: list[Callable[[str], None]] = []
        self.checkpoints = Checkpoints.from_environment()
        self._clock = clock
        self._store = Store(settings.database, settings.instance)
        self.learners = Learners(self._store)
        self._writer = Writer(self._store)
        self._archive = Archive(self._store, self._writer, settings)
        self._worker = make_worker(settings.worker)
        super().__init__(RLock(), Board(settings, clock, self._worker, self._writer))
        self.questions = Questions(self._worker.send, self.view, clock)
        self._intake = Intake(self._lock, self._board, self.questions)
        self.shelf = Shelf(self._store, self, self.checkpoints)
        self._opened = False
        self._closing = Flag()
        self._housekeeper = keep_house(self.tick, self._closing)

    def open(self) -> None:
        """Open the store, mark left-over runs, start the worker. Once; later calls do nothing."""
        with self._lock:
            if self._opened:
                return
            for run in self._store.open(oldest=time.time() - 86_400 * self.settings.keep_days):
                self.checkpoints.forget(run)
            self._opened = True
            self._writer.start()
            self._worker.start(self._intake.receive, self._intake.lose_worker)
            self._housekeeper.start()

    def close(self) -> None:
        """End the worker and write what is left; runs still going are interrupted."""
        if not self._opened or self._closing.is_set():
            return
        self._closing.set()
        self._worker.close()
        with self._lock:
            for entry in self._board.going():
                entry.feed.finish()
                self._board.end(entry, "interrupted", SERVER_STOPPED)
            self._board.settle()
        self._writer.close()
        self._store.close()

    def start(self, owner: str, spec: RunSpec, key: str, paused: bool = False, speed: int = 0) -> RunView:
        """Start a run, or queue it. The same owner and key again is the same run.

        Raises:
            Refused: the owner has too many, everybody has too many, or the speed cannot be.
        """
        self.open()
        check_speed(speed)
        with self._lock:
            entry = self._board.by_key(owner, key)
            if entry is None:
                run = secrets.token_urlsafe(16)
                feed = Feed(run, spec, self._writer, self.settings.points_kept, self.settings.frames_kept)
                feed.on_change = self._changed
                entry = Entry(run, owner, spec, feed, time.time(), self._clock(), speed, paused)
                self._board.add(entry, key)
                self._board.settle()
            return self._board.view(entry)

    def view(self, run: str) -> RunView | None:
        """A run as it is now, from memory or the store; None when there is none."""
        with self._lock:
            entry = self._board.get(run)
            if entry is not None:
                return self._board.view(entry)
        return self._archive.view(run)

    def active(self, owner: str) -> list[RunView]:
        """An owner's runs that have not ended, oldest first."""
        with self._lock:
            return [self._board.view(entry) for entry in self._board.going() if entry.owner == owner]

    def recent(self, owner: str) -> list[RunView]:
        """An owner's runs in memory, oldest first."""
        with self._lock:
            return [self._board.view(entry) for entry in self._board.of(owner)]

    def drop(self, run: str) -> None:
        """Forget a run that is to be removed from the store."""
        with self._lock:
            self._board.drop(run)
        self._archive.drop(run)

    def ask(
        self,
        owner: str,
        run: str,
        question: str,
        *,
        step: int | None = None,
        timeout: float = 10.0,
        **fields: Any,
    ) -> dict[str, Any]:
        """What the worker answers to a question of `core.training.inspect` about a run; waits for it.

        The answer says in `step` which moment it is about, and in `live` whether the run is there right now.
        Who knows a run may ask; the quota is the owner's.

        Raises:
            Refused: the worker refuses, is gone or takes too long, or the owner asks too much.
        """
        return waited(self.questions.ask(owner, run, question, step, fields), timeout)

    def history(self, run: str, most: int = 200) -> RunHistory | None:
        """A run's curves, thinned to about `most` moments, and its latest frames; None when there is none.

        Asking counts as watching. It takes as long as the store does for a run that is not in memory.
        """
        entry = self._board.get(run)
        if entry is None:
            return self._archive.history(run, most)
        points, frames, events = entry.feed.picture(most)
        with self._lock:
            entry.watched = self._clock()
            return read(self._board.view(entry), points, frames, events)

    def attach(self, run: str) -> Entry | None:
        """A run to watch; `detach` it after. Not for the event loop: the store may take its time."""
        entry = self._board.get(run) or self._archive.entry(run, self._clock())
        if entry is not None:
            with self._lock:
                entry.watchers += 1
        return entry

    def detach(self, entry: Entry) -> None:
        """One watcher less."""
        with self._lock:
            entry.watchers -= 1
            entry.watched = self._clock()

    @property
    def worker_state(self) -> WorkerState:
        """Whether the worker can train."""
        return self._worker.state

    @property
    def worker_pid(self) -> int | None:
        """The worker's process id; None while there is none."""
        return self._worker.pid

    def tick(self) -> None:
        """Once a second: bring back the worker, end what is over time, forget what is over."""
        self._worker.tick()
        with self._lock:
            self._board.tick()
        self._archive.forget(self._clock())
        self.shelf.tick()

    def _changed(self, run: str) -> None:
        for listener in self.listeners:
            listener(run)
