"""All runs of a worker, trained in turns of equal time; commands are obeyed between two turns."""

import queue
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from core.checkpoints import Checkpoints
from core.data.device import release_device_memory, release_memory
from core.data.loader import Loaded, Loader, Loading
from core.data.vision import VISION, DataError
from core.maths.precision import PrecisionError
from core.refusals import SpecError, shown
from core.spec import RunSpec
from core.training.run import Run
from core.worker.asking import Asking
from core.worker.inbox import Inbox, Message
from core.worker.job import Emit, Job
from core.worker.protocol import Ask, BadLineError, Line, Order, Start, Withdraw
from core.worker.shares import Shares
from core.worker.waiting import Waiting

SNAPSHOTS_PER_SECOND = 4.0
SLOWEST_INTERVAL = 0.45
"""Seconds between two snapshots of a run when many share the worker; with the wait for its turn below one."""

SNAPSHOT_SHARE = 0.1
"""Snapshots get rarer when they would take more than this share of the time."""

MAX_REASON = 200
"""Characters of an unexpected error that are written back."""

IDLE_FOR_LOOKS = 0.25
"""Share of the idle time, when all runs are throttled, that may be spent on looking at validation images."""

TURN_SECONDS = 0.01
ROUND_SECONDS = 0.25
"""A share trains for TURN_SECONDS at a time, or less, so that all have had a turn within ROUND_SECONDS."""


