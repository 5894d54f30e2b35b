"""A run's whole state, kept while it trains, so that another process can go on with it."""

import time

from core.checkpoints import Checkpoints, NotKeptError
from core.training.run import Run
from core.training.saved import Saved, UnreadableError, from_bytes, to_bytes

SHARE = 0.01
"""Of a run's training time that may go into keeping its state."""

GAP = 1.0
"""Seconds of the clock between two states of a run, at least."""

FIRST_COST = 0.02
"""Seconds that the first one is taken to cost."""

NAMES = ("state-0.safetensors", "state-1.safetensors")


class Standby:
    """Two files that are written in turn: one of them is always whole.

    The state is kept right after the run was shown, so that nothing between the two is lost.
    """

    def __init__(self, store: Checkpoints, run: str) -> None:
        self._store = store
        self._run = run
        self._trained = 0.0
        self._cost = FIRST_COST
        self._kept_at = 0.0
        self._turn = 0

    def trained(self, seconds: float) -> None:
        """Take in that the run has trained."""
        self._trained += seconds

    def shown(self, run: Run, n_moves: int) -> None:
        """The run was shown as it is now: keep its state if it is time."""
        started = time.perf_counter()
        if self._trained < self._cost / SHARE or time.monotonic() - self._kept_at < GAP:
            return
        try:
            self._store.keep(self._run, NAMES[self._turn], to_bytes(run, n_moves))
        except NotKeptError:
            # The weights are not kept either, which is told; what is lost is computed again.
            return
        self._turn = 1 - self._turn
        self._trained, self._kept_at = 0.0, time.monotonic()
        self._cost = time.perf_counter() - started

    def newest(self, until: int, n_moves: int, twin: str = "") -> Saved | None:
        """The newest state that is not beyond a step and so many moves; None where there is none.

        Args:
            until: the step.
            n_moves: how many.
            twin: an equal run, whose states will do as well; "" where there is none.
        """
        runs = [self._run, *filter(None, [twin])]
        found = [self._read(run, name) for run in runs for name in NAMES]
        fitting = [each for each in found if each and each.step <= until and each.n_moves <= n_moves]
        return max(fitting, key=lambda each: each.step, default=None)

    def drop(self) -> None:
        """The run is over: nobody goes on with it."""
        for name in NAMES:
            self._store.remove(self._run, name)

    def _read(self, run: str, name: str) -> Saved | None:
        try:
            return from_bytes(self._store.read(run, name))
        except (NotKeptError, UnreadableError):
            return None
