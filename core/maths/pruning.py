"""Magnitude pruning: the smallest weights of the whole network are zero, whatever they do."""

from collections.abc import Sequence

import torch
from torch import Tensor


@torch.no_grad()
def smallest(weights: Sequence[Tensor], n: int) -> list[Tensor]:
    """Where the `n` weights of smallest size are, of all these tensors together: a mask for each.

    Weights of equal size go in their order, from the input on, so that there are exactly `n`.
    """
    sizes = torch.cat([w.abs().flatten() for w in weights])
    mask = torch.zeros_like(sizes, dtype=torch.bool)
    mask[sizes.argsort(stable=True)[:n]] = True
    parts = torch.split(mask, [w.numel() for w in weights])
    return [part.view(w.shape) for part, w in zip(parts, weights, strict=True)]


@torch.no_grad()
def prune(weights: Sequence[Tensor], share: float) -> None:
    """Set the smallest of all these weights to zero, so many that this share of them is.

    Example: of (3, −1, 2, 0.5) a share of ½ leaves (3, 0, 2, 0).

    Source: Han, Pool, Tran & Dally (2015), "Learning both Weights and Connections".
    """
    n_zeros = round(share * sum(w.numel() for w in weights))
    for w, mask in zip(weights, smallest(weights, n_zeros), strict=True):
        w.masked_fill_(mask, 0.0)
