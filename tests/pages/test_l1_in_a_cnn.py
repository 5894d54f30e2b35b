"""L1 in a CNN on the server: a guess, a choice of layers, and a question to the reader's own network."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from core.link import from_link
from core.registry import EXPERIMENTS
from core.runs import runs
from tests.browser.serving import wait_until
from tests.core.lessons.how_zeros_happen.test_network import told
from tests.core.lessons.l1_in_a_cnn.test_results import kept
from tests.pages.visiting import opened

pytestmark = pytest.mark.usefixtures("service")


@pytest.fixture
def page() -> AppTest:
    return opened("l1_in_a_cnn")


def said(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def test_a_guess_is_held_against_the_measurement_and_then_fixed(page):
    page.number_input(key="l1_in_a_cnn_guess").set_value(40.0)
    assert "you said" not in said(page)
    page.button(key="zeros_by_target_only").click().run()
    page.run()
    assert not page.exception
    measured = f"measured **{told([run.zero_percent(2) for run in kept('zeros_by_target')], 0)} %**"
    assert f"fc1 alone: you said **40 %**, {measured}." in said(page)
    assert page.number_input(key="l1_in_a_cnn_guess").disabled


def test_what_an_experiment_measured_is_told_elsewhere_only_once_it_has_ended(page):
    verdict, later = "Did training do it?", "Here, once the networks above are trained."
    assert verdict in said(page)
    page.button(key="zeros_by_target_run").click().run()
    try:
        # Its starting weights are no result, and the example's would tell how it ends.
        page.run()
        assert verdict not in said(page)
        assert later in [each.value for each in page.caption]
    finally:
        page.button(key="zeros_by_target_stop").click().run()


@pytest.mark.parametrize("chosen", [["conv1", "fc2"], []])
def test_the_chosen_layers_go_to_train_live(page, chosen):
    page.session_state["l1_in_a_cnn_layers"] = chosen
    page.run()
    button = page.get("link_button")[0].proto
    assert button.disabled == (not chosen)
    if chosen:
        spec = from_link(dict(parse_qsl(urlsplit(button.url).query)))
        assert spec.lanes[1].layers == set(chosen)


def test_the_readers_own_network_is_rescaled_and_its_outputs_stay(page):
    assert page.button(key="l1_in_a_cnn_rescale").disabled
    page.button(key="zeros_by_target_run").click().run()
    name = page.session_state["zeros_by_target_runs"][0]
    assert runs().history(name).view.spec == EXPERIMENTS["zeros_by_target"].specs[0]
    wait_until(lambda: runs().history(name).points[0], 120)
    page.button(key="zeros_by_target_stop").click().run()
    page.run()
    page.button(key="l1_in_a_cnn_rescale").click().run()
    assert not page.exception
    assert "the outputs move by" in said(page)
