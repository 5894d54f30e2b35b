"""What the runs of a claim's experiment have shown: numbers per seed, and one honest sentence."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from core.lessons.experiments import Trained
from core.spec import strength_text

EPSILON = 2
"""Index in `core.snapshots.EPSILONS` of 1e-4, below which people like to call a weight zero."""


@dataclass(frozen=True)
class Row:
    """One line of a result: what was measured, once per seed."""

    label: str
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over the seeds."""
        return fmean(self.values)

    @property
    def spread(self) -> float:
        """Standard deviation over the seeds (n − 1); 0 for one seed."""
        if len(self.values) < 2:
            return 0.0
        return math.sqrt(sum((v - self.mean) ** 2 for v in self.values) / (len(self.values) - 1))


@dataclass(frozen=True)
class Result:
    """What an experiment has shown.

    Attributes:
        title, unit: of what the rows measure.
        rows: one for each lane, or whatever is compared.
        answer: what the prediction is held against: a number in `unit`, or a choice.
        verdict: one honest sentence with the measured numbers and their limits.
    """

    title: str
    unit: str
    rows: tuple[Row, ...]
    answer: float | str
    verdict: str


def rows_of(
    labels: Sequence[str], runs: Sequence[Trained], of: Callable[[Trained, int], float]
) -> tuple[Row, ...]:
    """One row for each lane, with a value for each run."""
    return tuple(Row(label, tuple(of(run, i) for run in runs)) for i, label in enumerate(labels))


def said(row: Row, digits: int = 1) -> str:
    """The mean in words, with its spread where there are several seeds."""
    spread = f" ± {row.spread:.{digits}f}" if len(row.values) > 1 else ""
    return f"{row.mean:.{digits}f}{spread}"


SPARSITY_LANES = ("λ = 0", "textbook recipe, λ = 1e-3", "proximal step, λ = 3e-4")


def sparsity(runs: Sequence[Trained]) -> Result:
    """Exact zeros of the textbook recipe and of the proximal step, and what a generous ε makes of them."""
    rows = rows_of(SPARSITY_LANES, runs, Trained.zero_percent)
    _, textbook, proximal = rows
    near = fmean(below_percent(run, 1) for run in runs)
    verdict = (
        f"The textbook recipe leaves {said(textbook, 2)} % of the weights exactly at zero; call everything "
        f"below 1e-4 zero and it is {near:.0f} %. The proximal step leaves {said(proximal)} % exact zeros at "
        f"{fmean(run.test_percent(2) for run in runs):.1f} % test accuracy."
    )
    return Result("weights exactly zero", "%", rows, textbook.mean, verdict)


def below_percent(run: Trained, lane: int) -> float:
    """Weights with |w| < 1e-4, in percent of all."""
    layers = run.layers(lane).values()
    below = sum(layer["below"][EPSILON] * layer["weights"] for layer in layers)
    return 100.0 * float(below) / run.weights(lane)


FEATURE_LANES = ("L1, λ = 3e-3", "elastic net, λ = 3e-3, α = 0.5")


