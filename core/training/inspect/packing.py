"""Weights small enough for a browser: exact zeros stay zeros, everything else a sign at least."""

import base64
from typing import Any

import torch
from torch import Tensor

from core.training.inspect.moment import rounded

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
        steps = (flat / (scale or 1.0)).round()
        steps = torch.where(steps == 0.0, flat.sign(), steps).to(torch.int8)
        return head | {"encoding": "int8", "scale": scale, "data": _text(steps)}
    signs = torch.where(flat < 0.0, 2, (flat > 0.0).int())
    signs = torch.cat([signs, signs.new_zeros(-len(signs) % 4)]).reshape(-1, 4)
    bits = (signs * torch.tensor([64, 16, 4, 1])).sum(1).to(torch.uint8)
    return head | {"encoding": "sign", "scale": float(flat.abs().max()), "data": _text(bits)}


def pixels(values: Tensor) -> dict[str, Any]:
    """Non-negative numbers as bytes: `data` times `scale`."""
    flat = values.detach().cpu().reshape(-1)
    scale = float(flat.max()) / 255
    data = (flat / (scale or 1.0)).round().to(torch.uint8)
    return {"shape": list(values.shape), "encoding": "uint8", "scale": scale, "data": _text(data)}


def few(values: Tensor) -> Any:
    """A short vector as numbers."""
    return rounded(values.detach().cpu())


def _text(values: Tensor) -> str:
    return base64.b64encode(values.numpy().tobytes()).decode()
