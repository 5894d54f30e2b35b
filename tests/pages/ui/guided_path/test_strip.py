"""The strip of the guided path: where it shows, what it looks at, and how it goes on."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from core.lessons.course.check import KEPT, QUESTIONS
from core.lessons.l1_in_pytorch import BUG
from core.runs import runs
from core.spec import STRENGTHS, RunSpec
from pages.ui.guided_path import strip
from pages.ui.guided_path.stops import NAMES, STOPS
from tests.pages.tab import OWNER
from tests.pages.visiting import ROOT, opened, said

pytestmark = pytest.mark.usefixtures("worker")


def at(name: str, *done: str, **state: object) -> AppTest:
    """The app on its first page, with the path on at a stop."""
    kept = {"guided_path": {"on": True, "at": name, "done": list(done), "since": time.time()}}
    return opened("ui/shell", {"session_owner": OWNER, "learner_kept": kept} | state)


def keys(app: AppTest) -> set[str]:
    return {button.key for button in app.button}


def label(app: AppTest, key: str) -> str:
    return app.button(key=key).label


def test_who_is_not_on_the_path_sees_no_strip():
    assert not {"guide_leave", "guide_next", "guide_skip", "guide_go"} & keys(opened("ui/shell"))


def test_on_the_stops_page_it_says_what_to_do_and_lets_skip():
    app = at("play")
    stop = STOPS[NAMES.index("play")]
    assert said(app, f"{NAMES.index('play') + 1}/{len(NAMES)}")
    assert said(app, stop.instruction)
    assert label(app, "guide_skip") == "Skip"
    assert "guide_go" not in keys(app)


@pytest.mark.parametrize(("name", "told"), [("stay", True), ("strength", False)])
def test_what_stands_at_its_goal_on_arrival_has_to_be_moved_and_that_is_said(name, told):
    app = at(name)
    app.switch_page(f"../{STOPS[NAMES.index(name)].page}.py").run()
    assert bool(said(app, "If it is there already, move it away and back.")) == told


def test_on_another_page_it_shows_the_way_back():
    app = at("price")
    assert label(app, "guide_go") == "Go there"
    assert not {"guide_next", "guide_skip"} & keys(app)


def done(app: AppTest) -> list[str]:
    return app.session_state["learner_kept"]["guided_path"]["done"]


@pytest.mark.parametrize("name", NAMES)
def test_no_stop_is_done_on_arrival(name, worker):
    """Not by a run that trains, an answer that was kept or an experiment that was run before."""
    stop = STOPS[NAMES.index(name)]
    run = runs().start(OWNER, RunSpec(epochs=1), key="before").id
    for step in (0, 40):
        worker.show(run, step)
    right = {KEPT[moment]: {n: q.right for n, q in QUESTIONS[moment].items()} for moment in QUESTIONS}
    done_before = {"pytorch_guess": BUG, "inside_part": "draw"}
    seen = {f"{each.of}_example": True for each in STOPS if each.done == "revealed"}
    path = {"on": True, "at": name, "done": [], "since": time.time()}
    kept = {"guided_path": path, "train_run": run} | right | seen
    state = {"session_owner": OWNER, "learner_kept": kept, "train_run": run, "train_spec": RunSpec(epochs=1)}
    file = ROOT / "pages" / "ui" / "shell.py"
    app = AppTest.from_file(str(file), default_timeout=120)
    for key, value in (state | done_before | {"train_key": "k"}).items():
        app.session_state[key] = value
    if stop.page != "train_live":
        app.switch_page(f"../{stop.page}.py")
    app.run()
    app.run()
    assert not app.exception
    assert {"guide_skip", "guide_next"} & keys(app) == {"guide_next" if name == NAMES[-1] else "guide_skip"}
    assert done(app) == []


def test_a_path_of_an_older_version_begins_its_stop_now():
    older = {"guided_path": {"on": True, "at": "play", "done": ["check_before"]}}
    app = opened("ui/shell", {"session_owner": OWNER, "learner_kept": older})
    assert label(app, "guide_skip") == "Skip"
    assert abs(app.session_state["learner_kept"]["guided_path"]["since"] - time.time()) < 60.0
    assert done(app) == ["check_before"]


def test_who_has_done_everything_sees_no_strip():
    assert not {"guide_leave", "guide_next", "guide_skip", "guide_go"} & keys(at("play", *NAMES))


def test_what_was_done_says_what_was_seen_and_goes_on():
    app = at("play", "play")
    assert said(app, STOPS[NAMES.index("play")].afterwards)
    assert label(app, "guide_next") == "Next"


def test_the_second_of_two_quick_presses_on_next_skips_nothing(monkeypatch):
    app = at("play", "play")
    monkeypatch.setattr(strip, "TWICE", 60.0)
    app.button(key="guide_next").click().run()
    app.button(key="guide_skip").click().run()
    assert app.session_state["learner_kept"]["guided_path"]["at"] == "strength"
    monkeypatch.setattr(strip, "TWICE", 0.0)
    app.button(key="guide_skip").click().run()
    assert app.session_state["learner_kept"]["guided_path"]["at"] == "textbook"


def test_skip_skips_whatever_the_clock_says():
    app = at("play")
    app.session_state["learner_kept"]["guided_path"]["since"] = time.time() + 3600.0
    app.button(key="guide_skip").click().run()
    assert app.session_state["learner_kept"]["guided_path"]["at"] == "strength"


def test_a_run_that_starts_is_a_stop_done(worker):
    app = at("play")
    app.button(key="train_play").click().run()
    assert done(app) == []
    worker.show(app.session_state["train_run"], 5)
    app.run()
    assert app.session_state["learner_kept"]["guided_path"]["done"] == ["play"]
    assert label(app, "guide_next") == "Next"
    app.run()
    assert runs().learners.kept(OWNER)["guided_path"]["done"] == ["play"]


def test_looking_inside_is_done_once_the_networks_were_asked():
    app = at("inside")
    app.switch_page("../inside_the_network.py").run()
    app.session_state["inside_part"] = "draw"
    app.run()
    assert done(app) == []
    app.session_state["learner_did_ask_networks"] = time.time()
    app.run()
    assert done(app) == ["inside"]


def test_a_result_seen_before_its_stop_can_be_asked_for_within_it():
    stop = STOPS[NAMES.index("claim_linear")]
    app = at("claim_linear")
    app.session_state["learner_kept"][f"{stop.of}_example"] = True
    app.button(key="guide_go").click().run()
    app.switch_page(f"../{stop.page}.py").run()
    assert f"{stop.of}_only" in keys(app)


def test_who_is_on_the_path_is_not_invited_to_it():
    def invited(app: AppTest) -> bool:
        return any("New here?" in link.proto.label for link in app.get("page_link"))

    assert invited(opened("ui/shell"))
    assert not invited(at("play"))


def test_finish_brings_the_top_of_the_overview_into_view():
    app = at("summary", *NAMES[:-1])
    app.switch_page("../summary.py").run()
    app.button(key="guide_next").click().run()
    assert said(app, "You have been all the way through")
    assert app.session_state[strip.FINISHED]
    app.switch_page("../train_live.py").run()
    assert strip.FINISHED not in app.session_state


def test_who_leaves_keeps_the_ticks():
    app = at("play", "check_before")
    app.button(key="guide_leave").click().run()
    assert "guide_leave" not in keys(app)
    kept = app.session_state["learner_kept"]["guided_path"]
    assert (kept["on"], kept["at"], kept["done"]) == (False, "play", ["check_before"])


def test_a_changed_widget_is_held_against_what_it_was_when_the_stop_began():
    stop = next(stop for stop in STOPS if stop.done == "changed" and stop.page == "train_live")
    app = at(stop.name)
    first = app.session_state[strip._first(stop)]
    assert app.session_state["learner_kept"]["guided_path"]["done"] == []
    slider = app.select_slider(key=stop.of)
    assert slider.value == first
    slider.set_value(STRENGTHS[-1]).run()
    app.run()
    assert app.session_state[strip._first(stop)] == first
    assert app.session_state["learner_kept"]["guided_path"]["done"] == [stop.name]


def test_progress_that_is_none_of_ours_is_none(tab):
    for kept in (None, "x", {"on": "yes", "at": "nowhere", "done": ["nowhere"], "since": "x"}):
        tab.state.learner_kept = {"guided_path": kept}
        assert strip.progress() == type(strip.progress())()
