"""L1 in a CNN: where its weights are, and what to train for each question."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.lessons.experiments import Experiment
from core.spec import LaneSpec, LayerName, RunSpec

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

SCALES: tuple[LayerName, ...] = ("bn1", "bn2")
NORMALIZED_TARGETS: Mapping[str, LaneSpec] = MappingProxyType(
    {
        "λ = 0": SGD.without_penalty(),
        "conv1 and conv2": SGD.changed(layers={"conv1", "conv2"}),
        "bn1 and bn2": SGD.changed(layers=set(SCALES), strength=1e-2, polish=0.3),
    }
)
"""The lanes of `batch_norm_target`.

The scales γ need a larger λ, and to be refitted at the end: at 1e-2 alone 41 of 96 channels go out and 93 %
are right; with 30 % of the run to refit, 23 go out and 99.7 % are right.
"""

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


def live(layers: Collection[str]) -> RunSpec:
    """A run with these layers penalised beside one without, for *Train live*."""
    return RunSpec.beside_zero(SGD.changed(layers=set(layers)))


GROUP_LANES = ("λ = 0", "L1, single weights", "group lasso, whole filters")
"""The lanes of `interpretability`, which this page shows from another side."""
