"""An experiment of a lesson page: which runs are the reader's own, and what a press does to them."""

import time
from dataclasses import replace

import pytest

from core.registry import EXPERIMENTS
from core.runs import runs
from core.runs.examples.histories import example
from core.spec import RunSpec
from pages.ui import duration, learner
from pages.ui.experiment import offer
from pages.ui.experiment import runs as experiment
from tests.core.runs.made import NotedWorker
from tests.pages.tab import OWNER

NAME = "non_smooth"
TURNS = "zeros_return"
NINE = "zeros_by_batch"
SEEDS = next(name for name, each in EXPERIMENTS.items() if len(each.specs) == 3)

pytestmark = pytest.mark.usefixtures("worker", "tab")


def finish(worker: NotedWorker, name: str) -> None:
    for history in experiment.own_results(name):
        worker.show(history.view.id, 1, len(history.view.spec.lanes))
        worker.say({"event": "finished", "run": history.view.id, "reason": "done"})


@pytest.mark.parametrize("name", [NAME, SEEDS])
def test_a_press_starts_every_run_of_the_experiment_and_links_to_them(name, tab):
    experiment.start(name)
    own = experiment.own_results(name)
    assert tuple(history.view.spec for history in own) == EXPERIMENTS[name].specs
    experiment.write_link(name)
    assert tab.link[name] == ".".join(history.view.id for history in own)
    assert experiment.pressed(name)


def test_a_second_press_lets_the_first_runs_go():
    experiment.start(SEEDS)
    first = [history.view.id for history in experiment.own_results(SEEDS)]
    experiment.start(SEEDS)
    assert {runs().view(run).state for run in first} == {"stopped"}
    assert not {history.view.id for history in experiment.own_results(SEEDS)} & set(first)


def test_a_refusal_is_said_and_what_was_started_stays(tab):
    for seed in range(2):
        spec = EXPERIMENTS[NAME].specs[0].model_copy(update={"seed": 50 + seed})
        runs().start(OWNER, spec, key=str(seed))
    experiment.start(SEEDS)
    assert "stop one of them" in tab.state[f"{SEEDS}_notice"]
    assert len(experiment.own_results(SEEDS)) == 1
    # The rest follows as soon as there is room, and then there is nothing to say.
    experiment.go_on(SEEDS)
    assert len(experiment.own_results(SEEDS)) == 1
    for view in runs().active(OWNER)[:2]:
        runs().steering.stop(OWNER, view.id)
    experiment.go_on(SEEDS)
    assert len(experiment.own_results(SEEDS)) == 3
    assert f"{SEEDS}_notice" not in tab.state


def test_the_runs_come_back_by_link_or_by_what_the_browser_keeps(tab):
    experiment.start(NAME)
    (run,) = tab.state[f"{NAME}_runs"]
    tab.reload()
    assert [history.view.id for history in experiment.own_results(NAME)] == [run]
    tab.reload()
    tab.link.clear()
    assert [history.view.id for history in experiment.own_results(NAME)] == [run]
    tab.reload()
    tab.state.session_owner = "e" * 22
    assert experiment.own_results(NAME) == []


@pytest.mark.parametrize("linked", ["gone", "..", "a.b.c.d.e"])
def test_a_link_to_runs_that_are_no_more_shows_the_example(linked, tab):
    tab.link[NAME] = linked
    assert experiment.own_results(NAME) == []
    kept = example(NAME)
    assert kept is not None
    assert experiment.shown(NAME) == kept.histories


def test_a_run_of_something_else_is_no_result(tab):
    other = EXPERIMENTS[NAME].specs[0]
    other = other.model_copy(update={"lanes": other.lanes[:1]})
    tab.link[NAME] = runs().start(OWNER, other, key="other").id
    assert experiment.own_results(NAME) == []


def test_own_runs_take_the_examples_place_once_they_have_something_to_show(worker):
    experiment.start(NAME)
    kept = example(NAME)
    assert kept is not None
    assert experiment.shown(NAME) == kept.histories
    (own,) = experiment.own_results(NAME)
    worker.show(own.view.id, 1, len(own.view.spec.lanes))
    assert [history.view.id for history in experiment.shown(NAME)] == [own.view.id]


def test_only_what_every_lane_has_shown_is_measured(worker):
    experiment.start(NAME)
    (own,) = experiment.own_results(NAME)
    assert experiment.trained([own]) == []
    worker.show(own.view.id, 1, lanes=1)
    assert experiment.trained(experiment.own_results(NAME)) == []
    worker.show(own.view.id, 2, len(own.view.spec.lanes))
    (whole,) = experiment.trained(experiment.own_results(NAME))
    assert whole.spec == EXPERIMENTS[NAME].specs[0]


