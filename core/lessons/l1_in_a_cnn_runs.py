"""L1 in a CNN: what has come of its experiments, in numbers and words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.lessons import l1_in_a_cnn as lesson
from core.lessons.experiments import Trained
from core.spec import strength_text

CONV = ("conv1", "conv2")


def own_percent(run: Trained, lane: int, layers: Collection[str]) -> float:
    """Exact zeros in percent of these layers' own weights."""
    chosen = [layer for name, layer in run.layers(lane).items() if name in layers]
    return 100.0 * sum(int(e["zeros"]) for e in chosen) / sum(int(e["weights"]) for e in chosen)


def possible_sentence() -> str:
    """The most zeros that each target can make."""
    parts = [f"{name} {bound:.3g} %" for name, bound in zip(lesson.TARGETS, lesson.predicted(), strict=True)]
    return f"At most: {', '.join(parts)} of all weights. How much of it will come?"


def targets_verdict(run: Trained) -> str:
    """Zeros and accuracy by target, and how much of its own each layer has lost."""
    zeros = [run.zero_percent(i) for i in range(len(lesson.TARGETS))]
    right = [run.test_percent(i) for i in range(len(lesson.TARGETS))]
    conv1, fc1 = own_percent(run, 0, ["conv1"]), own_percent(run, 2, ["fc1"])
    return (
        f"λ = {strength_text(lesson.SGD.strength)}: of all weights conv1 alone makes {zeros[0]:.1f} % zero, "
        f"both convolutions {zeros[1]:.0f} %, fc1 {zeros[2]:.0f} %, all layers {zeros[3]:.0f} %. Right on "
        f"the test images: {right[0]:.1f}, {right[1]:.1f}, {right[2]:.1f} and {right[3]:.1f} %. Of their own "
        f"weights conv1 lost {conv1:.0f} %, fc1 {fc1:.0f} %."
    )


def guess_sentence(run: Trained, guess: float | None) -> str:
    """The reader's guess for fc1 alone beside what came; nothing without a guess."""
    if guess is None:
        return ""
    return f"fc1 alone: you said **{guess:g} %**, measured **{run.zero_percent(2):.0f} %**."


def biases_verdict(run: Trained) -> str:
    """What penalising the biases as well has changed."""
    every = lesson.network(8)
    biases, weights = sum(e.biases for e in every), sum(e.weights for e in every)
    return (
        f"There are {biases} biases beside {weights:,} weights. Penalising them too changes the zeros from "
        f"{run.zero_percent(3):.1f} to {run.zero_percent(4):.1f} % and the test accuracy from "
        f"{run.test_percent(3):.1f} to {run.test_percent(4):.1f} %."
    )


def layer_norm(run: Trained, lane: int, layers: Collection[str]) -> float:
    """Σ|w| over some layers, as it is now."""
    return sum(float(layer["norm"]) for name, layer in run.layers(lane).items() if name in layers)


def gaming_verdict(run: Trained) -> str:
    """Whether training with only conv1 penalised has moved size to conv2; fc1 alone is the comparison."""
    ours, free = (tuple(layer_norm(run, lane, [name]) for name in CONV) for lane in (0, 2))
    grew = ours[1] > free[1]
    return (
        f"With only conv1 penalised its Σ|w| is {ours[0]:.3g}, with neither convolution penalised "
        f"{free[0]:.3g}. conv2: {ours[1]:.3g} and {free[1]:.3g}, so it "
        + ("grew: part of the saving was paid there." if grew else "did not grow to make up for it, here.")
    )


def channels_off(run: Trained, lane: int) -> int:
    """Channels whose scale γ is exactly zero."""
    return sum(int(run.layers(lane)[name]["zeros"]) for name in lesson.SCALES)


def channels(run: Trained) -> int:
    """How many scales there are."""
    return sum(int(run.layers(0)[name]["weights"]) for name in lesson.SCALES)


