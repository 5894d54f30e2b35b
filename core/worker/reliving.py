"""What a run has to do again before it goes on: its updates up to a step, and the moves made in it."""

from collections import deque
from collections.abc import Iterable

from core.snapshots import Event
from core.spec import Moved
from core.training.run import Run


class Reliving:
    """A run on its way to where it was shown last, with nobody watching.

    Args:
        run: as it was kept, or at its start.
        until: the step it was shown at last.
        moves: those to be made again, in their order; some may have come after that step.
    """

    def __init__(self, run: Run, until: int, moves: Iterable[Moved]) -> None:
        self.from_step = run.step
        self._run = run
        self._until = until
        self._moves = deque(moves)
        self._make()

    @property
    def over(self) -> bool:
        """Whether the run is where it was, its moves made."""
        return not self._moves and self._run.step >= self._until

    def advance(self) -> list[Event]:
        """Make an update again; what went wrong in it, where that was not shown before."""
        events = self._run.advance()
        self._make()
        return events if self._run.step > self._until else []

    def _make(self) -> None:
        while self._moves and self._moves[0].step <= self._run.step:
            made = self._moves.popleft()
            self._run.change(made.lane, made.move)
