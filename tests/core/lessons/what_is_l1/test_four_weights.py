"""The page's bill against sums by hand, finite differences and scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import Lasso, LogisticRegression

from core.lessons.what_is_l1 import four_weights as lesson

KINDS = ("mse", "cross_entropy")
WEIGHTS = (1.2, -0.5, 0.0, 0.3)
EXACT = 1e-9


def test_losses_are_the_textbooks_worked_by_hand():
    nothing = (0.0, 0.0, 0.0, 0.0)
    assert lesson.data_loss("cross_entropy", nothing) == pytest.approx(np.log(2))
    # 1.9² + 0.4² + 1.5² + 0.6² + 1.6² + 1.4² + 1.0² + 0.9² = 12.71
    assert lesson.data_loss("mse", nothing) == pytest.approx(12.71 / 8)


@pytest.mark.parametrize("kind", KINDS)
def test_gradient_is_the_slope_of_the_loss(kind):
    h = 1e-6
    for i in range(lesson.N_WEIGHTS):
        up, down = np.array(WEIGHTS), np.array(WEIGHTS)
        up[i], down[i] = up[i] + h, down[i] - h
        slope = (lesson.data_loss(kind, up) - lesson.data_loss(kind, down)) / (2 * h)
        assert lesson.gradient(kind, WEIGHTS)[i] == pytest.approx(slope, abs=1e-8)


def test_the_bill_adds_up():
    account = lesson.bill("mse", WEIGHTS, 0.1)
    assert account.norm == pytest.approx(2.0)
    assert account.penalty == pytest.approx(0.2) == sum(account.prices)
    assert account.total == pytest.approx(lesson.data_loss("mse", WEIGHTS) + 0.2)


@pytest.mark.parametrize("kind", KINDS)
def test_the_worst_bargain_is_the_weight_whose_zero_helps_most(kind):
    account = lesson.bill(kind, WEIGHTS, 0.1)
    totals = [account.without(i).total for i in range(lesson.N_WEIGHTS)]
    verdict = lesson.worst_bargain(account)
    assert verdict.index == int(np.argmin(totals))
    assert account.total - min(totals) == pytest.approx(verdict.price - verdict.earned)


@pytest.mark.parametrize("kind", KINDS)
def test_every_weight_left_in_the_best_earns_its_price(kind):
    for strength in (0.01, 0.1):
        assert lesson.worst_bargain(lesson.best(kind, strength)) is None


@pytest.mark.parametrize("strength", [0.01, 0.03, 0.1, 0.3, 1.0])
def test_best_for_a_number_is_scikit_learns_lasso(strength):
    # scikit-learn halves the squared error: its alpha is λ/2.
    lasso = Lasso(alpha=strength / 2, fit_intercept=False, tol=1e-14, max_iter=100_000)
    lasso.fit(lesson.INPUTS, lesson.VALUES)
    ours = lesson.best("mse", strength).weights
    np.testing.assert_allclose(ours, lasso.coef_, atol=1e-7)
    assert [w == 0 for w in ours] == [w == 0 for w in lasso.coef_]


@pytest.mark.parametrize("strength", [0.01, 0.03, 0.1])
def test_best_for_a_class_is_scikit_learns_logistic_regression(strength):
    c = 1 / (len(lesson.INPUTS) * strength)
    model = LogisticRegression(
        l1_ratio=1.0, C=c, solver="saga", fit_intercept=False, tol=1e-10, max_iter=100_000, random_state=0
    )
    model.fit(lesson.INPUTS, lesson.CLASSES)
    np.testing.assert_allclose(lesson.best("cross_entropy", strength).weights, model.coef_[0], atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("strength", [0.0, 0.01, 0.03, 0.1, 0.3, 1.0])
def test_best_fulfils_the_condition_of_a_minimum(kind, strength):
    w = np.array(lesson.best(kind, strength).weights)
    g = lesson.gradient(kind, w)
    np.testing.assert_allclose(g[w != 0], -strength * np.sign(w[w != 0]), atol=1e-8)
    assert np.all(np.abs(g[w == 0]) <= strength + EXACT)


@pytest.mark.parametrize("v", [-1.7, -0.5, -0.2, 0.0, 0.4, 0.5, 2.0])
def test_steps_minimise_what_they_are_defined_by(v):
    w, threshold = np.linspace(-3, 3, 60_001), 0.5
    l1 = threshold * np.abs(w) + (w - v) ** 2 / 2
    l2 = threshold * w**2 / 2 + (w - v) ** 2 / 2
    assert lesson.soft_threshold(v, threshold) == pytest.approx(w[np.argmin(l1)], abs=1e-4)
    assert lesson.shrink(v, threshold) == pytest.approx(w[np.argmin(l2)], abs=1e-4)


def test_soft_threshold_by_hand_and_without_a_minus_zero():
    np.testing.assert_array_equal(lesson.soft_threshold([-1.5, -0.5, 0.2, 2.0], 0.5), [-1.0, 0.0, 0.0, 1.5])
    assert not np.signbit(lesson.soft_threshold([-0.5, -0.1, -0.0], 0.5)).any()
    assert lesson.shrink(3.0, 0.5) == 2.0
