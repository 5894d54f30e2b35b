"""The bands under the λ slider follow the settings; the buttons set λ, and the server decides to what."""

import re
from itertools import pairwise

import pytest

from core.bands import measurement
from core.link import from_link
from core.spec import STRENGTHS, RunSpec, strength_text
from pages.ui import bands
from tests.pages.visiting import run_of, said, train_live

pytestmark = pytest.mark.usefixtures("service")


def html(app) -> str:
    return " ".join(each.proto.body for each in app.get("html"))


def spans(text: str) -> list[tuple[str, float, float]]:
    """Band, left edge and width in percent of the strip."""
    found = re.findall(r'band-(\w+)" style="left:([\d.]+)%;width:([\d.]+)%', text)
    return [(kind, float(left), float(width)) for kind, left, width in found]


@pytest.mark.parametrize("stops", [STRENGTHS, sorted({*STRENGTHS, 2e-4})], ids=["stops", "one more"])
def test_every_stop_of_the_slider_lies_within_its_own_band(stops):
    found = measurement(RunSpec())
    drawn = spans(bands.strip(found, stops))
    assert (drawn[0][1], drawn[-1][1] + drawn[-1][2]) == (0.0, pytest.approx(100.0, abs=0.02))
    for before, after in pairwise(drawn):
        assert before[1] + before[2] == pytest.approx(after[1], abs=0.02)
    for place, stop in enumerate(stops):
        at = 100 * place / (len(stops) - 1)
        over = [kind for kind, left, width in drawn if left - 0.02 <= at <= left + width + 0.02]
        assert over == [found.bands.kind(stop)]


def test_the_strip_says_in_words_what_it_shows():
    found = measurement(RunSpec())
    text = bands.strip(found, STRENGTHS)
    for begins in (found.bands.effect, found.bands.falls, found.bands.collapses):
        assert f"from {strength_text(begins)}" in text
    assert 'role="img"' in text
    assert all(bands.LABELS[kind].split()[-1] in text for kind, _, _ in spans(text))


def test_buttons_move_the_slider_and_the_going_run():
    app = train_live()
    app.button(key="train_play").click().run()
    first = run_of(app)
    found = measurement(RunSpec())
    for kind in bands.JUMPS:
        app.button(key=f"train_jump_{kind}").click().run()
        target = found.bands.jump(kind, STRENGTHS)
        assert app.select_slider(key="train_strength").value == target
        assert run_of(app).id == first.id
        assert run_of(app).spec.lanes[-1].strength == target


def test_bands_follow_the_settings_on_the_screen():
    app = train_live()
    drawn = html(app)
    assert spans(drawn)
    app.selectbox(key="train_model").set_value("small_cnn").run()
    assert spans(html(app))
    assert html(app) != drawn
    app.selectbox(key="train_model").set_value("textbook_cnn").run()
    assert html(app) == drawn


def test_settings_without_a_measurement_say_so():
    app = train_live(penalty="sparse_group_lasso", dataset="cifar10")
    assert bands.UNMEASURED in html(app)
    assert not spans(html(app))
    assert all(app.button(key=f"train_jump_{kind}").disabled for kind in bands.JUMPS)


def test_a_band_that_the_slider_does_not_reach_has_no_button():
    app = train_live(method="textbook")
    found = measurement(app.session_state["train_spec"])
    assert found.bands.collapses is None
    assert not found.bands.exact
    assert app.button(key="train_jump_collapse").disabled
    assert not app.button(key="train_jump_strong").disabled


@pytest.mark.parametrize(
    ("behind", "sentence"),
    [
        ({"dataset": "cifar10", "penalty": "sparse_group_lasso"}, bands.UNMEASURED),
        ({"method": "textbook"}, bands.NOWHERE["collapse"]),
    ],
    ids=["unmeasured", "no such band"],
)
def test_a_press_on_a_page_that_is_behind_the_settings_is_one_sentence(behind, sentence):
    app = train_live()
    before = app.select_slider(key="train_strength").value
    app.session_state["train_spec"] = from_link(behind)
    app.button(key="train_jump_collapse").click().run()
    assert said(app, sentence)
    assert app.select_slider(key="train_strength").value == before


def test_the_optimizer_brings_its_learning_rate_unless_one_was_chosen():
    app = train_live()
    app.selectbox(key="train_optimizer").set_value("sgd").run()
    assert app.number_input(key="train_learning_rate").value == 0.05
    app.number_input(key="train_learning_rate").set_value(0.02).run()
    app.selectbox(key="train_optimizer").set_value("adam").run()
    assert app.number_input(key="train_learning_rate").value == 0.02
