"""What is L1? on the server: the reader's weights reach the formula, and a forged click changes nothing."""

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from core.lessons.what_is_l1 import four_weights as lesson
from pages.ui.what_is_l1 import bill
from tests.pages import visiting

opened = partial(visiting.opened, "what_is_l1")


def formulas(app: AppTest) -> str:
    return "\n".join(formula.value for formula in app.latex)


def test_every_choice_of_loss_and_strength_is_answered_in_the_formula():
    app = opened()
    for kind in bill.LOSSES:
        app.radio(key="what_is_l1_loss").set_value(kind).run()
        for strength in bill.STRENGTHS:
            app.select_slider(key="what_is_l1_strength").set_value(strength).run()
            account = lesson.bill(kind, bill.FIRST_WEIGHTS, strength)
            assert not app.exception
            assert f"{account.data_loss:.3f}" in formulas(app)
            assert rf"\mathbf{{{account.total:.3f}}}" in formulas(app)


def test_the_buttons_move_the_weights():
    app = opened()
    best = lesson.best("cross_entropy", 0.1).weights
    app.button[0].click().run()
    values = [app.slider(key=f"what_is_l1_w{i}").value for i in range(4)]
    assert values == pytest.approx(best, abs=0.005)
    app.button[1].click().run()
    assert tuple(app.slider(key=f"what_is_l1_w{i}").value for i in range(4)) == bill.FIRST_WEIGHTS


@pytest.mark.parametrize(
    ("click", "zero"),
    [
        ({"curve": 3, "point": 0, "customdata": 2}, {2}),
        ({"customdata": 4}, set()),
        ({"customdata": -1}, set()),
        ({"customdata": "0"}, set()),
        ({"customdata": [1]}, set()),
        ({}, set()),
        ("0", set()),
        (None, set()),
    ],
)
def test_only_a_click_on_one_of_the_four_weights_counts(monkeypatch, click, zero):
    class Clicked(dict):
        @property
        def click(self):
            return click

    state = {"what_is_l1_bill": Clicked()}
    monkeypatch.setattr(bill.st, "session_state", state)
    bill._bar_clicked()
    assert {i for i in range(4) if state.get(f"what_is_l1_w{i}") == 0.0} == zero
