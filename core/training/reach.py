"""Which weights the data pull on, so that an exact zero says whether training selected it.

A zero weight is *idle* when the data loss had no gradient by it in any update of this run so far: its pixel
is always black, or no image has reached its unit, which λ may have silenced before one did. It is *cut off*
when it had one once and none through a whole epoch: its unit has died, or nobody reads it any more. Every
other zero is *selected*: pulled to zero against a gradient. L2, which selects nothing, makes idle zeros as
well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.maths.models import layer_names
from core.maths.state import State, like, overwrite
from core.spec import LayerName


@dataclass(frozen=True)
class Unreached:
    """The weights of a layer that no image pulls on, zero or not; of its shape, true or false.

    Attributes:
        never: had no gradient of the data loss up to now.
        no_longer: had one, but none since the last epoch began that is over.
    """

    never: Tensor
    no_longer: Tensor

    def zeros(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """Which weights of the layer are idle zeros, and which are cut off."""
        zero = weight.detach() == 0.0
        return zero & self.never, zero & self.no_longer

    def kinds(self, weight: Tensor) -> Tensor:
        """What made each zero of the layer, as pages/browser/shared/mosaic.js numbers it.

        1 for an idle zero, 2 for one cut off, else 0: selected, or no zero.
        """
        idle, cut_off = self.zeros(weight)
        return idle.int() + 2 * cut_off.int()


class Reach:
    """Takes note of the data loss's gradients by a network's weights, biases left out."""

    def __init__(self, net: nn.Module) -> None:
        places = {name: i for i, (name, _) in enumerate(net.named_parameters())}
        self._layers = layer_names(net)
        self._places = [places[f"{layer}.weight"] for layer in self._layers]
        weights = [net.get_parameter(f"{layer}.weight").detach() for layer in self._layers]
        # Sizes added up, in which nothing cancels: a third of the time of masks, 2 % of an update.
        self._since = [torch.zeros_like(w) for w in weights]
        self._ever = [torch.zeros_like(w, dtype=torch.bool) for w in weights]
        self._lately: list[Tensor] = []

    def note(self, gradients: Sequence[Tensor]) -> None:
        """Take in the gradients of an update, one for each parameter of the network."""
        torch._foreach_add_(
            self._since, list(torch._foreach_abs([gradients[place] for place in self._places]))
        )

    def end_epoch(self) -> None:
        """Every training image has been seen once more."""
        self._lately = [since != 0.0 for since in self._since]
        self._ever = [ever | lately for ever, lately in zip(self._ever, self._lately, strict=True)]
        torch._foreach_zero_(self._since)

    def state(self) -> State:
        """What it has noted so far."""
        return {"since": self._since, "ever": self._ever, "lately": self._lately}

    def restore(self, state: State) -> None:
        """Go on from such notes."""
        overwrite([*self._since, *self._ever], [*state["since"], *state["ever"]])
        self._lately = [like(w, each) for w, each in zip(self._ever, state["lately"], strict=False)]

    def of(self, layer: LayerName) -> Unreached | None:
        """The weights of a layer that are not reached; None before every image has been seen once."""
        if not self._lately:
            return None
        i = self._layers.index(layer)
        silent, ever = self._since[i] == 0.0, self._ever[i]
        return Unreached(never=~ever & silent, no_longer=ever & silent & ~self._lately[i])
