"""What is L1? Eight examples, four weights, a price λ on each: every number of the page.

The four inputs are made so that each weight has a story: x₁ matters, x₂ helps, x₃ says next to nothing,
x₄ is nearly a copy of x₁. The same eight rows are asked for a number (mean squared error) and for a
class (cross-entropy, in nats; two labels are wrong on purpose, so that a best answer exists at λ = 0).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Vector = NDArray[np.float64]
LossKind = Literal["cross_entropy", "mse"]

INPUTS = np.array(
    [
        [1.0, 0.8, 0.3, 0.9],
        [0.6, -0.4, -0.7, 0.5],
        [-0.8, -0.9, 0.5, -0.6],
        [-0.5, 0.6, -0.2, -0.7],
        [0.9, 1.0, -0.4, 1.0],
        [-1.0, -0.3, 0.6, -0.8],
        [0.3, 0.9, 0.8, 0.1],
        [-0.4, -1.0, -0.6, -0.2],
    ]
)
"""x, one row an example: (8, 4)."""

VALUES = np.array([1.9, 0.4, -1.5, -0.6, 1.6, -1.4, 1.0, -0.9])
"""The number to predict, by mean squared error."""

CLASSES = np.array([1, 1, 1, 1, 1, 0, 1, 0])
"""The class to predict, by cross-entropy; the third and the fourth label are wrong."""

N_WEIGHTS = INPUTS.shape[1]


def examples() -> dict[str, list[float]]:
    """The eight rows as the page shows them: inputs, number, class."""
    columns = {f"x{'₁₂₃₄'[i]}": INPUTS[:, i].tolist() for i in range(N_WEIGHTS)}
    return {**columns, "value": VALUES.tolist(), "class": CLASSES.tolist()}


def data_loss(kind: LossKind, weights: ArrayLike) -> float:
    """The mean loss over the eight examples of the prediction z = Σ wᵢxᵢ, which has no bias.

    Mean squared error: (z − value)². Cross-entropy: −ln p(class), where p(1) = 1/(1 + e^−z).
    """
    z = INPUTS @ np.asarray(weights, dtype=float)
    if kind == "mse":
        return float(np.mean((z - VALUES) ** 2))
    return float(np.mean(np.logaddexp(0.0, z) - CLASSES * z))


def gradient(kind: LossKind, weights: ArrayLike) -> Vector:
    """The derivative of `data_loss` by each weight: (4,)."""
    z = INPUTS @ np.asarray(weights, dtype=float)
    error = 2.0 * (z - VALUES) if kind == "mse" else 1.0 / (1.0 + np.exp(-z)) - CLASSES
    slope: Vector = INPUTS.T @ error / len(INPUTS)
    return slope


@dataclass(frozen=True)
class Bill:
    """What a choice of weights costs: total = data loss + λ · Σ|w|.

    Attributes:
        kind: the data loss.
        weights: the four of them.
        strength: λ ≥ 0, the price of one unit of |w|.
        data_loss: mean over the examples; in nats for cross-entropy.
    """

    kind: LossKind
    weights: tuple[float, ...]
    strength: float
    data_loss: float

    @property
    def norm(self) -> float:
        """Σ|w|."""
        return sum(map(abs, self.weights))

    @property
    def prices(self) -> tuple[float, ...]:
        """λ|wᵢ|, what each weight costs."""
        return tuple(self.strength * abs(w) for w in self.weights)

    @property
    def penalty(self) -> float:
        """λ Σ|w|."""
        return self.strength * self.norm

    @property
    def total(self) -> float:
        """What training makes small."""
        return self.data_loss + self.penalty

    def without(self, index: int) -> "Bill":
        """The same with one weight at zero."""
        weights = [0.0 if i == index else w for i, w in enumerate(self.weights)]
        return bill(self.kind, weights, self.strength)


def bill(kind: LossKind, weights: Sequence[float], strength: float) -> Bill:
    """Add up what these weights cost at λ = `strength`."""
    return Bill(kind, tuple(map(float, weights)), strength, data_loss(kind, weights))


@dataclass(frozen=True)
class Verdict:
    """Whether one weight earns its price: what would change with it at zero.

    Attributes:
        index: of the weight, from 0.
        earned: how much the data loss would rise; below zero where the weight does harm.
        price: λ|w|, how much the penalty would fall.
    """

    index: int
    earned: float
    price: float


def worst_bargain(account: Bill) -> Verdict | None:
    """The weight whose zero would lower the total most; None where every weight earns its price."""
    present = [i for i, w in enumerate(account.weights) if w != 0.0]
    verdicts = [
        Verdict(i, account.without(i).data_loss - account.data_loss, account.prices[i]) for i in present
    ]
    bad = [v for v in verdicts if v.price > v.earned]
    return max(bad, key=lambda v: v.price - v.earned, default=None)


@cache
def best(kind: LossKind, strength: float, most: int = 4000) -> Bill:
    """The weights of the lowest total, by accelerated proximal gradient steps until they stand still.

    Momentum starts anew where it points uphill: some 200 steps do, 3 ms, so that no slider waits.

    Source: Beck & Teboulle (2009), FISTA; O'Donoghue & Candès (2015) for the restart.
    """
    bound = np.linalg.eigvalsh(INPUTS.T @ INPUTS)[-1] / len(INPUTS)
    rate = 1.0 / (2.0 * bound if kind == "mse" else bound / 4.0)
    w = ahead = np.zeros(N_WEIGHTS)
    momentum = 1.0
    for _ in range(most):
        before, w = w, soft_threshold(ahead - rate * gradient(kind, ahead), rate * strength)
        if np.abs(w - ahead).max() < STILL:
            break
        if (ahead - w) @ (w - before) > 0.0:
            momentum = 1.0
        following = (1.0 + np.sqrt(1.0 + 4.0 * momentum**2)) / 2.0
        ahead = w + (momentum - 1.0) / following * (w - before)
        momentum = following
    return bill(kind, w.tolist(), strength)


STILL = 1e-13
"""A step shorter than this, in any weight, is none."""


def soft_threshold(v: ArrayLike, threshold: float) -> Vector:
    """L1's step: move every entry of v towards zero by `threshold`, stopping at zero (never at −0)."""
    v = np.asarray(v, dtype=float)
    return np.where(np.abs(v) > threshold, v - threshold * np.sign(v), 0.0)


def shrink(v: ArrayLike, threshold: float) -> Vector:
    """L2's step: divide every entry of v by 1 + `threshold`."""
    return np.asarray(v, dtype=float) / (1.0 + threshold)
