"""The linear benchmark: its objective by hand, and how the shortest run that is good enough is found."""

import math

import numpy as np
import pytest
import torch

from benchmarks.linear import MOST_ITERATIONS, Task, fewest, fista, saga
from core.data.images import digits


def task(strength: float, two: bool = False) -> Task:
    images = digits()
    return Task(images.train_x.flatten(1), images.train_y % 2 if two else images.train_y, strength)


def test_at_zero_the_objective_is_that_of_guessing():
    zero = np.zeros((10, 64)), np.zeros(10)
    assert task(0.1).objective(zero) == pytest.approx(math.log(10), rel=1e-6)


def test_one_row_of_weights_is_judged_as_the_two_rows_it_stands_for():
    odd = task(0.1, two=True)
    w = np.linspace(-0.1, 0.1, 64).reshape(1, -1)
    two = np.concatenate([-w / 2, w / 2]), np.array([-0.05, 0.05])
    assert odd.objective((w, np.array([0.1]))) == pytest.approx(odd.objective(two), rel=1e-12)


def test_ours_and_scikit_learn_s_end_at_the_same_objective():
    ten = task(0.05)
    ours, theirs = (solve(ten, torch.float64)(60) for solve in (fista, saga))
    assert ten.objective(ours) == pytest.approx(ten.objective(theirs), abs=1e-5)


@pytest.mark.parametrize("needed", [1, 2, 7, 100, 5000])
def test_the_fewest_iterations_are_enough_and_a_fifth_less_are_not(needed):
    found = fewest(lambda n: (np.array([n]), np.array([0])), lambda point: point[0][0] >= needed)
    assert found is not None
    assert needed <= found <= max(needed + 1, 1.26 * needed)


def test_what_is_never_good_enough_has_no_number():
    assert (
        fewest(lambda n: (np.array([n]), np.array([0])), lambda point: point[0][0] > MOST_ITERATIONS) is None
    )
