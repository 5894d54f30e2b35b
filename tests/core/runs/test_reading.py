"""A run's history as pages read it."""

import json

import pytest

from tests.core.runs.made import Lab


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
        steps = [point["step"] for point in points]
        assert steps == sorted(set(steps))
        assert steps[-1] == 1000
        assert 8 <= len(steps) <= 11
        assert {point["lane"] for point in points} == {lane}
    assert [frame["step"] for frame in history.frames] == [1000, 1000]
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
    assert json.dumps(after.points) == json.dumps(before.points)
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
