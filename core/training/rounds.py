"""All runs of a worker, trained in turns by one thread; commands are obeyed between two turns."""

import queue
import time
import traceback
from collections.abc import Callable
from functools import partial

import torch

from core.checkpoints import Checkpoints
from core.refusals import SpecError
from core.spec import RunSpec
from core.training import protocol
from core.training.asking import Asking
from core.training.device import release_device_memory, release_memory
from core.training.inbox import END_OF_INPUT, Inbox, Message
from core.training.loader import Loader
from core.training.loop import Experiment
from core.training.news import Loaded, Loading
from core.training.precision import PrecisionError
from core.training.protocol import BadLineError, Command
from core.training.session import Emit, Session
from core.training.vision import VISION, DataError
from core.training.waiting import Waiting

SNAPSHOTS_PER_SECOND = 4.0
SLOWEST_INTERVAL = 0.45
"""Seconds between two snapshots of a run when many share the worker; with the wait for its turn below one."""

SNAPSHOT_SHARE = 0.1
"""Snapshots get rarer when they would take more than this share of the time."""

MAX_REASON = 200
"""Characters of an unexpected error that are written back."""

IDLE_FOR_TESTS = 0.25
"""Share of the idle time, when all runs are throttled, that may be spent on looking at test images."""

TURN_SECONDS = 0.01
ROUND_SECONDS = 0.25
"""A run trains for TURN_SECONDS at a time, or less, so that all runs have had a turn within ROUND_SECONDS."""


