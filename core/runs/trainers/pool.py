"""All trainers of this server: who gets a run, who is asked about it, how many there are."""

import logging
import time
from collections.abc import Callable, Collection, Mapping
from threading import Lock
from typing import Any, Literal

from core.runs.config import Config
from core.runs.trainers.process import Message
from core.runs.trainers.trainer import Trainer
from core.version import version

log = logging.getLogger(__name__)

PoolState = Literal["starting", "ready", "lost"]

Lost = Callable[[Collection[str], Collection[str]], None]
"""Called with the ids of the runs and of the questions that a trainer had when it died."""

IDLE_SECONDS = 600.0
"""A trainer without a run or a question for so long is ended; one is always kept."""

CROWDED = 16
"""Runs of one trainer beyond which those to come wait for the next trainer, while one is starting."""

STARTING_SECONDS = 15.0
"""Nobody waits for a trainer that takes longer to start."""

LONGEST_TICK = 2.0
"""Seconds that count as one tick's: where more have passed, the server was not there itself, and who wakes
from a sleep or a stop has not listened to its trainers."""

MOST_TRAINERS = 64
"""On one machine, however many it asks for."""


class Pool:
    """The trainers. Thread-safe.

    There is always one more than there are runs, as far as they go: whoever comes next finds one ready.

    Args:
        config: the command of a trainer and how many there may be, or the commands of all.
        clock: seconds that only go forward.
    """

    def __init__(self, config: Config, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._command = config.worker
        # Until the first one has said how many pay off on this machine.
        self._asks = not config.trainers and not config.commands
        self._torch = ""
        self._lock = Lock()
        commands = config.commands or (config.worker,) * (config.trainers or 1)
        self._trainers = [Trainer(i, command, clock) for i, command in enumerate(commands)]
        self._on_message: Callable[[Message], None] = lambda message: None
        self._on_lost: Lost = lambda runs, questions: None
        self._closed = False
        self._ticked = clock()

    @property
    def state(self) -> PoolState:
        """Whether any of them can train."""
        states = {trainer.state for trainer in self._trainers}
        return "ready" if "ready" in states else "starting" if "starting" in states else "lost"

    @property
    def n_ready(self) -> int:
        """How many of them can train."""
        return len(self._ready())

    @property
    def open(self) -> bool:
        """Whether a run that starts now finds a trainer."""
        with self._lock:
            return self._place() is not None

    @property
    def silent(self) -> bool:
        """Whether any of them may be hung."""
        return any(trainer.silent for trainer in self._trainers)

    @property
    def silent_runs(self) -> frozenset[str]:
        """The runs of those that may be hung."""
        return frozenset().union(*(trainer.runs for trainer in self._trainers if trainer.silent))

    @property
    def pids(self) -> list[int]:
        """The process ids of those there are."""
        return [pid for trainer in self._trainers if (pid := trainer.pid) is not None]

    def pid(self, run: str) -> int | None:
        """The process id of the trainer that has a run; None when none has it."""
        return next((trainer.pid for trainer in self._trainers if run in trainer.runs), None)

    def device(self, run: str) -> str:
        """What a run is trained on, for a person; where none has it, what it may be trained on."""
        with self._lock:
            trainer = self._holder(run) or next(iter(self._ready()), None)
            return trainer.device if trainer is not None else ""

    def start(self, on_message: Callable[[Message], None], on_lost: Lost) -> None:
        """Start the first one; both are called from threads of their own."""
        with self._lock:
            self._on_message, self._on_lost = on_message, on_lost
            self._grow()

    def send(self, message: Mapping[str, Any]) -> bool:
        """Hand a message to the trainer it is for; False when there is none to take it."""
        with self._lock:
            trainer = self._addressee(message)
            if trainer is None:
                return False
            trainer.send(message)
            self._grow()
        return True

    def tick(self) -> None:
        """Replace those that have hung, start those that are missing, and end one that is not needed."""
        with self._lock:
            lost = self._replace()
            self._grow()
            idle = self._idle()
            process = idle.end() if idle is not None else None
        if process is not None:
            log.info("a trainer (process %s) had nothing to do and is ended", process.pid)
            process.close()
        for runs, questions in lost:
            self._on_lost(runs, questions)

    def close(self) -> None:
        """End them all for good."""
        with self._lock:
            self._closed = True
            processes = [process for trainer in self._trainers if (process := trainer.end()) is not None]
        for process in processes:
            process.end_input()
        for process in processes:
            process.close()

    def _addressee(self, message: Mapping[str, Any]) -> Trainer | None:
        run, op = message["run"], message["op"]
        if op == "start":
            trainer = self._place(message.get("twin", ""))
            if trainer is not None:
                trainer.runs.add(run)
        elif op == "ask":
            idlest = min(self._ready(), key=lambda each: len(each.questions), default=None)
            trainer = self._holder(run) or self._holder(message.get("twin", "")) or idlest
            if trainer is not None:
                trainer.questions.add(message["id"])
        elif op == "withdraw":
            trainer = next((each for each in self._trainers if message["id"] in each.questions), None)
        else:
            trainer = next((each for each in self._trainers if run in each.runs), None)
        return trainer

    def _place(self, twin: str = "") -> Trainer | None:
        """The one with the fewest runs; none, where it is worth waiting a moment for the next.

        Args:
            twin: a run whose states help this one to begin: its trainer may have one run more.
        """
        least = min(self._ready(), key=lambda each: len(each.runs), default=None)
        helper = self._holder(twin)
        if least is not None and helper is not None and len(helper.runs) <= len(least.runs) + 1:
            return helper
        if least is not None and len(least.runs) >= CROWDED:
            coming = (each for each in self._trainers if each.state == "starting")
            if any(each.age < STARTING_SECONDS for each in coming):
                return None
        return least

    def _holder(self, run: str) -> Trainer | None:
        """The one that has a run, or had it last: it knows what was watched in it."""
        ready = self._ready()
        now = (each for each in ready if run in each.runs)
        return next(now, None) or next((each for each in ready if run in each.ended), None)

    def _ready(self) -> list[Trainer]:
        return [each for each in self._trainers if each.state == "ready" and not each.silent]

    @property
    def _wanted(self) -> int:
        return 1 + sum(len(trainer.runs) for trainer in self._trainers)

    def _grow(self) -> None:
        missing = self._wanted - sum(trainer.alive for trainer in self._trainers)
        for trainer in self._trainers:
            if missing > 0 and trainer.startable and not self._closed:
                self._start(trainer)
                missing -= 1

    def _start(self, trainer: Trainer) -> None:
        trainer.start(
            lambda life, said: self._receive(trainer, life, said), lambda life: self._lose(trainer, life)
        )

    def _replace(self) -> list[tuple[set[str], set[str]]]:
        """Give those up that have hung: what each of them had."""
        now = self._clock()
        passed, self._ticked = min(now - self._ticked, LONGEST_TICK), now
        for trainer in self._trainers:
            trainer.wait(passed)
        return [trainer.give_up() for trainer in self._trainers if trainer.hung]

    def _idle(self) -> Trainer | None:
        """One that is to be ended: without work for long, and more than those there are to be."""
        if sum(trainer.alive for trainer in self._trainers) <= self._wanted:
            return None
        since = self._clock() - IDLE_SECONDS
        return next((each for each in self._ready() if not each.busy and each.since <= since), None)

    def _receive(self, trainer: Trainer, life: int, message: Message) -> None:
        with self._lock:
            if not trainer.lives(life):
                # Its input is over: one that has only paused runs takes that for their end.
                return
            self._note(trainer, message)
            heard = trainer.lives(life)
        if heard and message.get("event") != "alive":
            self._on_message(message)

    def _note(self, trainer: Trainer, message: Message) -> None:
        event = message.get("event")
        if event == "hello" and (why := self._other(message)):
            trainer.refuse(why)
            self._grow()
        elif event == "hello":
            trainer.greet(message)
            self._torch = message["torch"]
            self._make_places(message["trainers"])
        elif event == "alive":
            trainer.beat()
        elif event in ("finished", "failed"):
            trainer.finish(message["run"])
        elif event in ("answer", "refused"):
            trainer.answered(message["id"])

    def _other(self, hello: Message) -> str:
        """What makes a trainer another one than those there are, in a sentence; "" where nothing does."""
        if hello.get("version") != version():
            return f"its program is {hello.get('version')}, this server's {version()}."
        if self._torch not in ("", hello["torch"]):
            return f"its PyTorch is {hello['torch']}, that of the others {self._torch}."
        return ""

    def _make_places(self, paying_off: int) -> None:
        """As many as pay off on this machine, where nobody has said how many."""
        if self._asks:
            self._asks = False
            n_places = min(max(1, paying_off), MOST_TRAINERS)
            self._trainers += [Trainer(i, self._command, self._clock) for i in range(1, n_places)]

    def _lose(self, trainer: Trainer, life: int) -> None:
        with self._lock:
            if not trainer.lives(life):
                return
            runs, questions = trainer.lose()
            self._grow()
        self._on_lost(runs, questions)
