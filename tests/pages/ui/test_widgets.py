"""What a browser says of a widget that was overwritten counts for nothing; what a person does, always."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.runs import runs
from core.spec import PRESETS
from tests.pages.visiting import run_of, setting, train_live

pytestmark = pytest.mark.usefixtures("service")

BEFORE, PRESET = 3e-4, PRESETS["textbook_recipe"].lanes[-1].strength


@pytest.fixture
def app() -> Iterator[AppTest]:
    """Train live at λ = 3e-4."""
    app = train_live(strength="3e-4")
    yield app
    runs().steering.stop(run_of(app).owner, run_of(app).id)


def strength(app: AppTest) -> float:
    return app.session_state["train_spec"].lanes[-1].strength


def pressed(app: AppTest) -> AppTest:
    """After a press on the preset."""
    return app.button(key="train_textbook_recipe").click().run()


def test_a_preset_is_not_undone_by_widgets_as_they_were_before_it(app):
    shown = app._tree.get_widget_states()
    pressed(app)
    assert strength(app) == PRESET != BEFORE
    # A browser that has not drawn the preset yet asks for something: it sends all widgets as it shows them.
    app._run(shown)
    assert not app.exception
    assert strength(app) == PRESET
    assert setting(app, "train_strength").value == PRESET


def test_a_widget_moved_after_it_was_overwritten_is_not_heard(app):
    setting(app, "train_strength").set_value(1e-2)
    shown = app._tree.get_widget_states()
    pressed(app)
    app._run(shown)
    assert not app.exception
    assert strength(app) == PRESET


def test_who_goes_back_at_once_is_not_taken_for_a_browser_that_is_behind(app):
    setting(pressed(app), "train_strength").set_value(BEFORE).run()
    assert strength(app) == BEFORE
    assert run_of(app).spec.lanes[-1].strength == BEFORE


def test_a_widget_stays_the_same_while_only_it_is_moved(app):
    pressed(app)
    for value in (1e-5, 3e-3):
        key = setting(app, "train_strength").key
        setting(app, "train_strength").set_value(value).run()
        assert (strength(app), setting(app, "train_strength").key) == (value, key)


def test_a_refused_value_is_taken_back_in_the_same_widget(app):
    pressed(app)
    key = setting(app, "train_learning_rate").key
    setting(app, "train_learning_rate").set_value(7.0).run()
    found = setting(app, "train_learning_rate")
    assert (found.key, found.value) == (key, PRESETS["textbook_recipe"].lanes[-1].learning_rate)


def test_a_strength_that_is_no_stop_of_the_slider_leaves_it_as_it_was(app):
    pressed(app)
    for forged in (["nan"], ["inf"], ["abc"], []):
        shown = app._tree.get_widget_states()
        (slider,) = (each for each in shown.widgets if "-train_strength" in each.id)
        slider.string_array_value.data[:] = forged
        app._run(shown)
        assert not app.exception
        assert strength(app) == setting(app, "train_strength").value == PRESET
        assert run_of(app).spec.lanes[-1].strength == PRESET
