"""The claims: what is measured, by hand; what is trained, and that every card's example is really of it."""

import pytest

from core.lessons import does_it_deliver_myths as myths
from core.lessons import does_it_deliver_results as results
from core.lessons.does_it_deliver import CLAIMS
from core.lessons.experiments import Experiment, Trained
from core.lessons.registry import EXPERIMENTS
from core.runs.examples import example
from core.spec import LaneSpec, RunSpec


def layer(weights, zeros, below=0.0, dead=0):
    return {"weights": weights, "zeros": zeros, "below": [0.0, 0.0, below, 0.0, 0.0], "dead": dead}


def trained(*lanes, accuracies=(0.5, 0.5, 0.5), kernels=((),)):
    frames = [{"layers": layers, "kernels": kernels} for layers in lanes]
    points = [[{"step": 7, "total": 1.0 + i, "test_accuracy": a}] for i, a in enumerate(accuracies)]
    return Trained(RunSpec(), points, frames)


def test_a_trained_run_by_hand():
    run = trained({"conv1": layer(100, 25, dead=3), "fc1": layer(300, 75, dead=1)})
    assert (run.weights(0), run.zero_percent(0), run.dead(0, "conv1"), run.test_percent(1)) == (
        400,
        25.0,
        3,
        50.0,
    )


def test_mean_and_spread_by_hand():
    row = results.Row("x", (1.0, 2.0, 6.0))
    assert row.mean == 3.0
    assert row.spread == pytest.approx(7.0**0.5)  # ((−2)² + (−1)² + 3²) / 2
    assert results.Row("x", (5.0,)).spread == 0.0


def test_sparsity_counts_exact_zeros_and_tells_what_epsilon_would_say():
    nothing, near, exact = ({"fc1": layer(200, 0)}, {"fc1": layer(200, 0, 0.45)}, {"fc1": layer(200, 150)})
    result = results.sparsity([trained(nothing, near, exact)])
    assert [row.mean for row in result.rows] == [0.0, 0.0, 75.0]
    assert result.answer == 0.0
    assert "45 %" in result.verdict


def test_overlap_is_jaccard():
    one, other = ((0.0, 1.0, 2.0), (0.0, 0.0, 3.0)), ((0.0, -1.0, 0.0), (4.0, 0.0, 5.0))
    assert results.overlap_percent(one, other) == 100.0 * 2 / 4
    assert results.overlap_percent(one, one) == 100.0
    assert results.overlap_percent(((0.0,),), ((0.0,),)) == 0.0


def test_sizes_break_even_where_the_theory_has_it():
    assert myths.size_percent(0.5)[1] == 100.0
    assert myths.size_percent(1.0 - 1.0 / 32.0)[2] == 100.0
    assert myths.size_percent(0.05) == pytest.approx((100.0, 10.0, 8.125))


def test_precision_names_the_first_strength_that_costs_more_than_a_point():
    accuracies = (0.98, 0.98, 0.975, 0.96, 0.95, 0.9, 0.1)
    run = trained(*[{"fc1": layer(100, 10 * i)} for i in range(7)], accuracies=accuracies)
    result = results.precision([run])
    assert result.answer == "λ = 3e-4"
    assert "up to 20 % zeros cost less" in result.verdict
    assert "has 50 % zeros and costs 8.0 points" in result.verdict
    even = trained(*[{"fc1": layer(100, 10 * i)} for i in range(7)], accuracies=(0.9,) * 7)
    assert results.precision([even]).answer == results.NEVER
    assert "1 point at none of them" in results.precision([even]).verdict


def lowered(*zeros):
    """Three lanes of 100 weights whose λ falls between the second and the third moment."""
    return Trained(
        RunSpec(),
        [
            [
                {"step": step, "strength": strength, "zeros": {"fc1": n}, "test_accuracy": 0.1}
                for step, strength, n in zip((0, 10, 20, 30), (1e-2, 1e-2, 1e-5, 1e-5), lane, strict=True)
            ]
            for lane in zeros
        ],
        [{"layers": {"fc1": layer(100, lane[-1])}} for lane in zeros],
    )


