"""The claims: what is measured, by hand; what is trained, and that every card's example is really of it."""

from dataclasses import replace

import pytest

from core.experiments import Experiment, Trained
from core.lessons.does_it_deliver import advantages, disadvantages, half_truths, selection
from core.lessons.does_it_deliver.claims import CLAIMS
from core.lessons.seeds import sampled
from core.registry import EXPERIMENTS
from core.runs.examples.histories import example
from core.spec import LaneSpec, RunSpec
from tests.core.runs import made


def layer(weights, zeros, below=0.0, dead=0):
    return made.layer(weights=weights, zeros=zeros, below=(0.0, 0.0, below, 0.0, 0.0), dead=dead)


def trained(*lanes, accuracies=(0.5, 0.5, 0.5), kernels=((),)):
    points = [[made.point(7, valid=accuracy)] for accuracy in accuracies]
    spec = RunSpec(lanes=(LaneSpec(),) * len(lanes))
    return Trained(spec, points, [made.frame(layers, kernels) for layers in lanes])


def test_a_trained_run_by_hand():
    run = trained({"conv1": layer(100, 25, dead=3), "fc1": layer(300, 75, dead=1)})
    assert (run.weights(0), run.zero_percent(0), run.dead(0, "conv1"), run.valid_percent(1)) == (
        400,
        25.0,
        3,
        50.0,
    )


def test_sparsity_counts_exact_zeros_and_tells_what_epsilon_would_say():
    nothing, near, exact = ({"fc1": layer(200, 0)}, {"fc1": layer(200, 0, 0.45)}, {"fc1": layer(200, 150)})
    result = advantages.sparsity([trained(nothing, near, exact)])
    assert [row.mean for row in result.rows] == [0.0, 0.0, 75.0]
    assert result.answer == 0.0
    assert "45 %" in result.verdict


def test_overlap_is_jaccard():
    one, other = ((0.0, 1.0, 2.0), (0.0, 0.0, 3.0)), ((0.0, -1.0, 0.0), (4.0, 0.0, 5.0))
    assert selection.overlap_percent(one, other) == 100.0 * 2 / 4
    assert selection.overlap_percent(one, one) == 100.0
    assert selection.overlap_percent(((0.0,),), ((0.0,),)) == 0.0


def test_precision_names_the_first_strength_that_costs_more_than_a_point():
    accuracies = (0.98, 0.98, 0.975, 0.96, 0.95, 0.9, 0.1)
    run = trained(*[{"fc1": layer(100, 10 * i)} for i in range(7)], accuracies=accuracies)
    result = disadvantages.precision([run])
    assert result.answer == "λ = 3e-4"
    assert "up to 20 % zeros cost less" in result.verdict
    assert "has 50 % zeros and costs 8.0 points" in result.verdict
    even = trained(*[{"fc1": layer(100, 10 * i)} for i in range(7)], accuracies=(0.9,) * 7)
    assert disadvantages.precision([even]).answer == disadvantages.NEVER
    assert "1 point at none of them" in disadvantages.precision([even]).verdict


def test_pruning_by_size_is_held_against_l1_at_the_same_zeros_seed_by_seed():
    # L1 loses a point for every ten points of zeros; the rivals keep 97 % at 70, 90, 95 and 60 % zeros.
    zeros, right = (0, 10, 20, 40, 60, 80, 100), (0.98, 0.97, 0.96, 0.94, 0.92, 0.90, 0.88)
    lanes = [{"fc1": layer(100, n)} for n in (*zeros, 70, 90, 95, 60)]
    run = trained(*lanes, accuracies=(*right, 0.97, 0.97, 0.97, 0.97))
    assert disadvantages.at_zeros(run, 70.0) == pytest.approx(91.0)
    assert disadvantages.at_zeros(run, 60.0) == pytest.approx(92.0)
    dead = trained(*lanes, accuracies=(*right[:-1], 0.1, 0.97, 0.97, 0.97, 0.97))
    assert disadvantages.at_zeros(dead, 90.0) == pytest.approx(90.0)
    more = disadvantages.rivals([run, run])
    assert [row.mean for row in more] == pytest.approx([6.0, 8.0, 8.5, 5.0])
    assert "At 70 % zeros magnitude pruning has +6.0 ± 0.0 points, more in 2 of 2 seeds against L1" in (
        disadvantages.precision([run, run]).verdict
    )


