"""How zeros happen in the real network: what to train for it, and what has come of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from types import MappingProxyType

from core.experiments import Experiment, Trained, Turn, zeros_told
from core.lessons.seeds import Row, of_seeds, row_of, rows_of, settled, signed
from core.snapshots import LayerSnapshot
from core.spec import LaneSpec, RunSpec, strength_text

SGD = LaneSpec(optimizer="sgd", learning_rate=0.3, momentum=0.0, strength=3e-4)
"""It steps as far as with momentum, whose steps add up to η/(1 − μ). At 0.5 it at times only guesses."""

MOMENTUM = LaneSpec(optimizer="sgd", learning_rate=0.03, momentum=0.9, strength=3e-4)

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
"""Images in a batch of each run of `zeros_by_batch`, and its epochs: about as many updates each."""

RETURN_LANES = ("proximal", "clip and kill", "proximal, all died")

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType(
    {
        "zeros_by_method": Experiment.over_seeds(
            RunSpec(
                epochs=40,
                lanes=(
                    MOMENTUM.changed(method="textbook"),
                    LaneSpec(method="textbook", strength=3e-4),
                    SGD,
                    MOMENTUM,
                    SGD.changed(method="clip_and_kill"),
                ),
            )
        ),
        "zeros_by_batch": Experiment.over_seeds(
            *(
                RunSpec(epochs=epochs, batch_size=size, lanes=(SGD, MOMENTUM))
                for size, epochs in BATCHES.items()
            )
        ),
        "zeros_return": Experiment.over_seeds(
            RunSpec(
                epochs=40,
                lanes=(
                    MOMENTUM.changed(strength=1e-3),
                    SGD.changed(method="clip_and_kill", strength=1e-3),
                    LaneSpec(strength=1e-2, warmup=0.0),
                ),
            ),
            turn=Turn(share=0.5, strength=LOWERED),
        ),
    }
)

PROXIMAL = 3
"""The lane of `zeros_by_method` whose multiplications are counted."""


def zero_share(run: Trained, lane: int) -> list[tuple[int, float]]:
    """Updates done, and weights exactly zero in percent of all, at each moment."""
    n = run.weights(lane)
    return [(point.step, 100.0 * point.n_zeros / n) for point in run.points[lane]]


def methods_verdict(runs: Sequence[Trained]) -> str:
    """How many exact zeros each method has made, and at what accuracy."""
    zeros = rows_of(METHOD_LANES, runs, Trained.zero_percent)
    right = row_of(runs, lambda run: run.valid_percent(PROXIMAL))
    return (
        f"λ = {strength_text(runs[0].spec.lanes[PROXIMAL].strength)}: the textbook methods have "
        f"{zeros[0].text(2)} % and {zeros[1].text(2)} % exact zeros. The proximal step has {zeros[2].text()} "
        f"%, with momentum {zeros[3].text()} %, and {right.text()} % of the validation images right. "
        f"Clip and kill: {zeros[4].text()} %."
        f"{zeros_told(runs, PROXIMAL, 'the proximal step with momentum')}"
    )


def by_batch(runs: Sequence[Trained]) -> list[Sequence[Trained]]:
    """The runs of `zeros_by_batch` in groups of one batch size, the smallest first, of each the settled."""
    groups = ([run for run in runs if run.spec.batch_size == size] for size in BATCHES)
    return [settled(group) for group in groups if group]


def batches_verdict(groups: Sequence[Sequence[Trained]]) -> str:
    """Zeros by batch size and momentum, of the groups of `by_batch`."""
    zeros = [rows_of(("no momentum", "momentum"), group, Trained.zero_percent) for group in groups]
    shares = [
        f"batches of {group[0].spec.batch_size} ({group[0].spec.epochs} epochs): {without.text(0)} % without "
        f"momentum, {momentum.text(0)} % with"
        for group, (without, momentum) in zip(groups, zeros, strict=True)
    ]
    updates, listed = groups[0][0].points[0][-1].step, "; ".join(shares)
    first, last = groups[0][0].spec, groups[-1][0].spec
    # Of the shares as they are printed: a reader subtracts those.
    printed = [(round(without.mean), round(momentum.mean)) for without, momentum in zeros]
    gains = [momentum - without for without, momentum in printed]
    least, most, larger = (
        signed(each, 0) for each in (min(gains), max(gains), printed[-1][0] - printed[0][0])
    )
    told = zeros_told(groups[-1], 1, f"the network with batches of {last.batch_size} with momentum")
    return (
        f"Exact zeros after about {updates} updates, about as many for each batch size. {listed[0].upper()}"
        f"{listed[1:]}. Momentum adds {least} to {most} points; {last.batch_size} "
        f"images instead of {first.batch_size} add {larger} without "
        f"momentum, and see {last.epochs / first.epochs:.0f} times as many images. {_less_noise(zeros)}"
        f"{told}"
    )


def _less_noise(zeros: Sequence[Sequence[Row]]) -> str:
    """Whether less noise, by larger batches or by momentum, came with more zeros each time, on the mean."""
    by_lane = [[rows[lane].mean for rows in zeros] for lane in (0, 1)]
    pairs = [pair for shares in (*by_lane, *zip(*by_lane, strict=True)) for pair in pairwise(shares)]
    if all(more > less for less, more in pairs):
        return "Less noise made more zeros each time."
    return "Less noise did not make more zeros each time: it is not all that counts."


def reach_sentence(plain: LaneSpec, momentum: LaneSpec) -> str:
    """Whether two lanes of SGD are a fair comparison: how far a steady gradient carries a weight in each."""
    ratio = momentum.learning_rate / (1.0 - momentum.momentum) / plain.learning_rate
    if math.isclose(ratio, 1.0):
        return (
            "Momentum adds gradients up, η is as much smaller: a steady pull moves a weight as far in both."
        )
    return (
        f"Momentum adds gradients up: a steady pull moves a weight {ratio:.2g} times as far with it, and "
        "that makes zeros, too."
    )


@dataclass(frozen=True)
class Return:
    """Zeros of a lane of `zeros_return`, in percent of all weights.

    Attributes:
        step: the update at which λ fell; None before it did.
        before: zeros at the last moment before; lowest: the fewest since; mean: over all moments since; end:
            now.
    """

    step: int | None
    before: float
    lowest: float
    mean: float
    end: float


def returned(run: Trained, lane: int, step: int | None) -> Return:
    """What became of the zeros after λ fell at `step`."""
    moments = zero_share(run, lane)
    first = [share for at, share in moments if step is None or at <= step]
    later = [share for at, share in moments if step is not None and at > step] or first[-1:]
    return Return(step, first[-1], min(later), fmean(later), moments[-1][1])


def return_verdict(runs: Sequence[Trained], steps: Sequence[int | None]) -> str:
    """When λ fell, and who came back."""
    fell = sorted({step for step in steps if step is not None})
    if not fell:
        return way_back(runs, steps)
    at = ", ".join(f"{step:,}" for step in fell)
    return f"λ fell to {strength_text(LOWERED)} at update {at}. {way_back(runs, steps)}"


def way_back(runs: Sequence[Trained], steps: Sequence[int | None]) -> str:
    """Who came back, of the runs in which λ has fallen, each at its step."""
    fell = [(run, step) for run, step in zip(runs, steps, strict=True) if step is not None]
    if not fell:
        return "λ has not fallen yet: the zeros grow."
    fallen, at = zip(*fell, strict=True)
    proximal, killed, dead = (returns(fallen, lane, at) for lane in range(3))
    right = row_of(fallen, lambda run: run.valid_percent(2))
    alive = "still guessing" if right.mean < GUESSING else "alive again"
    return (
        f"Proximal: zeros went {_came(proximal)}. Clip and kill: {_came(killed)}. Where all had died: "
        f"{_came(dead)}, and {right.text(0)} % are right: {alive}."
        f"{zeros_told(fallen, 0, 'the proximal one now')}"
    )


def returns(runs: Sequence[Trained], lane: int, steps: Sequence[int | None]) -> list[Return]:
    """What became of a lane's zeros, run by run."""
    return [returned(run, lane, step) for run, step in zip(runs, steps, strict=True)]


