"""The bands under the λ slider follow the settings; the buttons set λ, and the server decides to what."""

import re
from itertools import pairwise
from statistics import fmean

import pytest

from core.bands import FILE, measurement, read
from core.link import from_link
from core.spec import PRESETS, STRENGTHS, RunSpec, strength_text
from core.words import MODELS
from pages.ui.train_live import bands
from tests.pages.visiting import run_of, said, setting, train_live

pytestmark = pytest.mark.usefixtures("service")
SHORT = RunSpec(epochs=60)


def html(app) -> str:
    return " ".join(each.proto.body for each in app.get("html"))


def spans(text: str) -> list[tuple[str, float, float]]:
    """Band, left edge and width in percent of the strip."""
    found = re.findall(r'band-(\w+)" style="left:([\d.]+)%;width:([\d.]+)%', text)
    return [(kind, float(left), float(width)) for kind, left, width in found]


@pytest.mark.parametrize("stops", [STRENGTHS, sorted({*STRENGTHS, 2e-4})], ids=["stops", "one more"])
def test_every_stop_of_the_slider_lies_within_its_own_band(stops):
    found = measurement(RunSpec())
    drawn = spans(bands.strip(found, stops, 200))
    assert (drawn[0][1], drawn[-1][1] + drawn[-1][2]) == (0.0, pytest.approx(100.0, abs=0.02))
    for before, after in pairwise(drawn):
        assert before[1] + before[2] == pytest.approx(after[1], abs=0.02)
    for place, stop in enumerate(stops):
        at = 100 * place / (len(stops) - 1)
        over = [kind for kind, left, width in drawn if left - 0.02 <= at <= left + width + 0.02]
        assert over == [found.bands.kind(stop)]


def test_the_strip_says_in_words_what_it_shows():
    found = measurement(SHORT)
    text = bands.strip(found, STRENGTHS, 60)
    for begins in (found.bands.effect, found.bands.falls, found.bands.collapses):
        assert f"from {strength_text(begins)}" in text
    assert 'role="img"' in text
    assert all(bands.LABELS[kind].split()[-1] in text for kind, _, _ in spans(text))


@pytest.mark.parametrize("model", ["textbook_cnn", "small_cnn", "linear"])
def test_the_bands_say_under_which_condition_they_hold(model):
    found = measurement(RunSpec(model=model))
    text = f"{bands.measured(RunSpec(model=model))} {bands.strip(found, STRENGTHS, 200)}"
    for condition in (MODELS[model].name, f"{found.epochs} epochs", "λ from the first update on"):
        assert text.count(condition) == 3


@pytest.mark.parametrize("found", read(FILE), ids=lambda each: "-".join((*each.key, str(each.epochs))))
def test_where_the_strip_says_that_accuracy_holds_it_does(found):
    target = found.bands.jump("holds", found.strengths)
    floor = fmean(found.accuracy[0]) - found.standard_error
    assert target is None or fmean(found.accuracy[found.strengths.index(target)]) >= floor
    assert "useful" not in bands.strip(found, STRENGTHS, 200)


def test_of_the_zeros_at_the_lambda_of_exact_zeros_a_good_part_is_not_selected():
    spec = PRESETS["exact_zeros"]
    found = measurement(spec)
    at = found.strengths.index(spec.lanes[-1].strength)
    for selected, zeros in zip(found.selected[at], found.zeros[at], strict=True):
        assert 0.0 < selected < 2 * zeros / 3


def test_buttons_move_the_slider_and_the_going_run():
    app = train_live(epochs="60")
    app.button(key="train_play").click().run()
    first = run_of(app)
    found = measurement(SHORT)
    for kind in bands.JUMPS:
        app.button(key=f"train_jump_{kind}").click().run()
        target = found.bands.jump(kind, STRENGTHS)
        assert setting(app, "train_strength").value == target
        assert run_of(app).id == first.id
        assert run_of(app).spec.lanes[-1].strength == target


def test_bands_follow_the_settings_on_the_screen():
    app = train_live()
    drawn = html(app)
    assert spans(drawn)
    setting(app, "train_model").set_value("small_cnn").run()
    assert spans(html(app))
    assert html(app) != drawn
    setting(app, "train_model").set_value("textbook_cnn").run()
    assert html(app) == drawn


def test_settings_without_a_measurement_say_so():
    app = train_live(penalty="sparse_group_lasso", dataset="cifar10")
    assert bands.UNMEASURED in html(app)
    assert not spans(html(app))
    assert all(app.button(key=f"train_jump_{kind}").disabled for kind in bands.JUMPS)


def test_a_band_that_the_slider_does_not_reach_has_no_button():
    app = train_live(model="linear", method="textbook", epochs="60")
    found = measurement(app.session_state["train_spec"])
    assert found.bands.collapses is None
    assert found.bands.counted == "nearly"
    assert app.button(key="train_jump_collapse").disabled
    assert not app.button(key="train_jump_falls").disabled


@pytest.mark.parametrize(
    ("behind", "sentence"),
    [
        ({"dataset": "cifar10", "penalty": "sparse_group_lasso"}, bands.UNMEASURED),
        ({"model": "linear", "method": "textbook", "epochs": "60"}, bands.NOWHERE["collapse"]),
    ],
    ids=["unmeasured", "no such band"],
)
def test_a_press_on_a_page_that_is_behind_the_settings_is_one_sentence(behind, sentence):
    app = train_live(epochs="60")
    before = setting(app, "train_strength").value
    app.session_state["train_spec"] = from_link(behind)
    app.button(key="train_jump_collapse").click().run()
    assert said(app, sentence)
    assert setting(app, "train_strength").value == before


def test_the_optimizer_brings_its_learning_rate_unless_one_was_chosen():
    app = train_live()
    setting(app, "train_optimizer").set_value("sgd").run()
    assert setting(app, "train_learning_rate").value == 0.05
    setting(app, "train_learning_rate").set_value(0.02).run()
    setting(app, "train_optimizer").set_value("adam").run()
    assert setting(app, "train_learning_rate").value == 0.02


def test_a_run_of_another_length_is_told_that_its_bands_are_others():
    found = measurement(SHORT)
    assert found is not None
    assert found.epochs == 60
    assert "Longer or shorter runs (yours: 50 epochs)" in bands.measured(RunSpec(epochs=50))
    assert "yours" not in bands.source(found, 60)


def test_at_the_length_of_a_default_run_no_lambda_of_the_slider_kills_and_no_button_says_so():
    app = train_live()
    assert measurement(RunSpec()).bands.collapses is None
    button = app.button(key="train_jump_collapse")
    assert button.disabled
    assert button.help.startswith(f"{bands.NOWHERE['collapse']} On digits")
    assert "200 epochs" in button.help
    # Over fewer epochs λ rises faster, and it does.
    setting(app, "train_epochs").set_value(60).run()
    assert not app.button(key="train_jump_collapse").disabled
