"""How zeros happen: two weights, four methods, and the noise of batches; every number of the page's pictures.

The data loss of weight i is ½(wᵢ − pᵢ)², so at zero it pulls with pᵢ, and with the penalty λ|wᵢ| the lowest
total lies at the soft threshold of pᵢ. η: learning rate, μ: momentum, g: gradient of the data loss.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.lessons.what_is_l1.four_weights import soft_threshold

Vector = NDArray[np.float64]
MethodName = Literal["textbook_sgd", "textbook_adam", "proximal", "clip_and_kill"]

PULLS = (0.5, 0.05)
"""How hard the data loss pulls each weight at zero: w₁ is useful, w₂ hardly."""

STARTS = (-0.38, 0.6)
"""w₁ starts on the wrong side, and has to cross zero."""

RATES: dict[MethodName, float] = {
    "textbook_sgd": 0.25,
    "textbook_adam": 0.1,
    "proximal": 0.25,
    "clip_and_kill": 0.25,
}
"""η of each method, large enough for the hovering to be seen."""

N_UPDATES = 60


class _Rule(Protocol):
    def __call__(self, w: Vector, gradient: Vector, strength: Vector, rate: float) -> Vector: ...


class _Sgd:
    """b ← μb + g, w ← w − ηb."""

    def __init__(self, momentum: float) -> None:
        self.momentum = momentum
        self._buffer: Vector | float = 0.0

    def descend(self, w: Vector, gradient: Vector, rate: float) -> Vector:
        self._buffer = self.momentum * self._buffer + gradient
        return w - rate * self._buffer


class _TextbookSgd(_Sgd):
    """λ|w| added to the loss: its slope joins the gradient."""

    def __call__(self, w: Vector, gradient: Vector, strength: Vector, rate: float) -> Vector:
        return self.descend(w, gradient + strength * np.sign(w), rate)


class _TextbookAdam:
    """The same, by Adam with β = (0.9, 0.999) and ε = 1e-8."""

    def __init__(self, momentum: float) -> None:
        self._mean: Vector | float = 0.0
        self._square: Vector | float = 0.0
        self._n = 0

    def __call__(self, w: Vector, gradient: Vector, strength: Vector, rate: float) -> Vector:
        g = gradient + strength * np.sign(w)
        self._n += 1
        self._mean = 0.9 * self._mean + 0.1 * g
        self._square = 0.999 * self._square + 0.001 * g * g
        scale = np.sqrt(self._square / (1.0 - 0.999**self._n)) + 1e-8
        return w - rate * self._mean / (1.0 - 0.9**self._n) / scale


class _Proximal(_Sgd):
    """Down the data loss alone, then the soft threshold ηλ/(1 − μ)."""

    def __call__(self, w: Vector, gradient: Vector, strength: Vector, rate: float) -> Vector:
        v = self.descend(w, gradient, rate)
        threshold = rate * strength / (1.0 - self.momentum)
        return np.where(np.abs(v) > threshold, v - threshold * np.sign(v), 0.0)


class _ClipAndKill(_Sgd):
    """Down the data loss, then ηλ by the sign from before it; what that carries across zero stays there."""

    def __init__(self, momentum: float) -> None:
        super().__init__(momentum)
        self._dead: NDArray[np.bool_] | bool = False

    def __call__(self, w: Vector, gradient: Vector, strength: Vector, rate: float) -> Vector:
        v = np.where(self._dead, 0.0, self.descend(w, gradient, rate))
        moved = v - rate * strength * np.sign(w)
        self._dead = (moved * v < 0.0) | self._dead
        return np.where(self._dead, 0.0, moved)


RULES: dict[MethodName, type[_TextbookSgd | _TextbookAdam | _Proximal | _ClipAndKill]] = {
    "textbook_sgd": _TextbookSgd,
    "textbook_adam": _TextbookAdam,
    "proximal": _Proximal,
    "clip_and_kill": _ClipAndKill,
}


def path(
    method: MethodName,
    strengths: Sequence[ArrayLike],
    rates: Sequence[float],
    *,
    pulls: ArrayLike = PULLS,
    starts: ArrayLike = STARTS,
    momentum: float = 0.0,
) -> Vector:
    """The weights before the first and after every update: (updates + 1, …).

    Args:
        method: which update.
        strengths: λ of each update; it may differ from weight to weight.
        rates: η of each update.
        pulls: of the weights, which do not know of each other.
        starts: the weights before the first update.
        momentum: μ of the methods that step by SGD.
    """
    rule: _Rule = RULES[method](momentum)
    w = np.asarray(starts, dtype=float)
    rows = [w]
    for strength, rate in zip(strengths, rates, strict=True):
        w = rule(w, w - np.asarray(pulls), np.asarray(strength, dtype=float), rate)
        rows.append(w)
    return np.stack(rows)


def steady_path(method: MethodName, strength: float) -> Vector:
    """The page's two weights at one λ, by the method's own η: (N_UPDATES + 1, 2)."""
    return path(method, [strength] * N_UPDATES, [RATES[method]] * N_UPDATES)


def lowered_path(method: MethodName, strength: float, later: float) -> Vector:
    """The same, with λ changed to `later` after half of the updates."""
    half = N_UPDATES // 2
    strengths = [strength] * half + [later] * (N_UPDATES - half)
    return path(method, strengths, [RATES[method]] * N_UPDATES)


def best(strength: float) -> Vector:
    """Where the lowest total lies for the two weights."""
    return soft_threshold(PULLS, strength)


HOVER_RATE = 0.02
HOVER_STRENGTHS = tuple(float(s) for s in np.geomspace(0.01, 1.0, 9))
MOMENTA = (0.0, 0.5, 0.9)
_HOVER_STARTS = np.linspace(-0.31, 0.29, 21)
_TAIL = 200


@cache
def hover(method: MethodName, momentum: float = 0.0, updates: int = 3000) -> tuple[float, ...]:
    """Mean |w| over the last updates of a weight that nothing pulls, for each of HOVER_STRENGTHS.

    Mean over 21 starting points, because with momentum the weight may end in one of several cycles.
    """
    shape = np.ones((len(HOVER_STRENGTHS), len(_HOVER_STARTS)))
    strengths = shape * np.array(HOVER_STRENGTHS)[:, None]
    walked = path(
        method,
        [strengths] * updates,
        [HOVER_RATE] * updates,
        pulls=0.0,
        starts=shape * _HOVER_STARTS,
        momentum=momentum,
    )
    return tuple(np.abs(walked[-_TAIL:]).mean(axis=(0, 2)).tolist())


def hover_height(strength: float, rate: float) -> float:
    """Half the height of the hovering by SGD without momentum: w → (1 − η)w − ηλ sign w has it as cycle."""
    return rate * strength / (2.0 - rate)


def hover_bound(strength: float, rate: float, momentum: float) -> float:
    """ηλ/(1 − μ), the longest step that the penalty alone can take."""
    return rate * strength / (1.0 - momentum)


DECAY_STRENGTH = 0.2
DECAY_UPDATES = 120


def decayed(method: MethodName, half_life: float) -> Vector:
    """w₂ alone at λ = DECAY_STRENGTH, while η halves every `half_life` updates (math.inf: stays)."""
    rates = [RATES[method] * 0.5 ** (t / half_life) for t in range(DECAY_UPDATES)]
    return path(method, [DECAY_STRENGTH] * DECAY_UPDATES, rates, pulls=PULLS[1], starts=STARTS[1])


NOISE = 1.0
"""Standard deviation of one image's gradient; that of a batch is NOISE/√(images)."""

