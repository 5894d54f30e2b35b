"""What is known of a cost beforehand: of an image, of an update by its spec, of a question by its name."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from core.spec import TRAIN_IMAGES, DatasetKind, ModelKind, RunSpec

FLOAT_BYTES = 4

IMAGES: dict[DatasetKind, tuple[int, int]] = {
    "digits": (1, 8),
    "rotated_digits": (1, 8),
    "mnist": (1, 28),
    "fashion_mnist": (1, 28),
    "cifar10": (3, 32),
}
"""Channels of each dataset's images, and their height and width."""

WIDTHS: dict[ModelKind, tuple[int, int, int] | None] = {
    "textbook_cnn": (32, 64, 128),
    "small_cnn": (8, 16, 32),
    "textbook_cnn_bn": (32, 64, 128),
    "linear": None,
}
"""Channels after each convolution, and hidden units; None: pixels to outputs at once."""

BACKWARD = 2
"""The way back multiplies about twice as often as the way there: for the weights, and for what came in."""

LONG_QUESTIONS = frozenset({"refit", "latency", "prune_path"})
"""Questions that train, time, or look at the images many times: they wait in a line of their own."""

MAX_STEP = 10**9
"""More updates than any run makes."""


@dataclass(frozen=True)
class Cost:
    """Of one image on its way from input to output.

    Attributes:
        widest_bytes: what the layer with the most numbers takes in and gives out, as float32.
        multiply_adds: of all layers.
    """

    widest_bytes: int
    multiply_adds: int


def of_image(layers: Iterable[tuple[str, tuple[int, ...]]], size: int) -> Cost:
    """The cost of an image of `size` pixels.

    Args:
        layers: from input to output, each a kind and the shape of its weights: a `conv` keeps height and
            width and is pooled by 2, any other is fully connected.
        size: height and width of the image.
    """
    widest = total = 0
    for kind, shape in layers:
        places = size * size if kind == "conv" else 1
        units, inputs = shape[:2]
        widest = max(widest, FLOAT_BYTES * places * (units + inputs))
        total += places * math.prod(shape)
        size //= 2
    return Cost(widest, total)


def layers_of(model: ModelKind, dataset: DatasetKind) -> list[tuple[str, tuple[int, ...]]]:
    """The layers of a network that multiply, as `of_image` wants them."""
    channels, size = IMAGES[dataset]
    outputs = 1 if dataset == "rotated_digits" else 10
    widths = WIDTHS[model]
    if widths is None:
        return [("fc", (outputs, channels * size * size))]
    first, second, hidden = widths
    return [
        ("conv", (first, channels, 3, 3)),
        ("conv", (second, first, 3, 3)),
        ("fc", (hidden, second * (size // 4) ** 2)),
        ("fc", (outputs, hidden)),
    ]


def of_update(spec: RunSpec) -> int:
    """Multiply–adds of an update of all lanes, there and back. FISTA sees all training images in each."""
    image = of_image(layers_of(spec.model, spec.dataset), IMAGES[spec.dataset][1]).multiply_adds
    return (1 + BACKWARD) * image * sum(_seen(spec, lane.method == "fista") for lane in spec.lanes)


def too_heavy(spec: RunSpec, budget: int) -> str:
    """Why an update of a run would hold up everybody else, in a sentence; "" where it would not.

    Args:
        spec: the run.
        budget: multiply–adds that an update may take.
    """
    price = of_update(spec)
    if price <= budget:
        return ""
    everything = any(lane.method == "fista" for lane in spec.lanes)
    field, seen = "train_size" if everything else "batch_size", _seen(spec, everything)
    return (
        f"{field} must be at most {seen * budget // price:,} with {len(spec.lanes)} lanes of this network on "
        f"these images, got '{seen:,}': one update of more would hold up everybody else's training."
    )


def _seen(spec: RunSpec, everything: bool) -> int:
    n_images = spec.train_size or TRAIN_IMAGES[spec.dataset]
    return n_images if everything else min(spec.batch_size, n_images)
