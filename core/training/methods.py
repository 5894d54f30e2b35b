"""How a penalty enters an update. η: learning rate, μ: momentum, λ: strength, g: gradient, w: weights.

Two independent choices make an update. The *optimizer* steps down a loss and knows how far a proximal step
must then shrink; the *method* says what it steps down and whether it shrinks. Neither knows the penalty.
"""

from collections.abc import Iterable, Sequence
from itertools import compress

import torch
from torch import Tensor, nn

from core.spec import LaneSpec
from core.training.fista import Fista
from core.training.method import Method
from core.training.penalties import Penalty


class Textbook(Method):
    """Add λ Σ R to the loss and let autograd do the rest: weights hover around zero and never land on it."""

    def update(
        self,
        data_loss: Tensor,
        penalty: Penalty,
        targets: Sequence[nn.Parameter],
        strengths: Sequence[float],
    ) -> None:
        """One plain step down data loss + λ Σ R."""
        loss = data_loss
        for target, strength in zip(targets, strengths, strict=True):
            loss = loss + strength * penalty.value(target)
        self._optimizer.descend(loss)


class Proximal(Method):
    """Step down the data loss alone, then apply the penalty's proximal map: weights land on zero exactly."""

    def update(
        self,
        data_loss: Tensor,
        penalty: Penalty,
        targets: Sequence[nn.Parameter],
        strengths: Sequence[float],
    ) -> None:
        """One plain step down the data loss, then the shrink; at λ = 0 there is nothing to shrink."""
        self._optimizer.descend(data_loss)
        acting = [strength != 0.0 for strength in strengths]
        if not any(acting):
            return
        targets, strengths = list(compress(targets, acting)), list(compress(strengths, acting))
        with torch.no_grad():
            for target, threshold in zip(targets, self._thresholds(targets, strengths), strict=True):
                target.copy_(penalty.prox(target, threshold))

    def _thresholds(self, targets: Sequence[Tensor], strengths: Sequence[float]) -> Sequence[float | Tensor]:
        return self._optimizer.thresholds(targets, strengths)


class UniformThreshold(Proximal):
    """Wrong on purpose: shrink every weight by ηλ, whatever the optimizer; exact zeros, but the wrong ones.

    Right for plain SGD only. After momentum it is too weak by 1/(1 − μ); after Adam, whose rates differ from
    weight to weight, its fixed point minimises nothing.
    """

    def _thresholds(self, targets: Sequence[Tensor], strengths: Sequence[float]) -> Sequence[float | Tensor]:
        return [self._optimizer.learning_rate * strength for strength in strengths]


class ClipAndKill(Method):
    """As popular playgrounds do it: step down λ R, and a weight that crosses zero is zero for ever.

    It makes exact zeros, and too many: a weight that crossed once never comes back, not even at λ = 0.

    Source: the code of TensorFlow Playground (Smilkov & Carter), `updateWeights` and `isDead`.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], spec: LaneSpec) -> None:
        super().__init__(parameters, spec)
        self._dead: dict[nn.Parameter, Tensor] = {}

    def update(
        self,
        data_loss: Tensor,
        penalty: Penalty,
        targets: Sequence[nn.Parameter],
        strengths: Sequence[float],
    ) -> None:
        """One plain step down the data loss, then one of size η down λ R; who crosses zero dies."""
        self._optimizer.descend(data_loss)
        with torch.no_grad():
            for parameter, dead in self._dead.items():
                parameter.masked_fill_(dead, 0.0)
        for target, strength in zip(targets, strengths, strict=True):
            if strength != 0.0:
                self._pull(target, penalty, self._optimizer.learning_rate * strength)

    def _pull(self, target: nn.Parameter, penalty: Penalty, step: float) -> None:
        value = penalty.value(target)
        if not value.requires_grad:
            return
        (slope,) = torch.autograd.grad(value, target)
        with torch.no_grad():
            moved = target - step * slope
            crossed = moved * target.sign() < 0.0
            self._dead[target] = crossed | self._dead[target] if target in self._dead else crossed
            target.copy_(moved.masked_fill_(crossed, 0.0))


METHODS: dict[str, type[Method]] = {
    "textbook": Textbook,
    "proximal": Proximal,
    "uniform_threshold": UniformThreshold,
    "clip_and_kill": ClipAndKill,
    "fista": Fista,
}
"""The methods, by their names in the spec."""
