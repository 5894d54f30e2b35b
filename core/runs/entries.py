"""One run as the service holds it: what changes while it goes, and what follows from that."""

from dataclasses import dataclass, field
from typing import Any

from core.runs.hub import Feed
from core.runs.views import ACTIVE, GOING, RunView, State
from core.spec import RunSpec


@dataclass(eq=False)
class Entry:
    """A run in memory. Only `Runs` changes it, under its lock.

    Attributes:
        paused: whether it is to start paused.
        steps: what to do once it has started: `step` messages asked for while it was queued.
        started, ended, watched: the service's clock when it started, ended, was last watched.
        loading: how far its images are, in a few words, and the share of their download; None when they
            are there or nobody has said.
        unkept: why its weights could not be kept the last time; "" when they could.
        watchers: live subscribers now.
        written: what the store was last told.
    """

    id: str
    owner: str
    spec: RunSpec
    feed: Feed
    created: float
    watched: float
    speed: int = 0
    paused: bool = False
    state: State = "queued"
    reason: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)
    started: float = 0.0
    ended: float = 0.0
    loading: tuple[str, float] | None = None
    unkept: str = ""
    watchers: int = 0
    written: RunView | None = None

    @property
    def active(self) -> bool:
        """Whether the worker is to train it."""
        return self.state in ACTIVE

    @property
    def going(self) -> bool:
        """Whether it has not ended."""
        return self.state in GOING

    def view(self, position: int = 0) -> RunView:
        """The run as others see it."""
        return RunView(
            self.id, self.owner, self.spec, self.state, position, self.reason, self.speed, self.created
        )

    def status(self, position: int, reason: str, device: str) -> dict[str, Any]:
        """What the live feed says of it; `reason` stands in where the run has none of its own.

        While its images are on their way, `share` is how much of their download is done; else it is None.
        """
        text, share = self.loading if self.loading and self.active else ("", None)
        return {
            "state": self.state,
            "position": position,
            "reason": self.reason or text or reason,
            "share": share,
            "speed": self.speed,
            "device": device,
        }

    def start_message(self) -> dict[str, Any]:
        """What tells the worker to train it."""
        spec = self.spec.model_dump(mode="json")
        return {"op": "start", "run": self.id, "spec": spec, "paused": self.paused, "speed": self.speed}
