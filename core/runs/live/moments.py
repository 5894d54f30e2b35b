"""A moment of a run: its lanes at one step, as viewers get it and as the store keeps it; and who takes it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, Self

from core.runs.live import encoding
from core.snapshots import Event, Frame, Point, Snapshot


@dataclass(frozen=True)
class Moment:
    """Made once, shared by every run that shows it.

    Attributes:
        points: its lanes' places on the curves, JSON objects joined by commas.
        frames: each lane's histograms and kernels, JSON; none where they were let go.
    """

    step: int
    points: str
    frames: Mapping[int, str]

    @classmethod
    def of(cls, snapshots: Mapping[int, Snapshot], sentence: str) -> Self:
        """Of one step's snapshots by lane; the last lane says what just happened."""
        lanes = sorted(snapshots)
        texts = dict.fromkeys(lanes, "") | {lanes[-1]: sentence}
        points = ",".join(encoding.point(Point.of(snapshots[lane], texts[lane])) for lane in lanes)
        frames = {lane: encoding.frame(Frame.of(snapshots[lane])) for lane in lanes}
        return cls(snapshots[lanes[0]].step, points, frames)

    def without_frames(self) -> Self:
        """The moment on the curves alone, a tenth as large."""
        return replace(self, frames={})

    @cached_property
    def packed_points(self) -> bytes:
        """The points as the store keeps them."""
        return encoding.packed([self.points])

    @cached_property
    def packed_frames(self) -> bytes:
        """The frames as the store keeps them."""
        return encoding.packed(self.frames.values())


class Sink(Protocol):
    """Who keeps a run's past beyond this process. None of these calls may block or raise."""

    def moment(self, run: str, number: int, points: bytes, frames: bytes | None) -> None:
        """A moment to keep, packed; the same number again replaces the first."""

    def event(self, run: str, number: int, body: str) -> None:
        """An event to keep, as JSON."""

    def thinned(self, run: str, points_stride: int, frames_stride: int) -> None:
        """Only moments whose number is a multiple of the stride are to be kept."""


class Tape(Protocol):
    """Who takes in what a run shows, as it is shown. None of these calls may block or raise."""

    def moment(self, moment: Moment) -> None:
        """A moment that was shown."""

    def event(self, event: Event) -> None:
        """What was told of it."""