STAY_STRENGTH = 0.2
BATCH_SIZES = (4, 8, 16, 32, 64, 128, 256)
STAY_UPDATES = 120


def batch_gradients(batch_size: int, updates: int = STAY_UPDATES) -> Vector:
    """Gradients of w₂ held at zero, batch by batch: (updates,). Always the same draws."""
    draws = np.random.default_rng(0).normal(size=updates)
    gradients: Vector = -PULLS[1] + NOISE / math.sqrt(batch_size) * draws
    return gradients


def averaged(gradients: Vector, momentum: float) -> Vector:
    """What momentum makes of them: (1 − μ) times its buffer, begun at the mean gradient."""
    average, rows = -PULLS[1], []
    for gradient in gradients:
        average = momentum * average + (1.0 - momentum) * float(gradient)
        rows.append(average)
    return np.array(rows)


def leaving_share(batch_size: int, momentum: float) -> float:
    """The share of updates in which the averaged gradient is larger than λ, for normal noise.

    The average of momentum has √((1 − μ)/(1 + μ)) of the noise of one batch.
    """
    spread = NOISE / math.sqrt(batch_size) * math.sqrt((1.0 - momentum) / (1.0 + momentum))
    low, high = -STAY_STRENGTH + PULLS[1], STAY_STRENGTH + PULLS[1]
    return 1.0 - _normal(high / spread) + _normal(low / spread)


def _normal(z: float) -> float:
    return 0.5 * (1.0 + math.erf(z / math.sqrt(2.0)))
