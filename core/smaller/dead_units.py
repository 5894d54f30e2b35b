"""The same function with fewer units: what zeros make superfluous is really removed.

A unit that reads nothing is a constant, ReLU of its bias, which moves into the biases of the next layer. A
unit that nobody reads is of no use. Removing one can make another superfluous, so this goes on until nothing
changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.smaller.blocks import Block, Chain


@dataclass(frozen=True)
class Compact:
    """A smaller network and what is left of the larger one.

    Attributes:
        chain: its blocks.
        kept: for each block, the units of the original that are left, in order; all of the last one's.
    """

    chain: Chain
    kept: tuple[Tensor, ...]


@torch.no_grad()
def compacted(chain: Sequence[Block]) -> Compact:
    """Remove the units that do nothing. The outputs stay, and at least one unit of every layer.

    Exact but for rounding: a filter whose constant is not zero stays when a padded convolution reads it,
    because at the border the padding's zeros are read in its place.
    """
    blocks = list(chain)
    kept = [torch.arange(len(block.weight), device=block.weight.device) for block in blocks]
    changed = True
    while changed:
        changed = False
        for i in range(len(blocks) - 1):
            stays = _stays(blocks[i], blocks[i + 1])
            if bool(stays.all()):
                continue
            blocks[i], blocks[i + 1] = _without(blocks[i], blocks[i + 1], stays)
            kept[i] = kept[i][stays]
            changed = True
    return Compact(tuple(blocks), tuple(kept))


def read_by(block: Block, following: Block) -> Tensor:
    """The weights with which the next block reads each unit of this one: next units × units × places."""
    return following.weight.reshape(len(following.weight), len(block.weight), -1)


def silent(block: Block) -> Tensor:
    """Which units read nothing: all their weights are exactly zero."""
    return (block.weight.flatten(1) == 0.0).all(1)


def unread(block: Block, following: Block) -> Tensor:
    """Which units nobody reads: all weights of the next block for them are exactly zero."""
    return (read_by(block, following) == 0.0).all(2).all(0)


def _stays(block: Block, following: Block) -> Tensor:
    constant = silent(block)
    if following.kind == "conv":
        constant &= block.bias <= 0.0
    stays = ~(constant | unread(block, following))
    if not bool(stays.any()):
        stays[0] = True
    return stays


def _without(block: Block, following: Block, stays: Tensor) -> tuple[Block, Block]:
    gone = ~stays
    reads = read_by(block, following)
    # What stays out of the sum is not read, or is constant: then this is its whole contribution.
    constants = torch.where(silent(block), block.bias.clamp_min(0.0), 0.0)
    bias = following.bias + reads[:, gone].sum(2) @ constants[gone]
    shape = (len(following.weight), int(stays.sum()), *following.weight.shape[2:])
    flat = following.kind == "linear"
    weight = reads[:, stays].flatten(1) if flat else reads[:, stays].reshape(shape)
    smaller = replace(block, weight=block.weight[stays], bias=block.bias[stays])
    return smaller, replace(following, weight=weight, bias=bias)
