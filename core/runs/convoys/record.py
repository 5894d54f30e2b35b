"""What an unmoved run has shown, with the time between, so that equal runs can be shown the same."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from threading import Lock
from typing import NamedTuple

from core.runs.live.history import Thinned
from core.runs.live.moments import Moment
from core.snapshots import Event

RECENT = 64
"""Items that are all kept and in full: 16 s at 4 Hz. Older moments are thinned, as a feed's are."""

LONGEST_GAP = 0.5
"""Seconds that may lie between two items for whoever is shown them later: what held the leader up is not
waited for again."""


class Kept(NamedTuple):
    """The weights of a run at a step were kept."""

    run: str
    step: int


@dataclass(frozen=True)
class Item:
    """One thing that was shown.

    Attributes:
        number: from 0, one more than that of the item before.
        after: seconds since the run began.
    """

    number: int
    after: float
    what: Moment | Event | Kept


class Record:
    """Bounded: what is recent, and of what came before as much as a feed keeps. Thread-safe.

    Args:
        clock: seconds that only go forward.
        points_kept, frames_kept: older moments, and how many of them have frames.
        speed: updates a second of the run, 0 for as fast as possible; where it has few, gaps are longer.

    Attributes:
        heard: called when there is something new, from any thread; must not block.
    """

    def __init__(
        self, clock: Callable[[], float], points_kept: int, frames_kept: int, speed: int = 0
    ) -> None:
        self.heard: Callable[[], None] = lambda: None
        self._clock = clock
        self._longest_gap = max(LONGEST_GAP, 1.5 / speed if speed else 0.0)
        self._lock = Lock()
        self._recent: deque[Item] = deque()
        self._light: Thinned[Item] = Thinned(points_kept)
        self._full: Thinned[Item] = Thinned(frames_kept)
        self._told: dict[int, Item] = {}
        self._past: list[Item] | None = []
        self._next = 0
        self._after = 0.0
        self._heard_at = clock()

    @property
    def next(self) -> int:
        """The number of the item to come."""
        return self._next

    def moment(self, moment: Moment) -> None:
        """Take in a moment that was shown."""
        self._add(moment)

    def event(self, event: Event) -> None:
        """Take in what was told."""
        self._add(event)

    def kept(self, run: str, step: int) -> None:
        """Take in that the weights of a run were kept at a step."""
        self._add(Kept(run, step))

    def since(self, number: int) -> list[Item]:
        """What is there of the items from this number on, oldest first."""
        with self._lock:
            recent = self._recent
            if recent and number >= recent[0].number:
                return list(islice(recent, number - recent[0].number, None))
            past = self._older()
            return [*past[bisect_left(past, number, key=lambda item: item.number) :], *recent]

    def restore(self, past: Sequence[Moment | Event]) -> None:
        """Begin with what a run had shown that a server goes on with, oldest first."""
        with self._lock:
            for what in past:
                self._append(what, LONGEST_GAP)

    def _add(self, what: Moment | Event | Kept) -> None:
        with self._lock:
            now = self._clock()
            self._append(what, min(now - self._heard_at, self._longest_gap))
            self._heard_at = now
        self.heard()

    def _append(self, what: Moment | Event | Kept, gap: float) -> None:
        self._after += gap
        self._recent.append(Item(self._next, self._after, what))
        self._next += 1
        if len(self._recent) > RECENT:
            self._put_away(self._recent.popleft())

    def _put_away(self, item: Item) -> None:
        self._past = None
        if isinstance(item.what, Moment):
            self._light.add(item.number, replace(item, what=item.what.without_frames()))
            self._full.add(item.number, item)
        else:
            self._told[item.number] = item

    def _older(self) -> list[Item]:
        if self._past is None:
            by_number = self._light.numbered() | self._full.numbered() | self._told
            self._past = [by_number[number] for number in sorted(by_number)]
        return self._past
