"""With the real worker: who was trained with others has the numbers of one that was trained alone."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.runs import Runs
from core.spec import LaneSpec, RunSpec
from tests.core.runs.made import config
from tests.core.runs.trainers.test_processes import until

SPEC = RunSpec(epochs=12)
SPEED = 60
NUMBERS = ("step", "strength", "norm", "data_loss", "penalty", "zeros", "dead", "train_accuracy")
MOVED = LaneSpec(strength=3e-2)


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runs]:
    monkeypatch.setenv("SPARSITY_LAB_CHECKPOINTS", str(tmp_path / "weights"))
    service = Runs(config(tmp_path))
    service.open()
    yield service
    service.close()


def start(runs: Runs, owner: str, spec: RunSpec = SPEC) -> str:
    return runs.start(owner, spec, key="k", speed=SPEED).id


def points(runs: Runs, run: str) -> dict[int, list[dict]]:
    """Each shown step's lanes, as they were shown last."""
    shown = json.loads(runs.attach(run).feed.update(0, False)[1])["points"]
    by_step: dict[int, list[dict]] = {}
    for point in shown:
        by_step.setdefault(point["step"], []).append({name: point[name] for name in NUMBERS})
    return {step: lanes[-len(SPEC.lanes) :] for step, lanes in by_step.items()}


def until_ended(runs: Runs, *wanted: str) -> None:
    until(lambda: not any(runs.view(run).state in ("queued", "running") for run in wanted), 120)
    assert {runs.view(run).state for run in wanted} == {"finished"}


def until_shown(runs: Runs, run: str, step: int) -> None:
    until(lambda: (runs.attach(run).feed.shown or 0) >= step, 120)


def alone(runs: Runs, moves_of: str) -> dict[int, list[dict]]:
    """The numbers of a run that is trained by itself, with the moves of another."""
    run = runs.branches.again("alone", moves_of, SPEC, key=moves_of).id
    until_ended(runs, run)
    return points(runs, run)


def same(one: dict[int, list[dict]], other: dict[int, list[dict]]) -> int:
    """How many steps both have shown; the numbers there are equal, to the last digit that is shown."""
    both = one.keys() & other.keys()
    assert max(one) == max(other)
    assert {step: one[step] for step in both} == {step: other[step] for step in both}
    return len(both)


def test_who_leaves_and_who_stays_have_the_numbers_of_runs_that_were_alone(runs):
    first, leaver, stayer = (start(runs, owner) for owner in ("ann", "bob", "cid"))
    until_shown(runs, leaver, 60)
    runs.steering.change("bob", leaver, 1, MOVED)
    until_ended(runs, first, leaver, stayer)
    (made,) = runs.branches.moves(leaver)
    assert made.step in points(runs, first)
    assert runs.branches.moves(first) == runs.branches.moves(stayer) == []
    assert points(runs, first) == points(runs, stayer)
    assert same(points(runs, leaver), alone(runs, leaver)) > 1
    assert same(points(runs, stayer), alone(runs, stayer)) > 1
    assert points(runs, leaver)[max(points(runs, leaver))] != points(runs, stayer)[max(points(runs, stayer))]


def test_when_the_leader_leaves_and_the_worker_dies_the_others_numbers_stay_the_same(runs):
    first, second, third = (start(runs, owner) for owner in ("ann", "bob", "cid"))
    until_shown(runs, second, 60)
    runs.steering.change("ann", first, 1, MOVED)
    until_shown(runs, second, 120)
    for pid in runs.trainer_pids:
        os.kill(pid, signal.SIGKILL)
    until_ended(runs, first, second, third)
    assert same(points(runs, first), alone(runs, first)) > 1
    assert same(points(runs, third), alone(runs, third)) > 1
    assert points(runs, second) == points(runs, third)
    assert [made.move for made in runs.branches.moves(first)] != []
    assert runs.checkpoints.steps(second)[-1] == max(points(runs, second))
