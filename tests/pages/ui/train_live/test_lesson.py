"""A lesson on Train live: its scene at once, what it hides is not drawn, what it sets stays, the way out."""

from typing import Any

import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from core.lesson_link import LESSON_FIELDS, PARTS, Lesson, parameters, to_link
from core.runs import runs
from core.spec import LaneSpec, RunSpec
from pages.ui import session, transport
from pages.ui.train_live import bar, controls, lesson, view
from tests.pages.visiting import run_of, said, setting, train_live

pytestmark = pytest.mark.usefixtures("worker")

SPEC = RunSpec.beside_zero(LaneSpec(strength=1e-3, layers=frozenset({"fc1"})), seed=3)
EXAMPLE = Lesson(
    settings=SPEC,
    hide=frozenset({"loss", "bands"}),
    lock=frozenset({"strength", "layers"}),
    start="playing",
    say="Watch conv2.",
    ask="1. Why <b>so</b> -> *here*?",
)


@pytest.fixture
def told(monkeypatch) -> dict[str, Any]:
    """What the live view is told last."""
    told: dict[str, Any] = {}
    monkeypatch.setattr(view, "_mount", lambda **call: told.update(call["data"]))
    return told


def opened(of: Lesson = EXAMPLE) -> AppTest:
    return train_live(**to_link(of))


def html(app: AppTest) -> str:
    return " ".join(each.proto.body for each in app.get("html"))


def keys(app: AppTest) -> set[str]:
    return {each.key for each in (*app.button, *app.select_slider) if each.key}


def test_a_first_visit_plays_the_scene_at_once(told):
    run = run_of(opened())
    assert (run.state, run.spec) == ("running", SPEC)
    assert (told["run"], told["editable"], told["hidden"]) == (run.id, False, ["bands", "loss"])
    assert told["held"] == lesson.SET


def test_one_that_waits_is_held_at_step_0():
    run = run_of(opened(Lesson(ask="Why?")))
    assert run.state == "paused"


def test_the_same_visit_starts_it_once(worker):
    app = opened()
    first = run_of(app).id
    app.run()
    app.query_params.clear()
    app.run()
    assert run_of(app).id == first
    assert len(runs().active(run_of(app).owner)) == 1
    assert {name: app.query_params[name] for name in LESSON_FIELDS} == parameters(EXAMPLE)


def test_a_first_visit_that_a_newer_run_cuts_short_is_opened_by_that_one(monkeypatch):
    start, cut = transport.start, []

    def started(**how: Any) -> Any:
        if not cut:
            cut.append(how)
            raise StopException
        return start(**how)

    monkeypatch.setattr(transport, "start", started)
    app = opened()
    assert "train_run" not in app.session_state
    assert run_of(app.run()).spec == SPEC


def test_after_a_reload_the_lesson_shows_the_run_it_has():
    app = opened()
    run, owner = run_of(app).id, app.session_state["session_owner"]
    again = train_live({"session_owner": owner}, **dict(app.query_params))
    assert run_of(again).id == run
    assert setting(again, "train_strength").disabled
    assert len(runs().active(owner)) == 1


def test_sentence_and_question_stand_above_as_they_were_written():
    app = opened()
    assert '<p class="lesson-say" dir="auto">Watch conv2.</p>' in html(app)
    assert "1. Why &lt;b&gt;so&lt;/b&gt; -&gt; *here*?" in html(app)
    assert not any("Why" in text.value for text in app.markdown)
    assert said(app, "Set by the lesson: λ and layers.")
    assert not said(app, "Press Play")


def test_what_is_locked_cannot_be_moved_and_says_why():
    app = opened()
    strength = setting(app, "train_strength")
    assert strength.disabled
    assert strength.help.startswith(lesson.SET)
    assert not setting(app, "train_method").disabled
    for name in ("train_warmup", "train_include_bias", "train_multiplier_fc1"):
        assert setting(app, name).disabled, name


def test_a_forged_value_of_what_is_locked_changes_nothing():
    app = opened()
    strength = setting(app, "train_strength")
    strength.proto.disabled = False
    strength.set_value(1e-2).run()
    assert setting(app, "train_strength").value == 1e-3
    assert run_of(app).spec == SPEC
    setting(app, "train_method").set_value("textbook").run()
    assert app.session_state["train_spec"].lanes[-1].method == "textbook", "what is not locked is free"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda: controls._set("strength", 1e-2), "λ"),
        (lambda: controls._set_multiplier("fc1", 3.0), "λ and layers"),
        (lambda: controls.layers_changed(["conv1"]), "layers"),
        (lambda: controls._set("include_bias", True), "layers"),
    ],
)
def test_what_would_move_what_is_locked_is_refused_in_a_sentence(tab, change, what):
    tab.link.update(to_link(EXAMPLE))
    lesson.open_from_link()
    change()
    assert session.settings() == SPEC
    assert session.take_notice() == f"Set by the lesson: {what}. Leave the lesson to try another."


