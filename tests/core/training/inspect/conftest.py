from pathlib import Path

import pytest
import torch

from core.checkpoints import Checkpoints
from core.spec import LaneSpec, RunSpec
from core.training.inspect.fate import Watches
from core.training.inspect.moment import live
from core.training.inspect.questions import Context, begin
from core.training.loop import Experiment

CPU = torch.device("cpu")


class Lab:
    """A trained experiment, and what it answers."""

    def __init__(self, folder: Path, updates: int = 30, **fields):
        lane = LaneSpec(strength=1e-3, warmup=0.0)
        spec = {"lanes": (lane.without_penalty(), lane), "train_size": 256} | fields
        self.experiment = Experiment(RunSpec(**spec), CPU)
        for _ in range(updates):
            self.experiment.advance()
        self.watches = Watches()
        self.store = Checkpoints(folder, 10**8)

    def ask(self, question, **values):
        """The answer, once all pieces of the work are done."""
        context = Context("r", self.watches, self.store)
        pieces = list(begin(question, values, live(self.experiment), context))
        assert pieces[:-1] == [None] * (len(pieces) - 1)
        return pieces[-1]

    def net(self, lane):
        return self.experiment.lanes[lane].net.eval()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    return Lab(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def own(tmp_path):
    """One that a test may change."""
    return Lab(tmp_path, updates=3)
