"""How zeros happen in the real network: what to train for it, and what has come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from core.lessons.experiments import Experiment, Trained, Turn
from core.spec import LaneSpec, RunSpec, strength_text

SGD = LaneSpec(optimizer="sgd", learning_rate=0.2, momentum=0.0, strength=3e-4)
MOMENTUM = LaneSpec(optimizer="sgd", learning_rate=0.05, momentum=0.9, strength=3e-4)

METHOD_LANES = (
    "textbook, SGD",
    "textbook, Adam",
    "proximal, no momentum",
    "proximal, momentum 0.9",
    "clip and kill",
)
LOWERED = 1e-5
"""λ in the second half of `zeros_return`."""

BATCHES = {16: 5, 64: 20, 256: 76}
"""Images in a batch of each run of `zeros_by_batch`, and its epochs: about 455 updates each."""

RETURN_LANES = ("proximal", "clip and kill", "proximal, all died")

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType(
    {
        "zeros_by_method": Experiment(
            (
                RunSpec(
                    epochs=40,
                    lanes=(
                        MOMENTUM.changed(method="textbook"),
                        LaneSpec(method="textbook", strength=3e-4),
                        SGD,
                        MOMENTUM,
                        SGD.changed(method="clip_and_kill"),
                    ),
                ),
            )
        ),
        "zeros_by_batch": Experiment(
            tuple(
                RunSpec(epochs=epochs, batch_size=size, lanes=(SGD, MOMENTUM))
                for size, epochs in BATCHES.items()
            )
        ),
        "zeros_return": Experiment(
            (
                RunSpec(
                    epochs=40,
                    lanes=(
                        MOMENTUM.changed(strength=1e-3),
                        SGD.changed(method="clip_and_kill", strength=1e-3),
                        LaneSpec(strength=1e-2, warmup=0.0),
                    ),
                ),
            ),
            Turn(share=0.5, strength=LOWERED),
        ),
    }
)

PROXIMAL = 3
"""The lane of `zeros_by_method` whose multiplications are counted."""


def zero_share(run: Trained, lane: int) -> list[tuple[int, float]]:
    """Updates done, and weights exactly zero in percent of all, at each moment."""
    n = run.weights(lane)
    return [(point["step"], 100.0 * sum(point["zeros"].values()) / n) for point in run.points[lane]]


def methods_verdict(run: Trained) -> str:
    """How many exact zeros each method has made, and at what accuracy."""
    zeros = [run.zero_percent(lane) for lane in range(len(METHOD_LANES))]
    right = [run.test_percent(lane) for lane in range(len(METHOD_LANES))]
    return (
        f"λ = {strength_text(run.spec.lanes[PROXIMAL].strength)}: the textbook methods have {zeros[0]:.2f} % "
        f"and {zeros[1]:.2f} % exact zeros. The proximal step has {zeros[2]:.1f} %, with momentum "
        f"{zeros[3]:.1f} %, and {right[3]:.1f} % of the test images right. Clip and kill: {zeros[4]:.1f} %."
    )


def batches_verdict(trained: Sequence[Trained]) -> str:
    """Zeros by batch size and momentum."""
    parts = [
        f"batches of {run.spec.batch_size}: {run.zero_percent(0):.0f} % without momentum, "
        f"{run.zero_percent(1):.0f} % with"
        for run in trained
    ]
    return f"Exact zeros after about {trained[0].points[0][-1]['step']} updates. {'; '.join(parts)}.".replace(
        ". batches", ". Batches"
    )


@dataclass(frozen=True)
class Return:
    """Zeros of a lane of `zeros_return`, in percent of all weights.

    Attributes:
        step: the update at which λ fell; None before it did.
        before: zeros at the last moment before; lowest: the fewest since; end: now.
    """

    step: int | None
    before: float
    lowest: float
    end: float


def returned(run: Trained, lane: int, step: int | None) -> Return:
    """What became of the zeros after λ fell at `step`."""
    moments = zero_share(run, lane)
    first = [share for at, share in moments if step is None or at <= step]
    later = [share for at, share in moments if step is not None and at > step] or first[-1:]
    return Return(step, first[-1], min(later), moments[-1][1])


def return_verdict(run: Trained, step: int | None) -> str:
    """When λ fell, and who came back."""
    if step is None:
        return way_back(run, step)
    return f"λ fell to {strength_text(LOWERED)} at update {step:,}. {way_back(run, step)}"


def way_back(run: Trained, step: int | None) -> str:
    """Who came back."""
    if step is None:
        return "λ has not fallen yet: the zeros grow."
    proximal, killed, dead = (returned(run, lane, step) for lane in range(3))
    right = run.test_percent(2)
    return (
        f"Proximal: zeros went {_came(proximal)}. Clip and kill: {_came(killed)}. Where all had died: "
        f"{dead.end:.0f} % zeros and {right:.0f} % right, "
        f"{'still guessing' if right < GUESSING else 'alive again'}."
    )


def _came(back: Return) -> str:
    who = "weights came back" if back.lowest < back.before else "none came back"
    return f"from {back.before:.0f} to {back.lowest:.0f} %, {who}"


GUESSING = 20.0
"""Percent of right answers, of ten digits, below which a network has learned nothing."""


@dataclass(frozen=True)
class Multiplications:
    """Weight times input, counted for one image.

    Attributes:
        layer: its name; every: all of them; needed: those whose weight is not zero.
    """

    layer: str
    every: int
    needed: int


def multiplications(run: Trained, lane: int, size: int = 8) -> list[Multiplications]:
    """For each layer how often a weight meets an input while one image of `size` × `size` pixels passes.

    A convolution uses each weight at every place of its output, which is as large as its input; each of the
    two poolings halves height and width. A fully connected layer uses each weight once.
    """
    places = {"conv1": size * size, "conv2": (size // 2) ** 2}
    return [
        Multiplications(
            name,
            places.get(name, 1) * int(layer["weights"]),
            places.get(name, 1) * (int(layer["weights"]) - int(layer["zeros"])),
        )
        for name, layer in run.layers(lane).items()
    ]