def test_a_preset_that_would_move_what_is_locked_is_none_to_press():
    app = opened()
    assert app.button(key="train_textbook_recipe").disabled
    assert app.button(key="train_exact_zeros").disabled
    assert not train_live().button(key="train_exact_zeros").disabled


def test_a_forged_press_on_a_preset_changes_nothing(tab):
    tab.link.update(to_link(EXAMPLE))
    lesson.open_from_link()
    run = session.shown_run()
    bar._take_preset("textbook_recipe")
    assert (session.settings(), session.shown_run()) == (SPEC, run)
    assert session.take_notice().startswith("Set by the lesson: λ and layers.")


def test_a_preset_that_leaves_it_alone_can_be_pressed():
    app = opened(Lesson(lock=frozenset({"seed"}), ask="Why?"))
    app.button(key="train_textbook_recipe").click().run()
    assert run_of(app).spec.lanes[-1].method == "textbook"


@pytest.mark.parametrize(
    ("part", "gone"),
    [
        ("bands", {"train_jump_holds", "train_jump_falls", "train_jump_collapse"}),
        ("steps", {"train_step_update", "train_step_epoch"}),
        ("presets", {"train_exact_zeros", "train_textbook_recipe"}),
    ],
)
def test_controls_that_are_hidden_are_not_there(part, gone):
    assert keys(train_live()) >= gone
    app = opened(Lesson(hide=frozenset({part})))
    assert keys(app).isdisjoint(gone)
    assert keys(app) >= {"train_play", "train_reset", "train_lesson_leave"}


def test_hidden_bands_are_not_told_in_the_help_either():
    assert "Measured:" in setting(train_live(), "train_strength").help
    assert "Measured:" not in setting(opened(), "train_strength").help


def test_every_part_can_be_hidden_and_the_page_stands(told):
    app = opened(Lesson(hide=frozenset(PARTS), ask="Why?"))
    assert told["hidden"] == sorted(PARTS)
    assert app.button(key="train_play")


def test_who_leaves_it_sees_and_moves_everything_and_keeps_the_run(told):
    app = opened()
    run = run_of(app).id
    app.button(key="train_lesson_leave").click().run()
    assert (told["hidden"], told["held"], told["editable"]) == ([], "", True)
    assert "lesson-ask" not in html(app)
    assert not set(LESSON_FIELDS) & set(app.query_params)
    setting(app, "train_strength").set_value(1e-2).run()
    assert (run_of(app).id, run_of(app).spec.lanes[-1].strength) == (run, 1e-2)


def test_unknown_names_are_one_line_and_the_rest_holds():
    app = train_live(hide="menu", lock="strength", strength="0.001", start="playing")
    assert said(app, "Of the lesson's link 'hide=menu' was not used")
    assert setting(app, "train_strength").disabled
    assert run_of(app).state == "running"
    app.run()
    assert "hide" not in app.query_params, "a reload says it no more"


def test_refused_settings_are_said_and_nothing_plays():
    app = train_live(strength="much", lock="strength", start="playing", ask="Why?")
    assert said(app, "strength must be a number, got 'much'")
    assert not setting(app, "train_strength").disabled
    assert run_of(app).state == "paused"


def test_a_link_without_a_lesson_starts_nothing():
    app = train_live(strength="0.001")
    assert "train_run" not in app.session_state
    assert "train_lesson_leave" not in keys(app)


def test_a_session_that_has_its_own_settings_takes_no_lesson(tab):
    session.open_from_link()
    tab.link.update(to_link(EXAMPLE))
    lesson.open_from_link()
    assert lesson.now() is None
    assert (session.settings(), session.shown_run()) == (RunSpec(), "")


def test_the_lesson_is_not_in_the_way_of_what_it_leaves_free(tab):
    tab.link.update(to_link(Lesson(lock=frozenset({"seed"}))))
    lesson.open_from_link()
    transport.change(lesson.kept(SPEC.model_copy(update={"seed": 0})))
    assert session.settings().lanes == SPEC.lanes
