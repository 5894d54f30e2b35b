"""Curves, differences, bands and histograms, each against numbers worked by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from core.lab.compare_runs.curves import (
    MOST_POINTS,
    TITLES,
    Compared,
    curves,
    difference,
    gathered,
    has_siblings,
    histogram,
    n_weights,
    series,
    zero_percent,
)
from core.snapshots import Point, Score
from core.spec import LaneSpec, RunSpec
from tests.core.runs import made

SPEC = RunSpec.beside_zero(LaneSpec(), epochs=2)
FRAME = made.frame({"fc1": made.layer(weights=40, zeros=10, limit=0.1, counts=(1, 2, 3, 24))})


def point(
    step: int, loss: float = 0.0, accuracy: float = 0.0, zeros: int = 0, valid_step: int | None = None
) -> Point:
    return made.point(
        step,
        valid=accuracy,
        valid_step=step if valid_step is None else valid_step,
        data_loss=loss,
        zeros={"conv1": zeros, "fc1": zeros},
    )


def run(label: str, losses: dict[int, float], slot: int = 0, **spec) -> Compared:
    points = [point(step, loss) for step, loss in losses.items()]
    return Compared(label, slot, SPEC.model_copy(update=spec), 1, points, FRAME)


def test_a_test_result_stands_once_at_the_step_it_was_measured():
    points = [point(0, 2.0, 0.1), point(5, 1.5, 0.1, valid_step=0), point(9, 1.0, 0.6, valid_step=7)]
    steps, values = series(points, "accuracy")
    assert (list(steps), values.tolist()) == ([0, 7], pytest.approx([10.0, 60.0]))
    assert [list(part) for part in series(points, "loss")] == [[0, 5, 9], [2.0, 1.5, 1.0]]
    assert series(points, "error")[0].size == series(points, "squared")[0].size == 0


def test_a_loss_has_one_unit_in_a_chart():
    labels, angles = (run(kind, {0: 2.0, 9: 1.0}) for kind in ("accuracy", "error"))
    turned = [replace(each, score=Score("error", 0.0, 20.0, 258)) for each in angles.points]
    both = [labels, replace(angles, points=turned)]
    assert [each.label for each in curves(both, "loss", {})] == ["accuracy"]
    assert [each.label for each in curves(both, "squared", {})] == ["error"]
    assert (TITLES["loss"][1], TITLES["squared"][1]) == ("nats", "(45°)²")


def test_zeros_are_a_share_of_all_weights():
    each = Compared("a", 0, SPEC, 1, [point(0), point(3, zeros=5)], FRAME)
    (curve,) = curves([each], "zeros", n_weights([each]))
    assert list(curve.values) == [0.0, 25.0]
    known = [replace(point(3, zeros=5), idle={"conv1": 2, "fc1": 2}, cut_off={"conv1": 1, "fc1": 0})]
    (curve,) = curves(
        [replace(each, points=[replace(point(0), idle=None, cut_off=None), *known])],
        "selected",
        n_weights([each]),
    )
    # At step 0 nobody knew; at step 3 five of the ten zeros are neither idle nor cut off.
    assert (curve.steps.tolist(), curve.values.tolist()) == ([3], [12.5])
    unseen = Compared("b", 0, SPEC, 1, [point(3, zeros=5)])
    assert curves([unseen], "zeros", n_weights([unseen])) == []


def test_a_long_curve_is_thinned_and_keeps_its_end():
    (curve,) = curves([run("a", {step: float(step) for step in range(2000)})], "loss", {})
    assert len(curve.steps) <= MOST_POINTS
    assert (curve.steps[-1], curve.values[-1]) == (1999, 1999.0)
    assert np.all(np.diff(curve.steps) > 0)


def test_the_difference_is_read_off_the_baselines_straight_lines():
    base, other = run("base", {0: 4.0, 10: 2.0}), run("other", {0: 5.0, 5: 3.5, 10: 1.0, 20: 0.0}, slot=1)
    (curve,) = difference(curves([base, other], "loss", {}), "base")
    assert (curve.label, curve.slot) == ("other", 1)
    assert (list(curve.steps), list(curve.values)) == ([0, 5, 10], [1.0, 0.5, -1.0])
    assert difference(curves([other], "loss", {}), "base") == []


def test_seeds_are_gathered_as_mean_and_smallest_to_largest():
    seeds = [run("s0", {0: 2.0, 4: 0.0}, seed=0), run("s1", {0: 4.0, 2: 4.0, 4: 2.0, 6: 9.0}, seed=1)]
    other = run("other", {0: 7.0}, slot=2, epochs=3)
    assert has_siblings(seeds)
    assert not has_siblings([seeds[0], other])
    mean, alone = gathered([*seeds, other], curves([*seeds, other], "loss", {}))
    assert (mean.n_runs, mean.label) == (2, "s0, 2 seeds")
    assert list(mean.steps) == [0, 2, 4]
    assert list(mean.values) == [3.0, 2.5, 1.0]
    assert (list(mean.low), list(mean.high)) == ([2.0, 1.0, 0.0], [4.0, 4.0, 2.0])
    assert (alone.label, alone.low) == ("other", None)


def test_an_accuracy_has_its_error_and_a_mean_the_one_of_its_seeds_as_well():
    # On 258 images 50 % are known to √(64.5 + ¼)/259 = 3.1068 points; seeds at 40 and 60 %: s²/2 is 100.
    seeds = [
        replace(run(f"s{seed}", {}, seed=seed), points=[point(4, accuracy=share)])
        for seed, share in enumerate((0.4, 0.6))
    ]
    drawn = curves(seeds, "accuracy", {})
    assert drawn[0].error.tolist() == pytest.approx([3.0443], rel=1e-4)
    (mean,) = gathered(seeds, drawn)
    assert mean.error.tolist() == pytest.approx([math.hypot(10.0, 3.1068)], rel=1e-4)
    assert [each.error for each in difference(drawn, "s0")] == [None]
    assert [each.error for each in curves(seeds, "loss", {})] == [None, None]


def test_a_mean_is_called_by_what_its_runs_have_in_common():
    seeds = [replace(run(f"mine, seed {i}", {0: 2.0}, seed=i), family="mine") for i in range(3)]
    (mean,) = gathered(seeds, curves(seeds, "loss", {}))
    assert mean.label == "mine, 3 seeds"


def test_two_lanes_of_one_run_are_no_seeds():
    lanes = [Compared(str(lane), lane, SPEC, lane, [point(0)]) for lane in range(2)]
    assert not has_siblings(lanes)


def test_the_area_of_a_histogram_is_the_share_that_is_not_zero():
    edges, heights = histogram(FRAME, "fc1")
    assert edges.tolist() == pytest.approx([-0.1, -0.05, 0.0, 0.05, 0.1])
    # 1 of 40 weights is 2.5 %, spread over five times 0.01.
    assert heights.tolist() == pytest.approx([0.5, 1.0, 1.5, 12.0])
    assert (heights * np.diff(edges) / 0.01).sum() == pytest.approx(75.0)
    assert zero_percent(FRAME, "fc1") == 25.0
