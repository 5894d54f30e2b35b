"""What the worker says reaches the run it is about, and what it may not say reaches none."""

import logging

import pytest

from tests.core.runs.made import event, snapshot


def said(lab, run: str) -> dict:
    return lab.runs.attach(run).feed._status


def test_a_snapshot_and_an_event_are_in_the_run_s_history(lab):
    run = lab.start()
    lab.worker.show(run, 7)
    lab.worker.say({"event": "event", **event(run, step=7).model_dump()})
    history = lab.runs.history(run)
    assert [point.step for lane in history.points for point in lane] == [7, 7]
    assert [each.text for each in history.events] == ["λ 0 → 1"]


def test_weights_that_could_not_be_kept_are_told_until_they_can(lab):
    run = lab.start()
    lab.worker.say({"event": "unkept", "run": run, "message": "The disk is full."})
    assert said(lab, run)["reason"] == "The disk is full."
    lab.worker.say({"event": "checkpoint", "run": run, "step": 9})
    assert said(lab, run)["reason"] == ""


def test_news_of_a_run_that_is_gone_are_no_one_s(lab):
    run = lab.start()
    lab.runs.steering.stop("ann", run)
    lab.runs._memory.drop(run)
    lab.worker.show(run, 3)
    lab.worker.say({"event": "finished", "run": run, "reason": "stopped"})
    assert lab.runs._memory.recent("ann") == []


def test_hello_starts_who_waits_for_a_worker(lab):
    lab.worker.state = "starting"
    run = lab.start()
    assert lab.state(run) == "queued"
    lab.worker.state = "ready"
    lab.worker.say({"event": "hello", "device": "cpu", "name": "test"})
    assert lab.state(run) == "running"


def test_a_line_the_worker_did_not_understand_is_logged(lab, caplog):
    with caplog.at_level(logging.ERROR):
        lab.worker.say({"event": "error", "message": "unit must be one of update, epoch"})
    assert "unit must be" in caplog.text


@pytest.mark.parametrize(
    "message",
    [
        {"event": "party"},
        {},
        {"event": "snapshot", "step": 3},
        {"event": "snapshot", **(snapshot().model_dump() | {"lane": "one"})},
        {"event": "event", "kind": "party", "lane": 0, "step": 1, "text": ""},
        {"event": "loading", "text": "Downloading"},
        {"event": "loading", "text": "Downloading", "share": 1.5},
    ],
)
def test_what_is_not_the_protocol_s_is_refused_and_changes_nothing(lab, message):
    run = lab.start()
    entry = lab.runs.attach(run)
    before = (entry.feed.seq, entry.status(0, "", ""), entry.view())
    with pytest.raises((ValueError, KeyError)):
        lab.worker.say({**message, "run": run})
    assert (entry.feed.seq, entry.status(0, "", ""), entry.view()) == before


def test_a_lane_the_run_has_not_is_refused(lab):
    run = lab.start()
    with pytest.raises(IndexError):
        lab.worker.say({"event": "snapshot", **snapshot(run, lane=2).model_dump()})
