"""What a network takes in bytes and in multiplications, stored in several ways. Biases are always dense."""

import gzip
import math
from collections.abc import Sequence

import torch

from core.smaller.blocks import Block, sides

FLOAT_BYTES = 4
INDEX_BYTES = 4


def n_zeros(chain: Sequence[Block]) -> int:
    """Weights that are exactly zero."""
    return sum(int((block.weight == 0.0).sum()) for block in chain)


def dense_bytes(chain: Sequence[Block]) -> int:
    """Every number as float32."""
    return sum(FLOAT_BYTES * (block.weight.numel() + block.bias.numel()) for block in chain)


def gzip_bytes(chain: Sequence[Block]) -> int:
    """The float32 numbers, gzipped at level 6."""
    numbers = torch.cat([part.flatten().float() for block in chain for part in (block.weight, block.bias)])
    return len(gzip.compress(numbers.cpu().numpy().tobytes(), compresslevel=6, mtime=0))


def csr_bytes(chain: Sequence[Block]) -> int:
    """Compressed rows: a value and a 32-bit column for each non-zero, and where each unit's row begins."""
    return sum(
        (FLOAT_BYTES + INDEX_BYTES) * _n_nonzero(block)
        + INDEX_BYTES * (len(block.weight) + 1)
        + FLOAT_BYTES * block.bias.numel()
        for block in chain
    )


def bitmap_bytes(chain: Sequence[Block]) -> int:
    """A bit for each weight says whether it is zero; then the values of the others."""
    return sum(
        -(-block.weight.numel() // 8) + FLOAT_BYTES * (_n_nonzero(block) + block.bias.numel())
        for block in chain
    )


def bound_bytes(chain: Sequence[Block]) -> float:
    """The values, and log₂ of the ways to choose the places of the non-zeros, layer by layer.

    The least for whoever knows only how many there are and keeps 4 bytes of each; who packs values, or uses
    that zeros come in rows, can go below.
    """
    return sum(
        _log2_choices(block.weight.numel(), _n_nonzero(block)) / 8
        + FLOAT_BYTES * (_n_nonzero(block) + block.bias.numel())
        for block in chain
    )


def multiply_adds(chain: Sequence[Block], size: int, skip_zeros: bool = False) -> int:
    """Multiplications for one image of `size` pixels; without those by a zero weight, if asked."""
    return sum(
        side * side * (_n_nonzero(block) if skip_zeros else block.weight.numel())
        for block, side in zip(chain, sides(chain, size), strict=True)
    )


def _n_nonzero(block: Block) -> int:
    return int(torch.count_nonzero(block.weight))


def _log2_choices(n: int, k: int) -> float:
    return (math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)) / math.log(2.0)
