"""Data losses: what a lane's outputs cost, and how good they are in numbers a person reads.

A score is the mean over images of something a person understands: right answers, or degrees off. Which of a
snapshot's fields it fills, and when it is no better than guessing, is the loss's to say; nobody else asks.
"""

from abc import ABC, abstractmethod
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from core.spec import LossKind

ANGLE_UNIT = 45.0
"""Degrees in one unit of a network's output: rotated digits' largest angle, so targets fill [−1, 1]."""


class Loss(ABC):
    """One data loss, and the score that goes with it.

    Attributes:
        score_name: the kind of its `core.snapshots.Score`.
        curvature: the largest second derivative of one image's loss in its outputs.
    """

    curvature: float
    score_name: Literal["accuracy", "error"]

    @abstractmethod
    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean loss, one number with its graph. outputs: N × n_outputs; targets: N."""

    @abstractmethod
    def scores(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The score of each image, float32, N."""

    @abstractmethod
    def guessing(self, targets: Tensor) -> float:
        """The mean score of the best answer that is the same for every image."""

    @abstractmethod
    def only_guesses(self, score: float, guessing: float) -> bool:
        """Whether a training score is that of a constant answer, but for the noise of small batches."""

    @abstractmethod
    def beats_guessing(self, score: float, guessing: float) -> bool:
        """Whether it is clearly better; the gap between the two keeps small batches from flickering."""

    @abstractmethod
    def wrong(self, targets: Tensor, n_outputs: int, generator: torch.Generator) -> Tensor:
        """As many targets that these images do not have, at random."""


class CrossEntropy(Loss):
    """−log of the probability given to the right label, in nats. Score: the share of right answers.

    Example: two equal logits cost log 2 = 0.693.
    """

    score_name = "accuracy"
    curvature = 0.5  # Böhning (1992), "Multinomial logistic regression algorithm".

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Mean cross-entropy of the logits against labels, int64."""
        return F.cross_entropy(outputs, targets)

    def scores(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """1 where the largest logit is the label's, else 0."""
        return (outputs.argmax(1) == targets).float()

    def guessing(self, targets: Tensor) -> float:
        """The share of the most frequent label."""
        return float(targets.bincount().max()) / len(targets)

    def only_guesses(self, score: float, guessing: float) -> bool:
        """Up to 1.5 times as many right answers."""
        return score <= 1.5 * guessing

    def beats_guessing(self, score: float, guessing: float) -> bool:
        """From twice as many right answers on."""
        return score >= 2.0 * guessing

    def wrong(self, targets: Tensor, n_outputs: int, generator: torch.Generator) -> Tensor:
        """Another label: a shift by 1 … n_outputs − 1 never gives the right one back."""
        shift = torch.randint(1, n_outputs, (len(targets),), generator=generator).to(targets.device)
        return (targets + shift) % n_outputs


class MeanSquaredError(Loss):
    """(output − angle)² in units of (45°)². Score: the mean absolute error in degrees.

    In degrees a loss would start near 675, and every λ would have to be 2,025 times as large for the same
    zeros: in units of 45° both losses are of order one.

    Example: 0.5 said of an image turned by 45°, which is 1: the loss is 0.25, the error 22.5°.
    """

    score_name = "error"
    curvature = 2.0

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Mean squared error of N × 1 outputs against N angles, both in units of 45°."""
        return F.mse_loss(outputs.squeeze(1), targets)

    def scores(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Degrees between answer and angle."""
        return ANGLE_UNIT * (outputs.squeeze(1) - targets).abs()

    def guessing(self, targets: Tensor) -> float:
        """The error of always answering the mean angle, as a network of zeros with a bias learns to."""
        return float(ANGLE_UNIT * (targets - targets.mean()).abs().mean())

    def only_guesses(self, score: float, guessing: float) -> bool:
        """An error of at least nine tenths of that: 160 images vary by 1° around 22°."""
        return score >= 0.9 * guessing

    def beats_guessing(self, score: float, guessing: float) -> bool:
        """An error of at most eight tenths."""
        return score <= 0.8 * guessing

    def wrong(self, targets: Tensor, n_outputs: int, generator: torch.Generator) -> Tensor:
        """Any angle of the range."""
        return torch.empty(len(targets)).uniform_(-1.0, 1.0, generator=generator).to(targets.device)


LOSSES: dict[LossKind, Loss] = {"cross_entropy": CrossEntropy(), "mean_squared_error": MeanSquaredError()}
"""The data losses, by their names in the spec."""
