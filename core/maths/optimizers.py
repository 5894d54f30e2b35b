"""How an optimizer steps, and the proximal threshold that belongs to it.

η: learning rate, μ: momentum, λ: strength, g: gradient, w: weights. No optimizer knows a penalty.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence

import torch
from torch import Tensor

from core.maths.state import State, by_parameter, by_place, like, overwrite
from core.spec import LaneSpec

ADAM_BETAS = (0.9, 0.999)
ADAM_EPS = 1e-8


class Optimizer(ABC):
    """A rule of torch.optim, and the proximal threshold that belongs to it.

    The rules call the kernels of torch.optim's `fused=True`, and so give its numbers bit for bit: one kernel
    for all parameters takes half the time of the loop over them on a CPU. They do not go through torch.optim
    itself, whose first use imports the compiler: 1.5 seconds and 150 MB that a worker need not spend.
    """

    def __init__(self, parameters: Iterable[Tensor], spec: LaneSpec) -> None:
        self.parameters: list[Tensor] = list(parameters)
        self.learning_rate = spec.learning_rate
        self._kept: dict[Tensor, Tensor] = {}

    @torch.no_grad()
    def descend_along(self, gradients: Sequence[Tensor]) -> None:
        """One plain step of the rule against the gradients, of which frozen entries see nothing."""
        self.step([self._seen(w, g) for w, g in zip(self.parameters, gradients, strict=True)])

    def _seen(self, w: Tensor, gradient: Tensor) -> Tensor:
        gradient = _laid_out(gradient, as_=w)
        return torch.where(self._kept[w], gradient, 0.0) if w in self._kept else gradient

    @torch.no_grad()
    def freeze_zeros(self, among: Collection[Tensor]) -> None:
        """From now on an entry of these that is zero stays so: no gradient, and no momentum to move it."""
        self._kept |= {w: w != 0.0 for w in among}
        for w, momentum in zip(self.parameters, self._momenta(), strict=False):
            if w in self._kept:
                momentum.mul_(self._kept[w])

    def frozen(self, parameter: Tensor) -> Tensor:
        """Which entries of a parameter are zero and stay so."""
        kept = self._kept.get(parameter)
        return torch.zeros_like(parameter, dtype=torch.bool) if kept is None else ~kept

    def state(self) -> State:
        """All that its next steps depend on, beside the parameters themselves."""
        return {"kept": by_place(self._kept, self.parameters), "moments": self._moments()}

    def restore(self, state: State) -> None:
        """Go on from where a rule of the same kind was."""
        kept = by_parameter(state["kept"], self.parameters)
        self._kept = {w: like(w, mask) for w, mask in kept.items()}
        overwrite(self._moments(), state["moments"])

    @abstractmethod
    def _moments(self) -> list[Tensor]:
        """Every tensor that a step moves on, beside the parameters."""

    @abstractmethod
    def _momenta(self) -> Sequence[Tensor]:
        """What moves each parameter on when its gradient is zero; empty when nothing does."""

    def averaged_gradient(self, parameter: Tensor) -> Tensor | None:
        """The mean gradient that moves a parameter: a zero weight stays zero iff it is at most λ in size.

        None before the first step, without momentum, and for what is none of its parameters.
        """
        weight = self._share_of_momentum()
        for own, momentum in zip(self.parameters, self._momenta(), strict=False):
            if own is parameter and weight > 0.0:
                return momentum * weight
        return None

    @abstractmethod
    def _share_of_momentum(self) -> float:
        """What the momentum is multiplied by to be a mean of gradients; 0 while there is none."""

    @abstractmethod
    def step(self, gradients: Sequence[Tensor]) -> None:
        """Move the parameters against their gradients."""

    @abstractmethod
    def thresholds(self, targets: Sequence[Tensor], strengths: Sequence[float]) -> Sequence[float | Tensor]:
        """For each target the τ that makes the minimiser of data loss + its strength · R a fixed point.

        To be asked after the rule's own step.
        """


def _laid_out(gradient: Tensor, as_: Tensor) -> Tensor:
    # The fused kernels go through memory and ignore strides; autograd promises no layout to `autograd.grad`,
    # and the gradient of a sum is one number with stride 0.
    return gradient if gradient.stride() == as_.stride() else torch.empty_like(as_).copy_(gradient)


class Sgd(Optimizer):
    """b ← μb + g,  w ← w − ηb  (torch.optim.SGD).

    The buffer sums to g/(1 − μ), so a weight is pulled by ηg/(1 − μ) per update, and the shrink that balances
    it is τ = ηλ/(1 − μ). With τ = ηλ the fixed point would solve the problem for λ(1 − μ): ten times too weak
    at μ = 0.9.
    """

    def __init__(self, parameters: Iterable[Tensor], spec: LaneSpec) -> None:
        super().__init__(parameters, spec)
        self._momentum = spec.momentum
        # The kernel takes no buffers for plain gradient descent.
        self._buffers = [torch.zeros_like(each) for each in self.parameters] if spec.momentum else []

    def step(self, gradients: Sequence[Tensor]) -> None:
        """One step of SGD with momentum."""
        torch._fused_sgd_(
            self.parameters,
            list(gradients),
            self._buffers,
            lr=self.learning_rate,
            momentum=self._momentum,
            weight_decay=0.0,
            dampening=0.0,
            nesterov=False,
            maximize=False,
            is_first_step=False,
        )

    def _moments(self) -> list[Tensor]:
        return self._buffers

    def _momenta(self) -> Sequence[Tensor]:
        return self._buffers

    def _share_of_momentum(self) -> float:
        return 1.0 - self._momentum

    def thresholds(self, targets: Sequence[Tensor], strengths: Sequence[float]) -> Sequence[float | Tensor]:
        """ηλ/(1 − μ), one number."""
        return [self.learning_rate * strength / (1.0 - self._momentum) for strength in strengths]


class Adam(Optimizer):
    """w ← w − η m̂/D with D = √v̂ + ε elementwise  (torch.optim.Adam).

    Every weight has its own rate η/D, so its shrink is τ = ηλ/D: the metric then drops out of the fixed
    point. One threshold ηλ for all weights solves no L1 problem at all.

    A weight that never had a gradient (a pixel that is always black) has D = ε, so τ = ηλ/ε is huge, and L1
    zeroes it in the first update at which λ > 0. That is right: where |g| = 0 ≤ λ, zero is optimal. L2 takes
    it there too, which is its optimum as well, but by underflow (see `penalties.L2`).

    Source: Yun, Lozano & Yang (2021), "Adaptive Proximal Gradient Methods for Structured Neural Networks".
    """

    def __init__(self, parameters: Iterable[Tensor], spec: LaneSpec) -> None:
        super().__init__(parameters, spec)
        self._means = [torch.zeros_like(each) for each in self.parameters]
        self._squares = [torch.zeros_like(each) for each in self.parameters]
        # The kernel wants its count of steps on the device; ours is here, so that nobody waits to read it.
        self._counts = [torch.zeros((), device=each.device) for each in self.parameters]
        self._n_steps = 0

    def step(self, gradients: Sequence[Tensor]) -> None:
        """One step of Adam."""
        self._n_steps += 1
        torch._foreach_add_(self._counts, 1.0)
        torch._fused_adam_(
            self.parameters,
            list(gradients),
            self._means,
            self._squares,
            [],
            self._counts,
            lr=self.learning_rate,
            beta1=ADAM_BETAS[0],
            beta2=ADAM_BETAS[1],
            weight_decay=0.0,
            eps=ADAM_EPS,
            amsgrad=False,
            maximize=False,
        )

    def state(self) -> State:
        """The same, and how many steps it has made."""
        return super().state() | {"n_steps": self._n_steps}

    def restore(self, state: State) -> None:
        """The same, with as many steps made."""
        super().restore(state)
        self._n_steps = state["n_steps"]

    def _moments(self) -> list[Tensor]:
        return [*self._means, *self._squares, *self._counts]

    def _momenta(self) -> Sequence[Tensor]:
        return self._means

    def _share_of_momentum(self) -> float:
        return 1.0 / (1.0 - ADAM_BETAS[0] ** self._n_steps) if self._n_steps else 0.0

    def thresholds(self, targets: Sequence[Tensor], strengths: Sequence[float]) -> Sequence[float | Tensor]:
        """ηλ/D, one per weight."""
        squares = {id(each): v for each, v in zip(self.parameters, self._squares, strict=True)}
        correction = math.sqrt(1.0 - ADAM_BETAS[1] ** self._n_steps)
        # ηλ/(√v/c + ε) = ηλc/(√v + εc): one pass over the weights less.
        shrink = torch._foreach_sqrt([squares[id(target)] for target in targets])
        torch._foreach_add_(shrink, ADAM_EPS * correction)
        torch._foreach_reciprocal_(shrink)
        torch._foreach_mul_(shrink, [self.learning_rate * strength * correction for strength in strengths])
        return list(shrink)


OPTIMIZERS: dict[str, type[Sgd] | type[Adam]] = {"sgd": Sgd, "adam": Adam}
"""The optimizers, by their names in the spec."""
