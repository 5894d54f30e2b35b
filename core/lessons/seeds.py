"""What was measured once per seed: its mean, the error of it, and both in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from core.experiments import Trained
from core.uncertainty import error_of_mean, sampling


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
    def error(self) -> float:
        """Standard error of that mean, s/√k of k seeds; 0 for one seed."""
        return error_of_mean(self.values)

    @property
    def gain(self) -> str:
        """Of a difference: the mean with its sign, and its standard error where there are several seeds."""
        error = f" ± {self.error:.1f}" if len(self.values) > 1 else ""
        return signed(self.mean) + error

    def text(self, digits: int = 1) -> str:
        """The mean, with its standard error where there are several seeds: "9.5 ± 0.4"."""
        error = f" ± {self.error:.{digits}f}" if len(self.values) > 1 else ""
        return f"{self.mean:.{digits}f}{error}"


def signed(value: float, digits: int = 1) -> str:
    """With its sign, as it is printed: "+14.6", "−0.3"."""
    return f"{value:+.{digits}f}".replace("-", "−")


def against(one: Row, other: Row) -> Row:
    """What one has more than another, seed by seed: seeds are paired, so what they share drops out."""
    return Row(one.label, tuple(a - b for a, b in zip(one.values, other.values, strict=True)))


def points(more: Row) -> str:
    """A paired difference in words: "+14.6 ± 1.8 points, more in 3 of 3 seeds"."""
    same = sum(value * more.mean > 0.0 for value in more.values)
    which = "less" if more.mean < 0.0 else "more"
    return f"{more.gain} points, {which} in {of_seeds(same, len(more.values))}"


def of_seeds(n: int, every: int) -> str:
    """In how many seeds something was so: "2 of 3 seeds"."""
    return f"{n} of {every} seed{'' if every == 1 else 's'}"


def row_of(runs: Sequence[Trained], of: Callable[[Trained], float], label: str = "") -> Row:
    """A value for each run."""
    return Row(label, tuple(of(run) for run in runs))


def rows_of(
    labels: Sequence[str], runs: Sequence[Trained], of: Callable[[Trained, int], float]
) -> tuple[Row, ...]:
    """One row for each lane, with a value for each run."""
    return tuple(Row(label, tuple(of(run, i) for run in runs)) for i, label in enumerate(labels))


OVER_SEEDS = "± is one standard error over the seeds."


def settled(runs: Sequence[Trained]) -> Sequence[Trained]:
    """Those that have made their last update, or the first while none has: a run half-way is no seed yet."""
    return [run for run in runs if run.done] or runs[:1]


def sampled(said: str, runs: Sequence[Trained], tells_accuracy: bool = True) -> str:
    """What ± is where something said has it, and what the images add where it tells an accuracy."""
    over = [OVER_SEEDS] if "±" in said else []
    scores = [lane[-1].score for run in runs for lane in run.points]
    off = sampling([score.valid for score in scores], scores[0].n_valid)
    images = f"The images are a sample too: {off}, the same for every seed."
    return " ".join([*over, images] if tells_accuracy else over)
