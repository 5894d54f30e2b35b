"""A run as the worker holds it: when it may train, when it is shown, and how it ends."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from core.checkpoints import Checkpoints
from core.data.device import release_memory
from core.data.images import Images
from core.inspect.fate import Watches
from core.refusals import SpecError
from core.spec import Move, Moved, RunSpec
from core.training.pieces import Pieces
from core.training.run import Run
from core.worker.keeping import Keeper
from core.worker.protocol import Order, Start, Stop
from core.worker.recent import Recent
from core.worker.reliving import Reliving
from core.worker.standby import Standby

Emit = Callable[[str, Any], None]
"""Writes one output line: the event's name, and a record or a dict."""

MAX_LAG = 0.5
"""A throttled run that fell behind catches up with at most this many seconds of updates."""


class Job:
    """A run that trains in turns.

    One that was shown before, in another process, first comes to where it was, unseen and at full speed: from
    its last kept state, or from its start, with the moves that were made. What it is told meanwhile waits.

    Attributes:
        id: of its run.
        share: of the time, in which it trains.
        run: what is trained.
        ended: whether `finished` has been written.
        snapshot_seconds: what its last snapshot cost, without its looks at validation images.
        watches: the weights whose fate is noted whenever it is shown.
        recent: the states at which it was shown lately, where equal runs follow it.
    """

    def __init__(
        self,
        command: Start,
        device: torch.device,
        emit: Emit,
        images: Images,
        store: Checkpoints,
        twin: "Job | None" = None,
    ) -> None:
        self.id = command.run
        self.share = command.share
        self.ended = False
        self.snapshot_seconds = 0.0
        self.watches = Watches()
        self._emit = emit
        self._keeper = Keeper(store, command.run, emit)
        self._paused = command.paused
        self._steps_left: int | None = None
        self._unseen = False
        self._show_next = True
        self._looking: list[Pieces[None]] = []
        self._reason = ""
        self._standby = Standby(store, command.run)
        self._planned = deque(command.planned)
        self._n_moves = len(command.moves)
        states = twin.recent if twin is not None else None
        self.recent: Recent | None = Recent.after(states) if command.followed else None
        self._later: list[Order] = []
        self._reliving: Reliving | None = None
        self._shown_at = time.monotonic()
        self.set_speed(command.speed)
        if command.until is None:
            self.run = Run(command.spec, device, command.run, images)
            self._show(asked=True)
            return
        kept = self._standby.newest(command.until, self._n_moves, command.twin)
        if states is not None and (fresh := states.newest(command.until)) is not None:
            kept = fresh if kept is None or fresh.step > kept.step else kept
        self.run = (
            Run(command.spec, device, command.run, images)
            if kept is None
            else kept.run(device, command.run, images)
        )
        self._reliving = Reliving(self.run, command.until, command.moves[kept.n_moves if kept else 0 :])
        self._shows_there = command.branch
        self._arrive()

    @property
    def spec(self) -> RunSpec:
        """The run's spec, with the changes made so far."""
        return self.run.spec

    @property
    def resuming(self) -> bool:
        """Whether it is on its way to where it was shown last."""
        return self._reliving is not None

    @property
    def waiting(self) -> bool:
        """Whether it is paused, so that only a command makes it go on."""
        return self._paused and not self._looking and not self.resuming

    @property
    def ending(self) -> bool:
        """Whether it trains no more: it has ended, or will when its last look is over."""
        return bool(self._reason)

    def obey(self, order: Order) -> None:
        """Do what it is told, or, on its way to where it was, once it is there. Raises SpecError."""
        if not self.resuming:
            order.obeyed_by(self)
        elif isinstance(order, Stop):
            # What it would show now is older than what was shown.
            self._finish("stopped")
        else:
            self._later.append(order)

    def set_speed(self, speed: float) -> None:
        """Go at `speed` updates per second from now on; 0 is as fast as possible."""
        self._speed = speed
        self._next_update = time.monotonic()

    def change(self, lane: int, move: Move) -> None:
        """Change a lane between two updates and show it, now and after the next update. Raises SpecError."""
        events = self.run.change(lane, move)
        made = Moved(step=self.run.step, lane=lane, move=move)
        self._n_moves += 1
        self.recent = None
        self._emit("moved", {"run": self.id, **made.to_dict()})
        for event in events:
            self._emit("event", event)
            self._keeper.owed = True
        self._show_next = True
        self._show()

    def pause(self) -> None:
        """Hold the run and show it."""
        if not self._paused:
            self._paused = True
            self._show(asked=True)

    def resume(self) -> None:
        """Let the run go on."""
        self._paused, self._steps_left = False, None
        self._next_update = time.monotonic()

    def step(self, unit: str) -> None:
        """Advance by one update or to the end of the epoch, at full speed; then pause and show."""
        self._steps_left = 1 if unit == "update" else self.run.steps_to_epoch_end
        self._paused = False

    def be_followed(self, followed: bool) -> None:
        """Keep the states at which it is shown from now on, for equal runs to begin with; or let them go."""
        if not followed or self._n_moves:
            self.recent = None
        elif self.recent is None:
            self.recent = Recent()

    def allow_looks(self, seconds: float) -> None:
        """Grant time for looking at the validation images."""
        self.run.allow_looks(seconds)

    def end(self, reason: str) -> None:
        """Show the final state of every lane and finish, at once or in turns."""
        self._reason = self._reason or reason
        self._keeper.keep(self.run)
        self._show(asked=True)

    def finish(self, reason: str) -> None:
        """End it now, however long its last look takes."""
        if self.resuming:
            self._finish(reason)
            return
        self.end(reason)
        while not self.ended:
            self._look_on()

    def turn(self, seconds: float, interval: float) -> None:
        """Train for about `seconds`; show the run if the last time was `interval` seconds ago.

        A look at images that has begun is taken to its end first: the weights must not move under it.
        """
        started = time.monotonic()
        until = started + seconds
        while self._looking or self._may_update():
            if self._looking:
                self._look_on()
            elif self._reliving is not None:
                self._relive(self._reliving)
            else:
                self._update()
            if time.monotonic() >= until:
                break
        if self.ending:
            return
        seconds = time.monotonic() - started
        self._standby.trained(seconds)
        if not self.resuming:
            self._keeper.trained(seconds, self.run)
        # A look that has begun shows the run at its end, a piece a turn.
        if self._unseen and not self._looking and time.monotonic() >= self._shown_at + interval:
            self._show()

    def idle_until(self, interval: float) -> float | None:
        """The next moment it wants a turn (monotonic clock); None when only a command can bring one."""
        if self._looking or self.resuming:
            return time.monotonic()
        if self._paused or self.ending:
            return None
        due = time.monotonic() if self._steps_left or not self._speed else self._next_update
        return min(due, self._shown_at + interval) if self._unseen else due

    def _relive(self, reliving: Reliving) -> None:
        """Make an update again. What was said of it before is not said twice."""
        for event in reliving.advance():
            self._emit("event", event)
        self._arrive()

    def _arrive(self) -> None:
        """Where it was, it says so, and does what it was told on the way."""
        if self._reliving is None or not self._reliving.over:
            return
        kept, self._reliving = self._reliving.from_step, None
        self._emit("resumed", {"run": self.id, "step": self.run.step, "kept": kept})
        if self._shows_there:
            # There the other run was shown, not this one.
            self._show(asked=True)
        self._next_update = time.monotonic()
        if self.run.done:
            # Its last moment was shown, and nobody heard that it was the last.
            self._end_of_training()
            return
        for order in self._later:
            with self._complained():
                order.obeyed_by(self)
        self._later.clear()

    def _end_of_training(self) -> None:
        self.end("diverged" if self.run.diverged else "done")

    def _make_planned(self) -> None:
        """The moves that are due now; one that this lane's penalty refuses is left out."""
        while self._planned and self._planned[0].step <= self.run.step and not self.ending:
            planned = self._planned.popleft()
            with self._complained():
                self.change(planned.lane, planned.move)

    @contextmanager
    def _complained(self) -> Iterator[None]:
        try:
            yield
        except SpecError as error:
            self._emit("error", {"message": str(error), "line": ""})

    def _may_update(self) -> bool:
        if self.resuming:
            return not self.ended
        if self._paused or self.ending:
            return False
        return bool(self._steps_left or not self._speed or time.monotonic() >= self._next_update)

    def _update(self) -> None:
        self._make_planned()
        for event in self.run.advance():
            self._emit("event", event)
            self._keeper.owed = True
        self._unseen = True
        if self._speed:
            earliest = time.monotonic() - MAX_LAG
            self._next_update = max(self._next_update + 1.0 / self._speed, earliest)
        if self._steps_left:
            self._steps_left -= 1
            self._paused = self._steps_left == 0
        if self.run.done:
            self._end_of_training()
        elif self._show_next or self._paused:
            self._show_next = False
            self._show(asked=self._paused)
            release_memory()

    def _show(self, asked: bool = False) -> None:
        """Show every lane; first take the looks that are due: at many images they take several turns."""
        if asked:
            # A look that has begun at these weights is not asked how near they are to an optimum.
            self._looking.append(self.run.looking(asked=True))
        elif not self._looking and self.run.exam.due:
            self._looking.append(self.run.looking(asked=False))
        self._look_on()

    def _look_on(self) -> None:
        """Go on with the look at the validation images, up to its next rest; after it, show every lane."""
        while self._looking:
            if not self._looking[0].advance():
                return
            del self._looking[0]
        started = time.monotonic()
        snapshots, events = self.run.snapshot()
        for event in events:
            self._emit("event", event)
        for snapshot in snapshots:
            self._emit("snapshot", snapshot)
        self.watches.look(self.run)
        if not self.ending:
            self._standby.shown(self.run, self._n_moves)
            if self.recent is not None:
                self.recent.shown(self.run)
        self._unseen = False
        self._shown_at = time.monotonic()
        self.snapshot_seconds = self._shown_at - started
        if self.ending:
            self._finish(self._reason)

    def _finish(self, reason: str) -> None:
        self._reason = reason
        self._standby.drop()
        self._emit("finished", {"run": self.id, "reason": reason})
        self.ended = True
