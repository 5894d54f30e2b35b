"""How zeros happen on the server: a press trains the lanes, and λ falls on the way."""

import pytest
from streamlit.testing.v1 import AppTest

from core.registry import EXPERIMENTS
from core.runs import runs
from tests.browser.serving import wait_until
from tests.pages.visiting import opened

pytestmark = pytest.mark.usefixtures("service")


@pytest.fixture
def page() -> AppTest:
    return opened("how_zeros_happen")


def history(app: AppTest, name: str):
    return runs().history(app.session_state[f"{name}_runs"][0])


def changes(app: AppTest):
    return [event for event in history(app, "zeros_return").events if event.kind == "change"]


def test_a_press_trains_all_methods_in_one_run(page):
    page.button(key="zeros_by_method_run").click().run()
    view = history(page, "zeros_by_method").view
    assert view.spec == EXPERIMENTS["zeros_by_method"].specs[0]
    page.button(key="zeros_by_method_stop").click().run()
    assert not page.exception
    assert history(page, "zeros_by_method").view.state == "stopped"


def test_strength_falls_in_every_lane_once_and_the_events_say_so(page):
    turn = EXPERIMENTS["zeros_return"].turn
    page.button(key="zeros_return_run").click().run()
    page.run()
    first = history(page, "zeros_return").view
    assert first.spec == EXPERIMENTS["zeros_return"].specs[0]
    # Held as soon as it is time: the page, not this test, makes the change.
    wait_until(lambda: history(page, "zeros_return").share >= turn.share, 120)
    runs().steering.pause(first.owner, first.id)
    for _ in range(2):
        page.run()
        assert not page.exception
    lanes = history(page, "zeros_return").view.spec.lanes
    assert {lane.strength for lane in lanes} == {turn.strength}
    told = wait_until(lambda: len(changes(page)) >= len(lanes) and changes(page))
    assert sorted(event.lane for event in told) == list(range(len(lanes)))
    runs().steering.stop(first.owner, first.id)
