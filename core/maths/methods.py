"""How a penalty enters an update. η: learning rate, μ: momentum, λ: strength, g: gradient, w: weights.

Two independent choices make an update. The *optimizer* steps down a loss and knows how far a proximal step
must then shrink; the *method* says what it steps down and whether it shrinks. Neither knows the penalty.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.maths.fista import Fista
from core.maths.groups import joined, parts, write
from core.maths.method import Method, Pull
from core.maths.optimizers import OPTIMIZERS, Optimizer
from core.maths.state import State, by_parameter, by_place, like, overwrite
from core.spec import LaneSpec


class Textbook(Method):
    """Add λ Σ R to the loss and let autograd do the rest: weights hover around zero and never land on it."""

    def follow(self, gradients: Sequence[Tensor], pull: Pull) -> None:
        """One plain step down the sum; its gradient is the sum of the two."""
        slopes = slopes_of(pull.acting)
        self._optimizer.descend_along(
            [g + slopes[w] if w in slopes else g for w, g in zip(self.parameters, gradients, strict=True)]
        )


def slopes_of(pull: Pull) -> dict[Tensor, Tensor]:
    """The gradient of λ Σ R by each parameter that it acts on."""
    terms = [strength * pull.penalty.value(joined(parts(target))) for target, strength in pull]
    if not any(term.requires_grad for term in terms):
        return {}
    slopes = torch.autograd.grad(torch.stack(terms).sum(), pull.parameters)
    return dict(zip(pull.parameters, slopes, strict=True))


class Proximal(Method):
    """Step down the data loss alone, then apply the penalty's proximal map: weights land on zero exactly."""

    def follow(self, gradients: Sequence[Tensor], pull: Pull) -> None:
        """One plain step down the data loss, then the shrink; at λ = 0 there is nothing to shrink."""
        self._optimizer.descend_along(gradients)
        acting = pull.acting
        if not acting.targets:
            return
        with torch.no_grad():
            for target, threshold in zip(acting.targets, self._joined_thresholds(acting), strict=True):
                write(target, pull.penalty.prox(joined(parts(target)), threshold))

    def _joined_thresholds(self, pull: Pull) -> list[float | Tensor]:
        strengths = [strength for target, strength in pull for _ in parts(target)]
        each = iter(self._thresholds(pull.parameters, strengths))
        return [_one([next(each) for _ in parts(target)]) for target in pull.targets]

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

    def pulling(self, parameter: Tensor) -> Tensor | None:
        """The step over η: that is what its one threshold stands against."""
        mean = self.averaged_gradient(parameter)
        if mean is None:
            return None
        (right,) = self._optimizer.thresholds([parameter], [1.0])
        return mean * right / self._optimizer.learning_rate


class ClipAndKill(Method):
    """As popular playgrounds do it: step down λ R, and a weight that λ carries across zero is zero for ever.

    Both slopes are taken at the weights before the update: one that the data carries across zero is pushed on
    by λ, and lives. It makes exact zeros, but not those of the optimum: a weight that was killed never comes
    back, not even at λ = 0, and under Adam, whose rates it ignores, few are.

    The Playground kills for L1 only and has no momentum. Here whatever has a corner at zero kills, under
    every optimizer.

    Source: the code of TensorFlow Playground (Smilkov & Carter), `updateWeights` and `isDead`.
    """

    def __init__(self, parameters: Iterable[Tensor], spec: LaneSpec) -> None:
        super().__init__(parameters, spec)
        self._dead: dict[Tensor, Tensor] = {}

    def state(self) -> State:
        """The same, and which entries it has killed."""
        return super().state() | {"dead": by_place(self._dead, self.parameters)}

    def restore(self, state: State) -> None:
        """The same, with these entries dead."""
        super().restore(state)
        dead = by_parameter(state["dead"], self.parameters)
        self._dead = {w: like(w, mask) for w, mask in dead.items()}

    def ended(self, parameter: Tensor) -> Tensor:
        """Which entries of a parameter are zero for ever: those killed, and those frozen."""
        return super().ended(parameter) | self._killed(parameter)

    def _killed(self, w: Tensor) -> Tensor:
        return self._dead.get(w, torch.zeros_like(w, dtype=torch.bool))

    def follow(self, gradients: Sequence[Tensor], pull: Pull) -> None:
        """One plain step down the data loss, then one of size η down λ R; whom that carries across dies."""
        acting = pull.acting
        slopes = slopes_of(acting)
        self._optimizer.descend_along(gradients)
        with torch.no_grad():
            for parameter, dead in self._dead.items():
                parameter.masked_fill_(dead, 0.0)
            for w, slope in slopes.items():
                self._step(w, self._optimizer.learning_rate * slope, pull.penalty.corner)

    def _step(self, w: Tensor, step: Tensor, kills: bool) -> None:
        moved = w - step
        if kills:
            crossed = moved * w.sign() < 0.0
            self._dead[w] = crossed | self._killed(w)
            moved.masked_fill_(crossed, 0.0)
        w.copy_(moved)


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
    tiny values, and zeros only where u·v underflows. Under Adam the decay stays in the gradient (decoupled
    decay, as in AdamW, would be another λ for each weight); the stationary points are the same. A weight is
    factored when λ first acts on it, so that a lane at λ = 0 is the plain optimizer.

    Source: Ziyin & Wang (2023), "spred: Solving L1 Penalty with SGD".
    """

    def __init__(self, parameters: Iterable[Tensor], spec: LaneSpec) -> None:
        super().__init__(parameters, spec)
        self._spec = spec
        self._factors: dict[Tensor, _Factors] = {}

    def follow(self, gradients: Sequence[Tensor], pull: Pull) -> None:
        """One plain step of all parameters, in which u and v stand for the weights that λ has acted on."""
        # What a weight of 1 costs: λ for L1, and nothing without a penalty.
        cost = float(pull.penalty.value(self._optimizer.parameters[0].new_ones(1)))
        strength_of = {w: cost * strength for target, strength in pull for w in parts(target)}
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

    def state(self) -> State:
        """The same, and the two factors of each weight that has them."""
        factors = {w: {"u": f.u, "v": f.v, "rule": f.rule.state()} for w, f in self._factors.items()}
        return super().state() | {"factors": by_place(factors, self.parameters)}

    def restore(self, state: State) -> None:
        """The same, with these factors."""
        super().restore(state)
        self._factors = {}
        for w, kept in by_parameter(state["factors"], self.parameters).items():
            self._factor(w)
            factors = self._factors[w]
            overwrite([factors.u, factors.v], [kept["u"], kept["v"]])
            factors.rule.restore(kept["rule"])

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
