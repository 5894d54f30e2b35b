"""Differences seed by seed, against numbers worked by hand and SciPy's paired test."""

from dataclasses import replace
from statistics import fmean

import pytest
from scipy.stats import ttest_rel

from core.lab.compare_runs.curves import Compared
from core.lab.compare_runs.pairs import OWN_LANE, pairs, told
from core.spec import LaneSpec, RunSpec
from core.uncertainty import error_of_mean
from tests.core.runs import made

SPEC = RunSpec.beside_zero(LaneSpec(), epochs=2)
WEIGHTS = 200


def lane(accuracy: float, selected: int, index: int = 1, **spec) -> Compared:
    frame = made.frame({"fc1": made.layer(weights=WEIGHTS)})
    fields = {"zeros": {"fc1": selected + 7}, "idle": {"fc1": 4}, "cut_off": {"fc1": 3}}
    spec = SPEC.model_copy(update=spec)
    return Compared("a", 0, spec, index, [made.point(5, valid=accuracy, **fields)], frame)


def run(label: str, own: tuple[float, int], other: tuple[float, int], **spec) -> Compared:
    return replace(lane(*own, **spec), label=label, family="a", beside=lane(*other, index=0, **spec))


SEEDS = [
    run("a, seed 0", (0.97, 100), (0.95, 0), seed=0),
    run("a, seed 1", (0.95, 120), (0.94, 0), seed=1),
    run("a, seed 2", (0.96, 140), (0.93, 0), seed=2),
]


def test_seeds_against_their_own_lanes_by_hand():
    found = pairs(SEEDS)
    assert found.reference == OWN_LANE
    (row,) = found.rows
    assert (row.label, row.seeds) == ("a", (0, 1, 2))
    # 2, 1 and 3 points: mean 2, s = 1, 1/√3 = 0.577.
    assert row.accuracy == pytest.approx((2.0, 1.0, 3.0))
    assert told(row.accuracy) == "+2.0 ± 0.6"
    assert told([-0.2, -0.4]) == "−0.3 ± 0.1"
    # Of 200 weights 50, 60 and 70 %: mean 60, s = 10, 10/√3 = 5.77.
    assert row.selected == pytest.approx((50.0, 60.0, 70.0))
    assert told(row.selected) == "+60.0 ± 5.8"


def test_the_error_of_the_mean_difference_is_that_of_scipys_paired_test():
    (row,) = pairs(SEEDS).rows
    tested = ttest_rel([97.0, 95.0, 96.0], [95.0, 94.0, 93.0])
    assert error_of_mean(row.accuracy) == pytest.approx(fmean(row.accuracy) / tested.statistic)


def test_a_baseline_is_the_reference_of_the_seeds_that_it_has():
    base = [run(f"b, seed {seed}", (0.90, 20), (0.9, 0), seed=seed, epochs=3) for seed in (2, 1)]
    found = pairs([*SEEDS, *base], "b, seed 2")
    assert "with the settings of b, seed 2" in found.sentence
    (row,) = found.rows
    assert (row.label, row.seeds) == ("a", (1, 2))
    assert row.accuracy == pytest.approx((5.0, 6.0))
    assert row.selected == pytest.approx((50.0, 60.0))
    # Of one seed alone there is no pair with each of the others: then their own lanes are.
    assert pairs([*SEEDS, base[0]], "b, seed 2").reference == OWN_LANE


def test_without_two_seeds_of_the_same_settings_there_are_no_pairs():
    assert pairs([]) is None
    assert pairs([SEEDS[0], replace(SEEDS[0], label="again")]) is None
    assert pairs([SEEDS[0], run("c", (0.9, 0), (0.9, 0), seed=1, epochs=9)]) is None
    assert pairs([replace(each, beside=None) for each in SEEDS]) is None
    # Settings that were moved on the way are nobody else's.
    assert pairs([SEEDS[0], replace(SEEDS[1], marks=(3,))]) is None


def test_a_number_that_one_of_them_does_not_have_is_told_of_none():
    unseen = replace(SEEDS[0], points=[replace(SEEDS[0].points[0], idle=None, cut_off=None)])
    (row,) = pairs([unseen, *SEEDS[1:]]).rows
    assert (len(row.accuracy), row.selected, told(row.selected)) == (3, (), "–")
