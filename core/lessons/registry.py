"""Every experiment of the lesson, by name: what `benchmarks.examples` computes and the pages run."""

from collections.abc import Mapping
from types import MappingProxyType

from core.lessons import lambda_path
from core.lessons.does_it_deliver import CLAIMS
from core.lessons.experiments import Experiment

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType(
    {name: claim.experiment for name, claim in CLAIMS.items()} | dict(lambda_path.EXPERIMENTS)
)
