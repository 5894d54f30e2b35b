"""What runs have shown of the advantages: exact zeros, less overfitting, filters one can read."""

from collections.abc import Sequence
from statistics import fmean

from core.bands import NEARLY_ZERO
from core.experiments import Trained, zeros_told
from core.lessons.does_it_deliver.results import ACCURACY, Result
from core.lessons.seeds import Row, against, points, rows_of
from core.snapshots import EPSILONS

SPARSITY_LANES = ("λ = 0", "textbook recipe, λ = 1e-3", "proximal step, λ = 3e-4")


def sparsity(runs: Sequence[Trained]) -> Result:
    """Exact zeros of the textbook recipe and of the proximal step, and what a generous ε makes of them."""
    rows = rows_of(SPARSITY_LANES, runs, Trained.zero_percent)
    _, textbook, proximal = rows
    near = fmean(below_percent(run, 1) for run in runs)
    verdict = (
        f"The textbook recipe leaves {textbook.text(2)} % of the weights exactly at zero; call everything "
        f"below 1e-4 zero and it is {near:.0f} %. The proximal step leaves {proximal.text(2)} % exact zeros "
        f"at {fmean(run.valid_percent(2) for run in runs):.1f} % validation accuracy."
        f"{zeros_told(runs, 2, 'its network')}"
    )
    return Result("weights exactly zero", "%", rows, textbook.mean, verdict, tells_accuracy=True, form=".2f")


def below_percent(run: Trained, lane: int) -> float:
    """Weights below NEARLY_ZERO, in percent of all."""
    layers = run.layers(lane).values()
    below = sum(layer.below[EPSILONS.index(NEARLY_ZERO)] * layer.weights for layer in layers)
    return 100.0 * below / run.weights(lane)


GENERALIZATION_LANES = ("λ = 0, to the end", "L1, λ = 1e-3", "L2, λ = 1e-2")
STOPPED = "λ = 0, stopped early"


def stopped_early(run: Trained, lane: int) -> tuple[float, float]:
    """The best validation accuracy a lane ever had, in percent, and the epoch of it."""
    best = max(run.points[lane], key=lambda point: point.score.valid)
    return 100.0 * best.score.valid, best.epoch


def generalization(runs: Sequence[Trained]) -> Result:
    """Validation accuracy with few images and wrong labels, beside the rival that needs no penalty."""
    plain, l1, l2 = rows_of(GENERALIZATION_LANES, runs, Trained.valid_percent)
    found = [stopped_early(run, 0) for run in runs]
    stopped = Row(STOPPED, tuple(right for right, _ in found))
    gain, rival = against(l1, plain), against(stopped, l1)
    winner = "which beats L1" if rival.mean > 0.0 else "which does not beat L1"
    verdict = (
        f"With 600 images, 30 % of them wrongly labelled, L1 takes validation accuracy from {plain.text()} "
        f"to {l1.text()} %: {points(gain)}. L2 against L1: {points(against(l2, l1))}. The rival without a "
        f"penalty, λ = 0 stopped at its best epoch (about {fmean(epoch for _, epoch in found):.0f} of "
        f"{runs[0].spec.epochs}), has {stopped.text()} %, {winner} ({points(rival)}). The epoch was "
        "chosen by these same images, both λ by some of them: a little too good, all three."
    )
    return Result(ACCURACY, "%", (plain, l1, l2, stopped), gain.mean, verdict, tells_accuracy=True)


INTERPRETABILITY_LANES = ("λ = 0", "L1, λ = 1e-3", "group lasso, λ = 1e-3")
YES, NO = "Yes, I can name what it looks for", "No, not really"


def interpretability(runs: Sequence[Trained]) -> Result:
    """Filters that are off, and zeros inside those that are on: the reading is left to the reader."""
    rows = rows_of(INTERPRETABILITY_LANES, runs, lambda run, lane: float(run.dead(lane, "conv1")))
    right = rows_of(INTERPRETABILITY_LANES, runs, Trained.valid_percent)
    zeros = rows_of(INTERPRETABILITY_LANES, runs, Trained.zero_percent)
    verdict = (
        f"Of 32 filters {rows[1].text(0)} are off with L1 and {rows[2].text(0)} with the group lasso, at "
        f"{zeros[1].text(0)} and {zeros[2].text(0)} % zeros in all, {right[1].text()} and {right[2].text()} "
        "% right. Which filters the network does without, you can read. What a filter that stays looks for "
        "is yours to judge from its kernel, green positive, purple negative, hatched zero: there is no "
        "number for it."
    )
    return Result(
        "filters of conv1 that are off", "of 32", rows, "", verdict, tells_accuracy=True, form=".0f"
    )
