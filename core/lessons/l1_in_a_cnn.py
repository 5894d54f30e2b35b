"""L1 in a CNN: where its weights are, what to train for each question, and what has come of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.lessons.experiments import Experiment, Trained
from core.lessons.what_is_l1 import Vector
from core.spec import LaneSpec, LayerName, RunSpec, strength_text

KERNEL = 9
"""Weights of a 3 × 3 kernel."""

CHANNELS = (1, 32, 64)
"""Channels of the image, and after each convolution."""

HIDDEN, CLASSES = 128, 10


@dataclass(frozen=True)
class Layer:
    """One layer of the textbook CNN.

    Attributes:
        weights, biases: how many it has.
        places: how often each weight is used for one image.
    """

    name: LayerName
    weights: int
    biases: int
    places: int


def network(size: int) -> tuple[Layer, ...]:
    """The textbook CNN for images of size × size pixels, a multiple of 4: each pooling halves the sides."""
    image, first, second = CHANNELS
    return (
        Layer("conv1", KERNEL * image * first, first, size * size),
        Layer("conv2", KERNEL * first * second, second, (size // 2) ** 2),
        Layer("fc1", second * (size // 4) ** 2 * HIDDEN, HIDDEN, 1),
        Layer("fc2", HIDDEN * CLASSES, CLASSES, 1),
    )


def share_percent(size: int, layers: Collection[str]) -> float:
    """What share of all weights these layers hold: the most zeros that penalising them can make."""
    every = network(size)
    return 100.0 * sum(e.weights for e in every if e.name in layers) / sum(e.weights for e in every)


SGD = LaneSpec(optimizer="sgd", learning_rate=0.05, strength=1e-3)

TARGETS: Mapping[str, LaneSpec] = MappingProxyType(
    {
        "conv1": SGD.changed(layers={"conv1"}),
        "conv1 and conv2": SGD.changed(layers={"conv1", "conv2"}),
        "fc1": SGD.changed(layers={"fc1"}),
        "all layers": SGD,
        "all, biases too": SGD.changed(include_bias=True),
    }
)
"""The lanes of `zeros_by_target`."""

NORMALIZED_TARGETS: Mapping[str, LaneSpec] = MappingProxyType(
    {
        "λ = 0": SGD.without_penalty(),
        "conv1 and conv2": SGD.changed(layers={"conv1", "conv2"}),
        "bn1 and bn2": SGD.changed(layers={"bn1", "bn2"}),
    }
)
"""The lanes of `batch_norm_target`."""

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType(
    {
        "zeros_by_target": Experiment((RunSpec(epochs=20, lanes=tuple(TARGETS.values())),)),
        "batch_norm_target": Experiment(
            (RunSpec(epochs=20, model="textbook_cnn_bn", lanes=tuple(NORMALIZED_TARGETS.values())),)
        ),
    }
)


def predicted(size: int = 8) -> list[float]:
    """For each lane of `zeros_by_target` the most zeros it can make, in percent of all weights."""
    return [share_percent(size, lane.layers) for lane in TARGETS.values()]


def targets_verdict(run: Trained) -> str:
    """Zeros and accuracy by target."""
    zeros = [run.zero_percent(i) for i in range(len(TARGETS))]
    right = [run.test_percent(i) for i in range(len(TARGETS))]
    return (
        f"λ = {strength_text(SGD.strength)}: conv1 alone makes {zeros[0]:.1f} % of all weights zero, both "
        f"convolutions {zeros[1]:.0f} %, fc1 {zeros[2]:.0f} %, all layers {zeros[3]:.0f} %. Right on the "
        f"test images: {right[0]:.1f}, {right[1]:.1f}, {right[2]:.1f} and {right[3]:.1f} %."
    )


def biases_verdict(run: Trained) -> str:
    """What penalising the biases as well has changed."""
    every = network(8)
    biases, weights = sum(e.biases for e in every), sum(e.weights for e in every)
    return (
        f"There are {biases} biases beside {weights:,} weights. Penalising them too changes the zeros from "
        f"{run.zero_percent(3):.1f} to {run.zero_percent(4):.1f} % and the test accuracy from "
        f"{run.test_percent(3):.1f} to {run.test_percent(4):.1f} %."
    )


def layer_norm(run: Trained, lane: int, layers: Collection[str]) -> float:
    """Σ|w| over some layers, as it is now."""
    return sum(float(layer["norm"]) for name, layer in run.layers(lane).items() if name in layers)


def batch_norm_verdict(run: Trained) -> str:
    """What L1 on the convolutions and on the normalizations has done."""
    conv, off = ("conv1", "conv2"), ("bn1", "bn2")
    gammas = sum(int(run.layers(2)[name]["zeros"]) for name in off)
    channels = sum(int(run.layers(2)[name]["weights"]) for name in off)
    right = [run.test_percent(lane) for lane in range(len(NORMALIZED_TARGETS))]
    return (
        f"L1 on the convolutions: their Σ|w| is {layer_norm(run, 1, conv):.0f} instead of "
        f"{layer_norm(run, 0, conv):.0f}, and {right[1]:.1f} instead of {right[0]:.1f} % are right. L1 on "
        f"the scales γ: {gammas} of {channels} channels are off, {right[2]:.1f} % are right."
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


def normalized_change(kernels: Sequence[Sequence[float]] | ArrayLike, factor: float) -> float:
    """The same for a channel that is normalized over its patches: how much (k/factor) changes it."""
    k = np.asarray(kernels, dtype=float)
    x = np.random.default_rng(0).uniform(size=(k.shape[1], 256))

    def normalized(weights: Vector) -> Vector:
        z: Vector = weights @ x
        spread = z.std(axis=1, keepdims=True)
        scaled: Vector = (z - z.mean(axis=1, keepdims=True)) / np.where(spread > 0.0, spread, 1.0)
        return scaled

    return float(np.abs(normalized(k / factor) - normalized(k)).max())


GROUP_LANES = ("λ = 0", "L1, single weights", "group lasso, whole filters")
"""The lanes of `interpretability`, which this page shows from another side."""
FILTERS = CHANNELS[1]
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


def groups_sentence(run: Trained, lane: int) -> str:
    """How many filters of conv1 are off, and how many zeros it has."""
    layer = run.layers(lane)["conv1"]
    zeros, weights = int(layer["zeros"]), int(layer["weights"])
    return (
        f"{GROUP_LANES[lane]}: {run.dead(lane, 'conv1')} of {FILTERS} filters of conv1 are off, {zeros} of "
        f"its {weights} weights are zero, {run.test_percent(lane):.1f} % of the test images are right."
    )


def rescale_sentence(answer: Mapping[str, Any]) -> str:
    """What the worker's answer to "rescale" says: the outputs stay, the penalty does not."""
    before, after = answer["before"]["penalty"], answer["after"]["penalty"]
    return (
        f"On {answer['images']} test images the outputs move by {answer['largest_difference']:.1g} at most "
        f"(the largest is {answer['largest_logit']:.3g}). The penalty on conv1 goes from {before:.3g} to "
        f"{after:.3g}."
    )
