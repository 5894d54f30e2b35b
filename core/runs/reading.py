"""A run's kept texts read back into plain values, lane by lane."""

import json
from collections.abc import Sequence
from typing import Any

from core.runs.views import RunHistory, RunView
from core.snapshots import Event


def read(view: RunView, points: Sequence[str], frames: Sequence[str], events: Sequence[Event]) -> RunHistory:
    """What `Feed.picture` gives, by lane.

    Args:
        view: the run it is of.
        points: each moment's points, one or more lanes joined by commas.
        frames: frames of one lane each.
        events: what was done to the lanes.
    """
    of_lanes: list[list[dict[str, Any]]] = [[] for _ in view.spec.lanes]
    for point in json.loads(f"[{','.join(points)}]"):
        of_lanes[point["lane"]].append(point)
    latest: list[dict[str, Any] | None] = [None] * len(view.spec.lanes)
    for frame in map(json.loads, frames):
        latest[frame["lane"]] = frame
    done = max((lane[-1]["epoch"] for lane in of_lanes if lane), default=0.0)
    return RunHistory(
        view=view,
        share=min(1.0, done / view.spec.epochs),
        points=tuple(map(tuple, of_lanes)),
        frames=tuple(latest),
        events=tuple(events),
    )
