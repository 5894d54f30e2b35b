"""A mean squared error of one or two weights, with L1 or L2 on it: solutions, contours, pulls."""

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.lessons.what_is_l1.four_weights import INPUTS, VALUES

Vector = NDArray[np.float64]
Penalty = Literal["l1", "l2"]


@dataclass(frozen=True, eq=False)
class Quadratic:
    """loss(w) = ½ wᵀHw − bᵀw + c.

    Attributes:
        hessian: H, (d, d), positive definite.
        pull: b, (d,), minus the gradient at w = 0.
        constant: c, the loss at w = 0.
    """

    hessian: Vector
    pull: Vector
    constant: float

    def value(self, w: ArrayLike) -> float:
        """The loss of one weight vector (d,)."""
        w = np.asarray(w, dtype=float)
        return float(w @ self.hessian @ w / 2.0 - self.pull @ w + self.constant)

    def gradient(self, w: ArrayLike) -> Vector:
        """Its derivative by each weight: (d,)."""
        slope: Vector = self.hessian @ np.asarray(w, dtype=float) - self.pull
        return slope

    def contour(self, level: float, points: int = 61) -> Vector:
        """The closed curve of two weights on which the loss is `level`: (points, 2).

        Raises:
            ValueError: the loss is nowhere so low.
        """
        centre = np.linalg.solve(self.hessian, self.pull)
        above = level - self.value(centre)
        if above < 0.0:
            raise ValueError(f"level must be at least {self.value(centre):g}, got {level:g}")
        angles = np.linspace(0.0, 2.0 * np.pi, points)
        circle = np.sqrt(2.0 * above) * np.stack([np.cos(angles), np.sin(angles)])
        # H = LLᵀ turns the circle into the ellipse: |Lᵀ(w − centre)|² = 2·above.
        ellipse: Vector = np.linalg.solve(np.linalg.cholesky(self.hessian).T, circle).T + centre
        return ellipse


@cache
def mean_squared_error(*columns: int) -> Quadratic:
    """The page's eight examples, predicted from these of their inputs: (1/n) Σ (z − value)²."""
    x, n = INPUTS[:, columns], len(INPUTS)
    return Quadratic(2.0 / n * x.T @ x, 2.0 / n * x.T @ VALUES, float(np.mean(VALUES**2)))


def solution(loss: Quadratic, penalty: Penalty, strength: float) -> Vector:
    """The weights that make loss + λ·penalty smallest: (d,). L1 is Σ|w|, L2 is ½Σw²."""
    if penalty == "l2":
        stiffer = loss.hessian + strength * np.eye(len(loss.pull))
        return np.asarray(np.linalg.solve(stiffer, loss.pull), dtype=np.float64)
    return _lasso(loss, strength)


def penalty_pull(loss: Quadratic, penalty: Penalty, strength: float) -> Vector:
    """How the penalty pulls at the solution: (d,), just as hard as the data loss, the other way.

    For L1 and wᵢ ≠ 0 it is −λ·sign(wᵢ); at wᵢ = 0 whatever is needed, up to λ either way.
    """
    w = solution(loss, penalty, strength)
    if penalty == "l2":
        return -strength * w
    return np.where(w != 0.0, -strength * np.sign(w), np.clip(loss.gradient(w), -strength, strength))


def _lasso(loss: Quadratic, strength: float) -> Vector:
    """Try every pattern of signs, 3^d of them: the one that fits its own signs is the solution."""
    d = len(loss.pull)
    candidates = (_given_signs(loss, strength, np.array(signs)) for signs in product((0, 1, -1), repeat=d))
    totals = [(loss.value(w) + strength * float(np.abs(w).sum()), w) for w in candidates if w is not None]
    return min(totals, key=lambda pair: pair[0])[1]


def _given_signs(loss: Quadratic, strength: float, signs: NDArray[np.int_]) -> Vector | None:
    w, kept = np.zeros(len(signs)), signs != 0
    w[kept] = np.linalg.solve(loss.hessian[np.ix_(kept, kept)], (loss.pull - strength * signs)[kept])
    return w if np.all(np.sign(w[kept]) == signs[kept]) else None
