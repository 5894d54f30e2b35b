"""Runs laid over each other: curves by step, their difference, seeds gathered, weights of a layer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.lessons.experiments import Experiment
from core.spec import LaneSpec, RunSpec

OWN = LaneSpec(strength=3e-4)
EXAMPLES = Experiment(
    (
        RunSpec.beside_zero(OWN, epochs=30),
        RunSpec.beside_zero(OWN, epochs=30, seed=1),
        RunSpec.beside_zero(OWN.changed(method="textbook"), epochs=30),
    )
)
"""What is compared before there are runs of one's own: two seeds of a method, and another method."""

Metric = Literal["loss", "accuracy", "error", "zeros"]
Point = Mapping[str, Any]
Numbers = NDArray[np.float64]

TITLES: dict[Metric, tuple[str, str]] = {
    "loss": ("Data loss", ""),
    "accuracy": ("Test accuracy", "%"),
    "error": ("Test error of the angle", "°"),
    "zeros": ("Weights exactly zero", "%"),
}
"""What a curve's values are, and their unit."""

SEED = re.compile(r", seed \d+$")
"""What tells namesakes apart, and is no longer so when they are gathered."""

MOST_POINTS = 300
"""Points of a curve that are drawn: two pixels each on the widest chart."""


@dataclass(frozen=True)
class Compared:
    """One lane of one run, chosen to be compared.

    Attributes:
        label: unique among those compared.
        slot: its stroke, from 0.
        spec, lane: its settings, and which lane of them.
        points: its moments, oldest first, as the live feed sends them.
        frame: its latest histograms, None before the first.
    """

    label: str
    slot: int
    spec: RunSpec
    lane: int
    points: Sequence[Point]
    frame: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Curve:
    """Values by step, with a band around them where they are the mean of several runs.

    Attributes:
        steps: updates done, rising.
        values: of the metric; low, high: the smallest and largest of the runs, or none.
        n_runs: how many runs these are the mean of.
    """

    label: str
    slot: int
    steps: Numbers
    values: Numbers
    low: Numbers | None = None
    high: Numbers | None = None
    n_runs: int = 1


def series(points: Sequence[Point], metric: Metric) -> tuple[Numbers, Numbers]:
    """Steps and values of a metric: a test result at the step at which it was measured, once.

    Percent for `accuracy` and `zeros`, degrees for `error`; empty where a run has no such number.
    """
    if metric in ("accuracy", "error"):
        name, factor = f"test_{metric}", 100.0 if metric == "accuracy" else 1.0
        found = {int(p["test_step"]): factor * float(p[name]) for p in points if name in p}
    elif metric == "loss":
        found = {int(p["step"]): float(p["data_loss"]) for p in points}
    else:
        found = {int(p["step"]): float(sum(p["zeros"].values())) for p in points}
    steps = sorted(found)
    return np.array(steps, float), np.array([found[step] for step in steps], float)


def curves(compared: Sequence[Compared], metric: Metric, weights: Mapping[str, int]) -> list[Curve]:
    """A curve for each run that has the metric, of at most MOST_POINTS; `weights` are from `n_weights`."""
    drawn = []
    for each in compared:
        steps, values = series(each.points, metric)
        if metric == "zeros":
            values = 100.0 * values / weights[each.label] if each.label in weights else values[:0]
            steps = steps[: len(values)]
        if len(steps):
            keep = _thin(len(steps))
            drawn.append(Curve(each.label, each.slot, steps[keep], values[keep]))
    return drawn


def n_weights(compared: Sequence[Compared]) -> dict[str, int]:
    """How many weights each run has, without biases, by label; left out before its first frame."""
    return {
        each.label: sum(int(layer["weights"]) for layer in each.frame["layers"].values())
        for each in compared
        if each.frame is not None
    }


def gathered(compared: Sequence[Compared], drawn: Sequence[Curve]) -> list[Curve]:
    """Curves of runs equal but for the seed as their mean, with a band from the smallest to the largest.

    A mean goes as far as the shortest of its runs; between two moments a run is read off its straight line.
    """
    by_label = {curve.label: curve for curve in drawn}
    groups: dict[str, list[Curve]] = {}
    for each in compared:
        if each.label in by_label:
            groups.setdefault(_but_for_the_seed(each), []).append(by_label[each.label])
    return [_mean(group) for group in groups.values()]


def has_siblings(compared: Sequence[Compared]) -> bool:
    """Whether some of the runs are equal but for the seed."""
    return len({_but_for_the_seed(each) for each in compared}) < len(compared)


def difference(drawn: Sequence[Curve], baseline: str) -> list[Curve]:
    """Every other curve minus the baseline's, over the steps both have; none without the baseline."""
    base = next((curve for curve in drawn if curve.label == baseline), None)
    if base is None:
        return []
    return [_minus(curve, base) for curve in drawn if curve is not base]


def histogram(frame: Mapping[str, Any], layer: str) -> tuple[Numbers, Numbers]:
    """A layer's weights that are not zero: bin edges, and percent of all its weights per 0.01 of weight.

    Per 0.01, so that histograms of unequal bins can be laid over each other: the area is what counts.
    """
    found = frame["layers"][layer]
    counts, limit = np.array(found["counts"], float), float(found["limit"])
    edges = np.linspace(-limit, limit, len(counts) + 1)
    width = max(edges[1] - edges[0], 1e-12)
    return edges, 100.0 * counts / float(found["weights"]) * 0.01 / width


def zero_percent(frame: Mapping[str, Any], layer: str) -> float:
    """A layer's weights that are exactly zero, in percent."""
    found = frame["layers"][layer]
    return 100.0 * float(found["zeros"]) / float(found["weights"])


def _but_for_the_seed(each: Compared) -> str:
    return f"{each.lane} {each.spec.model_copy(update={'seed': 0}).to_json()}"


def _mean(group: Sequence[Curve]) -> Curve:
    first = group[0]
    if len(group) == 1:
        return first
    start, end = max(c.steps[0] for c in group), min(c.steps[-1] for c in group)
    steps = np.unique(np.concatenate([c.steps for c in group]))
    steps = steps[(steps >= start) & (steps <= end)]
    steps = steps[_thin(len(steps))]
    every = np.array([np.interp(steps, c.steps, c.values) for c in group])
    return Curve(
        f"{SEED.sub('', first.label)}, {len(group)} seeds",
        first.slot,
        steps,
        every.mean(axis=0),
        every.min(axis=0),
        every.max(axis=0),
        len(group),
    )


def _minus(curve: Curve, base: Curve) -> Curve:
    inside = (curve.steps >= base.steps[0]) & (curve.steps <= base.steps[-1])
    steps = curve.steps[inside]
    under = np.interp(steps, base.steps, base.values)
    low, high = (None if edge is None else edge[inside] - under for edge in (curve.low, curve.high))
    return replace(curve, steps=steps, values=curve.values[inside] - under, low=low, high=high)


def _thin(n: int) -> NDArray[np.intp]:
    # Counted from the end, so that the last point is always among them.
    return np.arange(n)[:: -max(1, -(-n // MOST_POINTS))][::-1]
