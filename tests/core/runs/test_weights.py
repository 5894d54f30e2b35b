"""The files of a run's weights go when the run does."""

from core.checkpoints import moment_name
from core.runs import Runs


def test_a_run_that_is_too_old_for_the_store_takes_its_files_along(lab, monkeypatch):
    run = lab.start("ann")
    lab.runs.checkpoints.keep(run, moment_name(3), b"x")
    lab.runs.checkpoints.pin(run)
    lab.runs.stop("ann", run)
    lab.runs.close()
    monkeypatch.setattr("core.runs.service.time.time", lambda: 86_400 * 365 * 100.0)
    later = Runs(lab.runs.settings, make_worker=lambda command: lab.worker)
    later.open()
    assert later.view(run) is None
    assert later.checkpoints.steps(run) == []
    later.close()
