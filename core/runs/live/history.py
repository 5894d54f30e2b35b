"""A run's past in bounded memory: when it grows too long, every other moment goes."""

from collections.abc import Sequence
from math import gcd
from typing import Generic, TypeVar

from core.snapshots import Snapshot
from core.spec import RunSpec

T = TypeVar("T")

TAIL = 24
"""Snapshots of each lane that the sentence "what just happened" may look back on."""

TAIL_GAP = 20
"""Updates between two of them, at least: TAIL of them span what `describe` looks back on."""


class Thinned(Generic[T]):
    """At most `limit` of the items added, evenly spread, and always the last one.

    Items are numbered from 0. Those whose number is a multiple of `stride` stay; `stride` doubles
    whenever they are more than `limit`.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: dict[int, T] = {}
        self._last: tuple[int, T] | None = None
        self.stride = 1

    def wants(self, number: int) -> bool:
        """Whether an item of this number would stay."""
        return number % self.stride == 0

    def add(self, number: int, item: T) -> bool:
        """Take an item; tells whether older ones were dropped for it."""
        self._last = (number, item)
        if not self.wants(number):
            return False
        self._kept[number] = item
        if len(self._kept) <= self._limit:
            return False
        self.stride *= 2
        self._kept = {n: kept for n, kept in self._kept.items() if self.wants(n)}
        return True

    def restore(self, items: Sequence[tuple[int, T]]) -> None:
        """Take over what a store has kept, oldest first."""
        self._kept = dict(items)
        self._last = items[-1] if items else None
        # The last may stand between two: an ended run keeps it.
        self.stride = max(gcd(*list(self._kept)[:-1]), 1)

    def holds(self, number: int) -> bool:
        """Whether the item of this number has stayed."""
        return number in self._kept

    def kept(self) -> list[T]:
        """What stayed, oldest first."""
        return list(self._kept.values())

    def numbered(self) -> dict[int, T]:
        """What stayed by its number, and the last one."""
        return self._kept | dict([self._last] if self._last is not None else [])

    def items(self) -> list[T]:
        """What stayed, oldest first, and the last one."""
        items = self.kept()
        if self._last is not None and self._last[0] not in self._kept:
            items.append(self._last[1])
        return items


class Tail:
    """Each lane's latest snapshots, without histograms and kernels, for the sentence."""

    def __init__(self, spec: RunSpec) -> None:
        self.lanes: list[list[Snapshot]] = [[] for _ in spec.lanes]

    def add(self, snapshot: Snapshot) -> None:
        """Take a snapshot; one close to its elders replaces the last."""
        lane = self.lanes[snapshot.lane]
        if len(lane) > 1 and lane[-1].step - lane[-2].step < TAIL_GAP:
            lane.pop()
        lane.append(_light(snapshot))
        del lane[:-TAIL]


def _light(snapshot: Snapshot) -> Snapshot:
    layers = {name: layer.model_copy(update={"counts": ()}) for name, layer in snapshot.layers.items()}
    return snapshot.model_copy(update={"layers": layers, "kernels": (), "kernel_kinds": ""})