def batch_norm_verdict(run: Trained) -> str:
    """What L1 on the convolutions and on the normalizations has done."""
    right = [run.test_percent(lane) for lane in range(len(lesson.NORMALIZED_TARGETS))]
    return (
        f"L1 on the convolutions: their Σ|w| is {layer_norm(run, 1, CONV):.0f} instead of "
        f"{layer_norm(run, 0, CONV):.0f}, {channels_off(run, 1)} of {channels(run)} channels are off, and "
        f"{right[1]:.1f} instead of {right[0]:.1f} % are right. L1 on the scales γ: {channels_off(run, 2)} "
        f"of {channels(run)} channels are off, {right[2]:.1f} % are right."
    )


FACTORS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True)
class Rescaled:
    """conv1 divided by a factor, conv2 multiplied by it.

    Attributes:
        factor: > 0.
        conv1, conv2: Σ|w| of the two afterwards.
        change: the largest change of a feature that conv2 gets, times the factor, relative to the largest.
    """

    factor: float
    conv1: float
    conv2: float
    change: float


def rescaled(run: Trained, lane: int, factor: float) -> Rescaled:
    """The sums from the run, the features from its conv1 on 256 fixed random patches."""
    layers = run.layers(lane)
    return Rescaled(
        factor,
        float(layers["conv1"]["norm"]) / factor,
        float(layers["conv2"]["norm"]) * factor,
        feature_change(run.kernels(lane), factor),
    )


def feature_change(kernels: Sequence[Sequence[float]] | ArrayLike, factor: float) -> float:
    """How much  factor · ReLU(k/factor · x)  differs from  ReLU(k · x),  relative to the largest of those."""
    k = np.asarray(kernels, dtype=float)
    x = np.random.default_rng(0).uniform(size=(k.shape[1], 256))
    before, after = np.maximum(k @ x, 0.0), factor * np.maximum(k / factor @ x, 0.0)
    return float(np.abs(after - before).max() / max(before.max(), 1e-300))


FILTERS = lesson.CHANNELS[1]
COLUMNS = 8


def mosaic(kernels: Sequence[Sequence[float]]) -> list[list[float | None]]:
    """32 kernels of 3 × 3 in four rows of eight, a gap of one between them: 15 × 31, None in the gaps."""
    rows = FILTERS // COLUMNS
    cells: list[list[float | None]] = [[None] * (4 * COLUMNS - 1) for _ in range(4 * rows - 1)]
    for number, kernel in enumerate(kernels):
        top, left = 4 * (number // COLUMNS), 4 * (number % COLUMNS)
        for i, w in enumerate(kernel):
            cells[top + i // 3][left + i % 3] = float(w)
    return cells


@dataclass(frozen=True)
class Off:
    """What a lane of `interpretability` has put out.

    Attributes:
        filters: of conv1 whose weights are all zero.
        holes: zeros of conv1 in filters that are still at work.
        units: filters and units of all layers that are off, and of_units: all there are.
    """

    filters: int
    holes: int
    units: int
    of_units: int


def off(run: Trained, lane: int) -> Off:
    """Count what is off as a whole, and what only has holes."""
    layers, filters = run.layers(lane), run.dead(lane, "conv1")
    holes = int(layers["conv1"]["zeros"]) - lesson.KERNEL * filters
    units = sum(run.dead(lane, name) for name in layers)
    return Off(filters, holes, units, sum(layer.biases for layer in lesson.network(8)))


def groups_sentence(run: Trained, lane: int) -> str:
    """How many filters are off, how many holes the others have, and the same for the whole network."""
    found = off(run, lane)
    return (
        f"{lesson.GROUP_LANES[lane]}: {found.filters} of {FILTERS} filters of conv1 are off, and "
        f"{found.holes} zeros are holes in the others. In all layers {found.units} of {found.of_units} "
        f"filters and units are off. {run.test_percent(lane):.1f} % of the test images are right."
    )


def rescale_sentence(answer: Mapping[str, Any]) -> str:
    """What the worker's answer to "rescale" says: the outputs stay, the penalty does not."""
    before, after = answer["before"]["penalty"], answer["after"]["penalty"]
    return (
        f"On {answer['images']} test images the outputs move by {answer['largest_difference']:.1g} at most "
        f"(the largest is {answer['largest_logit']:.3g}). The penalty on conv1 goes from {before:.3g} to "
        f"{after:.3g}."
    )
