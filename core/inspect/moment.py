"""All lanes of a run as they were at one step: copied from the running run, or read from a file."""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save
from torch import Tensor, nn

from core.data.images import Images
from core.maths.models import layer_names, seeded
from core.refusals import SpecError
from core.smaller.blocks import Chain, NoChainError, chain_of
from core.spec import RunSpec
from core.training.reach import Reach, Unreached
from core.training.run import Run

_REACH = "reach"


class QuestionError(ValueError):
    """A question that cannot be answered. `str()` is one sentence.

    Attributes:
        retry: whether it is worth asking again in a moment.
    """

    def __init__(self, message: str, *, retry: bool = False) -> None:
        super().__init__(message)
        self.retry = retry


@dataclass(frozen=True)
class Moment:
    """What is asked about.

    Attributes:
        spec: the run's, with the changes made up to here.
        step: updates done.
        nets: one per lane, copies in evaluation mode.
        images: the run's images.
        unreached: by lane and layer, the weights that no image pulls on; no layers where nobody knows.
        run: the running run if it is at this very step.
    """

    spec: RunSpec
    step: int
    nets: tuple[nn.Module, ...]
    images: Images
    unreached: tuple[Mapping[str, Unreached], ...]
    run: Run | None = None

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """The lanes' networks as blocks. Raises QuestionError."""
        try:
            return tuple(chain_of(net) for net in self.nets)
        except NoChainError as error:
            raise QuestionError(str(error)) from None

    def chain(self, lane: int) -> Chain:
        """A lane's blocks, all of them finite. Raises QuestionError."""
        if not finite(self.nets[lane]):
            raise QuestionError(f"Lane {lane} diverged: its weights are no longer numbers.")
        return self.chains[lane]

    @property
    def classes(self) -> int:
        """How many labels the network tells apart. Raises QuestionError when it tells no labels."""
        if self.images.valid_y.is_floating_point():
            raise QuestionError("This network answers with a number, not with a label.")
        return self.images.n_outputs


def finite(net: nn.Module) -> bool:
    """Whether every weight is a number."""
    return all(bool(torch.isfinite(each).all()) for each in net.parameters())


def live(run: Run) -> Moment:
    """The run as it is now; it may train on while the moment is looked at."""
    nets = tuple(deepcopy(lane.net).eval() for lane in run.lanes)
    unreached = tuple(_unreached(lane.net, lane.reach) for lane in run.lanes)
    return Moment(run.spec, run.step, nets, run.images, unreached, run)


def _unreached(net: nn.Module, reach: Reach) -> dict[str, Unreached]:
    found = {layer: reach.of(layer) for layer in layer_names(net)}
    return {layer: each for layer, each in found.items() if each is not None}


def to_file(spec: RunSpec, step: int, nets: Sequence[nn.Module], reaches: Sequence[Reach] = ()) -> bytes:
    """The lanes' weights as one safetensors file, with the spec beside them, and what the data do not reach.

    Of the latter a bit per weight and kind, under `reach.LANE.LAYER.never` and `…no_longer`.
    """
    tensors = {
        f"{lane}.{name}": each.detach().contiguous().cpu()
        for lane, net in enumerate(nets)
        for name, each in net.state_dict().items()
    }
    for lane, (net, reach) in enumerate(zip(nets, reaches, strict=False)):
        for layer, each in _unreached(net, reach).items():
            bits = {"never": _bits(each.never), "no_longer": _bits(each.no_longer)}
            tensors |= {f"{_REACH}.{lane}.{layer}.{kind}": own for kind, own in bits.items()}
    return save(tensors, metadata={"spec": spec.to_json(), "step": str(step)})


def spec_in(path: str) -> tuple[RunSpec, int]:
    """The settings and the step of a file of `to_file`. Raises QuestionError."""
    try:
        with safe_open(path, framework="pt") as file:
            notes = file.metadata() or {}
        return RunSpec.from_json(notes["spec"]), int(notes["step"])
    except (OSError, SafetensorError, KeyError, ValueError, SpecError):
        raise QuestionError("The weights of this moment cannot be read any more.") from None


def from_file(data: bytes, spec: RunSpec, step: int, images: Images) -> Moment:
    """The inverse of `to_file`, with the images of the run. Raises QuestionError."""
    device = images.valid_x.device
    try:
        tensors = load(data)
        nets = tuple(_net(spec, images, tensors, lane).to(device).eval() for lane in range(len(spec.lanes)))
        unreached = tuple(_kept_reach(net, tensors, lane) for lane, net in enumerate(nets))
    except (SafetensorError, RuntimeError, ValueError):
        raise QuestionError("The weights of this moment cannot be read any more.") from None
    return Moment(spec, step, nets, images, unreached)


def _kept_reach(net: nn.Module, tensors: Mapping[str, Tensor], lane: int) -> dict[str, Unreached]:
    """What `to_file` noted of a lane; nothing in a file of before there was such a note."""
    found = {}
    for layer in layer_names(net):
        weight = net.get_parameter(f"{layer}.weight")
        kept = [tensors.get(f"{_REACH}.{lane}.{layer}.{kind}") for kind in ("never", "no_longer")]
        never, no_longer = (None if bits is None else _mask(bits, weight) for bits in kept)
        if never is not None and no_longer is not None:
            found[str(layer)] = Unreached(never, no_longer)
    return found


def _bits(mask: Tensor) -> Tensor:
    return torch.from_numpy(np.packbits(mask.cpu().numpy().reshape(-1)))


def _mask(bits: Tensor, like: Tensor) -> Tensor:
    flat = np.unpackbits(bits.numpy(), count=like.numel()).reshape(like.shape)
    return torch.from_numpy(flat.astype(bool)).to(like.device)


def _net(spec: RunSpec, images: Images, tensors: dict[str, Tensor], lane: int) -> nn.Module:
    net = seeded(
        spec.model, size=images.size, channels=images.channels, n_classes=images.n_outputs, seed=spec.seed
    )
    own = {
        name.partition(".")[2]: each for name, each in tensors.items() if name.partition(".")[0] == str(lane)
    }
    net.load_state_dict(own)
    return net


Answer = dict[str, Any]
"""What JSON can hold."""


def rounded(values: Tensor, digits: int = 4) -> Any:
    """A tensor as nested lists with so many significant digits; what is not zero stays so."""

    def short(value: Any) -> Any:
        return [short(each) for each in value] if isinstance(value, list) else float(f"{value:.{digits}g}")

    return short(values.tolist())


def described(spec: RunSpec, step: int) -> str:
    """The settings and the step as JSON."""
    return json.dumps({"spec": json.loads(spec.to_json()), "step": step})
