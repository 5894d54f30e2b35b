"""Work done a piece at a time, so that others train in between, and the time that it may take."""

import math
import time
from collections.abc import Generator
from typing import Generic, TypeVar

Found = TypeVar("Found")

Work = Generator[None, None, Found]
"""It rests where others may have their turn, and returns what it found."""

MOST_SAVED = 0.5
"""Seconds of an allowance that may be saved up."""


class Allowance:
    """The time that work beside the training may take; the last piece may overdraw it.

    Args:
        seconds: at the start.
        most: as much as may be saved up.
        pace: the seconds that each second of the clock adds.
    """

    def __init__(self, seconds: float = 0.0, most: float = MOST_SAVED, pace: float = 0.0) -> None:
        self._seconds = seconds
        self._most = most
        self._pace = pace
        self._counted = time.perf_counter()

    @property
    def left(self) -> float:
        """Seconds; below zero while more was spent than granted."""
        since = time.perf_counter() - self._counted
        return min(self._seconds + self._pace * since, self._most)

    def grant(self, seconds: float) -> None:
        """Add time: of the training time, or of the time when nobody trains."""
        self._seconds = self.left + seconds
        self._counted = time.perf_counter()

    def spend(self, seconds: float) -> None:
        """Take off what a piece has taken."""
        self.grant(-seconds)

    def wait(self) -> float:
        """Seconds of the clock until nothing is overdrawn."""
        overdrawn = max(0.0, -self.left)
        if not overdrawn:
            return 0.0
        return overdrawn / self._pace if self._pace else math.inf


class Pieces(Generic[Found]):
    """One work, piece by piece.

    Attributes:
        over: whether it is done.
        found: what it found, once it is over.
    """

    found: Found

    def __init__(self, work: Work[Found]) -> None:
        self._work = work
        self.over = False

    def advance(self, allowance: Allowance | None = None) -> bool:
        """Do the next piece, at the cost of an allowance; whether it was the last."""
        started = time.perf_counter()
        try:
            next(self._work)
        except StopIteration as end:
            self.found, self.over = end.value, True
        if allowance is not None:
            allowance.spend(time.perf_counter() - started)
        return self.over

    def resting(self, allowance: Allowance | None = None) -> Work[Found]:
        """Do it to the end as a part of other work: that rests where this one rests."""
        while not self.advance(allowance):
            yield
        return self.found

    def finish(self) -> Found:
        """Do it to the end without a rest."""
        while not self.advance():
            pass
        return self.found
