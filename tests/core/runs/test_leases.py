"""How long a run goes unwatched, outlives its worker, and stays in memory."""

import pytest

from tests.core.runs.made import Lab


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


def test_a_lost_worker_fails_its_runs_and_keeps_the_queue(lab):
    first, second = lab.start(key="1"), lab.start(key="2")
    lab.worker.show(first, 3)
    lab.worker.state = "lost"
    lab.worker.die()
    assert (lab.state(first), lab.state(second)) == ("failed", "queued")
    assert "orker lost" in lab.runs.view(first).reason
    assert '"step":3' in lab.runs.attach(first).feed.update(0, False)[1]
    lab.worker.state = "ready"
    lab.worker.say({"event": "hello"})
    assert lab.state(second) == "running"


def test_half_a_moment_is_not_lost_with_the_worker(lab):
    run = lab.start()
    lab.worker.show(run, 3, lanes=1)
    lab.worker.die()
    assert '"step":3' in lab.runs.attach(run).feed.update(0, False)[1]


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
    lab.runs.stop("ann", run)
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
