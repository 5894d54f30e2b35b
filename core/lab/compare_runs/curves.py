"""Runs laid over each other: curves by step, their difference, seeds gathered, weights of a layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.experiments import Experiment
from core.narration import percent_off
from core.snapshots import Frame, Point
from core.spec import LaneSpec, RunSpec
from core.uncertainty import error_by_seeds

OWN = LaneSpec(strength=3e-4)
EXAMPLES = Experiment(
    (
        RunSpec.beside_zero(OWN, epochs=30),
        RunSpec.beside_zero(OWN, epochs=30, seed=1),
        RunSpec.beside_zero(OWN.changed(method="textbook"), epochs=30),
    )
)
"""What is compared before there are runs of one's own: two seeds of a method, and another method."""

Metric = Literal["loss", "squared", "accuracy", "error", "zeros", "selected"]
Numbers = NDArray[np.float64]

TITLES: dict[Metric, tuple[str, str]] = {
    "loss": ("Data loss", "nats"),
    "squared": ("Data loss of the angle", "(45°)²"),
    "accuracy": ("Validation accuracy", "%"),
    "error": ("Validation error of the angle", "°"),
    "selected": ("Zero weights that λ selected", "%"),
    "zeros": ("Weights exactly zero", "%"),
}
"""What a curve's values are, and their unit."""

OF_ANGLES: Mapping[Metric, Metric] = {"loss": "squared", "accuracy": "error"}
"""What takes the place of a metric where the network gives an angle, not a label."""

MOST_POINTS = 300
"""Points of a curve that are drawn: two pixels each on the widest chart."""


@dataclass(frozen=True)
class Compared:
    """One lane of one run, chosen to be compared.

    Attributes:
        label: unique among those compared.
        slot: its stroke, from 0.
        spec, lane: its settings, and which lane of them.
        points: its moments, oldest first.
        frame: its latest histograms, None before the first.
        family: its label without what tells it from runs equal but for the seed; "": its label.
        marks: the steps at which a person changed something in it.
        beside: the same run's lane without penalty, None where it has no other one.
    """

    label: str
    slot: int
    spec: RunSpec
    lane: int
    points: Sequence[Point]
    frame: Frame | None = None
    family: str = ""
    marks: tuple[int, ...] = ()
    beside: "Compared | None" = None


@dataclass(frozen=True)
class Curve:
    """Values by step, with a band around them where they are the mean of several runs.

    Attributes:
        steps: updates done, rising.
        values: of the metric; low, high: the smallest and largest of the runs, or none.
        n_runs: how many runs these are the mean of.
        error: standard error of an accuracy, in points: its images are a sample, and seeds differ; None of
            anything else.
        n_images: that an accuracy is measured on.
        marks: the steps at which a person changed something in the run.
    """

    label: str
    slot: int
    steps: Numbers
    values: Numbers
    low: Numbers | None = None
    high: Numbers | None = None
    n_runs: int = 1
    marks: tuple[int, ...] = ()
    error: Numbers | None = None
    n_images: int = 0


def series(points: Sequence[Point], metric: Metric) -> tuple[Numbers, Numbers]:
    """Steps and values of a metric: a validation score at the step at which it was measured, once.

    Percent for `accuracy`, degrees for `error`, counts of zeros; empty where a run has no such number.
    """
    kind = "error" if metric in OF_ANGLES.values() else "accuracy"
    if metric in ("accuracy", "error"):
        factor = 100.0 if metric == "accuracy" else 1.0
        found = {p.valid_step: factor * p.score.valid for p in points if p.score.kind == kind}
    elif metric in ("loss", "squared"):
        found = {p.step: p.data_loss for p in points if p.score.kind == kind}
    elif metric == "selected":
        found = {p.step: float(n) for p in points if (n := p.kinds.selected) is not None}
    else:
        found = {p.step: float(p.n_zeros) for p in points}
    steps = sorted(found)
    return np.array(steps, float), np.array([found[step] for step in steps], float)


def curves(compared: Sequence[Compared], metric: Metric, weights: Mapping[str, int]) -> list[Curve]:
    """A curve for each run that has the metric, of at most MOST_POINTS; `weights` are from `n_weights`."""
    drawn = []
    for each in compared:
        steps, values = series(each.points, metric)
        if metric in ("zeros", "selected"):
            values = 100.0 * values / weights[each.label] if each.label in weights else values[:0]
            steps = steps[: len(values)]
        if len(steps):
            keep = _thin(len(steps))
            curve = Curve(each.label, each.slot, steps[keep], values[keep], marks=each.marks)
            drawn.append(_with_error(curve, each) if metric == "accuracy" else curve)
    return drawn