def _came(back: Sequence[Return]) -> str:
    before, lowest, end = (
        Row("", tuple(getattr(each, moment) for each in back)).text(0)
        for moment in ("before", "lowest", "end")
    )
    then = f" at the lowest and are {end} % now" if end != lowest else ""
    return f"from {before} to {lowest} %{then}, {_who(back)}"


CAME_BACK = ("weights came back", "a few came back for a while", "none came back")


def _who(back: Sequence[Return]) -> str:
    """Whether weights came back, and for good: zeros flicker, so it is their mean that counts."""
    kinds = [
        2 if each.lowest >= each.before else 0 if each.before - each.mean > NOTABLE else 1 for each in back
    ]
    most = min(kinds)
    n, every = kinds.count(most), len(back)
    return CAME_BACK[most] if n == every else f"{CAME_BACK[most]} in {of_seeds(n, every)}"


NOTABLE = 5.0
"""Points of zeros that have to go before one says that weights return: a few always move."""


GUESSING = 20.0
"""Percent of right answers, of ten digits, below which a network has learned nothing."""


@dataclass(frozen=True)
class Multiplications:
    """Weight times input, counted for one image.

    Attributes:
        layer: its name; every: all of them; needed: those whose weight is not zero, by seed.
    """

    layer: str
    every: int
    needed: Row


def multiplications(runs: Sequence[Trained], lane: int, size: int = 8) -> list[Multiplications]:
    """For each layer how often a weight meets an input while one image of `size` × `size` pixels passes.

    A convolution uses each weight at every place of its output, which is as large as its input; each of the
    two poolings halves height and width. A fully connected layer uses each weight once.
    """
    places = {"conv1": size * size, "conv2": (size // 2) ** 2}
    return [
        Multiplications(
            name,
            places.get(name, 1) * layer.weights,
            Row("", tuple(places.get(name, 1) * _left(run.layers(lane)[name]) for run in runs)),
        )
        for name, layer in runs[0].layers(lane).items()
    ]


def _left(layer: LayerSnapshot) -> int:
    return layer.weights - layer.zeros
