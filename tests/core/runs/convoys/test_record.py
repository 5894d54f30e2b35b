"""What an equal run is shown later: bounded, in order, in the leader's time but for what held it up."""

import pytest

from core.runs.convoys.record import LONGEST_GAP, RECENT, Kept, Record
from core.runs.live.moments import Moment
from tests.core.runs.made import Clock, event


def moment(step: int) -> Moment:
    return Moment(step, f'{{"step":{step}}}', {0: "a frame"})


def filled(n: int, points: int = 20, frames: int = 5, seconds: float = 0.25, speed: int = 0) -> Record:
    clock = Clock()
    record = Record(clock, points, frames, speed)
    for step in range(n):
        record.moment(moment(step))
        clock.now += seconds
    return record


def test_what_is_recent_is_whole_and_what_is_old_is_thinned_with_its_ends():
    record = filled(1000)
    items = record.since(0)
    steps = [item.what.step for item in items]
    assert steps == sorted(set(steps))
    assert steps[0] == 0
    assert steps[-RECENT:] == list(range(1000 - RECENT, 1000))
    assert len(items) <= RECENT + 21
    assert sum(bool(item.what.frames) for item in items) <= RECENT + 6
    assert [item.what.step for item in record.since(990)] == list(range(990, 1000))


def test_what_was_told_and_kept_stays_where_it_was():
    record = filled(10)
    record.event(event(step=10))
    record.kept("a", 11)
    for step in range(11, 500):
        record.moment(moment(step))
    whats = [item.what for item in record.since(0)]
    at = whats.index(event(step=10))
    assert whats[at + 1] == Kept("a", 11)
    assert whats[at - 1].step < 10 < whats[at + 2].step


@pytest.mark.parametrize(("speed", "gap"), [(0, LONGEST_GAP), (60, LONGEST_GAP), (1, 1.5)])
def test_what_held_the_leader_up_is_not_waited_for_and_slow_runs_stay_slow(speed, gap):
    first, second = filled(2, seconds=100.0, speed=speed).since(0)
    assert second.after - first.after == gap
    assert [item.after for item in filled(3, seconds=0.25).since(0)] == [0.0, 0.25, 0.5]
