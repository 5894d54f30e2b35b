"""L1 in a CNN: what has come of its experiments, in numbers and words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.experiments import Trained, zeros_told
from core.lessons.l1_in_a_cnn import layers as lesson
from core.lessons.seeds import Row, against, of_seeds, points, row_of, rows_of
from core.spec import strength_text

CONV = ("conv1", "conv2")


def own_percent(run: Trained, lane: int, layers: Collection[str]) -> float:
    """Exact zeros in percent of these layers' own weights."""
    chosen = [layer for name, layer in run.layers(lane).items() if name in layers]
    return 100.0 * sum(each.zeros for each in chosen) / sum(each.weights for each in chosen)


def possible_sentence() -> str:
    """The most zeros that each target can make."""
    shares = [f"{name} {bound:.3g} %" for name, bound in zip(lesson.TARGETS, lesson.predicted(), strict=True)]
    return f"At most: {', '.join(shares)} of all weights. How much of it will come?"


def targets_verdict(runs: Sequence[Trained]) -> str:
    """Zeros and accuracy by target, and how much of its own each layer has lost."""
    zeros = rows_of(list(lesson.TARGETS), runs, Trained.zero_percent)
    right = rows_of(list(lesson.TARGETS), runs, Trained.valid_percent)
    conv1 = row_of(runs, lambda run: own_percent(run, 0, ["conv1"]))
    fc1 = row_of(runs, lambda run: own_percent(run, 2, ["fc1"]))
    return (
        f"λ = {strength_text(lesson.SGD.strength)}: of all weights conv1 alone makes {zeros[0].text()} % "
        f"zero, both convolutions {zeros[1].text(0)} %, fc1 {zeros[2].text(0)} %, all layers "
        f"{zeros[3].text(0)} %. Right on the validation images: {right[0].text()}, {right[1].text()}, "
        f"{right[2].text()} and {right[3].text()} %. Of their own weights conv1 lost {conv1.text(0)} %, fc1 "
        f"{fc1.text(0)} %."
        f"{zeros_told(runs, 3, 'the network with all layers penalised')}"
    )


def guess_sentence(runs: Sequence[Trained], guess: float | None) -> str:
    """The reader's guess for fc1 alone beside what came; nothing without a guess."""
    if guess is None:
        return ""
    measured = row_of(runs, lambda run: run.zero_percent(2)).text(0)
    return f"fc1 alone: you said **{guess:g} %**, measured **{measured} %**."


def biases_verdict(runs: Sequence[Trained]) -> str:
    """What penalising the biases as well has changed."""
    every = lesson.network(8)
    biases, weights = sum(e.biases for e in every), sum(e.weights for e in every)
    zeros = rows_of(list(lesson.TARGETS), runs, Trained.zero_percent)
    right = rows_of(list(lesson.TARGETS), runs, Trained.valid_percent)
    return (
        f"There are {biases} biases beside {weights:,} weights. Penalising them too changes the zeros by "
        f"{points(against(zeros[4], zeros[3]))}, and the validation accuracy by "
        f"{points(against(right[4], right[3]))}."
    )


def layer_norm(run: Trained, lane: int, layers: Collection[str]) -> float:
    """Σ|w| over some layers, as it is now."""
    return sum(layer.norm for name, layer in run.layers(lane).items() if name in layers)


def norm_text(norms: Row) -> str:
    """Σ|w| in about three digits, with its standard error where there are several seeds."""
    return norms.text(0 if norms.mean >= 100.0 else 1)


def gaming_verdict(runs: Sequence[Trained]) -> str:
    """Whether training with only conv1 penalised has moved size to conv2, beside λ = 0, seed by seed."""
    plain = len(runs[0].spec.lanes) - 1
    ours, free = (
        [Row(name, tuple(layer_norm(run, lane, [name]) for run in runs)) for name in CONV]
        for lane in (0, plain)
    )
    grew = against(ours[1], free[1])
    more = sum(value > 0.0 for value in grew.values)
    told = f"grew in {of_seeds(more, len(runs))}: part of the saving was paid there."
    return (
        f"With only conv1 penalised its Σ|w| is {norm_text(ours[0])}, without any penalty "
        f"{norm_text(free[0])}. conv2: {norm_text(ours[1])} and {norm_text(free[1])}, so it "
        + (told if more else "did not grow to make up for it, here.")
    )


def channels_off(run: Trained, lane: int) -> int:
    """Channels whose scale γ is exactly zero."""
    return sum(run.layers(lane)[name].zeros for name in lesson.SCALES)


def channels(run: Trained) -> int:
    """How many scales there are."""
    return sum(run.layers(0)[name].weights for name in lesson.SCALES)


def batch_norm_verdict(runs: Sequence[Trained]) -> str:
    """What L1 on the convolutions and on the normalizations has done."""
    names = list(lesson.NORMALIZED_TARGETS)
    right, off = rows_of(names, runs, Trained.valid_percent), rows_of(names, runs, channels_off)
    norms = rows_of(names, runs, lambda run, lane: layer_norm(run, lane, CONV))
    return (
        f"L1 on the convolutions: their Σ|w| is {norms[1].text(0)} instead of {norms[0].text(0)}, "
        f"{off[1].text(0)} of {channels(runs[0])} channels are dead, and {right[1].text()} instead of "
        f"{right[0].text()} % are right. L1 on the scales γ: {off[2].text(0)} of {channels(runs[0])} "
        f"channels are dead, {right[2].text()} % are right."
    )


FACTORS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True)
class Rescaled:
    """conv1 divided by a factor, conv2 multiplied by it.

    Attributes:
        factor: > 0; below 1 it moves size from conv2 to conv1.
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
        layers["conv1"].norm / factor,
        layers["conv2"].norm * factor,
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
    holes = layers["conv1"].zeros - lesson.KERNEL * filters
    units = sum(run.dead(lane, name) for name in layers)
    return Off(filters, holes, units, sum(layer.biases for layer in lesson.network(8)))


def groups_sentence(run: Trained, lane: int) -> str:
    """How many filters are off, how many holes the others have, and the same for the whole network."""
    found = off(run, lane)
    return (
        f"{lesson.GROUP_LANES[lane]}, seed {run.spec.seed}: {found.filters} of {FILTERS} filters of conv1 "
        f"are dead, and {found.holes} zeros are holes in the others. In all layers {found.units} of "
        f"{found.of_units} filters and units are dead. {run.valid_percent(lane):.1f} % of the validation "
        "images are right."
    )


def rescale_sentence(answer: Mapping[str, Any]) -> str:
    """What the worker's answer to "rescale" says: the outputs stay, the penalty does not."""
    before, after = answer["before"]["penalty"], answer["after"]["penalty"]
    return (
        f"On {answer['images']} validation images the outputs move by {answer['largest_difference']:.1g} at "
        f"most (the largest is {answer['largest_logit']:.3g}). The penalty on conv1 goes from {before:.3g} "
        f"to {after:.3g}."
    )
