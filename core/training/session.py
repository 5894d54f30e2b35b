"""One run inside the worker: when it may train, when it is shown, and how it ends."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import torch

from core.checkpoints import Checkpoints
from core.spec import RunSpec
from core.training.data import Images
from core.training.device import release_memory, use_threads
from core.training.inspect.fate import Watches
from core.training.keeping import Keeper
from core.training.loop import Experiment
from core.training.protocol import Start

Emit = Callable[[str, Any], None]
"""Writes one output line: the event's name, and a record or a dict."""

MAX_LAG = 0.5
"""A throttled run that fell behind catches up with at most this many seconds of updates."""


class Session:
    """A run that trains in turns.

    Attributes:
        run: its id.
        ended: whether `finished` has been written.
        snapshot_seconds: what its last snapshot cost, without its looks at test images.
        watches: the weights whose fate is noted whenever it is shown.
    """

    def __init__(
        self, command: Start, device: torch.device, emit: Emit, images: Images, store: Checkpoints
    ) -> None:
        self.run = command.run
        self.ended = False
        self.snapshot_seconds = 0.0
        self.watches = Watches()
        self._emit = emit
        self._keeper = Keeper(store, command.run, emit)
        self._paused = command.paused
        self._steps_left: int | None = None
        self._unseen = False
        self._show_next = True
        self._looking: Iterator[None] | None = None
        self._reason = ""
        self._experiment = Experiment(command.spec, device, command.run, images)
        self.set_speed(command.speed)
        self._show(test=True)

    @property
    def spec(self) -> RunSpec:
        """The run's spec, with the changes made so far."""
        return self._experiment.spec

    @property
    def experiment(self) -> Experiment:
        """What is trained."""
        return self._experiment

    @property
    def waiting(self) -> bool:
        """Whether it is paused, so that only a command makes it go on."""
        return self._paused and self._looking is None

    @property
    def ending(self) -> bool:
        """Whether it trains no more: it has ended, or will when its last look is over."""
        return bool(self._reason)

    def set_speed(self, speed: float) -> None:
        """Go at `speed` updates per second from now on; 0 is as fast as possible."""
        self._speed = speed
        self._next_update = time.monotonic()

    def change(self, lane: int, fields: dict[str, Any]) -> None:
        """Change a lane between two updates and show it, now and after the next update. Raises SpecError."""
        for event in self._experiment.change(lane, **fields):
            self._emit("event", event)
            self._keeper.owed = True
        self._show_next = True
        self._show()

    def pause(self) -> None:
        """Hold the run and show it."""
        if not self._paused:
            self._paused = True
            self._show(test=True)

    def resume(self) -> None:
        """Let the run go on."""
        self._paused, self._steps_left = False, None
        self._next_update = time.monotonic()

    def step(self, unit: str) -> None:
        """Advance by one update or to the end of the epoch, at full speed; then pause and show."""
        self._steps_left = 1 if unit == "update" else self._experiment.steps_to_epoch_end
        self._paused = False

    def allow_testing(self, seconds: float) -> None:
        """Grant time for looking at the test images."""
        self._experiment.allow_looks(seconds)

    def end(self, reason: str) -> None:
        """Show the final state of every lane and finish, at once or in turns."""
        self._reason = self._reason or reason
        self._keeper.keep(self._experiment)
        self._show(test=True)

    def finish(self, reason: str) -> None:
        """End it now, however long its last look takes."""
        self.end(reason)
        while not self.ended:
            self._look_on()

    def turn(self, seconds: float, interval: float) -> None:
        """Train for about `seconds`; show the run if the last time was `interval` seconds ago.

        A look at test images that has begun is taken to its end first: the weights must not move under it.
        """
        use_threads(self._experiment.image_size)
        started = time.monotonic()
        until = started + seconds
        while self._looking or self._may_update():
            self._look_on() if self._looking else self._update()
            if time.monotonic() >= until:
                break
        if self.ending:
            return
        self._keeper.trained(time.monotonic() - started, self._experiment)
        if self._unseen and time.monotonic() >= self._shown_at + interval:
            self._show()

    def idle_until(self, interval: float) -> float | None:
        """The next moment it wants a turn (monotonic clock); None when only a command can bring one."""
        if self._looking:
            return time.monotonic()
        if self._paused or self.ending:
            return None
        due = time.monotonic() if self._steps_left or not self._speed else self._next_update
        return min(due, self._shown_at + interval) if self._unseen else due

    def _may_update(self) -> bool:
        if self._paused or self.ending:
            return False
        return bool(self._steps_left or not self._speed or time.monotonic() >= self._next_update)

    def _update(self) -> None:
        for event in self._experiment.advance():
            self._emit("event", event)
            self._keeper.owed = True
        self._unseen = True
        if self._speed:
            earliest = time.monotonic() - MAX_LAG
            self._next_update = max(self._next_update + 1.0 / self._speed, earliest)
        if self._steps_left:
            self._steps_left -= 1
            self._paused = self._steps_left == 0
        if self._experiment.done:
            self.end("diverged" if self._experiment.diverged else "done")
        elif self._show_next or self._paused:
            self._show_next = False
            self._show(test=self._paused)
            release_memory()

    def _show(self, test: bool = False) -> None:
        """Show every lane; first look at the test images if that is due: many of them take several turns."""
        use_threads(self._experiment.image_size)
        if self._looking is None and (test or self._experiment.exam.due):
            self._looking = self._experiment.testing()
        self._look_on()

    def _look_on(self) -> None:
        """Go on with the look at the test images, up to its next rest; after it, show every lane."""
        for _ in self._looking or ():
            return
        self._looking = None
        started = time.monotonic()
        snapshots, events = self._experiment.snapshot()
        for event in events:
            self._emit("event", event)
        for snapshot in snapshots:
            self._emit("snapshot", snapshot)
        self.watches.look(self._experiment)
        self._unseen = False
        self._shown_at = time.monotonic()
        self.snapshot_seconds = self._shown_at - started
        if self.ending:
            self._emit("finished", {"run": self.run, "reason": self._reason})
            self.ended = True
