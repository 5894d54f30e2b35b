"""L1 in a CNN: where its weights are, and what to train for each question."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.experiments import Experiment
from core.spec import LaneSpec, LayerName, RunSpec, strength_text

KERNEL = 9
"""Weights of a 3 × 3 kernel."""

CHANNELS = (1, 32, 64)
"""Channels of the image, and after each convolution."""

HIDDEN, CLASSES = 128, 10


@dataclass(frozen=True)
class Layer:
    """One layer of the standard CNN.

    Attributes:
        weights, biases: how many it has.
        places: how often each weight is used for one image.
    """

    name: LayerName
    weights: int
    biases: int
    places: int


def network(size: int) -> tuple[Layer, ...]:
    """The standard CNN for images of size × size pixels, a multiple of 4: each pooling halves the sides."""
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
"""The lanes of `zeros_by_target` that are compared; the last one of its run has no penalty."""

SCALES: tuple[LayerName, ...] = ("bn1", "bn2")
REFIT = 0.3
NORMALIZED_TARGETS: Mapping[str, LaneSpec] = MappingProxyType(
    {
        "λ = 0": SGD.without_penalty(),
        "conv1 and conv2": SGD.changed(layers={"conv1", "conv2"}, polish=REFIT),
        "bn1 and bn2": SGD.changed(layers=set(SCALES), strength=1e-2, polish=REFIT),
    }
)
"""The lanes of `batch_norm_target`. The scales γ need a larger λ; both penalties are refitted at the end."""

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType(
    {
        "zeros_by_target": Experiment.over_seeds(
            RunSpec(epochs=20, lanes=(*TARGETS.values(), SGD.without_penalty()))
        ),
        "batch_norm_target": Experiment.over_seeds(
            RunSpec(epochs=20, model="textbook_cnn_bn", lanes=tuple(NORMALIZED_TARGETS.values()))
        ),
    }
)


def normalized_settings() -> str:
    """λ of the penalised lanes of `batch_norm_target`, and that they are refitted."""
    penalised = {name: lane for name, lane in NORMALIZED_TARGETS.items() if lane.penalty != "none"}
    said = ", ".join(f"{strength_text(lane.strength)} on {name}" for name, lane in penalised.items())
    return f"λ is {said}; both are refitted without penalty over the last {100 * REFIT:g} % of the run."


def predicted(size: int = 8) -> list[float]:
    """For each lane of `zeros_by_target` the most zeros it can make, in percent of all weights."""
    return [share_percent(size, lane.layers) for lane in TARGETS.values()]


def live(layers: Collection[str]) -> RunSpec:
    """A run with these layers penalised beside one without, for *Train live*."""
    return RunSpec.beside_zero(SGD.changed(layers=set(layers)))


GROUP_LANES = ("λ = 0", "L1, single weights", "group lasso, whole filters")
"""The lanes of `interpretability`, which this page shows from another side."""
