"""Starting, watching and ending runs: what pages and the live feed call."""

import logging
import secrets
import time
from collections.abc import Callable
from functools import cached_property
from threading import Event as Flag
from threading import Lock, RLock, Thread
from typing import Any

from sqlalchemy.exc import ArgumentError

from core.checkpoints import Checkpoints
from core.runs.board import Board
from core.runs.branches import Branches
from core.runs.condition import Condition, free_bytes
from core.runs.config import Config
from core.runs.convoys.pacer import Pacer
from core.runs.entries import Entry
from core.runs.examples import FOLDER
from core.runs.handovers import Handovers
from core.runs.intake import Intake
from core.runs.live.hub import Feed
from core.runs.memory import Memory
from core.runs.questions import Questions, waited
from core.runs.steering import Steering
from core.runs.store.archive import Archive
from core.runs.store.keeper import Keeper
from core.runs.store.learners import Learners
from core.runs.store.owners import Names, kept_secret
from core.runs.store.shelf import Shelf
from core.runs.store.store import INTERRUPTED, UNREADABLE, Store
from core.runs.store.writer import Writer
from core.runs.trainers.pool import Pool, PoolState
from core.runs.views import Glance, RunHistory, RunView, check_speed
from core.spec import RunSpec

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0


class StartError(Exception):
    """The server cannot start. `str()` is one sentence that says what to set."""


