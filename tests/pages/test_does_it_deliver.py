"""Does it deliver? without a browser: what a reader sees before and after asking for a result."""

from functools import partial

from streamlit.testing.v1 import AppTest

from core.lessons.does_it_deliver.claims import CLAIMS
from tests.pages import visiting

opened = partial(visiting.opened, "does_it_deliver")


def text(app: AppTest) -> str:
    return visiting.broken(" ".join(element.value for element in app.markdown))


def test_every_claim_is_a_card_that_keeps_its_result_back():
    app = opened()
    assert [each.value for each in app.subheader] == [f"“{claim.claim}”" for claim in CLAIMS.values()]
    assert all(app.button(key=f"{name}_run").label == "Run it" for name in CLAIMS)
    assert "Reveal" not in text(app)


def test_a_prediction_is_held_against_the_measurement_and_then_fixed():
    app = opened()
    app.number_input(key="deliver_guess_sparsity").set_value(30.0)
    app.button(key="sparsity_only").click().run()
    app.run()
    assert "You said **30 %**, measured **0.00 %**." in text(app)
    assert "Computed beforehand" in " ".join(each.value for each in app.caption)
    assert app.number_input(key="deliver_guess_sparsity").disabled
    assert not app.number_input(key="deliver_guess_smaller").disabled


def test_a_choice_is_a_prediction_too():
    app = opened()
    choice = CLAIMS["linear_only"].choices[0]
    app.radio(key="deliver_guess_linear_only").set_value(choice)
    app.button(key="linear_only_only").click().run()
    assert f"You said: **{choice}**. Measured: **fails only without warm-up**." in text(app)
