"""How a penalty enters an update. η: learning rate, μ: momentum, λ: strength, g: gradient, w: weights.

Two independent choices make an update. The *optimizer* steps down a loss and knows how far a proximal step
must then shrink; the *method* says what it steps down and whether it shrinks. Neither knows the penalty.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from core.spec import LaneSpec
from core.training.penalties import Penalty

ADAM_BETAS = (0.9, 0.999)
ADAM_EPS = 1e-8


class Optimizer(ABC):
    """A rule of torch.optim, and the proximal threshold that belongs to it.

    The rules are fused, one kernel for all parameters: half the time of torch's loop over them on a CPU.
    """

    rule: torch.optim.Optimizer

    @abstractmethod
    def thresholds(self, targets: Sequence[Tensor], strength: float) -> Sequence[float | Tensor]:
        """For each target the τ that makes the minimiser of data loss + strength · R a fixed point.

        To be asked after the rule's own step.
        """

    def descend(self, loss: Tensor) -> None:
        """One plain step of the rule down the gradient of `loss`."""
        loss.backward()  # type: ignore[no-untyped-call]
        self.rule.step()
        self.rule.zero_grad()


class Sgd(Optimizer):
    """b ← μb + g,  w ← w − ηb  (torch.optim.SGD).

    The buffer sums to g/(1 − μ), so a weight is pulled by ηg/(1 − μ) per update, and the shrink that balances
    it is τ = ηλ/(1 − μ). With τ = ηλ the fixed point would solve the problem for λ(1 − μ): ten times too weak
    at μ = 0.9.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], spec: LaneSpec) -> None:
        self._rate = spec.learning_rate / (1.0 - spec.momentum)
        self.rule = torch.optim.SGD(parameters, lr=spec.learning_rate, momentum=spec.momentum, fused=True)

    def thresholds(self, targets: Sequence[Tensor], strength: float) -> Sequence[float | Tensor]:
        """ηλ/(1 − μ), one number."""
        return [self._rate * strength] * len(targets)


class Adam(Optimizer):
    """w ← w − η m̂/D with D = √v̂ + ε elementwise  (torch.optim.Adam).

    Every weight has its own rate η/D, so its shrink is τ = ηλ/D: the metric then drops out of the fixed
    point. One threshold ηλ for all weights solves no L1 problem at all.

    Source: Yun, Lozano & Yang (2021), "Adaptive Proximal Gradient Methods for Structured Neural Networks".
    """

    def __init__(self, parameters: Iterable[nn.Parameter], spec: LaneSpec) -> None:
        self._learning_rate = spec.learning_rate
        self._updates = 0
        self.rule = torch.optim.Adam(
            parameters, lr=spec.learning_rate, betas=ADAM_BETAS, eps=ADAM_EPS, fused=True
        )

    def descend(self, loss: Tensor) -> None:
        """One step of Adam; counted here, because the rule's own counter lives on the device."""
        super().descend(loss)
        self._updates += 1

    def thresholds(self, targets: Sequence[Tensor], strength: float) -> Sequence[float | Tensor]:
        """ηλ/D, one per weight, from the rule's state."""
        correction = math.sqrt(1.0 - ADAM_BETAS[1] ** self._updates)
        # ηλ/(√v/c + ε) = ηλc/(√v + εc): one pass over the weights less.
        metric = torch._foreach_sqrt([self.rule.state[target]["exp_avg_sq"] for target in targets])
        torch._foreach_add_(metric, ADAM_EPS * correction)
        torch._foreach_reciprocal_(metric)
        torch._foreach_mul_(metric, self._learning_rate * strength * correction)
        return list(metric)


OPTIMIZERS: dict[str, type[Sgd] | type[Adam]] = {"sgd": Sgd, "adam": Adam}
"""The optimizers, by their names in the spec."""


class Method(ABC):
    """One way to train on data loss + strength · Σ R(target)."""

    def __init__(self, parameters: Iterable[nn.Parameter], spec: LaneSpec) -> None:
        self._optimizer = OPTIMIZERS[spec.optimizer](parameters, spec)

    @abstractmethod
    def update(
        self, data_loss: Tensor, penalty: Penalty, targets: Sequence[nn.Parameter], strength: float
    ) -> None:
        """Make one update of all parameters, given the data loss of a batch with its graph."""


class Textbook(Method):
    """Add λ Σ R to the loss and let autograd do the rest: weights hover around zero and never land on it."""

    def update(
        self, data_loss: Tensor, penalty: Penalty, targets: Sequence[nn.Parameter], strength: float
    ) -> None:
        """One plain step down data loss + λ Σ R."""
        loss = data_loss
        for target in targets:
            loss = loss + strength * penalty.value(target)
        self._optimizer.descend(loss)


class Proximal(Method):
    """Step down the data loss alone, then apply the penalty's proximal map: weights land on zero exactly."""

    def update(
        self, data_loss: Tensor, penalty: Penalty, targets: Sequence[nn.Parameter], strength: float
    ) -> None:
        """One plain step down the data loss, then the shrink; at λ = 0 there is nothing to shrink."""
        self._optimizer.descend(data_loss)
        if strength == 0.0 or not targets:
            return
        with torch.no_grad():
            for target, threshold in zip(targets, self._optimizer.thresholds(targets, strength), strict=True):
                target.copy_(penalty.prox(target, threshold))


METHODS: dict[str, type[Method]] = {"textbook": Textbook, "proximal": Proximal}
"""The methods, by their names in the spec."""
