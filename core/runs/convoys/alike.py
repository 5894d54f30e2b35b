"""Which runs are alike: what of them is compared, and what one has shown that all of them would have."""

from core.runs.entries import Entry
from core.runs.live import encoding
from core.runs.live.hub import Feed
from core.runs.live.moments import Moment
from core.runs.views import Origin
from core.snapshots import Event


def key(entry: Entry) -> tuple[str, int]:
    """What two runs have in common that are shown the same at the same pace."""
    return entry.spec.to_json(), entry.speed


def past_of(feed: Feed) -> list[Moment | Event]:
    """What a feed has kept of a run, in the order of its steps; without frames."""
    points, _, events = feed.picture(10**9)
    moments = [Moment(encoding.step(text), text, {}) for text in points]
    told = [event for event in events if event.kind not in ("resumed", "branched")]
    return sorted([*moments, *told], key=lambda what: what.step)


def unmoved(entry: Entry) -> bool:
    """Whether a run that goes on has begun by itself, and nobody has moved it or wants to."""
    return not entry.moves and entry.origin == Origin(entry.spec)


def fresh(entry: Entry) -> bool:
    """Whether a run begins with its settings alone, and goes on by itself."""
    return entry.origin is None and not entry.steps
