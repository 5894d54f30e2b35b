"""What a lane looks like: everything a snapshot holds about the weights, in one device → host transfer."""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.maths.models import layer_names
from core.snapshots import BINS, EPSILONS, LayerSnapshot
from core.spec import LayerName
from core.training.reach import Reach, Unreached

LIMIT_FACTOR = 4.0
"""A layer's histogram spans this many times the range of its initial weights, 1/√fan_in."""

EVALUATION_CHUNK = 512
"""Validation images looked at together: bounds the memory of the activations."""

MAX_KERNEL_WEIGHTS = 4096
"""A first layer with more weights is too large to be sent along four times a second."""

_HEAD = 5 + len(EPSILONS)


@dataclass(frozen=True)
class WeightsView:
    """The numbers of one lane's weights: per layer, and the first layer's kernels with their zeros' kinds."""

    layers: dict[LayerName, LayerSnapshot]
    kernels: tuple[tuple[float, ...], ...]
    kernel_kinds: str


def histogram_limits(net: nn.Module) -> dict[LayerName, float]:
    """For each layer, where its histogram ends: fixed by the shape, so the same for all lanes."""
    first_units = {name: net.get_parameter(f"{name}.weight")[0] for name in layer_names(net)}
    return {name: LIMIT_FACTOR / math.sqrt(unit.numel()) for name, unit in first_units.items()}


@torch.no_grad()
def look(
    net: nn.Module, targeted: Collection[LayerName], limits: dict[LayerName, float], reach: Reach
) -> WeightsView:
    """Measure the weights of `net`. Raises ValueError when a weight is not finite."""
    weights = {name: net.get_parameter(f"{name}.weight") for name in layer_names(net)}
    first_name, first = next(iter(weights.items()))
    parts = [_numbers(weight, limits[name], reach.of(name)) for name, weight in weights.items()]
    if first.numel() <= MAX_KERNEL_WEIGHTS:
        parts.append(first.flatten())
        unreached = reach.of(first_name)
        if unreached is not None:
            parts.append(unreached.kinds(first).flatten().float())
    # One transfer for everything: each would wait for the device on its own.
    numbers = torch.cat(parts).tolist()
    if not all(map(math.isfinite, numbers)):
        raise ValueError("a weight is not finite")
    width = _HEAD + BINS
    layers = {
        name: _layer(weight, numbers[i * width : (i + 1) * width], name in targeted, limits[name])
        for i, (name, weight) in enumerate(weights.items())
    }
    rest, row = numbers[len(weights) * width :], first[0].numel()
    kernels = [float(f"{w:.4g}") for w in rest[: first.numel()]]
    rows = tuple(tuple(kernels[i : i + row]) for i in range(0, len(kernels), row))
    return WeightsView(layers, rows, "".join(str(int(kind)) for kind in rest[first.numel() :]))


def _numbers(weight: Tensor, limit: float, unreached: Unreached | None) -> Tensor:
    """Norm, zeros, dead units, idle and cut-off zeros, entries below each ε; the histogram.

    The two kinds of zeros are −1 while nobody knows them. All in float32, which counts exactly up to 16.7
    million and is all that MPS has.
    """
    size = weight.abs()
    # A comparison written into floats and summed takes a quarter of the time of summing booleans.
    flags = torch.empty_like(size)
    n_zeros = torch.eq(size, 0.0, out=flags).sum()
    head = [size.sum(), n_zeros, (size.reshape(len(size), -1).amax(1) == 0).sum(dtype=torch.float32)]
    if unreached is None:
        head += [-torch.ones_like(n_zeros)] * 2
    else:
        head += [kind.sum(dtype=torch.float32) for kind in unreached.zeros(weight)]
    head += [torch.lt(size, epsilon, out=flags).sum() for epsilon in EPSILONS]
    # Whole bin numbers, rounded down: a tiny negative weight lands left of zero, whatever the rounding.
    bins = (weight.flatten() * (BINS / 2 / limit)).floor_().clamp_(-BINS // 2, BINS // 2 - 1)
    counts = _counted(bins)
    counts[BINS // 2] -= n_zeros
    return torch.cat([torch.stack(head), counts])


def _counted(bins: Tensor) -> Tensor:
    if bins.device.type == "cpu":
        return torch.bincount((bins + BINS // 2).int(), minlength=BINS).float()
    # bincount would wait for the device to learn the largest bin; on a CPU it is six times as fast.
    return torch.histc(bins, bins=BINS, min=-BINS // 2, max=BINS // 2)


def _layer(weight: Tensor, numbers: list[float], targeted: bool, limit: float) -> LayerSnapshot:
    n_weights = weight.numel()
    return LayerSnapshot(
        weights=n_weights,
        zeros=int(numbers[1]),
        idle=_known(numbers[3]),
        cut_off=_known(numbers[4]),
        targeted=targeted,
        norm=numbers[0],
        below=tuple(count / n_weights for count in numbers[5:_HEAD]),
        units=len(weight),
        dead=int(numbers[2]),
        limit=limit,
        counts=tuple(int(count) for count in numbers[_HEAD:]),
    )


def _known(count: float) -> int | None:
    return int(count) if count >= 0.0 else None


@torch.no_grad()
def outputs(net: nn.Module, x: Tensor) -> Iterator[Tensor]:
    """What `net` says to the images x, EVALUATION_CHUNK of them at a time.

    In evaluation mode, whatever mode `net` is in: BatchNorm then uses its running statistics.
    """
    training = net.training
    for start in range(0, len(x), EVALUATION_CHUNK):
        net.eval()
        part = net(x[start : start + EVALUATION_CHUNK])
        net.train(training)
        yield part
