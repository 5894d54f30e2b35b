from pathlib import Path

import pytest
import torch

from core.checkpoints import Checkpoints
from core.inspect.fate import Watches
from core.inspect.moment import live
from core.inspect.questions import Context, begin
from core.spec import LaneSpec, RunSpec
from core.training.run import Run

CPU = torch.device("cpu")


class Lab:
    """A trained run, and what it answers."""

    def __init__(self, folder: Path, updates: int = 30, **fields):
        lane = LaneSpec(strength=1e-3, warmup=0.0)
        spec = {"lanes": (lane.without_penalty(), lane), "train_size": 256} | fields
        self.run = Run(RunSpec(**spec), CPU)
        for _ in range(updates):
            self.run.advance()
        self.watches = Watches()
        self.store = Checkpoints(folder, 10**8)

    def ask(self, question, **values):
        """The answer, once all pieces of the work are done."""
        context = Context("r", self.watches, self.store)
        return begin(question, values, live(self.run), context).finish()

    def net(self, lane):
        return self.run.lanes[lane].net.eval()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    return Lab(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def own(tmp_path):
    """One that a test may change."""
    return Lab(tmp_path, updates=3)
