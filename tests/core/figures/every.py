"""Every figure of every page, drawn from the examples that come with the program."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.experiments import Trained
from core.figures.traces import Drawing, Figure
from core.lab.compare_runs import figures as compare_runs
from core.lab.compare_runs.curves import Compared, Metric, curves, difference, gathered, n_weights
from core.lab.inside_the_network import figures as inside_the_network
from core.lab.lambda_path import figures as lambda_path
from core.lab.lambda_path import path as paths
from core.lab.lambda_path import rivals as path_rivals
from core.lab.lambda_path import rivals_figures
from core.lab.lambda_path import weights_figures as lambda_weights
from core.lab.smaller_model import figures as smaller_model
from core.lessons.course import summary_figures as summary
from core.lessons.does_it_deliver import figures as does_it_deliver
from core.lessons.does_it_deliver.claims import CLAIMS
from core.lessons.how_zeros_happen import network, noise_figures, two_weights_figures
from core.lessons.how_zeros_happen import network_figures as zeros_figures
from core.lessons.l1_in_a_cnn import layers_figures
from core.lessons.l1_in_a_cnn import results_figures as cnn_figures
from core.lessons.what_is_l1 import four_weights, four_weights_figures, least_squares_figures
from core.lessons.what_is_l1.least_squares import mean_squared_error
from core.runs.examples.answers import example_answers, inside_answers
from core.runs.examples.histories import example
from core.spec import MODEL_LAYERS

ROOT = Path(__file__).resolve().parents[3]

Drawn = Iterator[Drawing | Figure]


def _first_and_all(draw: Callable[[list[Trained]], Drawing], name: str) -> Iterator[Drawing]:
    """Of the first seed alone, as while a reader's own trains, and of all."""
    return map(draw, (runs(name)[:1], runs(name)))


def runs(name: str) -> list[Trained]:
    """The runs of an example."""
    kept = example(name)
    assert kept is not None
    return [Trained(h.view.spec, h.points, [f for f in h.frames if f]) for h in kept.histories]


def _compared() -> list[Compared]:
    kept = example("compare_runs")
    assert kept is not None
    return [
        Compared(f"run {i}", i, h.view.spec, lane, h.points[lane], h.frames[lane])
        for i, h in enumerate(kept.histories)
        for lane in [len(h.view.spec.lanes) - 1]
    ]


def _over_steps() -> Drawn:
    compared = _compared()
    metrics: tuple[Metric, ...] = ("loss", "accuracy", "error", "zeros")
    for metric in metrics:
        found = curves(compared, metric, n_weights(compared))
        yield compare_runs.over_steps(found, metric)
        yield compare_runs.over_steps(gathered(compared, found), metric)
        if found:
            yield compare_runs.over_steps(difference(found, "run 0"), metric, "run 0")


def _two_histograms() -> Drawn:
    first, *others = _compared()
    for other in others:
        yield compare_runs.two_histograms(first, other)


def _fate() -> Drawn:
    for answers in inside_answers().fates.values():
        for method in ("proximal", "textbook"):
            yield inside_the_network.fate(answers, ["λ = 0", "yours"], method)


def _slow_motion() -> Drawn:
    for answers in inside_answers().updates.values():
        yield from map(inside_the_network.slow_motion, answers)


def _rescaled() -> Drawn:
    norms = {"conv1": 20.0, "conv2": 300.0, "fc1": 7.0}
    yield inside_the_network.rescaled(
        {
            "layers": ["conv1", "conv2"],
            "factor": 100.0,
            "images": 258,
            "largest_difference": 3e-6,
            "largest_logit": 12.0,
            "before": {"norms": norms, "penalty": 1.0},
            "after": {"norms": norms | {"conv1": 0.2, "conv2": 3e4}, "penalty": 1.0},
        }
    )


def _accuracy() -> Drawn:
    for name in paths.EXPERIMENTS:
        found = paths.path(runs(name))
        yield lambda_path.accuracy(found, "zeros")
        yield lambda_path.accuracy(found, "left")


def _norms() -> Drawn:
    for name in paths.EXPERIMENTS:
        some = runs(name)
        yield lambda_weights.norms(paths.path(some), paths.norms(some[0]), lambda_weights.limit(-1.0, 50.0))


def _weights() -> Drawn:
    for name in paths.EXPERIMENTS:
        some = runs(name)
        rows = paths.weights(some[0])
        more = [lambda_weights.joined("scikit-learn's", "ink", [-2.0, -1.0], [[0.1, 0.0]], dash="dot")]
        yield lambda_weights.weights(paths.path(some), next(iter(some[0].layers(0))), rows, more)


def _path_rivals() -> Drawn:
    trained = runs(path_rivals.NAME)
    said = path_rivals.conclusion(trained)
    yield rivals_figures.rivals(paths.path(runs("lambda_path")), path_rivals.rivals(trained), said)


def _smaller(draw: Callable[..., Drawing], *names: str) -> Callable[[], Drawn]:
    answers = example_answers("smaller_model").answers
    return lambda: iter([draw(*(answers[name] for name in names))])


