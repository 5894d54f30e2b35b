"""The experiments of the lesson pages: what a press on "Run it" trains."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.spec import RunSpec

MAX_RUNS = 3
"""Runs one reader may have going and waiting; more would be refused."""


@dataclass(frozen=True)
class Experiment:
    """Runs that answer one question together.

    Attributes:
        specs: one to MAX_RUNS runs: one with several lanes, or the same with several seeds.

    Raises:
        ValueError: no run, or too many.
    """

    specs: tuple[RunSpec, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.specs) <= MAX_RUNS:
            raise ValueError(f"specs must be 1 to {MAX_RUNS} runs, got {len(self.specs)}.")

    @classmethod
    def over_seeds(cls, spec: RunSpec, n_seeds: int = MAX_RUNS) -> "Experiment":
        """The same run with the seeds 0 to n_seeds − 1."""
        return cls(tuple(spec.model_copy(update={"seed": seed}) for seed in range(n_seeds)))


EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType({})
"""Every experiment by its name, which is also that of its example; `benchmarks.examples` computes those."""
