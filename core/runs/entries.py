"""One run as the service holds it: what changes while it goes, and what follows from that."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from core.refusals import SpecError
from core.runs.live.hub import Feed
from core.runs.views import ACTIVE, GOING, Origin, Refused, RunView, State
from core.spec import LIVE_FIELDS, LaneSpec, Moved, RunSpec

MOST_LOSSES = 3
"""A run that has lost its process so often at one step does not go on: it may be what kills it."""


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
        origin: what it was when it started; None before, unless it has a past or a plan.
        moves: what was changed in it since, as the worker has done it.
        lost_at: how often its process has died since which step was shown.
        leader: the run that it follows, whose moments it is shown; None for one that the worker trains.
        twin: an equal run that was shown as far, whose kept states it may go on from the first time.
        followed: whether others are shown what it shows.
        pacemaker: whether it is nobody's and leads others.
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
    origin: Origin | None = None
    moves: list[Moved] = field(default_factory=list)
    lost_at: tuple[int, int | None] = (0, None)
    leader: "Entry | None" = None
    twin: str = ""
    followed: bool = False
    pacemaker: bool = False

    @property
    def active(self) -> bool:
        """Whether it is trained, or shown what an equal run shows."""
        return self.state in ACTIVE

    @property
    def trained(self) -> bool:
        """Whether the worker has it."""
        return self.active and self.leader is None

    @property
    def going(self) -> bool:
        """Whether it has not ended."""
        return self.state in GOING

    def view(self, position: int = 0) -> RunView:
        """The run as others see it."""
        return RunView(
            self.id, self.owner, self.spec, self.state, position, self.reason, self.speed, self.created
        )

    def status(self, position: int, reason: str, device: str, sharing: int = 0) -> dict[str, Any]:
        """What the live feed says of it; `reason` stands in where the run has none of its own.

        While its images are on their way, `share` is how much of their download is done; else it is None.
        `sharing` is how many runs train here, where they are more than a few; `shared`: whether it is one
        training with others.
        """
        loading = (self.leader or self).loading
        text, share = loading if loading and self.active else ("", None)
        return {
            "state": self.state,
            "position": position,
            "reason": self.reason or text or reason,
            "share": share,
            "speed": self.speed,
            "device": device,
            "sharing": sharing,
            "shared": self.leader is not None or self.followed,
        }

    def changed(self, lane: int, wanted: LaneSpec) -> RunSpec:
        """Its settings with what one lane can take over of `wanted` while the run goes. Raises Refused."""
        lanes = self.spec.lanes
        if lane not in range(len(lanes)):
            raise Refused(f"lane must be from 0 to {len(lanes) - 1}, got '{lane}'.")
        try:
            new = lanes[lane].steered(wanted)
        except SpecError as error:
            raise Refused(str(error)) from None
        return self.spec.model_copy(update={"lanes": (*lanes[:lane], new, *lanes[lane + 1 :])})

    def lose(self) -> bool:
        """Its process has died: whether it may go on in another one."""
        times, step = self.lost_at
        self.lost_at = (times + 1 if step == self.feed.shown else 1, self.feed.shown)
        self.feed.interrupt()
        return self.lost_at[0] <= MOST_LOSSES

    def start_messages(self) -> list[dict[str, Any]]:
        """What tells a worker to train it, from its start or from where it was shown last."""
        if self.origin is None:
            self.origin = Origin(self.spec)
        start = {
            "op": "start",
            "run": self.id,
            "spec": self.origin.spec.model_dump(mode="json"),
            "paused": self.paused,
            "speed": self.speed,
            # Who owns it is nobody else's business.
            "share": sha256(self.owner.encode()).hexdigest()[:16],
        }
        shown = self.feed.shown
        if shown is not None or self.moves or self.origin.parent:
            start["until"] = max(shown or 0, self.origin.step)
            start["moves"] = [made.to_dict() for made in self.moves]
        if self.arrives:
            start["branch"] = True
        if self.twin:
            start["twin"] = self.twin
        if self.followed:
            start["followed"] = True
        if self.origin.planned:
            start["planned"] = [each.to_dict() for each in self.origin.planned[self._n_planned_made :]]
        return [start, *self._changes(self.origin.spec), *self.steps]

    @property
    def arrives(self) -> bool:
        """Whether it is on its way to where it branched from another run."""
        at = self.feed.shown
        return self.origin is not None and bool(self.origin.parent) and (at is None or at < self.origin.step)

    @property
    def _n_planned_made(self) -> int:
        """How many of the planned moves were made: they come in their order, between those of a person."""
        made, n = iter(self.moves), 0
        for each in self.origin.planned if self.origin else ():
            if not any(each == other for other in made):
                break
            n += 1
        return n

    def _changes(self, origin: RunSpec) -> list[dict[str, Any]]:
        """What was asked for and not done yet."""
        pairs = enumerate(zip(origin.after(self.moves).lanes, self.spec.lanes, strict=True))
        return [
            {"op": "change", "run": self.id, "lane": lane, **news}
            for lane, (old, new) in pairs
            if (news := live_difference(old, new))
        ]


def live_difference(old: LaneSpec, new: LaneSpec) -> dict[str, Any]:
    """What of a lane that can change while it trains is another, as JSON has it."""
    before, after = (lane.model_dump(mode="json") for lane in (old, new))
    return {name: after[name] for name in LIVE_FIELDS if after[name] != before[name]}
