"""Weights set to zero afterwards: all below a bound, or the smallest of all. The rivals of the penalty."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from core.training.chain import Block, Chain


@torch.no_grad()
def pruned_below(chain: Sequence[Block], epsilon: float) -> Chain:
    """With every weight |w| < ε at zero; biases stay."""
    return tuple(
        replace(block, weight=block.weight.masked_fill(block.weight.abs() < epsilon, 0.0)) for block in chain
    )


@torch.no_grad()
def pruned_to(chain: Sequence[Block], n_zeros: int) -> Chain:
    """With the `n_zeros` weights of smallest |w| in the whole network at zero; biases stay.

    Source: Han, Pool, Tran & Dally (2015), "Learning both Weights and Connections", without the retraining.
    """
    flat = torch.cat([block.weight.flatten() for block in chain])
    # A stable order: weights of equal size go from the input on.
    flat[flat.abs().argsort(stable=True)[:n_zeros]] = 0.0
    parts = torch.split(flat, [block.weight.numel() for block in chain])
    return tuple(
        replace(block, weight=part.reshape(block.weight.shape))
        for block, part in zip(chain, parts, strict=True)
    )
