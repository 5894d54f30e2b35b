"""When weights are kept, and what is said when they cannot be."""

import pytest
import torch

from core.checkpoints import Checkpoints
from core.spec import RunSpec
from core.training.run import Run
from core.worker import keeping
from core.worker.keeping import KEPT_PER_RUN, TRAINING_SECONDS, Keeper

CPU = torch.device("cpu")


class Kept:
    """A keeper with an run, and what it said."""

    def __init__(self, folder, limit=10**9):
        self.now = 1000.0
        self.said = []
        self.store = Checkpoints(folder, limit)
        self.keeper = Keeper(self.store, "r", lambda event, record: self.said.append((event, record)))
        self.run = Run(RunSpec(model="small_cnn", train_size=128), CPU)

    def train(self, seconds):
        self.run.step += 1
        self.keeper.trained(seconds, self.run)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    kept = Kept(tmp_path / "weights")
    monkeypatch.setattr(keeping.time, "monotonic", lambda: kept.now)
    return kept


def test_after_thirty_seconds_of_its_own_training(kept):
    for _ in range(3):
        kept.train(TRAINING_SECONDS / 2)
    assert kept.store.steps("r") == [2]
    ((event, record),) = kept.said
    assert (event, record["step"]) == ("checkpoint", 2)
    assert record["bytes"] == kept.store.path("r", "000000002.weights.safetensors").stat().st_size


def test_soon_after_an_event_but_not_for_each_of_many(kept):
    for _ in range(10):
        kept.keeper.owed = True
        kept.train(0.01)
        kept.now += 0.15
    assert kept.store.steps("r") == [1, 8]
    kept.now += 1.0
    kept.train(0.01)
    assert kept.store.steps("r") == [1, 8, 11]
    kept.now += 9.0
    kept.train(0.01)
    assert kept.store.steps("r") == [1, 8, 11]


def test_a_moment_is_kept_once(kept):
    kept.keeper.keep(kept.run)
    kept.keeper.keep(kept.run)
    assert len(kept.said) == 1


def test_a_full_store_is_told_once_and_again_after_it_had_room(tmp_path):
    kept = Kept(tmp_path / "weights", limit=1000)
    for step in range(3):
        kept.run.step = step
        kept.keeper.keep(kept.run)
    ((event, record),) = kept.said
    assert (event, record["run"]) == ("unkept", "r")
    assert record["message"].endswith("(0.001 MB). The training goes on.")


def test_an_unwritable_folder_is_told_and_nothing_breaks(tmp_path):
    (tmp_path / "weights").write_text("a file in the way")
    kept = Kept(tmp_path / "weights")
    kept.keeper.keep(kept.run)
    assert [event for event, _ in kept.said] == ["unkept"]


def test_a_long_run_keeps_a_bounded_number_with_both_ends(kept):
    for step in range(3 * KEPT_PER_RUN):
        kept.run.step = step
        kept.keeper.keep(kept.run)
    steps = kept.store.steps("r")
    assert len(steps) == KEPT_PER_RUN
    assert (steps[0], steps[-1]) == (0, 3 * KEPT_PER_RUN - 1)


def test_a_pinned_run_is_not_thinned(kept):
    kept.store.pin("r")
    for step in range(KEPT_PER_RUN + 3):
        kept.run.step = step
        kept.keeper.keep(kept.run)
    assert len(kept.store.steps("r")) == KEPT_PER_RUN + 3


def test_a_run_that_diverged_altogether_is_not_kept(kept):
    with torch.no_grad():
        for lane in kept.run.lanes:
            lane.net.conv1.weight.fill_(float("inf"))
    kept.keeper.keep(kept.run)
    assert kept.said == []
