"""The longer formulas: the numbers in them add up, and each term has its colour."""

import re

import numpy as np
import pytest

from core.figures.theme import PALETTES
from core.lessons.what_is_l1 import four_weights as lesson
from core.lessons.what_is_l1.least_squares import mean_squared_error
from pages.ui.what_is_l1 import formulas


def numbers(latex: str) -> list[float]:
    plain = re.sub(r"\\textcolor\{#\w+\}", "", latex)
    return [float(each) for each in re.findall(r"-?\d+\.?\d*(?:e-\d+)?", plain)]


@pytest.mark.parametrize("strength", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("weights", [(1.2, 0.6, 0.5, -0.4), (0.0, 0.0, 0.0, -2.0)])
def test_the_readers_bill_adds_up_in_both_lines(tab, weights, strength):
    yours = lesson.bill("mse", weights, strength)
    data, price, *sizes, same_data, same_price, norm, total = numbers(formulas.bill(yours))
    assert sizes == [abs(w) for w in weights]
    assert data == same_data
    assert price == same_price == strength
    assert norm == pytest.approx(sum(sizes))
    assert total == pytest.approx(data + price * norm, abs=0.0011)


def test_the_quadratic_is_the_mean_squared_error_it_is_written_for(tab):
    loss = mean_squared_error(0, 1)
    half, a, b, c, d, p, q, constant = numbers(formulas.quadratic(loss).replace(r"\tfrac12", " 0.5 "))
    written = half, np.array([[a, b], [c, d]]), np.array([p, q]), constant
    for w in ((0.0, 0.0), (1.0, 0.0), (0.3, -0.7)):
        value = written[0] * np.array(w) @ written[1] @ np.array(w) - written[2] @ np.array(w) + written[3]
        assert value == pytest.approx(loss.value(np.array(w)), abs=0.003)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("formula", [formulas.total, formulas.balance])
def test_each_term_has_its_colour(tab, theme, formula):
    tab.theme.type = theme
    for role in ("data_loss", "penalty"):
        assert getattr(PALETTES[theme], role) in formula()
