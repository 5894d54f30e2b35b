"""The classical lasso path of the digits, bundled: scikit-learn has computed it beforehand."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.spec import MATRIX_LAYERS, RunSpec

FILE = Path(__file__).with_name("lasso.json.gz")
"""Written by `python -m benchmarks.examples.lasso_path`."""


@dataclass(frozen=True)
class LassoPath:
    """The optimum of mean cross-entropy + λ Σ|W| over λ: digits, all training images, free biases.

    Attributes:
        strengths: λ, rising.
        weights: λ by λ, a row of 64 weights for each of the ten digits.
        norms: Σ|W|, λ by λ.
        strength_max: λ_max, from which on W is 0.
    """

    strengths: tuple[float, ...]
    weights: tuple[tuple[tuple[float, ...], ...], ...]
    norms: tuple[float, ...]
    strength_max: float

    def of_unit(self, unit: int) -> tuple[tuple[float, ...], ...]:
        """The path of each weight of one digit: a row per weight, λ by λ."""
        return tuple(zip(*(each[unit] for each in self.weights), strict=True))


@cache
def lasso_path() -> LassoPath:
    """The bundled path."""
    kept = json.loads(gzip.decompress(FILE.read_bytes()))
    return LassoPath(
        strengths=tuple(kept["strengths"]),
        weights=tuple(tuple(map(tuple, each)) for each in kept["weights"]),
        norms=tuple(kept["norms"]),
        strength_max=kept["strength_max"],
    )


def is_the_same(spec: RunSpec) -> bool:
    """Whether a run has the objective whose path is bundled, so that the two can lie over each other."""
    lane = spec.lanes[-1]
    data = (
        spec.model == "linear"
        and spec.dataset == "digits"
        and not (spec.label_noise or spec.train_size or spec.fold)
    )
    objective = lane.penalty == "l1" and not lane.multipliers and not lane.include_bias
    plain = lane.freeze == lane.polish == lane.prune == 0.0
    return data and objective and plain and bool(lane.layers & MATRIX_LAYERS & {"fc1"})
