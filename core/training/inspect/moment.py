"""All lanes of a run as they were at one step: copied from the running experiment, or read from a file."""

import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save
from torch import Tensor, nn

from core.refusals import SpecError
from core.spec import RunSpec
from core.training.chain import Chain, NoChainError, chain_of
from core.training.data import Images
from core.training.loop import Experiment
from core.training.models import seeded


class QuestionError(ValueError):
    """A question that cannot be answered. `str()` is one sentence."""


@dataclass(frozen=True)
class Moment:
    """What is asked about.

    Attributes:
        spec: the run's, with the changes made up to here.
        step: updates done.
        nets: one per lane, copies in evaluation mode.
        images: the run's images.
        experiment: the running experiment if it is at this very step.
    """

    spec: RunSpec
    step: int
    nets: tuple[nn.Module, ...]
    images: Images
    experiment: Experiment | None = None

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
        if self.images.test_y.is_floating_point():
            raise QuestionError("This network answers with a number, not with a label.")
        return self.images.n_outputs


def finite(net: nn.Module) -> bool:
    """Whether every weight is a number."""
    return all(bool(torch.isfinite(each).all()) for each in net.parameters())


def live(experiment: Experiment) -> Moment:
    """The experiment as it is now; it may train on while the moment is looked at."""
    nets = tuple(deepcopy(lane.net).eval() for lane in experiment.lanes)
    return Moment(experiment.spec, experiment.step, nets, experiment.images, experiment)


def to_file(spec: RunSpec, step: int, nets: Sequence[nn.Module]) -> bytes:
    """The lanes' weights as one safetensors file, with the spec beside them."""
    tensors = {
        f"{lane}.{name}": each.detach().contiguous().cpu()
        for lane, net in enumerate(nets)
        for name, each in net.state_dict().items()
    }
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
    device = images.test_x.device
    try:
        tensors = load(data)
        nets = tuple(_net(spec, images, tensors, lane).to(device).eval() for lane in range(len(spec.lanes)))
    except (SafetensorError, RuntimeError):
        raise QuestionError("The weights of this moment cannot be read any more.") from None
    return Moment(spec, step, nets, images)


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
