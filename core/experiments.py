"""An experiment on a lesson page: what a press on "Run it" trains, and what has come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from core.snapshots import Frame, LayerSnapshot, Point
from core.spec import LaneSpec, RunSpec
from core.uncertainty import standard_error
from core.words import DATASETS, METHODS, MODELS, OPTIMIZERS, zeros_text

MAX_RUNS = 3
"""Runs one reader may have going and waiting; more would be refused. As many seeds a comparison has."""

MOST_RUNS = 9
"""Runs of one experiment: three settings that no lanes can share, each with three seeds."""


@dataclass(frozen=True)
class Turn:
    """λ changes to `strength` in every lane of a run, once `share` of it is trained."""

    share: float
    strength: float


@dataclass(frozen=True)
class Experiment:
    """Runs that answer one question together.

    Attributes:
        specs: one to MOST_RUNS runs: one with several lanes, or the same with several seeds. Beyond MAX_RUNS
            they start as the first ones end, as long as a page follows them.
        turn: what changes on the way, if anything does. A reader's own run makes it when the page sees that
            it is time, so a little late; the run's events say when.

    Raises:
        ValueError: no run, or too many.
    """

    specs: tuple[RunSpec, ...]
    turn: Turn | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.specs) <= MOST_RUNS:
            raise ValueError(f"specs must be 1 to {MOST_RUNS} runs, got {len(self.specs)}.")

    def described(self) -> str:
        """What two experiments may differ in beside their question: images, network, length, seeds, rules."""
        first, epochs = self.specs[0], sorted({spec.epochs for spec in self.specs})
        seeds = len({spec.seed for spec in self.specs})
        rules = dict.fromkeys(_rule(lane) for spec in self.specs for lane in spec.lanes)
        return (
            f"{DATASETS[first.dataset].name.capitalize()}, {MODELS[first.model].name}, "
            f"{' to '.join(str(n) for n in (epochs[0], *epochs[1:][-1:]))} epochs, "
            f"{seeds} seed{'s' if seeds > 1 else ''}; {'; '.join(rules)}."
        )

    @classmethod
    def over_seeds(cls, *specs: RunSpec, n_seeds: int = MAX_RUNS, turn: Turn | None = None) -> "Experiment":
        """The same runs with the seeds 0 to n_seeds − 1: all of one seed, then all of the next."""
        seeds = range(n_seeds)
        return cls(tuple(spec.model_copy(update={"seed": seed}) for seed in seeds for spec in specs), turn)


def _rule(lane: LaneSpec) -> str:
    """By which rule a lane steps, in words."""
    if lane.method == "fista":
        return METHODS[lane.method].name
    momentum = f", μ = {lane.momentum:g}" if lane.optimizer == "sgd" else ""
    return f"{OPTIMIZERS[lane.optimizer].name}, η = {lane.learning_rate:g}{momentum}"


@dataclass(frozen=True)
class Trained:
    """A run, finished or still going, as its lanes' curves and latest weights.

    Attributes:
        spec: its settings.
        points: for each lane its moments, oldest first, at least one.
        frames: for each lane how it looks now.
    """

    spec: RunSpec
    points: Sequence[Sequence[Point]]
    frames: Sequence[Frame]

    @property
    def done(self) -> bool:
        """Whether it has made its last update."""
        return self.points[0][-1].epoch >= self.spec.epochs

    def layers(self, lane: int) -> Mapping[str, LayerSnapshot]:
        """A lane's layers as they are now, from input to output."""
        return self.frames[lane].layers

    def kernels(self, lane: int) -> Sequence[Sequence[float]]:
        """The first layer's weights, one row per filter or unit."""
        return self.frames[lane].kernels

    def weights(self, lane: int) -> int:
        """How many weights a lane has, without biases."""
        return self.frames[lane].weights

    def zero_percent(self, lane: int) -> float:
        """Weights that are exactly zero, in percent of all, without biases."""
        return 100.0 * self.frames[lane].n_zeros / self.weights(lane)

    def dead(self, lane: int, layer: str) -> int:
        """Units of a layer whose weights are all exactly zero."""
        return self.layers(lane)[layer].dead

    def valid_percent(self, lane: int) -> float:
        """Right answers on the validation images when they were last looked at, in percent."""
        return 100.0 * self.points[lane][-1].score.valid

    def valid_error(self, lane: int) -> float:
        """What that may be off, as the images are a sample, in points."""
        score = self.points[lane][-1].score
        return 100.0 * standard_error(score.valid, score.n_valid)


def mean_kinds(runs: Sequence[Trained], lane: int) -> Mapping[str, float] | None:
    """How many zeros of each kind of `core.words.ZEROS` a lane has, mean over the runs; None if unknown."""
    counts = [run.frames[lane].kinds.by_kind for run in runs]
    known = [each for each in counts if each is not None]
    if not known or len(known) < len(counts):
        return None
    return {kind: fmean(each[kind] for each in known) for kind in known[0]}


def kinds_told(runs: Sequence[Trained], lane: int) -> str:
    """These in percent of all weights: "12 % selected, 29 % idle"; "–" without zeros, and if unknown."""
    return _kinds(runs, lane) or "–"


def zeros_told(runs: Sequence[Trained], lane: int, name: str) -> str:
    """A sentence more on what made a lane's zeros, mean over the runs; "" where nobody knows."""
    kinds = _kinds(runs, lane)
    return f" Of all weights {name} has {kinds}." if kinds else ""


def _kinds(runs: Sequence[Trained], lane: int) -> str:
    by_size = runs[0].spec.lanes[lane].prune > 0.0
    return zeros_text(mean_kinds(runs, lane), runs[0].weights(lane), by_size)