class Runs:
    """The runs of this server. Thread-safe: page scripts, the trainers' readers and the event loop call it.

    Args:
        config: limits and places.
        clock: seconds that only go forward; a test brings its own.
        make_pool: what stands in for `Pool` in a test.

    Attributes:
        listeners: called, from any thread, with the id of a run whose feed has news; must not block.
        checkpoints: the files in which the trainers keep weights.
        steering: what an owner can do to a run that goes.
        branches: runs that begin in the middle of others.
        questions: about runs, on their way to a trainer and back.
        shelf: the lists of runs that owners keep in order.
        learners: what the lesson remembers of each owner.
        classes: what is kept of lectures.
        handovers: links that take an owner's runs to another browser.
    """

    def __init__(
        self,
        config: Config,
        clock: Callable[[], float] = time.monotonic,
        make_pool: Callable[..., Pool] = Pool,
    ) -> None:
        self.config = config
        self.listeners: list[Callable[[str], None]] = []
        self.checkpoints = Checkpoints.from_environment(examples=FOLDER)
        self._clock = clock
        self._store = _store(config)
        self.learners = Learners(self._store)
        self.classes = self._store.classes
        self._writer = Writer(self._store)
        self._archive = Archive(self._store, self._writer, config)
        self._pool = make_pool(config, clock)
        self._lock = RLock()
        self._board = Board(config, clock, self._pool, self._writer, self.checkpoints)
        self._pacer = Pacer(self._lock, self._board.convoys)
        self._memory = Memory(self._lock, self._board, self._archive, clock)
        self.steering = Steering(self._lock, self._board)
        self.questions = Questions(self._pool.send, self.view, self._trained_in_place_of, clock)
        self.branches = Branches(self._lock, self._board, self._archive, self._store, clock, self._feed)
        self._intake = Intake(self._lock, self._board, self.questions)
        # A clock that jumps ahead would end every undo.
        began = time.time() - clock()
        weights = self.checkpoints
        self.shelf = Shelf(self._store, self._memory, self.steering, weights, lambda: began + clock())
        self.handovers = Handovers(clock)
        self._keeper = Keeper(self._store, config.keep_days, self._bring_back, self._let_go, clock)
        self._opened = False
        self._closing = Flag()
        self._housekeeping = Lock()
        self._housekeeper = Thread(target=self._keep_house, name="runs-housekeeper", daemon=True)

    def open(self) -> None:
        """Open the store, bring left-over runs back, start a trainer. Once; later calls do nothing.

        A store that does not answer is tried again and again; until then runs go on without it.
        """
        with self._lock:
            if self._opened:
                return
            self._opened = True
            self._keeper.tick()
            self._writer.start()
            self._pool.start(self._intake.receive, self._intake.lose)
            self._housekeeper.start()
            self._pacer.start()

    @cached_property
    def names(self) -> Names:
        """Who is who: `names.owner(cookies)` is the owner that a request or a socket comes from."""
        return Names(self.config.secret.encode() or kept_secret(self.config.secret_file))

    def forget(self, owner: str) -> None:
        """Delete all that an owner has, at once and for good. Raises Refused: the database is away."""
        self.shelf.delete_all(owner)
        self.learners.forget(owner)

    def knows(self, owner: str) -> bool:
        """Whether the database has anything of an owner. May raise SQLAlchemyError, and take its time."""
        return self._store.people.knows(owner)

    @property
    def notice(self) -> str:
        """What everybody has to know about the database, in a sentence; mostly ""."""
        return self._keeper.notice

    def _bring_back(self) -> None:
        """What was going when the server ended goes on; what has begun here since is there already."""
        with self._lock:
            self._board.keep_again()
        left = [self._left(view) for view in self._store.left() if self._board.get(view.id) is None]
        with self._lock:
            for entry in left:
                self._board.bring_back(entry)
            self._board.convoys.bring_back(left)
            self._board.settle()

    def _left(self, view: RunView) -> Entry:
        """A run as it was when the server ended; where its curves cannot be read, it ends there."""
        feed = self._feed(view.id, view.spec)
        paused = view.state == "paused"
        entry = Entry(view.id, view.owner, view.spec, feed, view.created, self._clock(), view.speed, paused)
        try:
            feed.restore(self._store.moments(view.id), self._store.events(view.id))
            past = self._store.past(view.id)
        except UNREADABLE as error:
            log.error("run %s cannot go on: %s", view.id, error)
            entry.state, entry.reason, entry.ended = "interrupted", INTERRUPTED, self._clock()
            return entry
        if past is not None:
            entry.origin, entry.moves = past
        return entry

    def _trained_in_place_of(self, run: str, question: str) -> tuple[str, int | None] | None:
        with self._lock:
            return self._board.place(run, question)

    def _let_go(self, run: str) -> None:
        """Forget a run that was too old."""
        self._memory.drop(run)
        self.checkpoints.forget(run)

    def _feed(self, run: str, spec: RunSpec) -> Feed:
        feed = Feed(run, spec, self._writer, self.config.points_kept, self.config.frames_kept)
        feed.on_change = self._changed
        return feed

    def close(self) -> None:
        """End the trainers and write what is left; runs still going go on when the server is there again."""
        if not self._opened or self._closing.is_set():
            return
        self._closing.set()
        if self._housekeeper.is_alive():
            # It may be at the database, which is closed below.
            self._housekeeper.join(timeout=5.0)
        self._pacer.close()
        self._pool.close()
        with self._lock:
            for entry in self._board.going():
                # The last moment with its frames, but not half of one, is what it goes on from.
                entry.feed.interrupt()
                entry.feed.finish()
        self._writer.close()
        self.learners.tick()
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
                feed = self._feed(run, spec)
                entry = Entry(run, owner, spec, feed, time.time(), self._clock(), speed, paused)
                self._board.add(entry, key)
                self._board.settle()
            return self._board.view(entry)

    def view(self, run: str) -> RunView | None:
        """A run as it is now, from memory or the store; None when there is none."""
        return self._memory.view(run)

    def active(self, owner: str) -> list[RunView]:
        """An owner's runs that have not ended, oldest first."""
        return self._memory.active(owner)

    def glances(self, owner: str) -> list[Glance]:
        """An owner's runs that have not ended, in a line each, oldest first. Asking is no watching."""
        return self._memory.glances(owner)

    def history(self, run: str, most: int = 200) -> RunHistory | None:
        """A run's curves, thinned to about `most` moments, and its latest frames; None when there is none.

        Asking counts as watching. It takes as long as the store does for a run that is not in memory.
        """
        return self._memory.history(run, most)

    def attach(self, run: str) -> Entry | None:
        """A run to watch; `detach` it after. Not for the event loop: the store may take its time."""
        return self._memory.attach(run)

    def detach(self, entry: Entry) -> None:
        """One watcher less."""
        self._memory.detach(entry)

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
        """What a trainer answers to a question of `core.inspect` about a run; waits for it.

        The answer says in `step` which moment it is about, and in `live` whether the run is there right now.
        Who knows a run may ask; the quota is the owner's.

        Raises:
            Refused: the trainer refuses, is gone or takes too long, or the owner asks too much.
        """
        return waited(self.questions.ask(owner, run, question, step, fields), timeout)

    def condition(self) -> Condition:
        """How the server is. Takes as long as the database does to say that it is there."""
        database = self._keeper.is_open and not self._writer.trouble and self._store.answers()
        with self._lock:
            going = self._board.going()
            running, viewers = sum(entry.active for entry in going), self._board.viewers
        free, queued = free_bytes(self.checkpoints.folder), len(going) - running
        return Condition(
            self._pool.state, self._pool.silent, database, running, queued, viewers, free_bytes=free
        )

    @property
    def worker_state(self) -> PoolState:
        """Whether any trainer can train."""
        return self._pool.state

    @property
    def n_trainers(self) -> int:
        """How many trainers can train."""
        return self._pool.n_ready

    @property
    def trainer_pids(self) -> list[int]:
        """The process ids of the trainers."""
        return self._pool.pids

    def trainer_pid(self, run: str) -> int | None:
        """The process id of the trainer that has a run; None when none has it."""
        return self._pool.pid(run)

    def tick(self) -> None:
        """Once a second: start and end trainers, end what is over time, forget what is over."""
        self._pool.tick()
        with self._lock:
            self._board.tick()
        # A test ticks beside the thread that does: two that open a store at once are in each other's way.
        with self._housekeeping:
            self._keeper.tick()
        self._archive.forget(self._clock())
        if self._keeper.is_open:
            self.shelf.tick()
        self.learners.tick()

    def _keep_house(self) -> None:
        while not self._closing.wait(TICK_SECONDS):
            try:
                self.tick()
            except Exception:
                # Without this thread no run would ever be stopped or started again.
                log.exception("housekeeping failed")

    def _changed(self, run: str) -> None:
        for listener in self.listeners:
            listener(run)


def _store(config: Config) -> Store:
    try:
        return Store(config.database, config.instance)
    except (ArgumentError, ImportError) as error:
        why = str(error).splitlines()[0]
        raise StartError(f"SPARSITY_LAB_DATABASE must be the address of a database: {why}.") from error
