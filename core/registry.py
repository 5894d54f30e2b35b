"""Every experiment of the lesson, by name: what `benchmarks.examples` computes and the pages run."""

from collections.abc import Mapping
from types import MappingProxyType

from core.experiments import Experiment
from core.lab.compare_runs import curves
from core.lab.lambda_path import path, rivals
from core.lessons.does_it_deliver.claims import CLAIMS
from core.lessons.how_zeros_happen import network
from core.lessons.l1_in_a_cnn import layers

_BY_PAGE: Mapping[str, Mapping[str, Experiment]] = {
    "how_zeros_happen": network.EXPERIMENTS,
    "l1_in_a_cnn": layers.EXPERIMENTS,
    "lambda_path": {**path.EXPERIMENTS, rivals.NAME: rivals.EXPERIMENT},
    "does_it_deliver": {name: claim.experiment for name, claim in CLAIMS.items()},
    "compare_runs": {"compare_runs": curves.EXAMPLES},
}

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType(
    {name: experiment for offered in _BY_PAGE.values() for name, experiment in offered.items()}
)

PAGE_OF: Mapping[str, str] = MappingProxyType(
    {name: page for page, offered in _BY_PAGE.items() for name in offered}
)
"""The page on which each is offered."""