def test_a_result_is_revealed_when_it_was_asked_for_and_is_there(worker, tab):
    since = time.time()
    assert not experiment.revealed(NAME, since)
    experiment.show_example(NAME)
    assert experiment.revealed(NAME, since)
    assert not experiment.revealed(NAME, time.time()), "it was asked for before"
    experiment.start(NAME)
    assert not experiment.revealed(NAME, since), "it is being trained"
    finish(worker, NAME)
    assert experiment.revealed(NAME, since)
    assert not experiment.revealed(NAME, time.time())


def test_what_was_stopped_is_no_result_and_the_stored_one_may_be_looked_at(worker, tab):
    since = time.time()
    experiment.start(NAME)
    (own,) = experiment.own_results(NAME)
    worker.show(own.view.id, 12, len(own.view.spec.lanes))
    assert experiment.pressed(NAME), "a guess is fixed while it trains"
    experiment.stop(NAME)
    kept = example(NAME)
    assert kept is not None
    assert experiment.shown(NAME) == kept.histories
    assert experiment.finished(NAME) == []
    assert experiment.pressed(NAME), "and stays so"
    assert not experiment.revealed(NAME, since)
    drawn: list[object] = []
    assert not offer._result(
        NAME, drawn.append, experiment.drawn(NAME, experiment.own_results(NAME)), reveal=True, going=False
    )
    n_updates = round(own.view.spec.epochs * 23)  # 23 updates an epoch: tests/core/runs/made.py
    sentence = offer.unfinished(experiment.own_results(NAME), 1)
    assert sentence == f"Stopped after 12 of {n_updates:,} updates: no result."
    experiment.show_example(NAME)
    assert experiment.revealed(NAME, since)


def test_the_first_press_fixes_the_guess(tab):
    tab.state.guess = 30.0
    experiment.start(NAME, "guess")
    tab.state.guess = 40.0
    experiment.start(NAME, "guess")
    experiment.show_example(NAME, "guess")
    assert learner.recall("guess") == 30.0


def test_one_run_of_three_is_no_result(worker, tab):
    experiment.start(SEEDS)
    first = experiment.own_results(SEEDS)[0].view
    worker.show(first.id, 46, len(first.spec.lanes))
    worker.say({"event": "finished", "run": first.id, "reason": "done"})
    experiment.stop(SEEDS)
    own = experiment.own_results(SEEDS)
    assert [history.view.state for history in own] == ["finished", "stopped", "stopped"]
    assert experiment.finished(SEEDS) == []
    # Nor is it where the others were refused, or are no more.
    every, tab.state[f"{SEEDS}_runs"] = tab.state[f"{SEEDS}_runs"], [first.id]
    assert [history.view.state for history in experiment.own_results(SEEDS)] == ["finished"]
    assert experiment.finished(SEEDS) == []
    tab.state[f"{SEEDS}_runs"] = every
    n_updates = 3 * first.spec.epochs * 23
    assert offer.unfinished(own, 3) == f"Stopped after 46 of {n_updates:,} updates: no result."
    experiment.start(SEEDS)
    experiment.stop(SEEDS)
    assert offer.unfinished(experiment.own_results(SEEDS), 3) == (
        "Stopped before the first update: no result."
    )


def test_a_stored_result_does_not_tell_how_ones_own_run_ends(worker, tab):
    drawn: list[object] = []
    experiment.start(NAME)
    assert not offer._result(NAME, drawn.append, [], reveal=True, going=True)
    assert not drawn
    experiment.show_example(NAME)
    assert not offer._result(NAME, drawn.append, [], reveal=True, going=True)
    assert offer._result(NAME, drawn.append, [], reveal=True, going=False)
    assert drawn


def test_the_turn_is_made_once_in_every_lane_and_by_the_owner_alone(tab):
    turn = EXPERIMENTS[TURNS].turn
    assert turn is not None
    experiment.start(TURNS)
    own, *_ = experiment.own_results(TURNS)
    before = [lane.strength for lane in own.view.spec.lanes]
    offer._turn(turn, [replace(own, share=turn.share - 0.01)])
    assert [lane.strength for lane in runs().view(own.view.id).spec.lanes] == before
    tab.state.session_owner = "e" * 22
    offer._turn(turn, [replace(own, share=1.0)])
    assert [lane.strength for lane in runs().view(own.view.id).spec.lanes] == before
    tab.state.session_owner = OWNER
    for _ in range(2):
        offer._turn(turn, [replace(own, share=turn.share)])
    assert {lane.strength for lane in runs().view(own.view.id).spec.lanes} == {turn.strength}