class Rounds:
    """All runs of this process, trained in turns by one thread."""

    def __init__(self, inbox: Inbox, device: torch.device, emit: Emit, store: Checkpoints) -> None:
        self._inbox = inbox
        self._device = device
        self._emit = emit
        self._sessions: dict[str, Session] = {}
        self._loader = Loader(device, inbox.commands.put)
        self._waiting = Waiting(emit)
        self._store = store
        self._asking = Asking(store, self._loader, emit)
        self._batch = False
        self._left_behind = False
        self._line = ""

    def warm_up(self) -> None:
        """Read the data and train a little for nothing, so that the first run does not wait for it."""
        experiment = Experiment(RunSpec(), self._device)
        experiment.advance()
        experiment.snapshot(test=True)

    def serve(self) -> None:
        """Take commands and train until the input is over and the runs are done."""
        while not self._over():
            self._rest()
            self._round()
            self._asking.advance(training=any(not each.waiting for each in self._sessions.values()))
        for session in list(self._sessions.values()):
            self._guarded(session.run, partial(session.finish, "stopped"))

    def _round(self) -> None:
        interval = self._interval()
        for session in list(self._sessions.values()):
            self._turn(session, interval)
            self._take_commands(0.0)

    def _over(self) -> bool:
        idle = all(session.waiting for session in self._sessions.values())
        return self._batch and idle and not self._waiting.runs and not self._asking.busy

    def _rest(self) -> None:
        """Wait until there is something to do; a part of the time nobody needs goes to test images."""
        if self._left_behind:
            # Here nothing refers to a run that is over: after a lack of memory the others need it at once.
            self._left_behind = False
            release_memory()
            release_device_memory(self._device)
        started = time.monotonic()
        self._take_commands(self._idle_seconds())
        idle = time.monotonic() - started
        for session in self._sessions.values():
            session.allow_testing(IDLE_FOR_TESTS * idle / len(self._sessions))

    def _turn(self, session: Session, interval: float) -> None:
        due = session.idle_until(interval)
        gone = self._sessions.get(session.run) is not session
        if gone or due is None or due > time.monotonic():
            return
        seconds = min(TURN_SECONDS, ROUND_SECONDS / len(self._sessions))
        # Before the first update, not after it: its snapshot is out before the turn is over.
        self._inbox.trained.set()
        self._guarded(session.run, partial(session.turn, seconds, interval))

    def _interval(self) -> float:
        """Seconds between two snapshots of a run, with all that is going on."""
        cost = sum(session.snapshot_seconds for session in self._sessions.values() if not session.waiting)
        return min(max(1.0 / SNAPSHOTS_PER_SECOND, cost / SNAPSHOT_SHARE), SLOWEST_INTERVAL)

    def _take_commands(self, wait_seconds: float | None) -> None:
        """Obey everything in the inbox; wait so long for the first command, or for ever."""
        try:
            self._obey(self._inbox.commands.get(timeout=wait_seconds))
            while True:
                self._obey(self._inbox.commands.get_nowait())
        except queue.Empty:
            return

    def _idle_seconds(self) -> float | None:
        interval = self._interval()
        wanted = [due for each in self._sessions.values() if (due := each.idle_until(interval)) is not None]
        if self._asking.busy:
            wanted.append(time.monotonic() + self._asking.wait())
        if wanted:
            return max(0.0, min(wanted) - time.monotonic())
        return 0.0 if self._over() else None

    def _obey(self, message: Message) -> None:
        if message is END_OF_INPUT:
            self._batch = True
        elif isinstance(message, Loading):
            self._waiting.tell(message)
        elif isinstance(message, Loaded):
            self._loaded(message)
        else:
            self._command(*message)

    def _command(self, line: str, command: Command | BadLineError) -> None:
        self._line = line
        if isinstance(command, BadLineError):
            self._refuse(str(command))
        elif isinstance(command, protocol.Start):
            self._start(command)
        elif isinstance(command, protocol.Ask):
            self._asking.take(command, self._sessions.get(command.run))
        elif command.run in self._waiting.runs:
            self._waiting.keep(line, command)
        elif (session := self._sessions.get(command.run)) is None or session.ending:
            self._refuse(f"There is no run {protocol.shown(command.run)}: it has not started or has ended.")
        else:
            self._guarded(command.run, lambda: self._apply(session, command))

    def _start(self, command: protocol.Start) -> None:
        if command.run in self._sessions or command.run in self._waiting.runs:
            self._refuse(f"Run {protocol.shown(command.run)} has already started.")
            return

        dataset = command.spec.dataset
        if not self._loader.has(dataset):
            self._waiting.add(self._line, command)
            self._waiting.tell(self._loader.begin(dataset), command.run)
            return

        def begin() -> None:
            images = self._loader.images(command.spec)
            self._sessions[command.run] = Session(command, self._device, self._emit, images, self._store)

        self._guarded(command.run, begin)

    def _loaded(self, news: Loaded) -> None:
        self._loader.settle(news.dataset)
        for run, kept in self._waiting.leave(news.dataset):
            if news.error is None:
                for line, command in kept:
                    self._command(line, command)
            else:
                reason = _why_no_data(news.dataset, news.error)
                self._emit("failed", {"run": run, "reason": reason})

    def _apply(self, session: Session, command: Command) -> None:
        match command:
            case protocol.ChangeLane(lane=lane, fields=fields):
                n_lanes = len(session.spec.lanes)
                if not 0 <= lane < n_lanes:
                    self._refuse(f"lane must be from 0 to {n_lanes - 1}, got '{lane}'.")
                    return
                session.change(lane, fields)
            case protocol.ChangeSpeed(speed=speed):
                session.set_speed(speed)
            case protocol.Step(unit=unit):
                session.step(unit)
            case protocol.Pause():
                session.pause()
            case protocol.Resume():
                session.resume()
            case protocol.Stop():
                session.end("stopped")

    def _guarded(self, run: str, action: Callable[[], None]) -> None:
        """Do something for one run: what goes wrong in it ends that run and no other."""
        try:
            action()
        except SpecError as error:
            self._refuse(str(error))
        except BrokenPipeError:
            raise
        except Exception as error:
            traceback.print_exc()
            self._sessions.pop(run, None)
            self._left_behind = True
            self._emit("failed", {"run": run, "reason": _why(error)})
        if run in self._sessions and self._sessions[run].ended:
            del self._sessions[run]
            self._left_behind = True

    def _refuse(self, message: str) -> None:
        self._emit("error", {"message": message, "line": self._line})


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
