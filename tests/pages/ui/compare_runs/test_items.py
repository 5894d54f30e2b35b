"""Which runs are on Compare runs, which are laid over each other, and what a press does to them."""

import pytest

from core.refusals import SpecError
from core.runs import Runs, runs
from core.runs.store.shelf import MOST_PINNED
from core.spec import LaneSpec, RunSpec
from pages.ui import session
from pages.ui.compare_runs import acts, items
from tests.core.runs.made import NotedWorker
from tests.pages.tab import OWNER

pytestmark = pytest.mark.usefixtures("worker", "tab")

ENTRIES = {"queued", "running", "paused"}


def trained(worker: NotedWorker, seed: int = 0, owner: str = OWNER, **lane: object) -> str:
    run = runs().start(owner, RunSpec.beside_zero(LaneSpec(**lane), seed=seed), key=f"{seed}{lane}").id
    worker.show(run, 1)
    worker.say({"event": "finished", "run": run, "reason": "done"})
    return run


def ids() -> list[str]:
    return [item.id for item in items.items()]


def test_who_has_no_runs_gets_the_examples_and_nothing_goes_on():
    every = items.items()
    assert every
    assert all(item.is_example and not item.mine for item in every)
    assert sum(item.slot is not None for item in every) == items.FIRST_PINS
    assert not items.going()


def test_the_newest_runs_are_laid_over_each_other_until_one_is_pinned(worker):
    made = [trained(worker, seed) for seed in range(4)]
    assert ids() == made[::-1]
    assert items.pinned() == made[::-1][: items.FIRST_PINS]
    acts.attempt("unpin", made[3])
    assert items.pinned() == [made[2], made[1]], "the others stay where they were"
    acts.attempt("pin", made[0])
    assert items.pinned() == [made[2], made[1], made[0]]
    assert [item.slot for item in items.items()] == [None, 0, 1, 2]


def test_more_than_can_be_told_apart_are_refused_in_a_sentence(worker, tab):
    made = [trained(worker, seed) for seed in range(MOST_PINNED + 1)]
    for run in made:
        acts.attempt("pin", run)
    assert len(items.pinned()) == MOST_PINNED
    assert "more cannot be told apart" in tab.state.compare_notice


@pytest.mark.parametrize("state", sorted(ENTRIES))
def test_it_goes_on_until_the_last_run_has_ended(worker, tab, state):
    run = runs().start(OWNER, RunSpec(), key="k", paused=state == "paused").id
    waiting = runs().start(OWNER, RunSpec(seed=1), key="l").id if state == "queued" else run
    assert runs().view(waiting).state == state
    assert items.going()
    for each in {run, waiting}:
        runs().steering.stop(OWNER, each)
    assert not items.going()


def test_another_persons_run_in_the_link_stands_beside_ones_own(worker, tab):
    mine, theirs = trained(worker), runs().start("e" * 22, RunSpec(), key="k").id
    tab.link["run"] = theirs
    assert ids() == [mine, theirs]
    assert [item.mine for item in items.items()] == [True, False]
    assert items.chosen(items.items()).id == theirs
    assert items.going(), "it is still trained"


def test_the_baseline_is_one_and_is_pinned(worker):
    first, second = trained(worker), trained(worker, 1)
    for run in (first, second):
        acts.attempt("baseline", run)
        assert [item.id for item in items.items() if item.baseline] == [run]
    acts.attempt("unpin", second)
    assert not any(item.baseline for item in items.items())


def test_no_two_compared_runs_have_one_label(worker):
    for seed in range(3):
        trained(worker, seed)
    labels = [each.label for each in items.compared(items.items())]
    assert len(set(labels)) == len(labels) == 3


def test_a_lane_is_chosen_for_its_run_alone(worker, tab):
    first, second = trained(worker), trained(worker, 1)
    tab.state.widget = 0
    tab.link["run"] = first
    items.take_in_hand()
    acts.choose_lane(first, "widget")
    by_id = {item.id: item.lane for item in items.items()}
    assert by_id == {first: 0, second: 1}
    tab.link.clear()
    tab.state.pop("session_run")
    assert {item.id: item.lane for item in items.items()} == by_id
    tab.state.compare_lanes = {first: 7}
    assert items.lane_of(runs().view(first)) == 1


def test_a_repeat_takes_a_seed_that_none_of_its_kind_has(worker):
    run = trained(worker)
    trained(worker, 5)
    trained(worker, 9, strength=1e-2)
    acts.attempt("another_seed", run)
    (new,) = runs().active(OWNER)
    assert new.spec == RunSpec.beside_zero(LaneSpec(), seed=6)


def test_a_double_click_is_one_run(worker, monkeypatch):
    run = trained(worker)
    at = 100.0
    monkeypatch.setattr(acts.time, "monotonic", lambda: at)
    for _ in range(2):
        acts.attempt("another_seed", run)
    assert len(runs().active(OWNER)) == 1
    at += acts.DOUBLE_CLICK_SECONDS
    acts.attempt("another_seed", run)
    assert len(runs().active(OWNER)) == 2


def test_methods_offered_can_all_be_trained_and_the_others_not():
    spec = RunSpec.beside_zero(LaneSpec())
    offered = acts.methods(spec, 1)
    assert "proximal" not in offered
    for kind in offered:
        assert [lane.method for lane in acts.with_method(spec, kind).lanes] == ["proximal", kind]
    assert acts.methods(spec, 0) == [], "its lane has no penalty"
    with pytest.raises(SpecError, match="linear"):
        acts.with_method(spec, "fista")
    linear = RunSpec.beside_zero(LaneSpec(), model="linear")
    assert "fista" in acts.methods(linear, 1)


@pytest.mark.parametrize(
    "pressed", [None, "x", {}, {"verb": "delete", "run": "r"}, {"verb": "pin", "run": 3}]
)
def test_only_the_tables_own_verbs_count_and_every_press_is_counted(pressed, tab, monkeypatch):
    monkeypatch.setattr(acts, "attempt", lambda *_: pytest.fail("acted"))
    tab.state[items.TABLE] = type("Sent", (), {"act": pressed})
    acts.acted()
    assert acts.presses() == 1


def test_an_undo_is_a_press_and_brings_the_run_back(worker, tab):
    run = trained(worker)
    acts.attempt("delete", run)
    assert runs().shelf.deleted(OWNER) is not None
    acts.undo(run)
    session.link_now()
    assert (acts.presses(), ids(), tab.link["run"]) == (1, [run], run)


def test_what_is_opened_is_on_train_live(worker, tab):
    run = trained(worker, strength=3e-3)
    acts.attempt("open", run)
    assert (tab.state.train_run, tab.state.compare_go) == (run, True)
    example = "example.compare_runs.0"
    acts.attempt("open", example)
    assert "train_run" not in tab.state
    assert len(tab.state.train_spec.lanes) == 2
    acts.attempt("open", "gone")
    assert "not here any more" in tab.state.compare_notice


def test_an_ended_run_is_read_once(worker, monkeypatch):
    trained(worker)
    items.items()
    monkeypatch.setattr(Runs, "history", lambda *_: pytest.fail("read again"))
    assert len(items.items()) == 1


def test_a_database_that_does_not_answer_is_asked_again_and_examples_stand_in(worker, monkeypatch):
    run = trained(worker)
    with monkeypatch.context() as silent:
        silent.setattr(Runs, "history", lambda *_: None)
        assert all(item.is_example for item in items.items())
    assert [item.id for item in items.items()] == [run]