def test_how_long_it_still_takes_is_said_once_it_can_be_known(monkeypatch):
    experiment.start(SEEDS)
    own = experiment.own_results(SEEDS)
    monkeypatch.setattr(duration.time, "time", lambda: own[0].view.created + 30.0)
    # A third in 30 s: the other two take 60.
    assert offer._said(own, own, 0, 1 / 3) == "Training, 2 more runs to come: about 60 s left"
    assert offer._said(own[:1], own[:1], 0, 0.01) == "Training"


def test_what_it_waits_for_is_said():
    experiment.start(SEEDS)
    own = experiment.own_results(SEEDS)
    states = [history.view.state for history in own]
    assert states == ["running", "queued", "queued"]
    assert offer._said(own, own, 0, 0.0) == "Training, 2 more runs to come"
    assert offer._said(own[:1], own[:1], 0, 0.0) == "Training"
    assert offer._said(own, own, 6, 0.0) == "Training, 8 more runs to come"
    assert offer._said(own[1:], own[1:], 0, 0.0) == "Waiting for your other run to end"
    assert not offer._waits_for_own(own)
    assert offer._waits_for_own(own[1:])
    strangers = [replace(h, view=replace(h.view, state="queued", position=4)) for h in own]
    experiment.stop(SEEDS)
    assert offer._said(strangers, strangers, 0, 0.0) == "Waiting: place 4 in the queue"
    assert {history.view.state for history in experiment.own_results(SEEDS)} == {"stopped"}


def end_first(worker: NotedWorker) -> None:
    """The end of the run of NINE that trains."""
    first = next(h.view for h in experiment.own_results(NINE) if h.view.state == "running")
    worker.show(first.id, 1, len(first.spec.lanes))
    worker.say({"event": "finished", "run": first.id, "reason": "done"})


def test_what_had_no_room_starts_as_the_first_runs_end(worker, tab):
    specs = EXPERIMENTS[NINE].specs
    experiment.start(NINE)
    experiment.go_on(NINE)
    assert len(experiment.own_results(NINE)) == 3
    for n in range(1, 10):
        end_first(worker)
        assert experiment.finished(NINE) == [] or n == 9
        for _ in range(2):
            experiment.go_on(NINE)
        assert len(experiment.own_results(NINE)) == min(9, 3 + n)
    assert tuple(history.view.spec for history in experiment.finished(NINE)) == specs
    experiment.write_link(NINE)
    tab.reload()
    assert len(experiment.finished(NINE)) == 9


def test_after_a_stop_or_for_another_reader_nothing_goes_on(worker, tab):
    experiment.start(NINE)
    end_first(worker)
    tab.state.session_owner = "e" * 22
    experiment.go_on(NINE)
    tab.state.session_owner = OWNER
    assert len(experiment.own_results(NINE)) == 3
    experiment.stop(NINE)
    experiment.go_on(NINE)
    assert len(experiment.own_results(NINE)) == 3


def test_what_an_earlier_visit_left_unfinished_stays_so(worker, tab):
    experiment.start(NINE)
    for _ in range(3):
        end_first(worker)
    tab.reload()
    experiment.go_on(NINE)
    assert len(experiment.own_results(NINE)) == 3


def test_two_tabs_start_the_same_run(worker, tab):
    experiment.start(NINE)
    started = list(tab.state[f"{NINE}_runs"])
    end_first(worker)
    experiment.go_on(NINE)
    fourth = tab.state[f"{NINE}_runs"][3]
    tab.state[f"{NINE}_runs"] = started
    end_first(worker)
    experiment.go_on(NINE)
    assert tab.state[f"{NINE}_runs"][3] == fourth


def test_the_run_it_waits_for_is_stopped_on_the_spot_and_nothing_of_its_own(worker):
    other = runs().start(OWNER, RunSpec(), key="live").id
    experiment.start(SEEDS)
    (first, *_) = own = experiment.own_results(SEEDS)
    assert {history.view.state for history in own} == {"queued"}
    offer._stop_others(SEEDS)
    assert runs().view(other).state == "stopped"
    assert runs().view(first.view.id).state == "running"
