"""A network of this app as a plain list of blocks, so that it can be looked into and made smaller.

All networks are one after the other: convolutions (each pooled by 2 and followed by ReLU), then fully
connected layers with ReLU between them. A normalization is folded into the convolution before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Block:
    """One layer.

    Attributes:
        name: as in the network.
        kind: `conv` pads so that height and width stay; it is pooled by 2. `linear` flattens its input.
        weight: units × inputs × k × k, or units × inputs.
        bias: one per unit.
    """

    name: str
    kind: Literal["conv", "linear"]
    weight: Tensor
    bias: Tensor


Chain = tuple[Block, ...]
"""Blocks from input to output."""


class NoChainError(ValueError):
    """A network is not built as this module expects. `str()` is one sentence."""


@torch.no_grad()
def chain_of(net: nn.Module) -> Chain:
    """The blocks of a network as it answers in evaluation mode; they share its tensors where they can.

    Raises:
        NoChainError: it has a layer that is no block.
    """
    blocks: list[Block] = []
    for name, module in net.named_children():
        if isinstance(module, nn.BatchNorm2d) and blocks:
            blocks[-1] = _normalised(blocks[-1], module)
        else:
            blocks.append(_block(name, module))
    return tuple(blocks)


def _block(name: str, module: nn.Module) -> Block:
    if isinstance(module, nn.Conv2d) and module.stride == (1, 1) and module.groups == 1:
        kind: Literal["conv", "linear"] = "conv"
        fits = module.padding == tuple(size // 2 for size in module.kernel_size)
    else:
        kind, fits = "linear", isinstance(module, nn.Linear)
    if not fits or not isinstance(module.weight, Tensor):
        raise NoChainError(f"The layer {name} of this network cannot be taken apart.")
    weight = module.weight.detach()
    bias = module.bias.detach() if isinstance(module.bias, Tensor) else weight.new_zeros(len(weight))
    return Block(name, kind, weight, bias)


def _normalised(block: Block, norm: nn.BatchNorm2d) -> Block:
    """The block followed by its normalization: (y − mean) · γ/√(var + ε) + β of every channel."""
    mean, variance = norm.running_mean, norm.running_var
    if mean is None or variance is None:
        raise NoChainError("A normalization without running means cannot be folded.")
    rate = (variance + norm.eps).rsqrt()
    if norm.affine:
        rate = rate * norm.weight.detach()
    bias = (block.bias - mean) * rate
    if norm.affine:
        bias = bias + norm.bias.detach()
    return replace(block, weight=block.weight * rate.reshape(-1, 1, 1, 1), bias=bias)


def convolved(block: Block, x: Tensor) -> Tensor:
    """What a `conv` block computes before pooling and ReLU."""
    return F.conv2d(x, block.weight, block.bias, padding=block.weight.shape[-1] // 2)


def answers(chain: Sequence[Block], x: Tensor) -> Tensor:
    """Images, N × channels × size × size, to logits, N × outputs."""
    for block in chain[:-1]:
        x = applied(block, x)
    return F.linear(x.flatten(1), chain[-1].weight, chain[-1].bias)


def applied(block: Block, x: Tensor) -> Tensor:
    """A block that is not the last, with its pooling and ReLU."""
    if block.kind == "conv":
        return F.relu(F.max_pool2d(convolved(block, x), 2))
    return F.relu(F.linear(x.flatten(1), block.weight, block.bias))


def n_parameters(chain: Sequence[Block]) -> int:
    """Weights and biases."""
    return sum(block.weight.numel() + block.bias.numel() for block in chain)


def sides(chain: Sequence[Block], size: int) -> Iterator[int]:
    """Height and width at which each block computes its units; 1 for a fully connected one."""
    for block in chain:
        yield size if block.kind == "conv" else 1
        size //= 2
