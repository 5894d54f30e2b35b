"""Equal runs on their way: one leads, the others are shown what it was shown, each in its own time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from core.runs.convoys.record import Item, Record
from core.runs.entries import Entry
from core.runs.live.moments import Moment


@dataclass(eq=False)
class Follower:
    """A run that is shown what another was shown.

    Attributes:
        began: the clock when it started, later by as long as it was held since.
        held: the clock when it was held; None while it goes.
        taken: the number of the first item that it was not shown yet.
    """

    entry: Entry
    began: float
    held: float | None = None
    taken: int = 0

    def hold(self, now: float) -> None:
        """Stop its time."""
        if self.held is None:
            self.held = now

    def go(self, now: float) -> None:
        """Let its time go on."""
        if self.held is not None:
            self.began += now - self.held
            self.held = None


@dataclass(eq=False)
class Convoy:
    """Runs of one spec and speed that nobody has moved.

    Attributes:
        leader: the run that the worker trains, or has trained to its end.
        record: what the leader has shown.
        followers: by their runs' ids.
    """

    leader: Entry
    record: Record
    followers: dict[str, Follower] = field(default_factory=dict)

    @property
    def goes(self) -> bool:
        """Whether anybody who follows is not held."""
        return any(each.held is None for each in self.followers.values())

    @property
    def over(self) -> bool:
        """Whether the leader has come to its own end, so that nothing more is to be shown."""
        return self.leader.state in ("finished", "failed")

    @property
    def open(self) -> bool:
        """Whether an equal run that starts now can follow from the beginning."""
        if self.leader.pacemaker:
            return self.leader.going or self.leader.state == "finished"
        return self.leader.state in ("running", "finished")

    @property
    def led(self) -> bool:
        """Whether the worker trains the leader, or will as soon as it can."""
        return self.leader.going and not self.leader.paused and self.leader.state != "paused"

    def due(self, follower: Follower, now: float) -> Iterator[Item]:
        """What is to be shown to a follower by now; its start at once, also where it begins held."""
        if follower.taken >= self.record.next:
            return
        for item in self.record.since(follower.taken):
            starts = isinstance(item.what, Moment) and item.what.step == 0
            if not starts and (follower.held is not None or item.after > now - follower.began):
                return
            follower.taken = item.number + 1
            yield item

    def wait(self, follower: Follower, now: float) -> float | None:
        """Seconds until the next item that is there is due for a follower; None where none is."""
        if follower.held is not None or follower.taken >= self.record.next:
            return None
        return self.record.since(follower.taken)[0].after - (now - follower.began)


Share = Callable[[str, str, int], None]
"""Gives a run the weights that another has kept at a step: from whom, to whom, which step."""
