"""Weights set to zero afterwards: all below a bound, or the smallest of all. The rivals of the penalty."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from core.maths.pruning import smallest
from core.smaller.blocks import Block, Chain


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
    masks = smallest([block.weight for block in chain], n_zeros)
    return tuple(
        replace(block, weight=block.weight.masked_fill(mask, 0.0))
        for block, mask in zip(chain, masks, strict=True)
    )
