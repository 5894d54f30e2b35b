"""How a penalty enters an update. η: learning rate, μ: momentum, λ: strength, g: gradient, w: weights.

Two independent choices make an update. The *optimizer* steps down a loss and knows how far a proximal step
must then shrink; the *method* says what it steps down and whether it shrinks. Neither knows the penalty.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress

import torch
from torch import Tensor, nn

from core.spec import LaneSpec
from core.training.fista import Fista
from core.training.groups import Target, joined, parts, write
from core.training.method import Method
from core.training.optimizers import OPTIMIZERS, Optimizer
from core.training.penalties import Penalty


class Textbook(Method):
    """Add λ Σ R to the loss and let autograd do the rest: weights hover around zero and never land on it."""

    def objective(
        self,
        data_loss: Tensor,
        penalty: Penalty,
        targets: Sequence[Target],
        strengths: Sequence[float],
    ) -> Tensor:
        """Data loss + λ Σ R."""
        loss = data_loss
        for target, strength in zip(targets, strengths, strict=True):
            loss = loss + strength * penalty.value(joined(parts(target)))
        return loss

    def follow(
        self,
        gradients: Sequence[Tensor],
        penalty: Penalty,
        targets: Sequence[Target],
        strengths: Sequence[float],
    ) -> None:
        """One plain step."""
        self._optimizer.descend_along(gradients)


class Proximal(Method):
    """Step down the data loss alone, then apply the penalty's proximal map: weights land on zero exactly."""

    def follow(
        self,
        gradients: Sequence[Tensor],
        penalty: Penalty,
        targets: Sequence[Target],
        strengths: Sequence[float],
    ) -> None:
        """One plain step down the data loss, then the shrink; at λ = 0 there is nothing to shrink."""
        self._optimizer.descend_along(gradients)
        acting = [strength != 0.0 for strength in strengths]
        if not any(acting):
            return
        targets, strengths = list(compress(targets, acting)), list(compress(strengths, acting))
        with torch.no_grad():
            for target, threshold in zip(targets, self._joined_thresholds(targets, strengths), strict=True):
                write(target, penalty.prox(joined(parts(target)), threshold))

    def _joined_thresholds(
        self, targets: Sequence[Target], strengths: Sequence[float]
    ) -> list[float | Tensor]:
        flat = [
            (w, strength) for target, strength in zip(targets, strengths, strict=True) for w in parts(target)
        ]
        each = iter(self._thresholds([w for w, _ in flat], [strength for _, strength in flat]))
        return [_one([next(each) for _ in parts(target)]) for target in targets]

    def _thresholds(self, targets: Sequence[Tensor], strengths: Sequence[float]) -> Sequence[float | Tensor]:
        return self._optimizer.thresholds(targets, strengths)


def _one(thresholds: list[float | Tensor]) -> float | Tensor:
    # A number is the same for a weight and its bias.
    tensors = [each for each in thresholds if isinstance(each, Tensor)]
    return joined(tensors) if tensors else thresholds[0]


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

    def __init__(self, parameters: Iterable[Tensor], spec: LaneSpec) -> None:
        super().__init__(parameters, spec)
        self._dead: dict[Tensor, Tensor] = {}

    def follow(
        self,
        gradients: Sequence[Tensor],
        penalty: Penalty,
        targets: Sequence[Target],
        strengths: Sequence[float],
    ) -> None:
        """One plain step down the data loss, then one of size η down λ R; who crosses zero dies."""
        self._optimizer.descend_along(gradients)
        with torch.no_grad():
            for parameter, dead in self._dead.items():
                parameter.masked_fill_(dead, 0.0)
        for target, strength in zip(targets, strengths, strict=True):
            if strength != 0.0:
                self._pull(parts(target), penalty, self._optimizer.learning_rate * strength)

    def _pull(self, parameters: Sequence[Tensor], penalty: Penalty, step: float) -> None:
        value = penalty.value(joined(parameters))
        if not value.requires_grad:
            return
        slopes = torch.autograd.grad(value, parameters)
        with torch.no_grad():
            for w, slope in zip(parameters, slopes, strict=True):
                moved = w - step * slope
                crossed = moved * w.sign() < 0.0
                self._dead[w] = crossed | self._dead[w] if w in self._dead else crossed
                w.copy_(moved.masked_fill_(crossed, 0.0))


