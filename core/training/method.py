"""What every method is: one way to train on data loss + Σ strength · R(target)."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar

import torch
from torch import Tensor

from core.spec import LaneSpec
from core.training.groups import Target
from core.training.optimizers import OPTIMIZERS
from core.training.penalties import Penalty


class Method(ABC):
    """One way to train on data loss + Σ strength · R(target), with a strength for each target."""

    full_batch: ClassVar[bool] = False
    """Whether every update wants all training images, not a batch of them."""

    def __init__(self, parameters: Iterable[Tensor], spec: LaneSpec) -> None:
        self._optimizer = OPTIMIZERS[spec.optimizer](parameters, spec)

    @property
    def parameters(self) -> Sequence[Tensor]:
        """What it updates: a network's parameters, or those of several that differ only in λ and targets."""
        return self._optimizer.parameters

    def freeze_zeros(self, among: Collection[Tensor]) -> None:
        """From now on an entry of these parameters that is zero stays zero."""
        self._optimizer.freeze_zeros(among)

    def averaged_gradient(self, parameter: Tensor) -> Tensor | None:
        """The mean gradient of what the method steps down, as its optimizer has it; None without one."""
        return self._optimizer.averaged_gradient(parameter)

    def look_ahead(self, x: Tensor, curvature: float) -> None:  # noqa: B027  (most methods stay where they are)
        """Move the parameters to where the gradient is wanted; asked before the forward pass on x.

        Args:
            x: the images of this update.
            curvature: the largest second derivative of one image's data loss in its outputs.
        """

    def update(
        self,
        data_loss: Tensor,
        penalty: Penalty,
        targets: Sequence[Target],
        strengths: Sequence[float],
    ) -> None:
        """Make one update of all parameters, given the data loss of a batch with its graph."""
        objective = self.objective(data_loss, penalty, targets, strengths)
        self.follow(torch.autograd.grad(objective, self.parameters), penalty, targets, strengths)

    def objective(
        self,
        data_loss: Tensor,
        penalty: Penalty,
        targets: Sequence[Target],
        strengths: Sequence[float],
    ) -> Tensor:
        """What to differentiate: the data loss alone, unless the penalty is a part of it."""
        return data_loss

    @abstractmethod
    def follow(
        self,
        gradients: Sequence[Tensor],
        penalty: Penalty,
        targets: Sequence[Target],
        strengths: Sequence[float],
    ) -> None:
        """Make one update of all parameters, given the gradient of `objective` by each."""
