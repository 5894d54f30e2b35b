"""What the rest of the app sees of a run: its state, and a refusal in one sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from core.snapshots import Event, Frame, Point
from core.spec import Moved, RunSpec

State = Literal["queued", "running", "paused", "finished", "stopped", "failed", "interrupted"]

ACTIVE: frozenset[State] = frozenset({"running", "paused"})
"""The worker has the run."""

GOING: frozenset[State] = ACTIVE | {"queued"}
"""The run has not ended."""


MAX_SPEED = 10_000
"""Updates per second; no machine we know is faster."""


class Refused(Exception):  # noqa: N818  (a refusal is an answer, not an error)
    """A request was refused. `str()` is one sentence for the person who asked.

    Attributes:
        retry: whether it is worth asking again in a moment.
    """

    def __init__(self, message: str, *, retry: bool = False) -> None:
        super().__init__(message)
        self.retry = retry


@dataclass(frozen=True)
class RunView:
    """One run at this moment.

    Attributes:
        id: 128 random bits; who knows it may watch.
        owner: who may steer it.
        spec: its settings, with live changes applied.
        state: `queued`, `running`, `paused`, or how it ended.
        position: its place in the queue, from 1; 0 when it does not wait.
        reason: why it ended or what is wrong, in one sentence; "" when there is nothing to say.
        speed: updates per second; 0 is as fast as possible.
        created: seconds since 1970.
    """

    id: str
    owner: str
    spec: RunSpec
    state: State
    position: int
    reason: str
    speed: int
    created: float


@dataclass(frozen=True)
class Origin:
    """What a run was when it started.

    Attributes:
        spec: its settings.
        parent: the run it has its past from; empty where it began by itself.
        step: up to which step; 0 where it began by itself.
        planned: moves that were to be made in it, each at its step.
    """

    spec: RunSpec
    parent: str = ""
    step: int = 0
    planned: tuple[Moved, ...] = ()


@dataclass(frozen=True)
class Glance:
    """A run in a line: how far it is, without counting as a look at it.

    Attributes:
        view: the run as it is now.
        epoch: how far it is trained.
        zeros: share of its last lane's weights that are exactly zero; None before the first numbers.
        watched: whether it is on a screen.
    """

    view: RunView
    epoch: float
    zeros: float | None
    watched: bool

    @classmethod
    def of(cls, view: RunView, points: Sequence[Point], frames: Sequence[Frame], watched: bool) -> Self:
        """What the latest moment and frame of the last lane say."""
        lane = len(view.spec.lanes) - 1
        latest = next((point for point in reversed(points) if point.lane == lane), None)
        frame = next((frame for frame in frames if frame.lane == lane), None)
        zeros = None if latest is None or frame is None else latest.n_zeros / frame.weights
        return cls(view, latest.epoch if latest is not None else 0.0, zeros, watched)


@dataclass(frozen=True)
class RunHistory:
    """What a page draws of a run: its curves so far, and how its lanes look now.

    Attributes:
        view: the run as it is now.
        share: of the run that is trained, in [0, 1].
        points: for each lane its moments, oldest first.
        frames: for each lane its latest histograms and kernels; None before the first.
        events: what was done to the lanes, oldest first.
    """

    view: RunView
    share: float
    points: tuple[tuple[Point, ...], ...]
    frames: tuple[Frame | None, ...]
    events: tuple[Event, ...]

    @classmethod
    def of(
        cls, view: RunView, points: Iterable[Point], frames: Iterable[Frame], events: Iterable[Event]
    ) -> Self:
        """Sort what is known of a run by lane; of a lane's frames the last counts."""
        of_lanes: list[list[Point]] = [[] for _ in view.spec.lanes]
        for point in points:
            of_lanes[point.lane].append(point)
        latest = {frame.lane: frame for frame in frames}
        done = max((lane[-1].epoch for lane in of_lanes if lane), default=0.0)
        return cls(
            view=view,
            share=min(1.0, done / view.spec.epochs),
            points=tuple(map(tuple, of_lanes)),
            frames=tuple(map(latest.get, range(len(of_lanes)))),
            events=tuple(events),
        )


def check_speed(speed: int) -> None:
    """Raise Refused unless `speed` is a whole number from 0 to MAX_SPEED."""
    if isinstance(speed, bool) or speed not in range(MAX_SPEED + 1):
        raise Refused(f"speed must be a whole number from 0 to {MAX_SPEED}, got '{speed}'.")
