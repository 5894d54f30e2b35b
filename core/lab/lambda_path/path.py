"""The λ path: one network trained at many strengths, and what becomes of its accuracy and its weights."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from statistics import fmean
from typing import Self

from core.experiments import MAX_RUNS, Experiment, Trained, mean_kinds
from core.refusals import SpecError, shown
from core.spec import MAX_LANES, LaneSpec, RunSpec
from core.uncertainty import error_by_folds, error_by_seeds, error_of_mean

KEPT = 1.0
"""A score that has lost at most so much against λ = 0 counts as kept: points of accuracy, or degrees off."""

FALLEN = 10.0
"""One that has lost more than this has fallen off."""

FEWEST = 3
"""λ = 0 and two more: fewer are no path."""


@dataclass(frozen=True)
class Grid:
    """The strengths of a path, and how long and how often it is trained.

    Attributes:
        low, high: the smallest λ above 0 and the largest.
        n: how many λs, the one at 0 included.
        seeds: how many starts; each is a run of its own.
        epochs: passes over the training images.

    Raises:
        SpecError: the first value that cannot be, in one sentence.
    """

    low: float = 1e-5
    high: float = 1e-2
    n: int = MAX_LANES
    seeds: int = MAX_RUNS
    epochs: int = 20

    def __post_init__(self) -> None:
        for end in (self.low, self.high):
            if not isinstance(end, int | float):
                raise SpecError(f"The range of λ must go from one number to another, got {shown(end)}.")
        if not (0.0 < self.low < self.high <= 10.0):
            raise SpecError(
                "The range of λ must go from above 0 to a larger λ of at most 10, "
                f"got '{self.low:g}' to '{self.high:g}'."
            )
        _whole("The number of λs", self.n, FEWEST, MAX_LANES)
        _whole("The number of seeds", self.seeds, 1, MAX_RUNS)
        _whole("Epochs", self.epochs, 1, 1000)
        if len(set(self.strengths)) < self.n:
            raise SpecError(f"The range of λ is too narrow for {self.n} different values.")

    @property
    def strengths(self) -> tuple[float, ...]:
        """0, then equal steps on a log scale, each with two significant digits."""
        step = math.log(self.high / self.low) / (self.n - 2)
        return (0.0, *(float(f"{self.low * math.exp(step * i):.2g}") for i in range(self.n - 1)))

    def to_text(self) -> str:
        """For a link: low, high, n, seeds and epochs, joined by underscores."""
        return "_".join(f"{value:g}" for value in astuple(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The inverse of `to_text`. Raises SpecError."""
        parts = text.split("_")
        try:
            low, high = map(float, parts[:2])
            n, seeds, epochs = map(int, parts[2:])
        except ValueError:
            raise SpecError(f"A path's grid must be five numbers joined by _, got {shown(text)}.") from None
        return cls(low, high, n, seeds, epochs)


