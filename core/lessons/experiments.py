"""An experiment on a lesson page: what a press on "Run it" trains, and what has come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.spec import RunSpec

MAX_RUNS = 3
"""Runs one reader may have going and waiting; more would be refused."""


@dataclass(frozen=True)
class Turn:
    """λ changes to `strength` in every lane of a run, once `share` of it is trained."""

    share: float
    strength: float


@dataclass(frozen=True)
class Experiment:
    """Runs that answer one question together.

    Attributes:
        specs: one to MAX_RUNS runs: one with several lanes, or the same with several seeds.
        turn: what changes on the way, if anything does. A reader's own run makes it when the page sees that
            it is time, so a little late; the run's events say when.

    Raises:
        ValueError: no run, or too many.
    """

    specs: tuple[RunSpec, ...]
    turn: Turn | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.specs) <= MAX_RUNS:
            raise ValueError(f"specs must be 1 to {MAX_RUNS} runs, got {len(self.specs)}.")

    @classmethod
    def over_seeds(cls, spec: RunSpec, n_seeds: int = MAX_RUNS) -> "Experiment":
        """The same run with the seeds 0 to n_seeds − 1."""
        return cls(tuple(spec.model_copy(update={"seed": seed}) for seed in range(n_seeds)))


@dataclass(frozen=True)
class Trained:
    """A run, finished or still going, as its lanes' curves and latest weights.

    Attributes:
        spec: its settings.
        points: for each lane its moments, oldest first, as the live feed sends them.
        frames: for each lane its latest frame, as the live feed sends them.
    """

    spec: RunSpec
    points: Sequence[Sequence[Mapping[str, Any]]]
    frames: Sequence[Mapping[str, Any]]

    def layers(self, lane: int) -> Mapping[str, Mapping[str, Any]]:
        """A lane's layers as they are now, with the fields of `core.snapshots.LayerSnapshot`."""
        layers: Mapping[str, Mapping[str, Any]] = self.frames[lane]["layers"]
        return layers

    def kernels(self, lane: int) -> Sequence[Sequence[float]]:
        """The first layer's weights, one row per filter or unit."""
        kernels: Sequence[Sequence[float]] = self.frames[lane]["kernels"]
        return kernels

    def weights(self, lane: int) -> int:
        """How many weights a lane has, without biases."""
        return sum(int(layer["weights"]) for layer in self.layers(lane).values())

    def zero_percent(self, lane: int) -> float:
        """Weights that are exactly zero, in percent of all, without biases."""
        zeros = sum(int(layer["zeros"]) for layer in self.layers(lane).values())
        return 100.0 * zeros / self.weights(lane)

    def dead(self, lane: int, layer: str) -> int:
        """Units of a layer whose weights are all exactly zero."""
        return int(self.layers(lane)[layer]["dead"])

    def test_percent(self, lane: int) -> float:
        """Right answers on the test images when they were last looked at, in percent."""
        return 100.0 * float(self.points[lane][-1]["test_accuracy"])
