"""An equal run begins where another was shown lately, without a single update to be made again."""

import pytest
import torch

from core.checkpoints import Checkpoints
from core.data.images import load
from core.spec import LaneSpec, Move, RunSpec
from core.training.run import Run
from core.worker import recent
from core.worker.job import Job
from core.worker.protocol import ChangeLane, Followed, Start

CPU = torch.device("cpu")
SPEC = RunSpec(
    model="small_cnn", train_size=96, batch_size=32, epochs=30, lanes=(LaneSpec(), LaneSpec(strength=1e-3))
)
MOVE = Move.checked({"strength": 0.05})


class Trained:
    """A job, and what it said."""

    def __init__(self, folder, run, twin=None, **fields):
        self.said = []
        store = Checkpoints(folder, 10**9)
        start = Start(run, SPEC, False, 0.0, **fields)
        self.job = Job(start, CPU, lambda *said: self.said.append(said), load(SPEC, CPU), store, twin)

    def train(self, n_updates):
        for _ in range(n_updates):
            self.job.turn(0.0, 0.0)

    @property
    def begun_at(self):
        (kept,) = [record["kept"] for event, record in self.said if event == "resumed"]
        return kept


def weights(run):
    return [value for lane in run.lanes for value in lane.net.state_dict().values()]


@pytest.fixture
def leader(tmp_path):
    made = Trained(tmp_path, "leader")
    made.job.obey(Followed("leader", True))
    made.train(40)
    return made


@pytest.mark.parametrize("step", [39, 36])
def test_who_leaves_begins_where_it_is_and_has_the_weights_of_one_that_was_alone(leader, tmp_path, step):
    leaver = Trained(tmp_path, "leaver", leader.job, until=step)
    assert (leaver.begun_at, leaver.job.run.step) == (step, step)
    leaver.job.obey(ChangeLane("leaver", 1, MOVE))
    leaver.train(5)
    alone = Run(SPEC, CPU)
    while alone.step < leaver.job.run.step:
        if alone.step == step:
            alone.change(1, MOVE)
        alone.advance()
    assert all(map(torch.equal, weights(alone), weights(leaver.job.run)))


def test_who_is_far_behind_makes_a_little_again(leader, tmp_path):
    leaver = Trained(tmp_path, "leaver", leader.job, until=15)
    leaver.train(20)
    assert 15 - recent.STRIDE < leaver.begun_at <= 15


def test_what_was_moved_or_is_not_followed_is_nobody_s_beginning(leader, tmp_path):
    leader.job.obey(ChangeLane("leader", 1, MOVE))
    leader.job.obey(Followed("leader", True))
    assert leader.job.recent is None
    assert Trained(tmp_path, "other").job.recent is None


def test_a_pacemaker_has_what_the_leader_had_for_those_who_leave_it(leader, tmp_path):
    pacemaker = Trained(tmp_path, "pacemaker", leader.job, until=39, followed=True)
    leader.job.obey(ChangeLane("leader", 1, MOVE))
    leaver = Trained(tmp_path, "leaver", pacemaker.job, until=36)
    assert (pacemaker.begun_at, leaver.begun_at) == (39, 36)


def test_who_is_followed_no_longer_keeps_nothing(leader):
    leader.job.obey(Followed("leader", False))
    assert leader.job.recent is None


def test_it_is_bounded(leader, monkeypatch):
    held = leader.job.recent
    *_, state = held._fresh[0]
    monkeypatch.setattr(recent, "MOST_BYTES", 3.5 * len(state))
    leader.train(40)
    assert (len(held._fresh), len(held._older)) == (recent.FRESH, 3)
    assert held.newest(0) is None
