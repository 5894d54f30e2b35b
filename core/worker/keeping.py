"""When a run's weights are kept: after a while of training, when something happens, and at the end."""

import time
from collections.abc import Callable
from typing import Any

from core.checkpoints import Checkpoints, NotKeptError, moment_name
from core.inspect.moment import finite, to_file
from core.training.run import Run

TRAINING_SECONDS = 30.0
"""Of a run's own training between two of its checkpoints."""

EVENT_GAP = 1.0
"""Seconds between two checkpoints for events: who drags λ makes ten changes a second."""

KEPT_PER_RUN = 24
"""Moments of one run; then the one whose neighbours are closest goes, never the first or the last."""


class Keeper:
    """Keeps the weights of one run.

    Attributes:
        owed: something happened and the weights are to be kept soon.
    """

    def __init__(self, store: Checkpoints, run: str, emit: Callable[[str, Any], None]) -> None:
        self.owed = False
        self._store = store
        self._run = run
        self._emit = emit
        self._trained = 0.0
        self._kept_at = 0.0
        self._kept_step = -1
        self._said = ""

    def trained(self, seconds: float, run: Run) -> None:
        """Take in that the run has trained; keep its weights if it is time."""
        self._trained += seconds
        rested = time.monotonic() - self._kept_at >= EVENT_GAP
        if self._trained >= TRAINING_SECONDS or (self.owed and rested):
            self.keep(run)

    def keep(self, run: Run) -> None:
        """Keep the weights as they are; a failure is told once, and the training goes on."""
        self.owed, self._trained, self._kept_at = False, 0.0, time.monotonic()
        step, nets = run.step, [lane.net for lane in run.lanes]
        if step == self._kept_step or not any(map(finite, nets)):
            return
        try:
            data = to_file(run.spec, step, nets, [lane.reach for lane in run.lanes])
            self._store.keep(self._run, moment_name(step), data)
        except NotKeptError as error:
            self._complain(f"{error} The training goes on.")
            return
        self._kept_step, self._said = step, ""
        self._emit("checkpoint", {"run": self._run, "step": step, "bytes": len(data)})
        self._thin()

    def _complain(self, text: str) -> None:
        if text != self._said:
            self._said = text
            self._emit("unkept", {"run": self._run, "message": text})

    def _thin(self) -> None:
        steps = self._store.steps(self._run)
        if len(steps) > KEPT_PER_RUN and not self._store.pinned(self._run):
            gaps = [after - before for before, after in zip(steps, steps[2:], strict=False)]
            self._store.remove(self._run, moment_name(steps[1 + gaps.index(min(gaps))]))
