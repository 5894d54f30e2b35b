"""λ chosen by the validation images: the largest whose score is within one standard error of the best."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from core.experiments import Trained
from core.lab.lambda_path.path import Choice, Grid, Path, path, specs
from core.spec import FOLDS, RunSpec
from core.uncertainty import error_by_seeds, error_of_mean


@dataclass(frozen=True)
class LastLook:
    """What the chosen λ comes to on the test images, looked at once: mean over the runs.

    Attributes:
        score: right answers in percent, or mean error in degrees.
        error: its standard error, of as many images as these; None in degrees of one run.
        n: test images.
    """

    score: float
    error: float | None
    n: int


def choosing(base: RunSpec, grid: Grid) -> tuple[RunSpec, ...]:
    """The three runs by which λ is chosen.

    A linear network comes to the same weights from every start, so its runs differ in the third of the
    training images that is held out: cross-validation. Any other network has three seeds.

    Raises:
        SpecError: the settings cannot be trained so.
    """
    if base.model != "linear":
        return specs(base, Grid(grid.low, grid.high, grid.n, epochs=grid.epochs))
    (whole,) = specs(base, Grid(grid.low, grid.high, grid.n, 1, grid.epochs))
    return tuple(whole.model_copy(update={"fold": fold}) for fold in range(1, FOLDS + 1))


def choose(scores: Sequence[float], error: float, *, less_is_better: bool = False) -> tuple[int, int]:
    """The best score, and the last one that is at most `error` worse.

    Args:
        scores: a mean for each λ, by rising λ.
        error: one standard error of the best.
        less_is_better: the scores are errors.

    Example: 95, 97, 96.5, 96, 90 with an error of 1 gives the places 1 and 3.

    Source: Breiman, Friedman, Olshen & Stone (1984), "Classification and Regression Trees", section 3.4.3;
    Hastie, Tibshirani & Friedman (2009), "The Elements of Statistical Learning", section 7.10.
    """
    lost = [each if less_is_better else -each for each in scores]
    best = min(range(len(lost)), key=lost.__getitem__)
    return best, max(i for i, each in enumerate(lost) if each <= lost[best] + error)


def with_choice(runs: Sequence[Trained]) -> Path:
    """The path of the runs of `choosing`, with the λ that the rule chooses."""
    found = path(runs)
    scores = [stop.score for stop in found.stops]
    best, _ = choose(scores, 0.0, less_is_better=found.in_degrees)
    error = found.stops[best].error
    _, chosen = choose(scores, error, less_is_better=found.in_degrees)
    return replace(found, choice=Choice(best, chosen, error))


def last_look(runs: Sequence[Trained], lane: int) -> LastLook | None:
    """The test score of one λ; None before every run has looked."""
    scores = [run.points[lane][-1].score for run in runs]
    known = [score.test for score in scores if score.test is not None]
    if len(known) < len(scores):
        return None
    n = scores[0].n_test
    if scores[0].kind == "error":
        return LastLook(fmean(known), error_of_mean(known) or None, n)
    return LastLook(100.0 * fmean(known), 100.0 * error_by_seeds(known, n), n)
