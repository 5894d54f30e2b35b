"""The state of a run as bytes: tensors as safetensors, the rest of the tree as JSON beside them."""

import json
from dataclasses import dataclass
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from core.data.images import Images
from core.refusals import SpecError
from core.spec import RunSpec
from core.training.run import Run

_TENSOR = "tensor"
"""A dict with this one key stands for the tensor of that name."""


class UnreadableError(ValueError):
    """Bytes that are no state of a run. `str()` is one sentence."""


@dataclass(frozen=True)
class Saved:
    """A run that can go on.

    Attributes:
        spec: with the changes made up to there.
        step: updates done.
        n_moves: how often a lane had been changed.
        state: of `Run.state`.
    """

    spec: RunSpec
    step: int
    n_moves: int
    state: dict[str, Any]

    def run(self, device: torch.device, id: str, images: Images) -> Run:
        """The run, ready for its next update."""
        run = Run(self.spec, device, id, images)
        run.restore(self.state)
        return run


def to_bytes(run: Run, n_moves: int) -> bytes:
    """Write a run down as it is between two updates."""
    tensors: dict[str, Tensor] = {}
    tree = _without_tensors(run.state(), tensors)
    notes = {"spec": run.spec.to_json(), "n_moves": str(n_moves), "tree": json.dumps(tree)}
    return save(tensors, metadata=notes)


def from_bytes(data: bytes) -> Saved:
    """The inverse of `to_bytes`. Raises UnreadableError."""
    try:
        # A safetensors file begins with the length of its head, which is JSON.
        size = int.from_bytes(data[:8], "little")
        notes = json.loads(data[8 : 8 + size])["__metadata__"]
        state = _with_tensors(json.loads(notes["tree"]), load(data))
        return Saved(RunSpec.from_json(notes["spec"]), state["step"], int(notes["n_moves"]), state)
    except (SafetensorError, KeyError, TypeError, ValueError, SpecError) as error:
        raise UnreadableError("The state of this run cannot be read any more.") from error


def _without_tensors(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, Tensor):
        name = str(len(tensors))
        # A clone: of two names for one memory the format knows nothing.
        tensors[name] = value.detach().cpu().contiguous().clone()
        return {_TENSOR: name}
    if isinstance(value, dict):
        return {name: _without_tensors(each, tensors) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_tensors(each, tensors) for each in value]
    return value


def _with_tensors(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, dict):
        if value.keys() == {_TENSOR}:
            return tensors[value[_TENSOR]]
        return {name: _with_tensors(each, tensors) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_tensors(each, tensors) for each in value]
    return value
