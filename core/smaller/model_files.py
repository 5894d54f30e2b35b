"""A network as two files: its numbers as safetensors, its shape as JSON. Read back with every check first.

Neither can hold code: a safetensors file is a list of names, shapes and places, then numbers.
"""

import json
import math
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from core.checkpoints import MAX_JSON_BYTES, MAX_MODEL_BYTES
from core.cost import Cost, of_image
from core.refusals import shown
from core.smaller.blocks import Block, Chain

FORMAT = "sparsity-lab-model"

MAX_HEADER_BYTES = 65_536
MAX_LAYERS = 12

MAX_LAYER_BYTES = 64 * 10**6
"""Of what a layer takes in and gives out, for the images that are looked at together, at least one."""

MAX_MULTIPLY_ADDS = 50 * 10**6
"""For one image, about 10 ms on a core; the standard CNN takes 6 million on 32 × 32 pixels in colour."""

MAX_TOGETHER = 2 * 10**9
"""Multiplications before others have their turn, at least those of one image."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)


class ModelFileError(ValueError):
    """These files are no model of ours. `str()` is one sentence."""


@dataclass(frozen=True)
class StoredModel:
    """A network and what it takes in.

    Attributes:
        size, channels: of its images.
        cost: of one image.
        notes: what was written down with it, unchecked.
    """

    chain: Chain
    size: int
    channels: int
    cost: Cost
    notes: dict[str, Any]

    def together(self, most: int) -> int:
        """How many of `most` images may be looked at before others have their turn."""
        by_memory = MAX_LAYER_BYTES // self.cost.widest_bytes
        return max(1, min(most, by_memory, MAX_TOGETHER // self.cost.multiply_adds))


def numbers(chain: Sequence[Block]) -> bytes:
    """The safetensors file."""
    tensors = {}
    for block in chain:
        tensors[f"{block.name}.weight"] = block.weight.detach().contiguous().cpu()
        tensors[f"{block.name}.bias"] = block.bias.detach().contiguous().cpu()
    return save(tensors, metadata={"format": FORMAT})


def description(chain: Sequence[Block], size: int, channels: int, notes: dict[str, Any]) -> bytes:
    """The JSON file."""
    layers = [{"name": b.name, "kind": b.kind, "shape": list(b.weight.shape)} for b in chain]
    image = {"size": size, "channels": channels}
    whole = {"format": FORMAT, "version": 1, "image": image, "layers": layers, "notes": notes}
    return json.dumps(whole, indent=1, allow_nan=False).encode()


def read_model(data: bytes, text: bytes) -> StoredModel:
    """The inverse of `numbers` and `description`.

    Raises:
        ModelFileError: one sentence that says what is wrong with the files.
    """
    if len(text) > MAX_JSON_BYTES:
        raise ModelFileError(f"The JSON file must be at most {MAX_JSON_BYTES // 1024} kB.")
    if len(data) > MAX_MODEL_BYTES:
        raise ModelFileError(f"The safetensors file must be at most {MAX_MODEL_BYTES // 10**6} MB.")
    whole = _json(text, "The JSON file")
    if whole.get("format") != FORMAT or whole.get("version") != 1:
        raise ModelFileError("The JSON file does not describe a model of Sparsity Lab.")
    size, channels = _image(whole.get("image"))
    layers = _layers(whole.get("layers"))
    _check_order(layers, size, channels)
    cost = of_image(((each.kind, each.shape) for each in layers), size)
    _check_cost(cost)
    _check_header(data, layers)
    try:
        tensors = load(data)
    except SafetensorError:
        raise ModelFileError("The safetensors file is damaged.") from None
    if not all(bool(torch.isfinite(each).all()) for each in tensors.values()):
        raise ModelFileError("The safetensors file holds numbers that are not finite.")
    chain = tuple(
        Block(each.name, "conv" if each.kind == "conv" else "linear", *_pair(tensors, each.name))
        for each in layers
    )
    notes = whole.get("notes")
    return StoredModel(chain, size, channels, cost, notes if isinstance(notes, dict) else {})


@dataclass(frozen=True)
class _Layer:
    name: str
    kind: str
    shape: tuple[int, ...]


def _pair(tensors: dict[str, torch.Tensor], name: str) -> tuple[torch.Tensor, torch.Tensor]:
    return tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def _json(text: bytes, what: str) -> dict[str, Any]:
    try:
        value = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ModelFileError(f"{what} is not JSON.") from None
    if not isinstance(value, dict):
        raise ModelFileError(f"{what} must hold an object.")
    return value


def _image(value: Any) -> tuple[int, int]:
    image = value if isinstance(value, dict) else {}
    size, channels = image.get("size"), image.get("channels")
    if not (_whole(size, 4, 64) and _whole(channels, 1, 4)):
        raise ModelFileError("The JSON file must give the image's size (4 to 64) and channels (1 to 4).")
    return size, channels  # type: ignore[return-value]


def _whole(value: Any, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _layers(value: Any) -> list[_Layer]:
    if not isinstance(value, list) or not 0 < len(value) <= MAX_LAYERS:
        raise ModelFileError(f"The JSON file must list 1 to {MAX_LAYERS} layers.")
    layers = [_layer(each) for each in value]
    if len({each.name for each in layers}) < len(layers):
        raise ModelFileError("The JSON file has two layers of one name.")
    n_bytes = sum(4 * (math.prod(each.shape) + each.shape[0]) for each in layers)
    if n_bytes > MAX_MODEL_BYTES:
        raise ModelFileError(f"The model must take at most {MAX_MODEL_BYTES // 10**6} MB.")
    return layers


def _layer(value: Any) -> _Layer:
    each = value if isinstance(value, dict) else {}
    name, kind, shape = each.get("name"), each.get("kind"), each.get("shape")
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise ModelFileError(f"A layer's name must be letters and digits, got {shown(name)}.")
    dimensions = {"conv": 4, "linear": 2}.get(kind if isinstance(kind, str) else "")
    if dimensions is None:
        raise ModelFileError(f"The kind of layer {name} must be conv or linear, got {shown(kind)}.")
    sizes = shape if isinstance(shape, list) and len(shape) == dimensions else [0]
    if not all(_whole(n, 1, 1_000_000) for n in sizes):
        raise ModelFileError(f"The shape of layer {name} must be {dimensions} whole numbers above zero.")
    return _Layer(name, str(kind), tuple(sizes))


def _check_order(layers: Sequence[_Layer], size: int, channels: int) -> None:
    """Every layer must take in what the one before it gives out."""
    inputs, flat = channels, False
    for each in layers:
        if each.kind == "conv":
            k = each.shape[2]
            fits = not flat and each.shape[1] == inputs and each.shape[3] == k and k in (1, 3, 5, 7)
            fits = fits and size >= 2
            size //= 2
        else:
            fits = each.shape[1] == (inputs if flat else inputs * size * size)
            flat = True
        if not fits:
            raise ModelFileError(f"Layer {each.name} does not fit the layer before it.")
        inputs = each.shape[0]
    if not flat:
        raise ModelFileError("The last layer must be linear.")


def _check_cost(cost: Cost) -> None:
    """A few wide or long layers fit into a small file and cost what no network of a lesson does."""
    if cost.widest_bytes > MAX_LAYER_BYTES:
        raise ModelFileError(
            f"A layer must take in and give out at most {MAX_LAYER_BYTES // 10**6} MB for an image, "
            f"got {cost.widest_bytes / 1e6:,.0f} MB."
        )
    if cost.multiply_adds > MAX_MULTIPLY_ADDS:
        raise ModelFileError(
            f"The layers must take at most {MAX_MULTIPLY_ADDS // 10**6} million multiplications for an "
            f"image, got {cost.multiply_adds / 1e6:,.0f} million."
        )


def _check_header(data: bytes, layers: Sequence[_Layer]) -> None:
    """Names, types, shapes and places before a single number is read."""
    if len(data) < 8:
        raise ModelFileError("The safetensors file is too short to be one.")
    (length,) = struct.unpack("<Q", data[:8])
    if length > min(MAX_HEADER_BYTES, len(data) - 8):
        raise ModelFileError("This is not a safetensors file.")
    header = _json(data[8 : 8 + length], "The head of the safetensors file")
    header.pop("__metadata__", None)
    wanted = {f"{each.name}.weight": each.shape for each in layers}
    wanted |= {f"{each.name}.bias": each.shape[:1] for each in layers}
    if header.keys() != wanted.keys():
        odd = sorted(header.keys() ^ wanted.keys())[0]
        raise ModelFileError(f"The two files do not belong together: {shown(odd)} is in one of them only.")
    for name, shape in wanted.items():
        entry = header[name] if isinstance(header[name], dict) else {}
        if entry.get("dtype") != "F32" or entry.get("shape") != list(shape):
            raise ModelFileError(f"{name} must be {' × '.join(map(str, shape))} float32 numbers.")
    if len(data) - 8 - length != sum(4 * math.prod(shape) for shape in wanted.values()):
        raise ModelFileError("The safetensors file is shorter or longer than its head says.")