@dataclass(frozen=True)
class _Factors:
    """u and v of a parameter w; `rule` steps v, and the method's own optimizer steps u in the place of w."""

    u: Tensor
    v: Tensor
    rule: Optimizer


class Spred(Method):
    """Write a weight as w = u ⊙ v and step down  data loss + ½λ Σ (u² + v²), which is smooth everywhere.

    For a given w the least of ½λ(u² + v²) over all u·v = w is λ|w|, at |u| = |v| = √|w| (half the sum of two
    squares is at least their product). So every minimum over u and v is one over w of data loss + λ Σ|w|, and
    the reverse: it is L1, and of the other penalties none. The gradients are those of weight decay coupled to
    the step: by u  g·v + λu,  by v  g·u + λv.

    It starts at u = w, v = 1, the plain step's own gradient for u; |u| = |v| would freeze the sign of w for
    ever, because u² − v² then stays 0. Under SGD a weight that should be zero shrinks by a factor per update:
    tiny values, never zeros. Under Adam the decay stays in the gradient (decoupled decay, as in AdamW, would
    be another λ for each weight); the stationary points are the same, but where it hovers, it hovers at about
    η². A weight is factored when λ first acts on it, so that a lane at λ = 0 is the plain optimizer.

    Source: Ziyin & Wang (2023), "spred: Solving L1 Penalty with SGD".
    """

    def __init__(self, parameters: Iterable[Tensor], spec: LaneSpec) -> None:
        super().__init__(parameters, spec)
        self._spec = spec
        self._factors: dict[Tensor, _Factors] = {}

    def follow(
        self,
        gradients: Sequence[Tensor],
        penalty: Penalty,
        targets: Sequence[Target],
        strengths: Sequence[float],
    ) -> None:
        """One plain step of all parameters, in which u and v stand for the weights that λ has acted on."""
        # What a weight of 1 costs: λ for L1, and nothing without a penalty.
        cost = float(penalty.value(self._optimizer.parameters[0].new_ones(1)))
        strength_of = {
            w: cost * s for target, s in zip(targets, strengths, strict=True) for w in parts(target)
        }
        with torch.no_grad():
            for w in (w for w, strength in strength_of.items() if strength != 0.0 and w not in self._factors):
                self._factor(w)
            along = [
                self._split(w, g, strength_of.get(w, 0.0)) if w in self._factors else g
                for w, g in zip(self._optimizer.parameters, gradients, strict=True)
            ]
            self._optimizer.descend_along(along)
            for w, factors in self._factors.items():
                factors.u.copy_(w)
                w.mul_(factors.v)

    def _factor(self, w: Tensor) -> None:
        v = nn.Parameter(torch.ones_like(w))
        self._factors[w] = _Factors(
            torch.empty_like(w).copy_(w), v, OPTIMIZERS[self._spec.optimizer]([v], self._spec)
        )

    def _split(self, w: Tensor, gradient: Tensor, strength: float) -> Tensor:
        """Step v, put u in the place of w, and give the gradient by u."""
        u, v, rule = self._factors[w].u, self._factors[w].v, self._factors[w].rule
        by_u, by_v = gradient * v + strength * u, gradient * u + strength * v
        rule.descend_along([by_v])
        w.copy_(u)
        return by_u

    @torch.no_grad()
    def freeze_zeros(self, among: Collection[Tensor]) -> None:
        """From now on an entry that is zero, by underflow, stays so: both of its factors are zero."""
        super().freeze_zeros(among)
        for w in (w for w in among if w in self._factors):
            factors, zero = self._factors[w], w == 0.0
            factors.u.masked_fill_(zero, 0.0)
            factors.v.masked_fill_(zero, 0.0)
            factors.rule.freeze_zeros([factors.v])


METHODS: dict[str, type[Method]] = {
    "textbook": Textbook,
    "proximal": Proximal,
    "uniform_threshold": UniformThreshold,
    "clip_and_kill": ClipAndKill,
    "spred": Spred,
    "fista": Fista,
}
"""The methods, by their names in the spec."""
