"""The λ path: its grid, its runs, and the record behind its figures against numbers worked by hand."""

import dataclasses

import pytest

from core.experiments import Trained
from core.lab.lambda_path import path as lesson
from core.lab.lambda_path.path import Grid
from core.refusals import SpecError
from core.snapshots import Optimality
from core.spec import MAX_LANES, LaneSpec, RunSpec
from tests.core.runs.made import frame, layer, point

STRENGTHS = (0.0, 1e-4, 1e-3, 1e-2)


def made(accuracies, zeros, seed=0, **fields) -> Trained:
    """A trained path of one layer of 200 weights: two units of two weights each are shown."""
    lane = LaneSpec()
    lanes = (lane.without_penalty(), *(lane.changed(strength=s) for s in STRENGTHS[1:]))
    points = [[point(valid=accuracy)] for accuracy in accuracies]
    frames = [
        frame({"fc1": layer(weights=200, zeros=z, norm=10.0 - i)}, [[0.4 - 0.1 * i, 0.0], [-0.2, 0.1 * i]])
        for i, z in enumerate(zeros)
    ]
    return Trained(RunSpec(lanes=lanes, seed=seed, **fields), points, frames)


def test_a_grid_is_zero_and_equal_steps_on_a_log_scale():
    assert Grid(1e-4, 1e-1, n=5).strengths == (0.0, 1e-4, 1e-3, 1e-2, 1e-1)
    assert Grid(1e-4, 1e-3, n=4).strengths == (0.0, 1e-4, 3.2e-4, 1e-3)


@pytest.mark.parametrize("grid", [Grid(), lesson.LINEAR_GRID, Grid(3e-6, 0.3, 3, 2, 7)])
def test_a_grid_survives_the_link(grid):
    assert Grid.from_text(grid.to_text()) == grid


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"low": 0.0}, "range of λ"),
        ({"low": 1e-2, "high": 1e-3}, "range of λ"),
        ({"high": float("nan")}, "range of λ"),
        ({"high": 11.0}, "range of λ"),
        ({"low": 1e-3, "high": 1.001e-3}, "too narrow"),
        ({"n": 2}, "number of λs"),
        ({"n": MAX_LANES + 1}, "number of λs"),
        ({"n": None}, "number of λs"),
        ({"n": 5.5}, "number of λs"),
        ({"seeds": 0}, "seeds"),
        ({"seeds": 4}, "seeds"),
        ({"seeds": True}, "seeds"),
        ({"epochs": 0}, "Epochs"),
        ({"epochs": 1001}, "Epochs"),
    ],
)
def test_a_grid_that_cannot_be_is_refused_in_one_sentence(fields, word):
    with pytest.raises(SpecError, match=word):
        Grid(**fields)


@pytest.mark.parametrize("forged", ["l1", None, [1e-3]])
def test_a_forged_end_of_the_range_is_refused_in_one_sentence(forged):
    with pytest.raises(SpecError, match="from one number to another"):
        Grid(low=forged)


@pytest.mark.parametrize("text", ["", "1_2", "a_b_c_d_e", "1e-5_1e-2_12_1_10_3", "1e-5_1e-2_12.5_1_10"])
def test_a_linked_grid_that_is_none_is_refused(text):
    with pytest.raises(SpecError, match="five numbers"):
        Grid.from_text(text)


def test_the_runs_differ_in_their_seed_and_their_lanes_in_strength():
    base = RunSpec.beside_zero(LaneSpec(penalty="l2", optimizer="sgd"), seed=7, model="small_cnn")
    runs = lesson.specs(base, Grid(1e-3, 1e-1, n=4, seeds=2, epochs=3))
    assert [run.seed for run in runs] == [7, 8]
    for run in runs:
        assert (run.model, run.epochs) == ("small_cnn", 3)
        assert [lane.strength for lane in run.lanes] == [0.0, 1e-3, 1e-2, 1e-1]
        assert run.lanes[0] == base.lanes[0]
        assert all(lane == base.lanes[-1].changed(strength=lane.strength) for lane in run.lanes[1:])


def test_a_path_without_a_penalty_has_one():
    runs = lesson.specs(RunSpec.beside_zero(LaneSpec(penalty="none")), Grid(n=3))
    assert [lane.penalty for lane in runs[0].lanes] == ["none", "l1", "l1"]


def test_the_largest_path_fits_every_experiment_and_link():
    for experiment in lesson.EXPERIMENTS.values():
        assert len(experiment.specs[0].lanes) == MAX_LANES
        assert len(experiment.specs[0].to_json()) < 20_000


def test_a_record_of_two_seeds_by_hand():
    record = lesson.path(
        [
            made([0.98, 0.975, 0.90, 0.10], [0, 50, 150, 200]),
            made([0.96, 0.965, 0.84, 0.10], [0, 70, 170, 200], 1),
        ]
    )
    assert [stop.strength for stop in record.stops] == list(STRENGTHS)
    assert [round(stop.score, 6) for stop in record.stops] == [97.0, 97.0, 87.0, 10.0]
    assert [stop.zero_percent for stop in record.stops] == [0.0, 30.0, 80.0, 100.0]
    assert record.stops[1].left == (150, 130)
    assert record.stops[1].n_left == 140.0
    # 97 → 87 has lost 10 points, which is not more than 10; 97 → 10 has.
    assert (record.weights, record.knee, record.cliff) == (200, 1, 3)


def test_errors_in_degrees_are_better_when_smaller():
    run = made([0] * 4, [0] * 4, dataset="rotated_digits")
    points = [[point(valid=error, kind="error")] for error in (5.0, 5.9, 15.5, 22.0)]
    record = lesson.path([dataclasses.replace(run, points=points)])
    assert record.in_degrees
    assert (record.knee, record.cliff, record.unit) == (1, 2, "°")


@pytest.mark.parametrize(
    ("lost", "knee", "cliff"),
    [
        ([0.0, -0.5, 0.9, 3.0, 11.0, 80.0], 2, 4),
        ([0.0, 2.0, 1.0, 10.0, 10.1], 2, 4),
        ([0.0, 20.0, 0.5], 2, None),
        ([0.0, 2.0, 10.0], 0, None),
        ([0.0], 0, None),
    ],
)
def test_knee_and_cliff(lost, knee, cliff):
    assert lesson.knee_and_cliff(lost) == (knee, cliff)


def test_norms_and_weights_lane_by_lane():
    run = made([0.9] * 4, [0, 1, 2, 3])
    assert lesson.norms(run) == {"fc1": (10.0, 9.0, 8.0, 7.0)}
    every = lesson.weights(run)
    assert len(every) == 4
    assert every[0] == pytest.approx((0.4, 0.3, 0.2, 0.1))
    assert lesson.weights(run, 1) == every[2:]


def test_the_largest_useful_strength_is_what_a_lane_reports():
    run = made([0.9] * 4, [0] * 4)
    assert lesson.strength_max(run) is None
    look = Optimality(0, 1e-2, kkt_max=1.0, kkt_mean=0.5, noise=0.0, gap=1e-3, strength_max=0.063)
    points = [*run.points[:3], [point(optimality=look)]]
    assert lesson.strength_max(dataclasses.replace(run, points=points)) == 0.063
