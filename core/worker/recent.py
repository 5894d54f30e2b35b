"""The states at which a run was shown lately, in memory: equal runs that leave it begin there."""

from collections import deque
from typing import Self

from core.training.run import Run
from core.training.saved import Saved, from_bytes, to_bytes

FRESH = 8
"""Of the newest states all are kept: whoever follows was shown one of them, unless they started later."""

STRIDE = 4
"""Of older ones every fourth: from there it is a second of training at most."""

MOST_BYTES = 32_000_000
"""Of the older ones together; of a small network 17 states, 17 s of them."""


class Recent:
    """Nothing is kept of a run that was moved: no equal one is shown that."""

    def __init__(self) -> None:
        self._fresh: deque[tuple[int, int, bytes]] = deque()
        self._older: deque[tuple[int, int, bytes]] = deque()
        self._n_shown = 0

    @classmethod
    def after(cls, other: "Recent | None") -> Self:
        """What an equal run has, to be gone on with."""
        made = cls()
        if other is not None:
            made._fresh, made._older = other._fresh.copy(), other._older.copy()
            made._n_shown = other._n_shown
        return made

    def shown(self, run: Run) -> None:
        """The run was shown as it is now."""
        self._fresh.append((self._n_shown, run.step, to_bytes(run, 0)))
        self._n_shown += 1
        if len(self._fresh) <= FRESH:
            return
        number, step, data = self._fresh.popleft()
        if number % STRIDE == 0:
            self._older.append((number, step, data))
        while sum(len(data) for *_, data in self._older) > MOST_BYTES:
            self._older.popleft()

    def newest(self, until: int) -> Saved | None:
        """The newest state that is not beyond a step; None where there is none."""
        fitting = [(step, data) for _, step, data in (*self._older, *self._fresh) if step <= until]
        return from_bytes(max(fitting)[1]) if fitting else None
