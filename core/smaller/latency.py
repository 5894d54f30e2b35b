"""How long a network takes for a batch of images, stored densely, as compressed rows, or made smaller."""

import time
import warnings
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from core.smaller.blocks import Block, Chain, answers

BATCHES = (1, 256)

LEAST_REPEATS = 5
MOST_REPEATS = 30
SECONDS = 0.4
"""For each network and batch: at least and at most so many times, and not much longer than this."""

Network = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Latency:
    """Milliseconds for a batch: the median, the quartiles, and of how many times."""

    low: float
    median: float
    high: float
    repeats: int


def dense(chain: Chain) -> Network:
    """As the app runs it."""
    laid_out = tuple(_channels_last(block) for block in chain)
    return lambda x: answers(laid_out, x)


def _channels_last(block: Block) -> Block:
    if block.kind == "linear":
        return block
    weight = block.weight.contiguous(memory_format=torch.channels_last)
    return Block(block.name, block.kind, weight, block.bias)


def as_csr(chain: Sequence[Block]) -> Network:
    """With every weight as compressed rows; a convolution is a product with the unfolded image.

    `conv2d` takes no sparse weight, so each patch is copied out first, and that costs time as well.
    """
    with warnings.catch_warnings():
        # Torch calls its compressed rows a beta; what they are measured for here is their speed today.
        warnings.filterwarnings("ignore", message="Sparse CSR tensor support", category=UserWarning)
        rows = [block.weight.flatten(1).contiguous().to_sparse_csr() for block in chain]

    def network(x: Tensor) -> Tensor:
        for i, (block, matrix) in enumerate(zip(chain, rows, strict=True)):
            if block.kind == "conv":
                x = F.relu(F.max_pool2d(_product(block, matrix, x), 2))
            else:
                x = (matrix @ x.flatten(1).T).T + block.bias
                x = F.relu(x) if i + 1 < len(chain) else x
        return x

    return network


def _product(block: Block, matrix: Tensor, x: Tensor) -> Tensor:
    k, side = block.weight.shape[-1], x.shape[-1]
    patches = F.unfold(x, k, padding=k // 2).transpose(0, 1).flatten(1)
    product = (matrix @ patches).reshape(len(block.weight), len(x), side, side)
    return product.transpose(0, 1) + block.bias.reshape(-1, 1, 1)


def measured(network: Network, x: Tensor) -> Generator[None, None, Latency]:
    """Time a batch again and again; it yields between two times, so that others get their turn."""
    seconds: list[float] = []
    with torch.no_grad():
        network(x)
    while len(seconds) < LEAST_REPEATS or (len(seconds) < MOST_REPEATS and sum(seconds) < SECONDS):
        yield
        with torch.no_grad():
            # Once for nothing: what trained meanwhile has taken the caches.
            network(x[:1])
            started = time.perf_counter()
            # Reading one number waits for the device.
            float(network(x)[0, 0])
            seconds.append(time.perf_counter() - started)
    low, median, high = torch.tensor(seconds).mul(1e3).quantile(torch.tensor([0.25, 0.5, 0.75])).tolist()
    return Latency(low, median, high, len(seconds))
