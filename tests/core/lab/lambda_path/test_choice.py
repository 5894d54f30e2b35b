"""λ chosen by one standard error: the rule against tables worked by hand, its errors against numpy."""

import dataclasses
import math

import numpy as np
import pytest

from core.lab.lambda_path import words
from core.lab.lambda_path.choice import (
    choose,
    choosing,
    last_look,
    with_choice,
)
from core.lab.lambda_path.path import LINEAR, LINEAR_GRID, Choice, Grid, specs
from core.snapshots import Score
from core.spec import RunSpec
from tests.core.lab.lambda_path.test_path import made
from tests.core.runs.made import point


@pytest.mark.parametrize(
    ("scores", "error", "best", "chosen"),
    [
        ([95.0, 97.0, 96.5, 96.0, 90.0], 1.0, 1, 3),
        ([95.0, 97.0, 96.5, 96.0, 90.0], 0.9, 1, 2),
        ([95.0, 97.0, 96.5, 96.0, 90.0], 0.0, 1, 1),
        # A λ that is worse does not end it: a larger one counts again.
        ([97.0, 95.0, 96.8, 50.0], 0.5, 0, 2),
        # Of equals the last.
        ([97.0, 97.0, 97.0], 0.0, 0, 2),
    ],
)
def test_the_rule_by_hand(scores, error, best, chosen):
    assert choose(scores, error) == (best, chosen)
    assert choose([100.0 - each for each in scores], error, less_is_better=True) == (best, chosen)


def scored(accuracies, test=None, n=100, **fields):
    """A run of `made` whose lanes have these scores on n images."""
    run = made(accuracies, [0, 50, 150, 200], **fields)
    points = [
        [dataclasses.replace(point(), score=Score("accuracy", 1.0, each, n, test, 400))]
        for each in accuracies
    ]
    return dataclasses.replace(run, points=points)


def test_the_choice_of_three_seeds_by_hand():
    runs = [scored([0.96, 0.97, 0.95, 0.1]), scored([0.96, 0.97, 0.95, 0.1]), scored([0.96, 0.97, 0.95, 0.1])]
    # The seeds agree: one standard error is √(2.91 + ¼)/101 = 1.760 points, and 95 % is 2 below.
    assert with_choice(runs).choice == Choice(1, 1, pytest.approx(1.7600, rel=1e-4))
    runs[2] = scored([0.96, 0.99, 0.99, 0.1])
    # 97.67 % of 100 images is √(2.279 + ¼)/101 = 1.575 points, s²/k is 4/9: together 1.710; 96.33 % is 1.33
    # below.
    found = with_choice(runs)
    assert found.choice == Choice(1, 2, pytest.approx(1.7098, rel=1e-4))
    assert found.named[2].endswith("chosen")
    assert "λ = 1e-3" in words.chosen(found, found.choice)
    assert "97.7 ± 1.7 % at λ = 1e-4" in words.chosen(found, found.choice)


@pytest.mark.parametrize(
    ("best", "error"),
    [
        # s is 4 points: s/√3 is 2.309, and √(90 + ¼)/1,001 is 0.949 only.
        ((0.94, 0.9, 0.86), 2.3094),
        # They agree, and are of 1,000 images in all.
        ((0.9, 0.9, 0.9), 0.94905),
    ],
)
def test_the_error_of_three_thirds_by_hand(best, error):
    thirds = [
        scored([0.5, each, 0.5, 0.1], n=n, fold=fold)
        for fold, (each, n) in enumerate(zip(best, (300, 300, 400), strict=True), start=1)
    ]
    assert with_choice(thirds).choice == Choice(1, 1, pytest.approx(error, rel=1e-4))


def test_a_network_is_chosen_by_seeds_and_the_linear_one_by_thirds_of_the_training_images():
    base, grid = RunSpec(fold=2), Grid(n=4, seeds=1)
    assert choosing(base, grid) == specs(RunSpec(), dataclasses.replace(grid, seeds=3))
    folds = choosing(LINEAR, LINEAR_GRID)
    assert [(run.fold, run.seed) for run in folds] == [(1, 0), (2, 0), (3, 0)]
    assert {run.model_copy(update={"fold": 0}) for run in folds} == {*specs(LINEAR, LINEAR_GRID)}


def test_the_test_is_the_mean_of_the_runs_once_all_have_looked():
    runs = [scored([0.9] * 4, test=0.8), scored([0.9] * 4, test=0.8)]
    # √(64 + ¼)/401 = 1.9989 points.
    assert dataclasses.astuple(last_look(runs, 1)) == pytest.approx((80.0, 1.9989, 400), rel=1e-4)
    assert last_look([*runs, scored([0.9] * 4)], 1) is None


def test_errors_in_degrees_have_the_spread_of_the_runs():
    runs = []
    for errors in ([5.0, 4.0, 5.0, 22.0], [5.0, 6.0, 5.0, 22.0], [5.0, 4.4, 5.0, 22.0]):
        run = made([0] * 4, [0] * 4, dataset="rotated_digits")
        points = [[point(valid=error, kind="error")] for error in errors]
        runs.append(dataclasses.replace(run, points=points))
    found = with_choice(runs)
    spread = np.std([4.0, 6.0, 4.4], ddof=1) / math.sqrt(3)
    assert found.choice == Choice(1, 2, pytest.approx(spread))
