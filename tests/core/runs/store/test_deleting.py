"""Deleting a run, bringing it back within a minute, and what is left of it after that."""

import time

import pytest
from sqlalchemy.exc import SQLAlchemyError

from core.runs import Refused
from core.runs.store.shelf import MOST_PINNED, UNDO_SECONDS, Shelf
from core.spec import RunSpec
from tests.core.runs.made import Clock, Lab, ended, ids


@pytest.fixture
def wall(lab) -> Clock:
    """Seconds since 1970, turned by hand."""
    wall = Clock()
    lab.runs.shelf = Shelf(lab.runs._store, lab.runs._memory, lab.runs.steering, lab.runs.checkpoints, wall)
    return wall


def test_the_minute_is_one_of_a_clock_that_does_not_jump(lab):
    run = ended(lab, "1")
    lab.runs.shelf.delete("ann", run)
    assert abs(lab.runs.shelf.marks("ann")[run].deleted - time.time()) < UNDO_SECONDS
    lab.pass_minutes(0.5)
    assert lab.runs.shelf.deleted("ann") == (run, pytest.approx(UNDO_SECONDS / 2, abs=0.01))
    lab.pass_minutes(0.6)
    assert lab.runs.view(run) is None


def test_a_pinned_run_keeps_its_weights_and_a_removed_one_does_not(lab, wall):
    run, others, kept = ended(lab, "1"), ended(lab, "2", owner="bob"), lab.runs.checkpoints
    lab.runs.shelf.pin("ann", run, True)
    lab.runs.shelf.pin("ann", others, True)
    assert kept.pinned(run)
    assert not kept.pinned(others), "nobody fills the store with other people's runs"
    lab.runs.shelf.pin("ann", run, False)
    assert not kept.pinned(run)
    kept.keep(run, "3.weights.safetensors", b"w")
    lab.runs.shelf.delete("ann", run)
    assert kept.of(run).exists()
    wall.now += UNDO_SECONDS + 1
    lab.runs.shelf.tick()
    assert not kept.of(run).exists()


def test_a_deleted_run_comes_back_within_a_minute_with_name_and_pin(lab, wall):
    run = ended(lab, "1")
    lab.runs.shelf.rename("ann", run, "mine")
    lab.runs.shelf.pin("ann", run, True)
    lab.runs.shelf.delete("ann", run)
    assert ids(lab) == []
    wall.now += UNDO_SECONDS - 1
    lab.runs.shelf.tick()
    assert lab.runs.shelf.deleted("ann") == (run, 1.0)
    lab.runs.shelf.undo("ann", run)
    assert lab.runs.shelf.deleted("ann") is None
    (listed,) = lab.runs.shelf.listed("ann")
    assert (listed.mark.name, bool(listed.mark.pinned), listed.mark.deleted) == ("mine", True, None)
    wall.now += 10 * UNDO_SECONDS
    lab.runs.shelf.tick()
    assert ids(lab) == [run]


def test_after_a_minute_a_deleted_run_is_gone_from_memory_and_store(lab, wall):
    run, other = ended(lab, "1"), ended(lab, "2")
    lab.runs._writer.flush()
    lab.runs.shelf.delete("ann", run)
    wall.now += UNDO_SECONDS + 0.1
    lab.runs.shelf.tick()
    lab.runs._writer.flush()
    assert lab.runs.view(run) is None
    assert lab.runs.history(run) is None
    store = lab.runs._store
    assert (store.moments(run), store.events(run), store.marks.of("ann")) == ([], [], {})
    assert ids(lab) == [other]
    assert lab.runs.shelf.deleted("ann") is None
    with pytest.raises(Refused, match="too late"):
        lab.runs.shelf.undo("ann", run)


def test_a_run_deleted_before_a_restart_is_removed_after_it(lab, wall, tmp_path):
    run = ended(lab, "1")
    lab.runs._writer.flush()
    lab.runs.shelf.delete("ann", run)
    again = Lab(tmp_path)
    # The other server's clock is today's, long after the deletion.
    again.runs.tick()
    assert again.runs.view(run) is None
    again.runs.close()


def test_deleting_a_going_run_stops_it(lab):
    run = lab.start()
    lab.runs.shelf.delete("ann", run)
    assert lab.state(run) == "stopped"
    lab.runs.shelf.undo("ann", run)
    assert lab.state(run) == "stopped"


def test_a_run_brought_back_among_six_pinned_ones_is_not_pinned(lab):
    runs = [ended(lab, str(i)) for i in range(MOST_PINNED + 1)]
    for run in runs[:MOST_PINNED]:
        lab.runs.shelf.pin("ann", run, True)
    lab.runs.shelf.delete("ann", runs[0])
    lab.runs.shelf.pin("ann", runs[-1], True)
    lab.runs.shelf.undo("ann", runs[0])
    assert lab.runs.shelf.marks("ann")[runs[0]].pinned == 0.0


def test_everything_of_an_owner_goes_at_once_and_nothing_of_others(lab):
    mine, other = ended(lab, "1"), ended(lab, "2", owner="bob")
    going = lab.start(key="3", spec=RunSpec(seed=3))
    lab.runs.shelf.rename("ann", mine, "kept no more")
    lab.runs.learners.keep("ann", "guess", 30)
    lab.runs.learners.keep("bob", "guess", 40)
    lab.runs._writer.flush()
    lab.runs.forget("ann")
    assert (lab.state(going), ids(lab)) == ("stopped", [])
    assert lab.runs.shelf.deleted("ann") is None
    assert (lab.runs.learners.kept("ann"), lab.runs.learners.kept("bob")) == ({}, {"guess": 40})
    lab.runs._writer.flush()
    lab.pass_minutes(0.2)
    assert lab.runs.view(mine) is lab.runs.view(going) is None
    assert not lab.runs.knows("ann")
    assert ids(lab, "bob") == [other]


def test_what_cannot_be_deleted_now_is_refused(lab, monkeypatch):
    run = ended(lab, "1")

    def away(owner):
        raise SQLAlchemyError("gone")

    monkeypatch.setattr(lab.runs._store.people, "forget", away)
    with pytest.raises(Refused, match="try again"):
        lab.runs.forget("ann")
    assert ids(lab) == [run]
