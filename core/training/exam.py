"""How the lanes of a run do on the test images: looked at when there is time, a chunk at a time."""

import time
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from core.training.data import Images
from core.training.lane import Lane
from core.training.losses import Loss
from core.training.measures import outputs

TEST_BUDGET = 0.01
"""Share of the training time that looking at the test images may take, unless it is asked for."""

MAX_ALLOWANCE = 0.5
"""Seconds of looking at test images that may be saved up."""

EVENTFUL_ALLOWANCE = 0.1
"""Seconds granted at the start and at a change, when people look."""


class Exam:
    """What the last looks at the test images found, and the time there is for the next one.

    Attributes:
        found: by lane, the step of its last look and its mean score then (see `losses`).
    """

    def __init__(self, lanes: Sequence[Lane], loss: Loss, images: Images) -> None:
        self.found: dict[int, tuple[int, float]] = {}
        self._lanes = lanes
        self._loss = loss
        self._images = images
        self._allowance = EVENTFUL_ALLOWANCE

    @property
    def due(self) -> bool:
        """Whether there is time for a look, or nobody has looked yet."""
        return not self.found or self._allowance > 0.0

    def allow(self, seconds: float) -> None:
        """Grant time for looks: of the training time, or when nobody trains."""
        self._allowance = min(self._allowance + seconds, MAX_ALLOWANCE)

    def look(self, step: int) -> Iterator[None]:
        """Look at all test images after `step` updates; rest where others may have a turn, not train.

        There is no rest within EVALUATION_CHUNK images. MNIST's take a lane a second.
        """
        for index, lane in enumerate(self._lanes):
            if not lane.diverged and self.found.get(index, (-1, 0.0))[0] != step:
                # Before the first update all lanes are one network.
                if step == 0 and index > 0:
                    self.found[index] = self.found[0]
                else:
                    yield from self._look(index, step)

    def _look(self, index: int, step: int) -> Iterator[None]:
        answers: list[Tensor] = []
        started = time.perf_counter()
        for part in outputs(self._lanes[index].net, self._images.test_x):
            if answers:
                self._allowance -= time.perf_counter() - started
                yield
                started = time.perf_counter()
            answers.append(part)
        scores = self._loss.scores(torch.cat(answers), self._images.test_y)
        self.found[index] = (step, float(scores.sum()) / len(scores))
        self._allowance -= time.perf_counter() - started