class Rounds:
    """All runs of this process, trained in turns by one thread."""

    def __init__(self, inbox: Inbox, device: torch.device, emit: Emit, store: Checkpoints) -> None:
        self._inbox = inbox
        self._device = device
        self._emit = emit
        self._jobs: dict[str, Job] = {}
        self._shares = Shares()
        self._loader = Loader(device, inbox.commands.put)
        self._waiting = Waiting(emit)
        self._store = store
        self._asking = Asking(store, self._loader, emit)
        self._batch = False
        self._left_behind = False

    def warm_up(self) -> None:
        """Read the data and train a little for nothing, so that the first run does not wait for it."""
        run = Run(RunSpec(), self._device)
        run.advance()
        run.snapshot(asked=True)

    def serve(self) -> None:
        """Take commands and train until the input is over and the runs are done."""
        while not self._over():
            self._rest()
            self._round()
            self._asking.advance(training=any(not each.waiting for each in self._jobs.values()))
        for job in list(self._jobs.values()):
            with self._guarded(job.id):
                job.finish("stopped")

    def _round(self) -> None:
        interval = self._interval()
        waiting: dict[str, list[Job]] = {}
        for job in self._jobs.values():
            if (due := job.idle_until(interval)) is not None and due <= time.monotonic():
                waiting.setdefault(job.share, []).append(job)
        seconds = min(TURN_SECONDS, ROUND_SECONDS / max(1, len(waiting)))
        for share in self._shares.turns(waiting, seconds):
            for job in waiting[share]:
                self._turn(job, seconds / len(waiting[share]), interval)
                self._take_commands(0.0)

    def _over(self) -> bool:
        idle = all(job.waiting for job in self._jobs.values())
        return self._batch and idle and not self._waiting.runs and not self._asking.busy

    def _rest(self) -> None:
        """Wait until there is something to do; a part of the time nobody needs goes to validation images."""
        if self._left_behind:
            # Here nothing refers to a run that is over: after a lack of memory the others need it at once.
            self._left_behind = False
            release_memory()
            release_device_memory(self._device)
        started = time.monotonic()
        self._take_commands(self._idle_seconds())
        idle = time.monotonic() - started
        for job in self._jobs.values():
            job.allow_looks(IDLE_FOR_LOOKS * idle / len(self._jobs))

    def _turn(self, job: Job, seconds: float, interval: float) -> None:
        due, started = job.idle_until(interval), time.monotonic()
        gone = self._jobs.get(job.id) is not job
        if gone or due is None or due > started:
            return
        # Before the first update, not after it: its snapshot is out before the turn is over.
        self._inbox.trained.set()
        with self._guarded(job.id):
            job.turn(seconds, interval)
        self._shares.take(job.share, time.monotonic() - started)

    def _interval(self) -> float:
        """Seconds between two snapshots of a run, with all that is going on."""
        cost = sum(job.snapshot_seconds for job in self._jobs.values() if not job.waiting)
        return min(max(1.0 / SNAPSHOTS_PER_SECOND, cost / SNAPSHOT_SHARE), SLOWEST_INTERVAL)

    def _take_commands(self, wait_seconds: float | None) -> None:
        """Obey everything in the inbox; wait so long for the first command, or for ever."""
        try:
            self._obey(self._inbox.next(wait_seconds))
            while True:
                self._obey(self._inbox.commands.get_nowait())
        except queue.Empty:
            return

    def _idle_seconds(self) -> float | None:
        interval = self._interval()
        wanted = [due for each in self._jobs.values() if (due := each.idle_until(interval)) is not None]
        if self._asking.busy:
            wanted.append(time.monotonic() + self._asking.wait())
        if wanted:
            return max(0.0, min(wanted) - time.monotonic())
        return 0.0 if self._over() else None

    def _obey(self, message: Message) -> None:
        match message:
            case None:
                self._batch = True
            case Loading():
                self._waiting.tell(message)
            case Loaded():
                self._loaded(message)
            case Line(command=BadLineError(asked=(id, run)) as error):
                self._asking.refuse(id, run, str(error))
            case Line(command=BadLineError() as error):
                self._refuse(message, str(error))
            case Line(command=Ask() as ask):
                self._asking.take(ask, self._jobs.get(ask.run), self._jobs.get(ask.twin))
            case Line(command=Withdraw() as withdrawn):
                self._asking.withdraw(withdrawn.id)
            case Line(command=Start() as start):
                self._start(message, start)
            case Line(command=Order() as order):
                self._steer(message, order)

    def _steer(self, line: Line, order: Order) -> None:
        if order.run in self._waiting.runs:
            self._waiting.keep(line, order)
        elif (job := self._jobs.get(order.run)) is None or job.ending:
            self._refuse(line, f"There is no run {shown(order.run)}: it has not started or has ended.")
        else:
            with self._guarded(order.run):
                try:
                    job.obey(order)
                except SpecError as error:
                    self._refuse(line, str(error))

    def _start(self, line: Line, start: Start) -> None:
        dataset = start.spec.dataset
        if start.run in self._jobs or start.run in self._waiting.runs:
            self._refuse(line, f"Run {shown(start.run)} has already started.")
        elif not self._loader.has(dataset):
            self._waiting.add(line, start)
            self._waiting.tell(self._loader.begin(dataset), start.run)
        else:
            with self._guarded(start.run):
                images = self._loader.images(start.spec)
                twin = self._jobs.get(start.twin)
                self._jobs[start.run] = Job(start, self._device, self._emit, images, self._store, twin)

    def _loaded(self, news: Loaded) -> None:
        self._loader.settle(news.dataset)
        for run, kept in self._waiting.leave(news.dataset):
            if news.error is None:
                for line in kept:
                    self._obey(line)
            else:
                reason = _why_no_data(news.dataset, news.error)
                self._emit("failed", {"run": run, "reason": reason})

    @contextmanager
    def _guarded(self, run: str) -> Iterator[None]:
        """What goes wrong inside ends this run and no other."""
        try:
            yield
        except BrokenPipeError:
            raise
        except Exception as error:
            traceback.print_exc()
            self._jobs.pop(run, None)
            self._left_behind = True
            self._emit("failed", {"run": run, "reason": _why(error)})
        if run in self._jobs and self._jobs[run].ended:
            del self._jobs[run]
            self._left_behind = True

    def _refuse(self, line: Line, message: str) -> None:
        self._emit("error", {"message": message, "line": line.text})


def _why_no_data(dataset: str, error: Exception) -> str:
    if isinstance(error, DataError):
        return str(error)
    if _out_of_memory(error):
        return f"The device has not enough memory for {VISION[dataset].title}: choose digits."
    return _why(error)


def _out_of_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def _why(error: Exception) -> str:
    if isinstance(error, PrecisionError | DataError):
        return str(error)
    if _out_of_memory(error):
        return "The device has not enough memory for this run: choose a smaller batch or fewer lanes."
    first = next(iter(str(error).splitlines()), "")[:MAX_REASON]
    return (
        f"The trainer stopped on an unexpected {type(error).__name__}: {first.rstrip('.') or 'no message'}."
    )