def overlap_percent(one: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> float:
    """Of the pixels that at least one network uses, the share that both use, in percent (Jaccard)."""
    used, also = used_pixels(one), used_pixels(other)
    return 100.0 * len(used & also) / max(1, len(used | also))


def used_pixels(images: Sequence[Sequence[float]]) -> frozenset[tuple[int, int]]:
    """The (class, pixel) pairs whose weight is not zero."""
    return frozenset((k, i) for k, row in enumerate(images) for i, w in enumerate(row) if w != 0.0)


def feature_selection(runs: Sequence[Trained]) -> Result:
    """How much of the selection survives another sample of the data."""
    pairs = [(a, b) for i, a in enumerate(runs) for b in runs[i + 1 :]] or [(runs[0], runs[0])]
    rows = tuple(
        Row(label, tuple(overlap_percent(a.kernels(lane), b.kernels(lane)) for a, b in pairs))
        for lane, label in enumerate(FEATURE_LANES)
    )
    sizes = [fmean(len(used_pixels(run.kernels(lane))) for run in runs) for lane in range(2)]
    verdict = (
        f"L1 keeps {sizes[0]:.0f} of the 640 pixel weights. Draw other images from the same source, and "
        f"{said(rows[0], 0)} % of the selection is shared: it selects, but not always the same. The elastic "
        f"net keeps {sizes[1]:.0f} and shares {said(rows[1], 0)} %. Here a weight is a pixel; in a CNN it is "
        f"not."
    )
    return Result("selected pixels shared by two samples", "%", rows, rows[0].mean, verdict)


GENERALIZATION_LANES = ("λ = 0", "L1, λ = 3e-4", "L2, λ = 1e-2")


def generalization(runs: Sequence[Trained]) -> Result:
    """Test accuracy with few images and wrong labels."""
    rows = rows_of(GENERALIZATION_LANES, runs, Trained.test_percent)
    plain, l1, l2 = rows
    gain = l1.mean - plain.mean
    noise = math.hypot(l1.spread, plain.spread)
    word = "more than the seeds differ" if gain > noise else "no more than the seeds differ"
    verdict = (
        f"With 600 images, 30 % of them wrongly labelled, L1 changes test accuracy from {said(plain)} to "
        f"{said(l1)} %: {gain:+.1f} points, {word}. L2 reaches {said(l2)} %. With all images and right "
        f"labels there is little to prevent: see “Sparsity costs precision” below."
    )
    return Result("test accuracy", "%", rows, gain, verdict)


INTERPRETABILITY_LANES = ("λ = 0", "L1, λ = 1e-3", "group lasso, λ = 1e-3")
YES, NO = "Yes, I can name what it looks for", "No, not really"


def interpretability(runs: Sequence[Trained]) -> Result:
    """Filters that are off, and zeros inside those that are on: the reading is left to the reader."""
    rows = rows_of(INTERPRETABILITY_LANES, runs, lambda run, lane: float(run.dead(lane, "conv1")))
    verdict = (
        f"Of 32 filters {rows[1].mean:.0f} are off with L1 and {rows[2].mean:.0f} with the group lasso: "
        "which filters the network does without, you can read. What a filter that stays looks for is yours "
        "to judge from the kernels below, green positive, purple negative, hatched zero: there is no number "
        "for it."
    )
    return Result("filters of conv1 that are off", "of 32", rows, "", verdict)


NEVER = "none of them"

PRECISION_STRENGTHS = (0.0, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)


def precision(runs: Sequence[Trained]) -> Result:
    """Test accuracy over λ, the first λ that costs a point, and the last at which the network works."""
    labels = [
        f"λ = {strength_text(strength)}, {fmean(run.zero_percent(lane) for run in runs):.0f} % zeros"
        for lane, strength in enumerate(PRECISION_STRENGTHS)
    ]
    rows = rows_of(labels, runs, Trained.test_percent)
    first = next((i for i, row in enumerate(rows) if rows[0].mean - row.mean > FELL), None)
    answer = NEVER if first is None else f"λ = {strength_text(PRECISION_STRENGTHS[first])}"
    free = max(range(len(rows)), key=lambda i: (rows[0].mean - rows[i].mean <= FELL, i))
    alive = max(range(len(rows)), key=lambda i: (rows[i].mean > ALIVE, i))
    zeros = [fmean(run.zero_percent(lane) for run in runs) for lane in (free, alive)]
    falls = f"more than {FELL:g} point {f'first at {answer}' if first else f'at {NEVER}'}"
    verdict = (
        f"Accuracy falls by {falls}: up to {zeros[0]:.0f} % zeros cost less. The sparsest network that still "
        f"works has {zeros[1]:.0f} % zeros and costs {rows[0].mean - rows[alive].mean:.1f} points; at the "
        f"last λ {said(rows[-1])} % are right. One seed: a point is about four of the 360 test images."
    )
    return Result("test accuracy", "%", rows, answer, verdict)


FELL = 1.0
"""Points of test accuracy that count as lost: that is 3.6 of 360 test images."""

ALIVE = 50.0
"""Percent of right answers, of ten digits, above which a network works."""

NON_SMOOTH_LANES = ("subgradient, as in the textbook", "proximal step", "FISTA")


def non_smooth(runs: Sequence[Trained]) -> Result:
    """How far from the best objective each method is after the same number of full-batch steps."""
    rows = rows_of(NON_SMOOTH_LANES, runs, lambda run, lane: above_lowest(run)[lane][-1])
    zeros = [fmean(run.zero_percent(lane) for run in runs) for lane in range(3)]
    steps = runs[0].points[0][-1]["step"]
    verdict = (
        f"After {steps} steps the subgradient is {rows[0].mean:.2g} above the lowest total seen, the "
        f"proximal step {rows[1].mean:.2g}, FISTA, which adds momentum to it, {rows[2].mean:.2g}. It is not "
        f"the kink that makes it slow. What the kink costs the subgradient is its zeros: {zeros[0]:.1f} % "
        f"against {zeros[1]:.0f} % of the proximal step, which lands on it."
    )
    return Result("total loss above the lowest seen", "nats", rows, zeros[0], verdict)


def above_lowest(run: Trained) -> list[list[float]]:
    """For each lane and moment the total loss above the lowest of all lanes and moments."""
    lowest = min(point["total"] for lane in run.points for point in lane)
    return [[point["total"] - lowest for point in lane] for lane in run.points]


TRAP_LANES = ("λ = 1e-4", "λ = 3e-3 from the first step", "λ = 3e-3 after a warm-up")
WORKS, DIES, NEEDS = "works in all", "fails in all", "fails only without warm-up"


def linear_only(runs: Sequence[Trained]) -> Result:
    """Whether L1 works in a deep network, with a strong λ from the start and with a warm-up."""
    rows = rows_of(TRAP_LANES, runs, Trained.test_percent)
    alive = [row.mean > ALIVE for row in rows]
    answer = (
        WORKS
        if all(alive)
        else DIES
        if not any(alive)
        else NEEDS
        if alive == [True, False, True]
        else "otherwise"
    )
    zeros = [fmean(run.zero_percent(lane) for run in runs) for lane in range(3)]
    verdict = (
        f"L1 works in this CNN: {said(rows[0])} % right with {zeros[0]:.0f} % zeros. But the problem is no "
        f"longer convex, and the way matters: at λ = 3e-3 from the first step it is {said(rows[1])} % "
        f"({zeros[1]:.1f} % zeros), after a warm-up {said(rows[2])} % ({zeros[2]:.1f} %)."
    )
    return Result("test accuracy", "%", rows, answer, verdict)
