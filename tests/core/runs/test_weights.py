"""The files of runs' weights, as owners have them: pinned by who started the run, gone with it."""

import pytest

from core.checkpoints import moment_name
from core.runs import Refused, Runs
from core.runs.weights import MOST_PINNED


def kept(lab, owner: str = "ann", key: str = "k") -> str:
    run = lab.start(owner, key=key)
    lab.runs.weights.lay(run, moment_name(3), b"x")
    lab.runs.stop(owner, run)
    return run


def test_files_laid_beside_a_run_are_read_and_taken_away(lab):
    run = kept(lab)
    assert lab.runs.weights.steps(run) == [3]
    assert lab.runs.weights.read(run, moment_name(3)) == b"x"
    lab.runs.weights.take_away(run, moment_name(3))
    with pytest.raises(Refused, match="no longer kept"):
        lab.runs.weights.read(run, moment_name(3))
    for name in ("../outside", "a/b", "", "x" * 200):
        with pytest.raises(Refused, match="no file of this name"):
            lab.runs.weights.lay(run, name, b"x")


def test_only_the_owner_pins_and_only_so_many(lab):
    mine = [kept(lab, key=str(i)) for i in range(MOST_PINNED + 1)]
    theirs = kept(lab, "bob")
    for run in (theirs, "nobody"):
        with pytest.raises(Refused, match="not yours"):
            lab.runs.weights.pin("ann", run)
    for run in mine[:-1]:
        lab.runs.weights.pin("ann", run)
    lab.runs.weights.pin("bob", theirs)
    with pytest.raises(Refused, match="6 runs are kept for good"):
        lab.runs.weights.pin("ann", mine[-1])
    lab.runs.weights.pin("ann", mine[0])
    lab.runs.weights.pin("ann", mine[0], False)
    lab.runs.weights.pin("ann", mine[-1])


def test_a_run_that_is_too_old_for_the_store_takes_its_files_along(lab, monkeypatch):
    run = kept(lab)
    lab.runs.weights.pin("ann", run)
    lab.runs.close()
    monkeypatch.setattr("core.runs.service.time.time", lambda: 86_400 * 365 * 100.0)
    later = Runs(lab.runs.settings, make_worker=lambda command: lab.worker)
    later.open()
    assert later.view(run) is None
    assert later.weights.steps(run) == []
    later.close()