def n_weights(compared: Sequence[Compared]) -> dict[str, int]:
    """How many weights each run has, without biases, by label; left out before its first frame."""
    return {each.label: each.frame.weights for each in compared if each.frame is not None}


def gathered(compared: Sequence[Compared], drawn: Sequence[Curve]) -> list[Curve]:
    """Curves of runs equal but for the seed as their mean, with a band from the smallest to the largest.

    A mean goes as far as the shortest of its runs; between two moments a run is read off its straight line.
    """
    by_label = {curve.label: curve for curve in drawn}
    groups: dict[str, list[Compared]] = {}
    for run in compared:
        if run.label in by_label:
            groups.setdefault(but_for_the_seed(run), []).append(run)
    return [
        _mean(group[0].family or group[0].label, [by_label[run.label] for run in group])
        for group in groups.values()
    ]


def has_siblings(compared: Sequence[Compared]) -> bool:
    """Whether some of the runs are equal but for the seed."""
    return len({but_for_the_seed(each) for each in compared}) < len(compared)


def but_for_the_seed(each: Compared) -> str:
    """What runs have in common that differ in the seed only: the settings, and which lane of them."""
    return f"{each.lane} {each.spec.model_copy(update={'seed': 0}).to_json()}"


def difference(drawn: Sequence[Curve], baseline: str) -> list[Curve]:
    """Every other curve minus the baseline's, over the steps both have; none without the baseline."""
    base = next((curve for curve in drawn if curve.label == baseline), None)
    if base is None:
        return []
    return [_minus(curve, base) for curve in drawn if curve is not base]


def histogram(frame: Frame, layer: str) -> tuple[Numbers, Numbers]:
    """A layer's weights that are not zero: bin edges, and percent of all its weights per 0.01 of weight.

    Per 0.01, so that histograms of unequal bins can be laid over each other: the area is what counts.
    """
    found = frame.layers[layer]
    counts, limit = np.array(found.counts, float), found.limit
    edges = np.linspace(-limit, limit, len(counts) + 1)
    width = max(edges[1] - edges[0], 1e-12)
    return edges, 100.0 * counts / found.weights * 0.01 / width


def zero_percent(frame: Frame, layer: str) -> float:
    """A layer's weights that are exactly zero, in percent."""
    found = frame.layers[layer]
    return 100.0 * found.zeros / found.weights


def _with_error(curve: Curve, each: Compared) -> Curve:
    n = each.points[-1].score.n_valid
    return replace(curve, error=_errors(curve.values[None], n), n_images=n)


def _errors(every: Numbers, n: int) -> Numbers:
    """The standard error at each step, in points, of runs with these accuracies in percent, a row each."""
    return np.array([100.0 * error_by_seeds(shares.tolist(), n) for shares in every.T / 100.0])


def _mean(family: str, group: Sequence[Curve]) -> Curve:
    first = group[0]
    if len(group) == 1:
        return first
    start, end = max(c.steps[0] for c in group), min(c.steps[-1] for c in group)
    steps = np.unique(np.concatenate([c.steps for c in group]))
    steps = steps[(steps >= start) & (steps <= end)]
    steps = steps[_thin(len(steps))]
    every = np.array([np.interp(steps, c.steps, c.values) for c in group])
    return Curve(
        f"{family}, {len(group)} seeds",
        first.slot,
        steps,
        every.mean(axis=0),
        every.min(axis=0),
        every.max(axis=0),
        len(group),
        error=None if first.error is None else _errors(every, first.n_images),
        n_images=first.n_images,
    )


def _minus(curve: Curve, base: Curve) -> Curve:
    inside = (curve.steps >= base.steps[0]) & (curve.steps <= base.steps[-1])
    steps = curve.steps[inside]
    under = np.interp(steps, base.steps, base.values)
    low, high = (None if edge is None else edge[inside] - under for edge in (curve.low, curve.high))
    return replace(curve, steps=steps, values=curve.values[inside] - under, low=low, high=high, error=None)


def _thin(n: int) -> NDArray[np.intp]:
    # Counted from the end, so that the last point is always among them.
    return np.arange(n)[:: -max(1, -(-n // MOST_POINTS))][::-1]


def off_by_images(compared: Sequence[Compared]) -> str:
    """What the pinned runs' accuracies may be off, as the images are a sample; "" where there are none."""
    ended = [(each.label, each.points[-1].score) for each in compared if each.points]
    told = [f"{label}: {percent_off(score)}" for label, score in ended if score.kind == "accuracy"]
    n = {score.n_valid for _, score in ended if score.kind == "accuracy"}
    images = f"{n.pop():,}" if len(n) == 1 else "each run's"
    return f"{'; '.join(told)} (± one standard error: {images} validation images)." if told else ""
