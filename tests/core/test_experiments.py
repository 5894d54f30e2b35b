"""What a press on "Run it" trains, and what is measured of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiments import MAX_RUNS, MOST_RUNS, Experiment, Trained, kinds_told, mean_kinds, zeros_told
from core.registry import EXPERIMENTS
from core.spec import LaneSpec, RunSpec
from tests.core.runs.made import frame, layer, point


@pytest.mark.parametrize("n", [0, MOST_RUNS + 1])
def test_an_experiment_is_one_to_nine_runs(n):
    with pytest.raises(ValueError, match=f"1 to {MOST_RUNS} runs, got {n}"):
        Experiment((RunSpec(),) * n)


@given(n=st.integers(1, MAX_RUNS))
def test_over_seeds_only_the_seed_differs(n):
    spec = RunSpec(epochs=3, batch_size=32, seed=9)
    runs = Experiment.over_seeds(spec, n_seeds=n).specs
    assert [run.seed for run in runs] == list(range(n))
    assert {run.model_copy(update={"seed": 9}) for run in runs} == {spec}


def test_several_specs_are_trained_seed_after_seed():
    small, large = RunSpec(batch_size=16), RunSpec(batch_size=256)
    runs = Experiment.over_seeds(small, large, n_seeds=2).specs
    assert [(run.seed, run.batch_size) for run in runs] == [(0, 16), (0, 256), (1, 16), (1, 256)]


COMPARED = EXPERIMENTS.keys() - {"non_smooth", "lambda_path_linear", "compare_runs"}
"""Not the linear network, which has one optimum whatever it starts from; not runs that a reader picks."""


@pytest.mark.parametrize("name", sorted(COMPARED))
def test_what_compares_networks_compares_them_over_three_seeds(name):
    specs = EXPERIMENTS[name].specs
    alike = {spec.model_copy(update={"seed": 0}) for spec in specs}
    assert {spec.model_copy(update={"seed": seed}) for spec in alike for seed in range(3)} == set(specs)


LAYERS = st.dictionaries(
    st.sampled_from(["conv1", "conv2", "fc1"]),
    st.tuples(st.integers(1, 1000), st.integers(0, 1000), st.integers(0, 9)),
    min_size=1,
)


@given(LAYERS)
def test_percents_are_of_all_weights_not_means_of_layers(sizes):
    layers = {
        name: layer(weights=weights, zeros=min(zeros, weights), dead=dead)
        for name, (weights, zeros, dead) in sizes.items()
    }
    run = Trained(RunSpec(), [[point(0), point(9, valid=0.25)]], [frame(layers, [[0.5, 0.0]])])
    weights = [
        w for name, each in layers.items() for w in [0] * each.zeros + [1] * (each.weights - each.zeros)
    ]
    assert run.weights(0) == len(weights)
    assert run.zero_percent(0) == pytest.approx(100 * weights.count(0) / len(weights))
    assert {name: run.dead(0, name) for name in layers} == {name: each[2] for name, each in sizes.items()}
    assert (run.layers(0), run.kernels(0), run.valid_percent(0)) == (layers, [[0.5, 0.0]], 25.0)


def test_what_made_zeros_is_told_as_the_mean_of_the_seeds_or_not_at_all():
    def run(zeros, idle):
        frames = [frame({"fc1": layer(weights=200, zeros=zeros, idle=idle, cut_off=idle and 0)})]
        return Trained(RunSpec(), [[point(0)]], frames)

    both = [run(100, 60), run(80, 40)]
    assert mean_kinds(both, 0) == {"selected": 40.0, "cut_off": 0.0, "idle": 50.0}
    assert zeros_told(both, 0, "it") == " Of all weights it has 20 % selected, 25 % idle."
    assert kinds_told(both[:1], 0) == "20 % selected, 30 % idle"
    assert (mean_kinds([both[0], run(9, None)], 0), zeros_told([run(9, None)], 0, "it")) == (None, "")
    assert kinds_told([run(9, None)], 0) == "–"


def test_every_experiment_has_runs_of_one_kind():
    """One question: the runs of an experiment differ in their seeds, lanes or batches, not in their data."""
    for name, experiment in EXPERIMENTS.items():
        assert len({(spec.dataset, spec.model) for spec in experiment.specs}) == 1, name
        assert len(set(experiment.specs)) == len(experiment.specs), name
        assert experiment.turn is None or 0.0 < experiment.turn.share < 1.0, name


def test_what_experiments_may_differ_in_is_said_by_hand():
    sgd, adam = LaneSpec(optimizer="sgd", learning_rate=0.05, momentum=0.9), LaneSpec()
    two = Experiment((RunSpec(epochs=5, lanes=(sgd, adam, sgd)), RunSpec(epochs=76, seed=1, lanes=(adam,))))
    assert two.described() == (
        "Digits, standard CNN, 5 to 76 epochs, 2 seeds; SGD, η = 0.05, μ = 0.9; Adam, η = 0.001."
    )
    linear = RunSpec(model="linear", epochs=400, lanes=(LaneSpec(method="fista"),))
    assert Experiment((linear,)).described() == "Digits, linear, 400 epochs, 1 seed; FISTA."
