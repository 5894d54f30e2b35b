"""Ended runs and examples, read back for whoever looks at them again."""

import gzip
import json

import pytest
from sqlalchemy.exc import OperationalError

from core.runs.examples.histories import example_runs
from tests.core.runs.made import Lab, ended


@pytest.fixture
def archive(lab):
    return lab.runs._archive


@pytest.fixture
def kept(lab):
    """A run that only the store has."""
    run = ended(lab, "1", steps=5)
    lab.runs._writer.flush()
    lab.runs._board.drop(run)
    return run


def test_a_run_s_feed_is_read_once_while_somebody_may_watch(lab, archive, kept):
    entry = archive.entry(kept, lab.clock())
    assert archive.entry(kept, lab.clock()) is entry
    message = json.loads(entry.feed.update(0, True)[1])
    assert [point["step"] for point in message["points"] if point["lane"] == 1] == [0, 1, 2, 3, 4]
    assert message["status"]["state"] == "finished"


def test_it_is_let_go_when_nobody_has_watched_for_a_while(lab, archive, kept):
    entry = archive.entry(kept, 0.0)
    entry.watchers = 1
    archive.forget(10_000.0)
    entry.watchers = 0
    archive.forget(10_000.0 + 60 * lab.runs.config.evict_minutes - 1)
    assert archive.entry(kept, 0.0) is entry
    archive.forget(10_000.0 + 60 * lab.runs.config.evict_minutes + 1)
    assert archive.entry(kept, 0.0) is not entry


@pytest.mark.parametrize("run", example_runs())
def test_an_example_s_feed_tells_all_that_pages_get_of_it(lab, archive, run):
    history = archive.history(run, most=3)
    assert history == example_runs()[run]
    feed = archive.entry(run, 0.0).feed
    points, frames, events = feed.picture(10_000)
    message = json.loads(feed.update(0, False)[1])
    assert len(points) == len(history.points[0])
    assert [(p["lane"], p["step"]) for p in message["points"]] == [
        (lane, point.step)
        for moment in zip(*history.points, strict=True)
        for lane, point in enumerate(moment)
    ]
    assert (len(frames), tuple(events)) == (len(history.frames), history.events)
    body = json.loads(gzip.decompress(feed.latest()))
    assert {each["lane"]: each["step"] for each in body["frames"]} == {
        frame.lane: frame.step for frame in history.frames
    }


def test_a_store_that_does_not_answer_costs_an_answer_and_no_more(lab, archive, kept, monkeypatch):
    def broken(*_):
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr(lab.runs._store, "picture", broken)
    monkeypatch.setattr(lab.runs._store, "moments", broken)
    assert archive.history(kept, 10) is None
    assert archive.entry(kept, 0.0) is None
    assert archive.view(kept) is not None
    monkeypatch.setattr(lab.runs._store, "view", broken)
    assert archive.view(kept) is None


def test_what_nobody_knows_is_not_there(archive):
    assert archive.view("nothing") is archive.entry("nothing", 0.0) is archive.history("nothing", 5) is None


def test_a_thinned_history_ends_with_the_last_moment(tmp_path):
    lab = Lab(tmp_path)
    run = ended(lab, "1", steps=40)
    lab.runs._writer.flush()
    for most in (1, 3, 7, 40, 100):
        steps = [point.step for point in lab.runs._archive.history(run, most).points[0]]
        assert steps[-1] == 39
        assert len(steps) <= most + 1
    lab.runs.close()
