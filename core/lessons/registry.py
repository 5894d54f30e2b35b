"""Every experiment of the lesson, by name: what `benchmarks.examples` computes and the pages run."""

from collections.abc import Mapping
from types import MappingProxyType

from core.lessons import how_zeros_happen_runs, l1_in_a_cnn
from core.lessons.does_it_deliver import CLAIMS
from core.lessons.experiments import Experiment

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType(
    {
        **how_zeros_happen_runs.EXPERIMENTS,
        **l1_in_a_cnn.EXPERIMENTS,
        **{name: claim.experiment for name, claim in CLAIMS.items()},
    }
)
