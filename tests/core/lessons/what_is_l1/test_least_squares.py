"""One and two weights: solutions against scikit-learn and a fine grid, pulls against each other."""

import numpy as np
import pytest
from sklearn.linear_model import Lasso, Ridge

from core.lessons.what_is_l1 import least_squares as lesson
from core.lessons.what_is_l1.four_weights import INPUTS, VALUES, data_loss

ONE, TWO = lesson.mean_squared_error(0), lesson.mean_squared_error(0, 1)
STRENGTHS = (0.0, 0.25, 0.7, 1.05, 1.2, 1.78, 1.8, 3.0)


def test_the_quadratic_is_the_mean_squared_error():
    for w in ([0.0, 0.0], [1.3, -0.4]):
        assert TWO.value(w) == pytest.approx(data_loss("mse", [*w, 0.0, 0.0]))
    assert ONE.value([0.5]) == pytest.approx(np.mean((0.5 * INPUTS[:, 0] - VALUES) ** 2))


def test_gradient_is_the_slope():
    w, h = np.array([0.3, -0.8]), 1e-6
    slopes = [(TWO.value(w + h * e) - TWO.value(w - h * e)) / (2 * h) for e in np.eye(2)]
    np.testing.assert_allclose(TWO.gradient(w), slopes, atol=1e-8)


@pytest.mark.parametrize("strength", STRENGTHS[1:])
def test_solutions_are_scikit_learns(strength):
    x = INPUTS[:, :2]
    l1 = Lasso(alpha=strength / 2, fit_intercept=False, tol=1e-14, max_iter=100_000).fit(x, VALUES)
    ours = lesson.solution(TWO, "l1", strength)
    np.testing.assert_allclose(ours, l1.coef_, atol=1e-8)
    np.testing.assert_array_equal(ours == 0, l1.coef_ == 0)
    # Ridge adds alpha·Σw² to the sum of squares: n·λ/2 for ours.
    l2 = Ridge(alpha=len(x) * strength / 2, fit_intercept=False).fit(x, VALUES)
    np.testing.assert_allclose(lesson.solution(TWO, "l2", strength), l2.coef_, atol=1e-8)


@pytest.mark.parametrize("penalty", ["l1", "l2"])
@pytest.mark.parametrize("strength", STRENGTHS)
def test_one_weights_solution_is_the_lowest_point_of_a_grid(penalty, strength):
    w = np.linspace(-1, 3, 40_001)
    size = np.abs(w) if penalty == "l1" else w**2 / 2
    total = ONE.hessian[0, 0] * w**2 / 2 - ONE.pull[0] * w + ONE.constant + strength * size
    assert lesson.solution(ONE, penalty, strength)[0] == pytest.approx(w[np.argmin(total)], abs=1e-4)


def test_one_weight_is_exactly_zero_once_lambda_passes_the_slope_at_zero():
    slope = abs(ONE.gradient([0.0])[0])
    assert lesson.solution(ONE, "l1", slope * 1.0001)[0] == 0.0
    assert lesson.solution(ONE, "l1", slope * 0.9999)[0] > 0.0
    assert lesson.solution(ONE, "l2", slope * 100)[0] > 0.0


@pytest.mark.parametrize("penalty", ["l1", "l2"])
@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_two_pulls_balance_at_the_solution(penalty, strength):
    w = lesson.solution(TWO, penalty, strength)
    pull = lesson.penalty_pull(TWO, penalty, strength)
    np.testing.assert_allclose(pull, TWO.gradient(w), atol=1e-9)
    if penalty == "l1":
        assert np.all(np.abs(pull) <= strength)


def test_a_contour_lies_on_its_level_and_below_the_lowest_there_is_none():
    for level in (0.2, 1.0):
        assert [TWO.value(w) for w in TWO.contour(level)] == pytest.approx([level] * 61)
    with pytest.raises(ValueError, match="level must be at least"):
        TWO.contour(0.0)
