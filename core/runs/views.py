"""What the rest of the app sees of a run: its state, and a refusal in one sentence."""

from dataclasses import dataclass
from typing import Any, Literal

from core.snapshots import Event
from core.spec import RunSpec

State = Literal["queued", "running", "paused", "finished", "stopped", "failed", "interrupted"]

ACTIVE: frozenset[State] = frozenset({"running", "paused"})
"""The worker has the run."""

GOING: frozenset[State] = ACTIVE | {"queued"}
"""The run has not ended."""


MAX_SPEED = 10_000
"""Updates per second; no machine we know is faster."""


class Refused(Exception):  # noqa: N818  (a refusal is an answer, not an error)
    """A request was refused. `str()` is one sentence for the person who asked."""


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
class RunHistory:
    """What a page draws of a run: its curves so far, and how its lanes look now.

    Attributes:
        view: the run as it is now.
        share: of the run that is trained, in [0, 1].
        points: for each lane its moments, oldest first; the keys are those of `core.runs.encoding.point`.
        frames: for each lane its latest histograms and kernels, as `core.runs.encoding.frame` has them; None
            before the first.
        events: what was done to the lanes, oldest first.
    """

    view: RunView
    share: float
    points: tuple[tuple[dict[str, Any], ...], ...]
    frames: tuple[dict[str, Any] | None, ...]
    events: tuple[Event, ...]


def check_speed(speed: int) -> None:
    """Raise Refused unless `speed` is a whole number from 0 to MAX_SPEED."""
    if isinstance(speed, bool) or speed not in range(MAX_SPEED + 1):
        raise Refused(f"speed must be a whole number from 0 to {MAX_SPEED}, got '{speed}'.")
