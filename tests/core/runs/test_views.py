"""A run's history as pages read it, and the speeds a run may have."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runs.views import MAX_SPEED, Refused, RunHistory, RunView, check_speed
from core.snapshots import Frame, Point
from core.spec import LaneSpec, RunSpec
from tests.core.runs.made import Lab, snapshot


def test_an_unknown_run_has_no_history(lab):
    assert lab.runs.history("nothing") is None


def test_a_new_run_has_empty_lanes(lab):
    history = lab.runs.history(lab.start())
    assert (history.points, history.frames, history.share) == (((), ()), (None, None), 0.0)
    assert history.view.state == "running"


def test_points_come_by_lane_thinned_with_the_last_one_always(lab):
    run = lab.start()
    for step in range(0, 1001, 10):
        lab.worker.show(run, step)
    history = lab.runs.history(run, most=10)
    for lane, points in enumerate(history.points):
        steps = [point.step for point in points]
        assert steps == sorted(set(steps))
        assert steps[-1] == 1000
        assert 8 <= len(steps) <= 11
        assert {point.lane for point in points} == {lane}
    assert [frame.step for frame in history.frames] == [1000, 1000]
    # made.snapshot counts 23 updates an epoch; a run has 200.
    assert history.share == pytest.approx(1000 / 23 / 200, rel=1e-5)


def test_events_and_the_end_are_in_it(lab):
    run = lab.start()
    lab.worker.show(run, 5)
    body = {"run": run, "lane": 1, "step": 5, "kind": "collapsed", "text": "λ collapsed it."}
    lab.worker.say({"event": "event", **body})
    lab.worker.say({"event": "finished", "run": run, "reason": "done"})
    history = lab.runs.history(run)
    assert [(event.kind, event.step) for event in history.events] == [("collapsed", 5)]
    assert history.view.state == "finished"


def test_a_run_read_back_from_the_store_is_the_same(tmp_path):
    first = Lab(tmp_path)
    run = first.start()
    for step in (0, 10, 20):
        first.worker.show(run, step)
    first.worker.say({"event": "finished", "run": run, "reason": "done"})
    before = first.runs.history(run)
    first.runs.close()
    again = Lab(tmp_path)
    after = again.runs.history(run)
    again.runs.close()
    assert after.points == before.points
    assert after.frames == before.frames
    assert after.view.state == "finished"


def test_asking_keeps_a_run_alive(tmp_path):
    lab = Lab(tmp_path, idle_minutes=10)
    run = lab.start()
    for _ in range(3):
        lab.pass_minutes(8)
        lab.runs.history(run)
    assert lab.state(run) == "running"
    lab.pass_minutes(11)
    assert lab.state(run) == "stopped"
    lab.runs.close()


def view(n_lanes: int = 2, epochs: int = 10) -> RunView:
    spec = RunSpec(lanes=(LaneSpec(),) * n_lanes, epochs=epochs)
    return RunView("r", "ann", spec, "running", 0, "", 0, 0.0)


@given(lanes=st.lists(st.integers(0, 3), max_size=30))
def test_every_point_is_in_its_lane_in_its_order(lanes):
    points = [Point.of(snapshot(lane=lane, step=step)) for step, lane in enumerate(lanes)]
    history = RunHistory.of(view(4), points, [], [])
    assert [point for lane in history.points for point in lane] == sorted(points, key=lambda each: each.lane)
    assert all({point.lane for point in points} <= {lane} for lane, points in enumerate(history.points))


def test_of_a_lane_s_frames_the_last_counts():
    frames = [Frame.of(snapshot(lane=lane, step=step)) for lane, step in ((1, 5), (1, 9))]
    assert RunHistory.of(view(), [], frames, []).frames == (None, frames[1])


@pytest.mark.parametrize(("epoch", "share"), [(0.0, 0.0), (2.5, 0.25), (10.0, 1.0), (10.4, 1.0)])
def test_the_share_is_that_of_the_lane_that_is_furthest(epoch, share):
    # A lane that diverged stays where it was; rounded numbers may come out above the whole.
    points = [replace(Point.of(snapshot(lane=lane)), epoch=at) for lane, at in ((0, epoch), (1, epoch / 2))]
    assert RunHistory.of(view(epochs=10), points, [], []).share == share


@pytest.mark.parametrize("speed", [0, 1, MAX_SPEED])
def test_a_speed_is_a_whole_number_of_updates_a_second(speed):
    check_speed(speed)


@pytest.mark.parametrize("speed", [-1, MAX_SPEED + 1, 2.5, True, None, "5"])
def test_any_other_speed_is_refused(speed):
    with pytest.raises(Refused, match=f"speed must be .* got '{speed}'"):
        check_speed(speed)