@pytest.mark.parametrize(
    ("accuracies", "answer"),
    [
        ((0.9, 0.1, 0.9), disadvantages.NEEDS),
        ((0.9, 0.9, 0.9), disadvantages.WORKS),
        ((0.1, 0.1, 0.1), disadvantages.DIES),
    ],
)
def test_the_trap_is_named_by_what_was_measured(accuracies, answer):
    run = trained(*[{"fc1": layer(10, 5)}] * 3, accuracies=accuracies)
    assert disadvantages.linear_only([run]).answer == answer


def overfitted(curve, l1, l2):
    """A run whose λ = 0 lane goes through a curve of accuracies."""
    run = trained(*[{"fc1": layer(10, 0)}] * 3, accuracies=(curve[-1], l1, l2))
    points = [made.point(7 * i, valid=accuracy) for i, accuracy in enumerate(curve)]
    return replace(run, points=[points, *run.points[1:]])


def test_generalization_is_told_seed_by_seed_and_against_stopping_early():
    runs = [overfitted((0.5, 0.95, 0.80), 0.89, 0.9), overfitted((0.5, 0.94, 0.70), 0.83, 0.8)]
    result = advantages.generalization(runs)
    # 9 and 13 points more than the same seed without: 11 ± 2, which is 4/2.
    assert result.answer == pytest.approx(11.0)
    assert "+11.0 ± 2.0 points, more in 2 of 2 seeds" in result.verdict
    assert result.rows[3].values == pytest.approx((95.0, 94.0))
    assert "which beats L1 (+8.5 ± 2.5 points, more in 2 of 2 seeds)" in result.verdict
    won = advantages.generalization([overfitted((0.5, 0.85, 0.80), 0.89, 0.9)])
    assert "which does not beat L1" in won.verdict


def test_kuncheva_takes_chance_off():
    # 640 pixels; two selections of 320, of which 160 are common: just what chance gives.
    half = [[1.0] * 320 + [0.0] * 320]
    shifted = [[0.0] * 160 + [1.0] * 320 + [0.0] * 160]
    assert selection.kuncheva(half, half) == pytest.approx(1.0)
    assert selection.kuncheva(half, shifted) == pytest.approx(0.0)
    # Of 64 and 64 half are common: 6.4 by chance, (32 − 6.4)/(64 − 6.4).
    few, others = [[1.0] * 64 + [0.0] * 576], [[0.0] * 32 + [1.0] * 64 + [0.0] * 544]
    assert selection.kuncheva(few, others) == pytest.approx(25.6 / 57.6)


def test_experiments_are_one_to_three_runs():
    with pytest.raises(ValueError, match="specs must be 1 to 9 runs, got 0"):
        Experiment(())
    assert [spec.seed for spec in Experiment.over_seeds(RunSpec(lanes=(LaneSpec(),))).specs] == [0, 1, 2]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_has_its_really_computed_example(name):
    kept = example(name)
    assert kept is not None, f"run python -m benchmarks.examples {name}"
    assert tuple(history.view.spec for history in kept.histories) == EXPERIMENTS[name].specs
    for history in kept.histories:
        assert all(len(points) > 10 for points in history.points)
        assert history.points[0][-1].epoch == history.view.spec.epochs


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
    assert measured["linear_only"].answer == disadvantages.NEEDS
    assert measured["zeros_return"].answer == half_truths.PROXIMAL_ONLY
    assert measured["non_smooth"].rows[2].mean < 1e-6 < measured["non_smooth"].rows[0].mean


@pytest.mark.parametrize("name", CLAIMS)
def test_a_card_with_an_accuracy_says_that_its_images_are_a_sample(name):
    runs = [Trained(h.view.spec, h.points, [f for f in h.frames if f]) for h in example(name).histories]
    result = CLAIMS[name].measure(runs)
    tells = "accuracy" in f"{result.title} {result.verdict}" or "% right" in result.verdict
    assert tells == result.tells_accuracy
    assert ("258 validation images" in sampled(result.verdict, runs, result.tells_accuracy)) == tells
