"""A place in the pool: the command of a trainer, and its process while there is one."""

import logging
import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from core.runs.trainers.process import Message, TrainerProcess

log = logging.getLogger(__name__)

TrainerState = Literal["off", "starting", "ready", "lost", "refused"]

STEADY_SECONDS = 10.0
"""A trainer that lived so long died by accident: it may be started again at once."""

LONGEST_WAIT = 30.0
"""Seconds between two starts of a trainer that keeps dying at once."""

SILENT_SECONDS = 20.0
"""Without a beat for so long, a trainer gets nothing new to do, and who waits for it is told."""

HUNG_SECONDS = 60.0
"""Without a beat for so long, it is replaced."""

ENDED_KNOWN = 200
"""Ended runs of a trainer about which it is still the first to be asked."""


class Trainer:
    """Not thread-safe: the pool holds its lock around every call but `close`.

    Args:
        number: of its place, from 0; its process is told.
        command: what to run.
        clock: seconds that only go forward.

    Attributes:
        state: `off` before it was started and after it was ended, `starting` until it says hello, `lost`
            after it died, `refused` for good where it is of another version.
        device: what it trains on, for a person.
        runs: the ids of those it has.
        ended: of those it had last.
        questions: the ids of those it has not answered.
        silence: seconds in which the server was there and heard no beat; -inf before the first, from which on
            there is one each second.
        since: when it was started, had its last run end, or its last question answered.
    """

    def __init__(self, number: int, command: Sequence[str], clock: Callable[[], float]) -> None:
        self.state: TrainerState = "off"
        self.device = ""
        self.runs: set[str] = set()
        self.ended: deque[str] = deque(maxlen=ENDED_KNOWN)
        self.questions: set[str] = set()
        self.silence = -math.inf
        self.since = 0.0
        self._number = number
        self._command = command
        self._clock = clock
        self._process: TrainerProcess | None = None
        self._started = 0.0
        self._wait = 0.0
        self._life = 0

    @property
    def pid(self) -> int | None:
        """The process id; None while there is no process."""
        return self._process.pid if self._process is not None else None

    @property
    def alive(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    @property
    def startable(self) -> bool:
        """Whether there is no process, and it is time for one."""
        rested = self.state == "off" or (self.state == "lost" and self.age >= self._wait)
        return not self.alive and rested

    @property
    def age(self) -> float:
        """Seconds since its last start."""
        return self._clock() - self._started

    @property
    def silent(self) -> bool:
        """Whether it may be hung."""
        return self.alive and self.silence >= SILENT_SECONDS

    @property
    def hung(self) -> bool:
        """Whether it is to be replaced."""
        return self.alive and self.silence >= HUNG_SECONDS

    @property
    def busy(self) -> bool:
        """Whether it has a run or a question."""
        return bool(self.runs or self.questions)

    def start(self, on_message: Callable[[int, Message], None], on_exit: Callable[[int], None]) -> None:
        """Start its process; both are called from a thread of that, with the number of this `life`."""
        self._life += 1
        self.state, self.silence = "starting", -math.inf
        self._started = self.since = self._clock()
        life, settings = self._life, {"SPARSITY_LAB_TRAINER": str(self._number)}
        try:
            self._process = TrainerProcess(
                self._command, lambda said: on_message(life, said), lambda: on_exit(life), settings
            )
        except OSError:
            log.exception("trainer %d cannot be started", self._number)
            self.state = "lost"
            self._wait = LONGEST_WAIT

    def lives(self, life: int) -> bool:
        """Whether this is its process now."""
        return self.alive and life == self._life

    def greet(self, hello: Message) -> None:
        """Take in that it is ready."""
        self.state = "ready"
        self.device = f"{str(hello['device']).upper()} · {hello['name']}"
        log.info("trainer %d ready on %s, torch %s", self._number, self.device, hello.get("torch"))

    def beat(self) -> None:
        """Take in that it is alive."""
        if self.silent:
            log.warning("trainer %d (process %s) is heard again", self._number, self.pid)
        self.silence = 0.0

    def wait(self, seconds: float) -> None:
        """Take in that the server was there for so long: a beat in it has been heard."""
        was_silent = self.silent
        self.silence += seconds
        if self.silent and not was_silent:
            log.warning("trainer %d (process %s) is silent", self._number, self.pid)

    def refuse(self, why: str) -> None:
        """Have nothing to do with it."""
        log.error("trainer %d (%s) is refused: %s", self._number, " ".join(self._command), why)
        process = self.end()
        if process is not None:
            process.end_input()
        self.state = "refused"

    def send(self, message: Mapping[str, Any]) -> None:
        """Hand a message to its process."""
        if self._process is not None:
            self._process.send(message)

    def finish(self, run: str) -> None:
        """Take in that it has no longer this run."""
        if run in self.runs:
            self.runs.remove(run)
            self.ended.append(run)
            self.since = self._clock()

    def answered(self, question: str) -> None:
        """Take in that it has said all it will to a question."""
        self.questions.discard(question)
        self.since = self._clock()

    def lose(self) -> tuple[set[str], set[str]]:
        """Its process is gone: the runs and the questions it had."""
        log.error("trainer %d (process %s) ended after %.0f s", self._number, self.pid, self.age)
        self.state, self._process = "lost", None
        self._wait = 0.0 if self.age >= STEADY_SECONDS else min(max(2 * self._wait, 1.0), LONGEST_WAIT)
        return self._let_go()

    def give_up(self) -> tuple[set[str], set[str]]:
        """Kill its process, which has hung: the runs and the questions it had."""
        log.error("trainer %d (process %s) has hung and is killed", self._number, self.pid)
        if self._process is not None:
            self._process.kill()
        return self.lose()

    def end(self) -> TrainerProcess | None:
        """Have no process from now on; it is handed over to be closed."""
        process, self._process = self._process, None
        self.state = "off"
        self._let_go()
        return process

    def _let_go(self) -> tuple[set[str], set[str]]:
        had = self.runs, self.questions
        self.runs, self.questions = set(), set()
        self.ended.clear()
        return had
