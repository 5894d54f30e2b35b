"""Play, pause, step, reset: what a press does to the run on the screen, and to nobody else's."""

import pytest
import streamlit as st

from core.runs import runs
from core.runs.views import GOING, RunView
from core.spec import PRESETS, LaneSpec, RunSpec
from pages.ui import learner, session, transport
from tests.pages.tab import OWNER

SPEC = RunSpec.beside_zero(LaneSpec(strength=3e-3))


@pytest.fixture(autouse=True)
def screen(worker, tab, monkeypatch) -> None:
    """Train live's screen with SPEC on it, later than any double click."""
    session.open_from_link()
    session.settle(SPEC)
    monkeypatch.setattr(transport, "DOUBLE_CLICK_SECONDS", -1e9)


def run() -> RunView:
    view = session.current()
    assert view is not None
    return view


def test_play_starts_holds_and_goes_on_with_one_run():
    transport.play()
    first = run()
    assert (first.spec, first.state) == (SPEC, "running")
    transport.play()
    assert run() == first, "it is going already"
    transport.pause()
    assert run().state == "paused"
    transport.play()
    assert (run().id, run().state) == (first.id, "running")
    assert learner.recall("train_run") == first.id


def test_the_second_press_of_a_double_click_is_no_pause(monkeypatch):
    transport.play()
    for allowed, state in ((1e9, "running"), (-1e9, "paused")):
        monkeypatch.setattr(transport, "DOUBLE_CLICK_SECONDS", allowed)
        transport.pause()
        assert run().state == state


def test_a_clock_that_is_set_back_takes_no_press_away(monkeypatch):
    transport.play()
    monkeypatch.setattr(transport, "DOUBLE_CLICK_SECONDS", 0.4)
    monkeypatch.setattr(transport.time, "time", lambda: run().created - 3600.0)
    st.session_state.train_started -= 0.5
    transport.pause()
    assert run().state == "paused"


def test_play_after_the_end_is_a_new_run(worker):
    transport.play()
    first = run().id
    worker.say({"event": "finished", "run": first, "reason": "done"})
    transport.play()
    assert run().id != first
    assert run().state == "running"


@pytest.mark.parametrize("unit", ["update", "epoch"])
def test_a_step_of_nothing_starts_a_held_run_and_steps_it(unit, worker):
    transport.step(unit)
    assert worker.ops(run().id) == ["start", "step"]
    assert run().state == "paused"
    transport.step(unit)
    assert worker.ops(run().id) == ["start", "step", "step"]


def test_reset_ends_the_run_and_holds_another_at_the_same_start():
    transport.play()
    first = run()
    transport.reset()
    assert runs().view(first.id).state == "stopped"
    assert (run().spec, run().state) == (SPEC, "paused")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_on_the_screen_and_trains(name):
    transport.play()
    first = run().id
    transport.preset(name)
    assert runs().view(first).state == "stopped"
    assert (run().spec, session.settings(), run().state) == (PRESETS[name], PRESETS[name], "running")


def test_a_change_reaches_a_going_run_as_far_as_it_can_without_a_restart(worker):
    transport.play()
    moved = RunSpec.beside_zero(SPEC.lanes[1].changed(strength=1e-2), seed=4)
    transport.change(moved)
    assert session.settings() == moved
    assert run().spec.lanes[1].strength == 1e-2
    assert run().spec.seed == 0
    assert transport.needs_restart(run())
    transport.change(RunSpec.beside_zero(moved.lanes[1]))
    assert not transport.needs_restart(run())
    assert worker.ops(run().id).count("change") == 1


def test_nothing_of_ones_own_reaches_another_persons_run():
    theirs = runs().start("e" * 22, RunSpec(), key="k")
    session.show(theirs)
    before = runs().view(theirs.id)
    transport.change(SPEC)
    transport.set_speed(30)
    for press in (transport.pause, transport.leave_queue):
        press()
        assert "someone else's" in session.take_notice() or runs().view(theirs.id) == before
    assert runs().view(theirs.id) == before
    assert not transport.needs_restart(before), "its settings are theirs"


def test_who_waits_may_leave_the_queue():
    for seed in range(2):
        runs().start(OWNER, RunSpec(seed=seed), key=str(seed))
    transport.play()
    assert run().state == "queued"
    transport.leave_queue()
    assert run().state not in GOING


def test_a_full_quota_is_said_and_leaves_the_screen_as_it_is():
    for seed in range(3):
        runs().start(OWNER, RunSpec(seed=seed), key=str(seed))
    assert transport.start() is None
    assert "stop one of them" in session.take_notice()
    assert session.current() is None


def test_a_speed_holds_for_this_run_and_the_next():
    transport.play()
    transport.set_speed(30)
    assert run().speed == 30
    transport.reset()
    assert run().speed == 30


def test_another_tab_is_followed():
    transport.play()
    runs().steering.change(OWNER, run().id, 1, SPEC.lanes[1].changed(strength=1e-2))
    transport.follow(run())
    assert session.settings() == RunSpec.beside_zero(SPEC.lanes[1].changed(strength=1e-2))
    assert not transport.needs_restart(run())


def test_a_wait_for_a_run_of_ones_own_can_be_ended_on_the_spot():
    transport.play()
    first = run()
    assert transport.in_its_way(first) == []
    session.forget_run()
    session.settle(SPEC.model_copy(update={"seed": 9}))
    transport.start()
    waiting = run()
    assert waiting.state == "queued"
    assert [view.id for view in transport.in_its_way(waiting)] == [first.id]
    transport.stop_others()
    assert (runs().view(first.id).state, run().id, run().state) == ("stopped", waiting.id, "running")
    assert transport.in_its_way(run()) == []
    transport.stop_others()
    assert run().state == "running", "a second press stops nothing more"
