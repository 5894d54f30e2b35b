"""Which pixels a linear network selects, and how much of that two samples share beyond chance."""

from collections.abc import Sequence
from statistics import fmean

from core.experiments import Trained
from core.lessons.does_it_deliver.results import Result
from core.lessons.seeds import Row

FEATURE_LANES = ("L1, λ = 3e-3", "elastic net, λ = 3e-3, α = 0.5")


def overlap_percent(one: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> float:
    """Of the pixels that at least one network uses, the share that both use, in percent (Jaccard)."""
    used, also = used_pixels(one), used_pixels(other)
    return 100.0 * len(used & also) / max(1, len(used | also))


def used_pixels(images: Sequence[Sequence[float]]) -> frozenset[tuple[int, int]]:
    """The (class, pixel) pairs whose weight is not zero."""
    return frozenset((k, i) for k, row in enumerate(images) for i, w in enumerate(row) if w != 0.0)


N_PIXELS = 640
"""Weights of the linear network: 64 pixels for each of 10 digits."""


def by_chance(one: int, other: int) -> float:
    """How many of N_PIXELS two selections of these sizes would share if each were drawn at random."""
    return one * other / N_PIXELS


def kuncheva(one: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> float:
    """How much more two selections share than by chance: 0 as by chance, 1 all that they could share.

    Source: Kuncheva (2007), "A stability index for feature selection", here for sizes that may differ.
    """
    used, also = used_pixels(one), used_pixels(other)
    expected, most = by_chance(len(used), len(also)), min(len(used), len(also))
    return (len(used & also) - expected) / (most - expected) if most > expected else 0.0


def feature_selection(runs: Sequence[Trained]) -> Result:
    """How much of the selection survives another sample of the data."""
    pairs = [(a, b) for i, a in enumerate(runs) for b in runs[i + 1 :]] or [(runs[0], runs[0])]
    rows = tuple(
        Row(label, tuple(overlap_percent(a.kernels(lane), b.kernels(lane)) for a, b in pairs))
        for lane, label in enumerate(FEATURE_LANES)
    )
    sizes = [fmean(len(used_pixels(run.kernels(lane))) for run in runs) for lane in range(2)]
    chance = [100.0 * by_chance(n, n) / (2.0 * n - by_chance(n, n)) if n else 0.0 for n in map(round, sizes)]
    beyond = [fmean(kuncheva(a.kernels(lane), b.kernels(lane)) for a, b in pairs) for lane in range(2)]
    verdict = (
        f"L1 keeps {sizes[0]:.0f} of the {N_PIXELS} pixel weights. Of what samples without a common image "
        f"select, {_by_pair(rows[0])} is shared, by chance {chance[0]:.0f} %: it selects, but not always the "
        f"same. The elastic net keeps {sizes[1]:.0f} and shares {_by_pair(rows[1])}, by chance "
        f"{chance[1]:.0f} %. With chance taken off (Kuncheva’s index, 1 is all) it is {beyond[0]:.2f} and "
        f"{beyond[1]:.2f}. Here a weight is a pixel; in a CNN it is not."
    )
    return Result("selected pixels shared by two samples", "%", rows, rows[0].mean, verdict, form=".0f")


def _by_pair(shared: Row) -> str:
    """The mean with its range: two of three pairs share a sample, so there is no standard error of them."""
    least, most = min(shared.values), max(shared.values)
    return f"{shared.mean:.0f} % ({least:.0f} to {most:.0f})"