def _latency() -> Drawn:
    answers = example_answers("smaller_model").answers
    for batch in {row["batch"] for row in answers["latency"]["milliseconds"]}:
        yield smaller_model.latency(answers["latency"], batch, answers["compact"])


def _rivals() -> Drawn:
    answers = example_answers("smaller_model").answers
    both = {"own": answers["path"], "rival": answers["rival_path"]}
    yield smaller_model.rivals(both, {"own": (75.0, 97.0), "rival": (75.0, 91.0)})


def _claims() -> Iterator[tuple[str, Any, Sequence[Trained]]]:
    for name, claim in CLAIMS.items():
        some = runs(name)
        yield name, claim.measure(some), some


def _bills() -> Drawn:
    for kind in ("cross_entropy", "mse"):
        best = four_weights.best(kind, 0.1)
        for weights in ((1.2, 0.6, 0.5, -0.4), (0.0, 0.0, 0.0, 0.0), best.weights):
            yield four_weights_figures.bill(four_weights.bill(kind, weights, 0.1), best)


EVERY: Mapping[Callable[..., Drawing | Figure], Callable[[], Drawn]] = {
    compare_runs.over_steps: _over_steps,
    compare_runs.two_histograms: _two_histograms,
    inside_the_network.fate: _fate,
    inside_the_network.slow_motion: _slow_motion,
    inside_the_network.rescaled: _rescaled,
    lambda_path.accuracy: _accuracy,
    lambda_weights.norms: _norms,
    rivals_figures.rivals: _path_rivals,
    lambda_weights.weights: _weights,
    smaller_model.storage: _smaller(smaller_model.storage, "sizes", "compact"),
    smaller_model.units: _smaller(smaller_model.units, "compact"),
    smaller_model.multiply_adds: _smaller(smaller_model.multiply_adds, "sizes", "compact"),
    smaller_model.latency: _latency,
    smaller_model.pruned: _smaller(smaller_model.pruned, "path"),
    smaller_model.rivals: _rivals,
    summary.zeros: lambda: map(summary.zeros, runs("sparsity")),
    does_it_deliver.drawn: lambda: (does_it_deliver.drawn(*each) for each in _claims()),
    does_it_deliver.precision: lambda: iter([does_it_deliver.precision(runs("precision"))]),
    does_it_deliver.convergence: lambda: iter([does_it_deliver.convergence(runs("non_smooth"))]),
    does_it_deliver.comparison: lambda: (does_it_deliver.comparison(each, 258) for _, each, _ in _claims()),
    zeros_figures.zeros_by_method: lambda: _first_and_all(zeros_figures.zeros_by_method, "zeros_by_method"),
    zeros_figures.zeros_by_batch: lambda: iter(
        [zeros_figures.zeros_by_batch(network.by_batch(runs("zeros_by_batch")))]
    ),
    zeros_figures.zeros_return: lambda: (
        zeros_figures.zeros_return(runs("zeros_return"), [step] * 3) for step in (None, 40)
    ),
    zeros_figures.multiplications: lambda: _first_and_all(
        lambda some: zeros_figures.multiplications(network.multiplications(some, 0)), "zeros_by_method"
    ),
    noise_figures.hovering: lambda: iter([noise_figures.hovering()]),
    noise_figures.falling_rate: lambda: iter([noise_figures.falling_rate()]),
    noise_figures.staying: lambda: iter([noise_figures.staying()]),
    two_weights_figures.four_methods: lambda: iter([two_weights_figures.four_methods()]),
    two_weights_figures.lowered: lambda: iter([two_weights_figures.lowered()]),
    layers_figures.to_scale: lambda: map(
        layers_figures.to_scale, ([], ["fc1"], MODEL_LAYERS["textbook_cnn"])
    ),
    cnn_figures.by_target: lambda: map(cnn_figures.by_target, ([], runs("zeros_by_target"))),
    cnn_figures.batch_norm: lambda: _first_and_all(cnn_figures.batch_norm, "batch_norm_target"),
    cnn_figures.rescaling: lambda: (cnn_figures.rescaling(run, 0) for run in runs("zeros_by_target")),
    cnn_figures.kernels: lambda: map(cnn_figures.kernels, runs("interpretability")),
    four_weights_figures.bill: _bills,
    four_weights_figures.price: lambda: iter([four_weights_figures.price()]),
    four_weights_figures.shrinkage: lambda: iter([four_weights_figures.shrinkage()]),
    least_squares_figures.one_weight: lambda: iter([least_squares_figures.one_weight(mean_squared_error(0))]),
    least_squares_figures.two_weights: lambda: iter(
        [least_squares_figures.two_weights(mean_squared_error(0, 1))]
    ),
}
"""By the function that draws it: the figures it draws of the examples."""


def makers() -> set[str]:
    """The public functions in the pages' figure modules that give a figure, as `module.function`."""
    found = set()
    for file in (file for room in ("lessons", "lab") for file in (ROOT / "core" / room).rglob("*figures.py")):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for each in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(each, ast.FunctionDef) and not each.name.startswith("_"):
                gives = ast.unparse(each.returns) if each.returns else ""
                found |= {f"{module}.{each.name}"} if gives in ("Drawing", "Figure") else set()
    return found
