"""What every method is: one way to train on data loss + Σ strength · R(target)."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar

from torch import Tensor, nn

from core.spec import LaneSpec
from core.training.groups import Target
from core.training.optimizers import OPTIMIZERS
from core.training.penalties import Penalty


class Method(ABC):
    """One way to train on data loss + Σ strength · R(target), with a strength for each target."""

    full_batch: ClassVar[bool] = False
    """Whether every update wants all training images, not a batch of them."""

    def __init__(self, parameters: Iterable[nn.Parameter], spec: LaneSpec) -> None:
        self._optimizer = OPTIMIZERS[spec.optimizer](parameters, spec)

    def freeze_zeros(self) -> None:
        """From now on an entry that is zero stays zero."""
        self._optimizer.freeze_zeros()

    def look_ahead(self, x: Tensor, curvature: float) -> None:  # noqa: B027  (most methods stay where they are)
        """Move the parameters to where the gradient is wanted; asked before the forward pass on x.

        Args:
            x: the images of this update.
            curvature: the largest second derivative of one image's data loss in its outputs.
        """

    @abstractmethod
    def update(
        self,
        data_loss: Tensor,
        penalty: Penalty,
        targets: Sequence[Target],
        strengths: Sequence[float],
    ) -> None:
        """Make one update of all parameters, given the data loss of a batch with its graph."""