@pytest.mark.parametrize(
    ("alive", "killed", "dead", "answer"),
    [
        ((0, 90, 60, 80), (0, 90, 91, 92), (50, 100, 99, 99), myths.PROXIMAL_ONLY),
        ((0, 90, 60, 80), (0, 90, 50, 50), (50, 100, 10, 10), myths.ALL),
        ((0, 90, 90, 90), (0, 90, 91, 92), (50, 100, 99, 99), myths.NONE),
        ((0, 90, 90, 90), (0, 90, 10, 10), (50, 100, 99, 99), "otherwise"),
    ],
)
def test_a_way_back_is_counted_from_the_moment_before_the_fall(alive, killed, dead, answer):
    result = myths.reversible([lowered(alive, killed, dead)])
    assert result.answer == answer
    assert result.rows[0].mean == max(0, alive[1] - min(alive[2:]))


def test_before_the_fall_nothing_has_come_back():
    run = lowered((0, 90, 60, 80), (0, 90, 91, 92), (50, 100, 99, 99))
    early = Trained(run.spec, [points[:2] for points in run.points], run.frames)
    assert "has not fallen yet" in myths.reversible([early]).verdict


@pytest.mark.parametrize(
    ("accuracies", "answer"),
    [((0.9, 0.1, 0.9), results.NEEDS), ((0.9, 0.9, 0.9), results.WORKS), ((0.1, 0.1, 0.1), results.DIES)],
)
def test_the_trap_is_named_by_what_was_measured(accuracies, answer):
    run = trained(*[{"fc1": layer(10, 5)}] * 3, accuracies=accuracies)
    assert results.linear_only([run]).answer == answer


def test_generalization_compares_the_gain_with_the_seeds():
    lanes = [{"fc1": layer(10, 0)}] * 3
    clear = [trained(*lanes, accuracies=(0.80, 0.89, 0.85)), trained(*lanes, accuracies=(0.81, 0.9, 0.85))]
    assert results.generalization(clear).answer == pytest.approx(9.0)
    assert "more than the seeds differ" in results.generalization(clear).verdict
    wild = [trained(*lanes, accuracies=(0.7, 0.89, 0.85)), trained(*lanes, accuracies=(0.9, 0.75, 0.85))]
    assert "no more than the seeds differ" in results.generalization(wild).verdict


def test_experiments_are_one_to_three_runs():
    with pytest.raises(ValueError, match="specs must be 1 to 3 runs, got 0"):
        Experiment(())
    assert [spec.seed for spec in Experiment.over_seeds(RunSpec(lanes=(LaneSpec(),))).specs] == [0, 1, 2]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_has_its_really_computed_example(name):
    kept = example(name)
    assert kept is not None, f"run python -m benchmarks.examples {name}"
    assert tuple(history.view.spec for history in kept.histories) == EXPERIMENTS[name].specs
    for history in kept.histories:
        assert all(len(points) > 10 for points in history.points)
        assert history.points[0][-1]["epoch"] == history.view.spec.epochs


@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_is_measured_on_its_example(name):
    claim, kept = CLAIMS[name], example(name)
    runs = [Trained(h.view.spec, h.points, [f for f in h.frames if f]) for h in kept.histories]
    result = claim.measure(runs)
    assert all(len(row.values) >= 1 for row in result.rows)
    if claim.choices:
        assert result.answer in (*claim.choices, "")
    else:
        assert claim.low <= result.answer <= claim.high


def test_the_examples_show_what_the_lesson_says():
    measured = {}
    for name, claim in CLAIMS.items():
        runs = [Trained(h.view.spec, h.points, [f for f in h.frames if f]) for h in example(name).histories]
        measured[name] = claim.measure(runs)
    assert measured["sparsity"].answer == 0.0
    assert measured["sparsity"].rows[2].mean > 60.0
    assert measured["generalization"].answer > 3.0
    assert measured["linear_only"].answer == results.NEEDS
    assert measured["zeros_return"].answer == myths.PROXIMAL_ONLY
    assert measured["non_smooth"].rows[2].mean < 1e-6 < measured["non_smooth"].rows[0].mean