def _whole(name: str, value: object, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SpecError(f"{name} must be a whole number from {least} to {most}, got '{value}'.")


def specs(base: RunSpec, grid: Grid) -> tuple[RunSpec, ...]:
    """The runs of a path: the settings of `base`'s last lane at every λ, once per seed, no third held out.

    Raises:
        SpecError: the settings cannot be trained so.
    """
    lane = base.lanes[-1]
    if lane.penalty == "none":
        lane = lane.changed(penalty="l1")
    lanes = (lane.without_penalty(), *(lane.changed(strength=each) for each in grid.strengths[1:]))
    fixed = base.model_dump() | {"lanes": lanes, "epochs": grid.epochs, "fold": 0}
    return tuple(RunSpec.checked(fixed | {"seed": base.seed + i}) for i in range(grid.seeds))


@dataclass(frozen=True)
class Stop:
    """One λ of a path; each tuple has one entry per seed.

    Attributes:
        strength: λ.
        scores: on the validation images: right answers in percent, or mean error in degrees.
        zeros: weights that are exactly zero, in percent, without biases.
        left: weights that are not zero.
        error: standard error of the mean score: of seeds and images, see `core.uncertainty`; of degrees the
            part of the runs alone.
        kinds: how many zeros of each kind of `core.words.ZEROS`, mean over the seeds; None if unknown.
    """

    strength: float
    scores: tuple[float, ...]
    zeros: tuple[float, ...]
    left: tuple[int, ...]
    error: float = 0.0
    kinds: Mapping[str, float] | None = None

    @property
    def score(self) -> float:
        """Mean over the seeds."""
        return fmean(self.scores)

    @property
    def zero_percent(self) -> float:
        """Mean over the seeds, in percent."""
        return fmean(self.zeros)

    @property
    def n_left(self) -> float:
        """Mean number of weights that are not zero."""
        return fmean(self.left)


@dataclass(frozen=True)
class Choice:
    """The λ that the validation images choose, by the rule of one standard error.

    Attributes:
        best: index of the λ with the best mean score.
        chosen: of the largest λ whose mean score is at most `error` worse.
        error: the standard error of the best mean score, in points of accuracy or degrees.
    """

    best: int
    chosen: int
    error: float


@dataclass(frozen=True)
class Path:
    """Accuracy against zeros, λ by λ.

    Attributes:
        stops: by rising λ, the first at λ = 0.
        weights: how many weights the network has, without biases.
        in_degrees: the scores are errors, of which less is better.
        knee: index of the largest λ whose score has lost at most KEPT against λ = 0.
        cliff: of the first λ after it that has lost more than FALLEN; None where the path ends before.
        in_folds: each run has held out another third of the training images; else they are seeds.
        choice: where λ was chosen.
    """

    stops: tuple[Stop, ...]
    weights: int
    in_degrees: bool
    knee: int
    cliff: int | None
    in_folds: bool = False
    choice: Choice | None = None

    @property
    def named(self) -> Mapping[int, str]:
        """The λs that have a name, by their rising index: "knee", "cliff", "chosen", "knee, chosen"."""
        names = [(self.knee, "knee"), (self.cliff, "cliff")]
        names += [(self.choice.chosen, "chosen")] if self.choice else []
        found: dict[int, str] = {}
        for i, name in names:
            if i is not None:
                found[i] = f"{found[i]}, {name}" if i in found else name
        return dict(sorted(found.items()))

    @property
    def each(self) -> str:
        """What the runs are."""
        return "third held out" if self.in_folds else "seed"

    @property
    def images(self) -> str:
        """What the scores are measured on."""
        return "held-out images" if self.in_folds else "validation images"

    @property
    def unit(self) -> str:
        """Of the scores."""
        return "°" if self.in_degrees else "%"


def path(runs: Sequence[Trained]) -> Path:
    """What runs of one grid and several seeds have come to so far."""
    first = runs[0]
    in_degrees = first.spec.loss == "mean_squared_error"
    stops = tuple(
        Stop(
            strength=lane.strength,
            scores=tuple(_score(run, i, in_degrees) for run in runs),
            zeros=tuple(run.zero_percent(i) for run in runs),
            left=tuple(_left(run, i) for run in runs),
            error=_error(runs, i),
            kinds=mean_kinds(runs, i),
        )
        for i, lane in enumerate(first.spec.lanes)
    )
    losses = [(stop.score - stops[0].score) * (1.0 if in_degrees else -1.0) for stop in stops]
    knee, cliff = knee_and_cliff(losses)
    return Path(stops, first.weights(0), in_degrees, knee, cliff, in_folds=first.spec.fold > 0)


def knee_and_cliff(lost: Sequence[float]) -> tuple[int, int | None]:
    """The last index that has lost at most KEPT, and the first after it that has lost more than FALLEN.

    Args:
        lost: of the score, by rising λ; the first is 0, one that has gained is below 0.
    """
    knee = max(i for i, loss in enumerate(lost) if loss <= KEPT)
    return knee, next((i for i in range(knee + 1, len(lost)) if lost[i] > FALLEN), None)


def norms(run: Trained) -> Mapping[str, tuple[float, ...]]:
    """Σ|w| of each layer, λ by λ."""
    lanes = range(len(run.spec.lanes))
    return {name: tuple(run.layers(i)[name].norm for i in lanes) for name in run.layers(0)}


def weights(run: Trained, unit: int | None = None) -> tuple[tuple[float, ...], ...]:
    """The path of each weight of the first layer, or of one of its units: a row per weight, λ by λ."""
    units = range(len(run.kernels(0))) if unit is None else (unit,)
    lanes = [run.kernels(i) for i in range(len(run.spec.lanes))]
    return tuple(tuple(kernels[u][i] for kernels in lanes) for u in units for i in range(len(lanes[0][u])))


def strength_max(run: Trained) -> float | None:
    """λ_max of a linear model as its lanes report it; None where none does."""
    for points in run.points:
        look = points[-1].optimality
        if look is not None and look.strength_max is not None:
            return look.strength_max
    return None


def _score(run: Trained, lane: int, in_degrees: bool) -> float:
    return run.points[lane][-1].score.valid if in_degrees else run.valid_percent(lane)


def _error(runs: Sequence[Trained], lane: int) -> float:
    scores = [run.points[lane][-1].score for run in runs]
    shares = [score.valid for score in scores]
    if scores[0].kind == "error":
        return error_of_mean(shares)
    if runs[0].spec.fold:
        return 100.0 * error_by_folds(shares, sum(score.n_valid for score in scores))
    return 100.0 * error_by_seeds(shares, scores[0].n_valid)


def _left(run: Trained, lane: int) -> int:
    return run.weights(lane) - run.frames[lane].n_zeros


LINEAR = RunSpec.beside_zero(
    # All images in every update and no warm-up: the way down is smooth, and its end the lasso's.
    LaneSpec(method="fista", warmup=0.0),
    model="linear",
    batch_size=2048,
)
"""The classical lasso: one convex layer, and settings that come near its optimum."""

LINEAR_GRID = Grid(low=2e-4, high=0.1, seeds=1, epochs=400)

EXPERIMENTS: Mapping[str, Experiment] = {
    "lambda_path": Experiment(specs(RunSpec(), Grid(seeds=MAX_RUNS))),
    "lambda_path_linear": Experiment(specs(LINEAR, LINEAR_GRID)),
}
"""The paths that are shown before the reader has one."""
