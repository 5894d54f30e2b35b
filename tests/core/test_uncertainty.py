"""How sure an accuracy is: the formulas by hand, and against numpy's and SciPy's."""

import math

import numpy as np
import pytest
from scipy.stats import binomtest

from core.narration import percent_off
from core.snapshots import Score
from core.uncertainty import error_by_folds, error_by_seeds, off, only_one_right, sampling, standard_error


def test_the_error_of_seeds_has_both_parts():
    # Three seeds at 96, 97 and 98 %: s = 1 point, so s²/k is 1/3; 100 images at 97 %: √(2.91 + ¼)/101 is
    # 1.76 points.
    shares = [0.96, 0.97, 0.98]
    assert 100 * error_by_seeds(shares, 100) == pytest.approx(math.sqrt(1 / 3 + 1.76**2), rel=1e-4)
    assert error_by_seeds([0.5], 100) == standard_error(0.5, 100)


def test_the_error_of_folds_is_their_spread_but_at_least_that_of_all_their_images():
    apart = [0.90, 0.95, 1.00]
    assert error_by_folds(apart, 10_000) == pytest.approx(np.std(apart, ddof=1) / math.sqrt(3))
    # √(81 + ¼)/901: without the quarter it would be 9/901.
    assert error_by_folds([0.9, 0.9, 0.9], 900) == pytest.approx(0.0100043, rel=1e-5)


@pytest.mark.parametrize(("b", "c"), [(0, 0), (1, 0), (5, 3), (3, 5), (10, 1), (40, 17), (2000, 2100)])
def test_the_p_of_two_counts_is_the_binomial_test_of_scipy(b, c):
    expected = binomtest(b, b + c).pvalue if b + c else 1.0
    assert only_one_right(b, c) == pytest.approx(expected)


def test_five_against_three_by_hand():
    # Of 2^8 ways 1 + 8 + 28 + 56 = 93 have three or fewer on one side: 186 of 256.
    assert only_one_right(5, 3) == 186 / 256


def test_the_words_name_the_images():
    assert sampling([0.95], 100) == sampling([0.95, 0.95], 100) == "± 2.2 points: 100 validation images"
    # √(np(1 − p) + ¼)/(n + 1) by hand: √1.24/101 = 1.10, √25.25/101 = 4.98.
    assert sampling([0.5, 0.99, 0.95], 100) == "± 1.1 to 5.0 points: 100 validation images"
    assert percent_off(Score("accuracy", 1.0, 0.95, 100)) == "95.0 ± 2.2 %"
    assert percent_off(Score("error", 1.0, 3.21, 100)) == "3.2°"


def test_the_count_of_images_may_be_any():
    assert only_one_right(0, 0) == 1.0
    assert only_one_right(3_000, 3_000) == 1.0
    assert only_one_right(0, 3_000) == pytest.approx(0.0, abs=1e-300)


def test_the_error_of_a_share_is_how_far_samples_of_it_scatter():
    draws = np.random.default_rng(0).binomial(258, 0.95, size=200_000) / 258
    assert standard_error(0.95, 258) == pytest.approx(draws.std(), rel=0.01)
    # √(25 + ¼)/101 is 5.025/101.
    assert standard_error(0.5, 100) == pytest.approx(0.049752, rel=1e-4)


@pytest.mark.parametrize(
    ("right", "n"), [(258, 258), (0, 258), (1, 1), (251, 258), (50, 100), (9_812, 10_000)]
)
def test_the_error_of_a_share_is_half_of_wilsons_interval_of_scipy(right, n):
    low, high = binomtest(right, n).proportion_ci(confidence_level=math.erf(math.sqrt(0.5)), method="wilson")
    assert standard_error(right / n, n) == pytest.approx((high - low) / 2)


def test_all_images_right_is_no_proof():
    assert off(1.0, 258) == off(0.0, 258) == "± 0.2"
