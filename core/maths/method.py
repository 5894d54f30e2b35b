"""What every method is: one way to train on data loss + Σ strength · R(target)."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor

from core.maths.groups import Target, parts
from core.maths.optimizers import OPTIMIZERS
from core.maths.penalties import Penalty
from core.maths.state import State
from core.spec import LaneSpec


@dataclass(frozen=True)
class Pull:
    """What pulls the weights towards zero: Σ strength · R(target).

    Attributes:
        penalty: R.
        targets: what it acts on, each as a whole.
        strengths: the λ of each.
    """

    penalty: Penalty
    targets: Sequence[Target]
    strengths: Sequence[float]

    def __iter__(self) -> Iterator[tuple[Target, float]]:
        return zip(self.targets, self.strengths, strict=True)

    @property
    def parameters(self) -> list[Tensor]:
        """What it acts on, one by one."""
        return [parameter for target in self.targets for parameter in parts(target)]

    @property
    def acting(self) -> "Pull":
        """Without the targets whose λ is 0."""
        acting = [(target, strength) for target, strength in self if strength != 0.0]
        return replace(self, targets=[target for target, _ in acting], strengths=[each for _, each in acting])

    def on(self, parameter: Tensor) -> tuple[Target, float]:
        """The target that a parameter is in, with its λ; the parameter alone and 0 where nothing acts."""
        held = (each for each in self if any(parameter is part for part in parts(each[0])))
        return next(held, (parameter, 0.0))

    def times(self, factor: float) -> "Pull":
        """With every λ so many times as large."""
        return replace(self, strengths=[factor * strength for strength in self.strengths])


class Method(ABC):
    """One way to train on data loss + a pull."""

    full_batch: ClassVar[bool] = False
    """Whether every update wants all training images, not a batch of them."""

    def __init__(self, parameters: Iterable[Tensor], spec: LaneSpec) -> None:
        self._optimizer = OPTIMIZERS[spec.optimizer](parameters, spec)

    @property
    def parameters(self) -> Sequence[Tensor]:
        """What it updates: a network's parameters, or those of several that differ only in λ and targets."""
        return self._optimizer.parameters

    def state(self) -> State:
        """All that its next updates depend on, beside the parameters themselves."""
        return {"optimizer": self._optimizer.state()}

    def restore(self, state: State) -> None:
        """Go on from where a method of the same kind was; the parameters are given by others."""
        self._optimizer.restore(state["optimizer"])

    def freeze_zeros(self, among: Collection[Tensor]) -> None:
        """From now on an entry of these parameters that is zero stays zero."""
        self._optimizer.freeze_zeros(among)

    def averaged_gradient(self, parameter: Tensor) -> Tensor | None:
        """The mean gradient of what the method steps down, as its optimizer has it; None without one."""
        return self._optimizer.averaged_gradient(parameter)

    def pulling(self, parameter: Tensor) -> Tensor | None:
        """What the data pull a zero weight with, on the scale of λ, by the gradients so far."""
        return self.averaged_gradient(parameter)

    def ended(self, parameter: Tensor) -> Tensor:
        """Which entries of a parameter are zero for ever."""
        return self._optimizer.frozen(parameter)

    def look_ahead(self, x: Tensor, curvature: float) -> None:  # noqa: B027  (most methods stay where they are)
        """Move the parameters to where the gradient is wanted; asked before the forward pass on x.

        Args:
            x: the images of this update.
            curvature: the largest second derivative of one image's data loss in its outputs.
        """

    def update(self, data_loss: Tensor, pull: Pull) -> Sequence[Tensor]:
        """Make one update of all parameters, given the data loss of a batch with its graph: its gradients."""
        gradients = torch.autograd.grad(data_loss, self.parameters)
        self.follow(gradients, pull)
        return gradients

    @abstractmethod
    def follow(self, gradients: Sequence[Tensor], pull: Pull) -> None:
        """Make one update of all parameters, given the gradient of the data loss by each; it stays whole."""
