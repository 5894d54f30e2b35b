"""Weights small enough for a browser: exact zeros stay zeros, everything else a sign at least."""

import base64
from typing import Any

import torch
from torch import Tensor

from core.inspect.moment import rounded
from core.training.reach import Unreached

FULL_NUMBERS = 20_000
"""A layer with more non-zeros is sent as signs: 401,408 of them are 50 kB gzipped, as bytes 400."""

STEPS = 127


def packed(weight: Tensor) -> dict[str, Any]:
    """A tensor with its shape; `data` is base64, in row-major order.

    `encoding` is `int8`: a byte per weight, times `scale`, rounded away from zero where it would vanish; or
    `sign`: two bits per weight, the first weight in the highest, 0 for zero, 1 for positive, 2 for negative.
    """
    flat = weight.detach().cpu().reshape(-1)
    n_nonzero = int(torch.count_nonzero(flat))
    head = {"shape": list(weight.shape), "zeros": flat.numel() - n_nonzero}
    if n_nonzero <= FULL_NUMBERS:
        scale = float(flat.abs().max()) / STEPS
        # In doubles: in single precision the scale of the smallest weights is 0.
        steps = (flat.double() / (scale or 1.0)).round()
        steps = torch.where(steps == 0.0, flat.sign(), steps).to(torch.int8)
        return head | {"encoding": "int8", "scale": scale, "data": _text(steps)}
    signs = torch.where(flat < 0.0, 2, (flat > 0.0).int())
    return head | {"encoding": "sign", "scale": float(flat.abs().max()), "data": _two_bits(signs)}


def kinds(weight: Tensor, unreached: Unreached | None) -> dict[str, Any] | None:
    """How many of a tensor's zeros are idle and cut off, and which; None where nobody knows.

    `data`: two bits per weight like the signs of `packed`, the numbers of `Unreached.kinds`.
    `units`, `inputs`: those that no image ever pulled on, by any of their weights, zero or not: silent from
    the start, and for a layer that reads pixels never lit.
    """
    if unreached is None:
        return None
    kind = unreached.kinds(weight).cpu().reshape(-1)
    return {
        "idle": int((kind == 1).sum()),
        "cut_off": int((kind == 2).sum()),
        "data": _two_bits(kind),
        "units": _whole(unreached.never),
        "inputs": _whole(unreached.never.transpose(0, 1)) if weight.ndim > 1 else [],
    }


def _whole(mask: Tensor) -> list[int]:
    """The rows that are true throughout."""
    found: list[int] = mask.reshape(len(mask), -1).all(1).nonzero().flatten().tolist()
    return found


def pixels(values: Tensor) -> dict[str, Any]:
    """Non-negative numbers as bytes: `data` times `scale`."""
    flat = values.detach().cpu().reshape(-1)
    scale = float(flat.max()) / 255
    data = (flat.double() / (scale or 1.0)).round().to(torch.uint8)
    return {"shape": list(values.shape), "encoding": "uint8", "scale": scale, "data": _text(data)}


def few(values: Tensor) -> Any:
    """A short vector as numbers."""
    return rounded(values.detach().cpu())


def _two_bits(numbers: Tensor) -> str:
    """Numbers from 0 to 3, the first in the highest bits of a byte."""
    fours = torch.cat([numbers, numbers.new_zeros(-len(numbers) % 4)]).reshape(-1, 4)
    return _text((fours * torch.tensor([64, 16, 4, 1])).sum(1).to(torch.uint8))


def _text(values: Tensor) -> str:
    return base64.b64encode(values.numpy().tobytes()).decode()
