"""How long a run goes unwatched, outlives its worker, and stays in memory."""

import json

import pytest

from core.runs.entries import MOST_LOSSES
from tests.core.runs.made import Lab, event


def test_a_run_nobody_watches_stops_after_ten_minutes(lab):
    run = lab.start()
    lab.pass_minutes(9.9)
    assert lab.state(run) == "running"
    lab.pass_minutes(0.2)
    assert lab.state(run) == "stopped"
    assert "nobody watched" in lab.runs.view(run).reason
    assert lab.worker.ops(run) == ["start", "stop"]


def test_a_watched_run_goes_on_until_ten_minutes_after(lab):
    run = lab.start()
    entry = lab.runs.attach(run)
    lab.pass_minutes(50)
    lab.runs.detach(entry)
    lab.pass_minutes(9.9)
    assert lab.state(run) == "running"
    lab.pass_minutes(0.2)
    assert lab.state(run) == "stopped"


def test_a_run_has_a_longest_time(tmp_path):
    lab = Lab(tmp_path, run_minutes=30.0)
    run = lab.start()
    lab.runs.attach(run)
    lab.pass_minutes(29)
    assert lab.state(run) == "running"
    lab.pass_minutes(2)
    assert "at most" in lab.runs.view(run).reason
    lab.runs.close()


def test_a_lost_worker_s_runs_go_on_in_the_next_one_before_those_that_wait(lab):
    first, second = lab.start(key="1"), lab.start(key="2")
    lab.worker.show(first, 3)
    lab.worker.state = "lost"
    lab.worker.die()
    assert (lab.state(first), lab.state(second)) == ("queued", "queued")
    feed = lab.runs.attach(first).feed
    assert '"step":3' in feed.update(0, False)[1]
    assert "training process" in feed.update(0, False)[1]
    lab.worker.sent.clear()
    lab.worker.state = "ready"
    lab.worker.say({"event": "hello"})
    assert (lab.state(first), lab.state(second)) == ("running", "queued")
    (start,) = lab.worker.sent
    assert (start["op"], start["run"], start["until"], start["moves"]) == ("start", first, 3, [])
    lab.worker.say({"event": "resumed", "run": first, "step": 3, "kept": 2})
    assert "goes on at step 3 with the same numbers, computed again from step 2" in feed.update(0, False)[1]


def test_half_a_moment_is_said_again_and_not_shown_twice(lab):
    run = lab.start()
    lab.worker.show(run, 2)
    lab.worker.show(run, 3, lanes=1)
    lab.worker.die()
    assert lab.worker.sent[-1]["until"] == 2
    lab.worker.show(run, 3)
    points = json.loads(lab.runs.attach(run).feed.update(0, False)[1])["points"]
    assert [(p["step"], p["lane"]) for p in points] == [(2, 0), (2, 1), (3, 0), (3, 1)]


def test_an_alarm_that_the_next_worker_gives_again_is_told_once(lab):
    run = lab.start()
    alarm = event(run, step=2, kind="collapsed", text="Nearly all zero.").model_dump()
    for _ in range(2):
        lab.worker.say({"event": "event", **alarm})
    assert lab.runs.attach(run).feed.update(0, False)[1].count("Nearly all zero.") == 1


def test_a_run_whose_worker_dies_again_and_again_at_one_step_fails(lab):
    run = lab.start()
    lab.worker.show(run, 3)
    for _ in range(MOST_LOSSES + 1):
        assert lab.state(run) == "running"
        lab.worker.die()
    assert lab.state(run) == "failed"
    assert "orker lost" in lab.runs.view(run).reason


def test_a_line_that_is_no_protocol_is_refused_and_harms_nothing(lab):
    run = lab.start()
    for bad in ({"event": "snapshot", "run": run}, {"event": "sing", "run": run}):
        with pytest.raises(ValueError, match=r"."):
            lab.worker.say(bad)
    lab.worker.say({"event": "snapshot", "run": "unknown"})
    lab.worker.say({"event": "error", "message": "What?", "line": ""})
    assert lab.state(run) == "running"


def test_ended_runs_leave_the_memory_and_come_back_from_the_store(lab):
    run = lab.start()
    lab.worker.show(run, 5)
    lab.runs.steering.stop("ann", run)
    lab.worker.say({"event": "finished", "run": run, "reason": "stopped"})
    lab.runs._writer.flush()
    lab.pass_minutes(6)
    assert lab.runs._board.get(run) is None
    assert lab.state(run) == "stopped"
    entry = lab.runs.attach(run)
    assert entry.owner == "ann"
    assert '"step":5' in entry.feed.update(0, False)[1]
    assert lab.runs.attach("nothing") is None
    assert lab.runs.view("nothing") is None
