"""The pages that follow a run: each ticks from its start to its end, and runs as a whole once at each."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.runs import Refused, runs
from core.runs.views import GOING
from core.spec import RunSpec
from tests.core.runs.made import NotedWorker
from tests.pages.timers import Timers
from tests.pages.visiting import ROOT, said

OWNER = "o" * 22


@pytest.fixture
def visited(worker, monkeypatch) -> Callable[..., Timers]:
    """Open a page as OWNER, with this session state and this query."""

    def visit(path: str, state: dict[str, Any] | None = None, **link: str) -> Timers:
        app = AppTest.from_file(str(ROOT / "pages" / f"{path}.py"), default_timeout=60)
        for name, value in ({"session_owner": OWNER} | (state or {})).items():
            app.session_state[name] = value
        for name, value in link.items():
            app.query_params[name] = value
        return Timers(app, monkeypatch).visit()

    return visit


def started(**fields: Any) -> str:
    return runs().start(OWNER, RunSpec(**fields), key=str(fields)).id


def going() -> list[str]:
    return [view.id for view in runs().active(OWNER)]


def show(worker: NotedWorker, step: int) -> None:
    """One more moment of every run that goes."""
    for run in going():
        view = runs().view(run)
        worker.show(run, step, len(view.spec.lanes))


def end(worker: NotedWorker) -> None:
    """The end of every run, also of those that wait."""
    while going():
        worker.say({"event": "finished", "run": going()[0], "reason": "done"})


def follow(page: Timers, worker: NotedWorker, n_timers: int) -> None:
    """From now on, while something goes, to its end."""
    assert list(page.seconds.values()) == [1.0] * n_timers
    for step in range(2):
        show(worker, step)
        page.tick()
        assert page.n_whole == 0, "nothing around the piece has changed"
    end(worker)
    page.tick()
    assert (page.n_whole, page.seconds) == (1, {})
    page.visit()
    assert (page.n_whole, page.seconds) == (1, {})


def test_an_experiment_ticks_alone_on_its_page(visited, worker):
    page = visited("how_zeros_happen")
    assert page.seconds == {}
    page.app.button(key="zeros_by_method_run").click()
    page.visit()
    follow(page, worker, 1)
    assert "zeros_by_method_run" in {button.key for button in page.app.button}


def test_two_experiments_of_one_page_end_one_after_the_other(visited, worker):
    page = visited("how_zeros_happen")
    for name in ("zeros_by_method", "zeros_return"):
        page.app.button(key=f"{name}_run").click()
        page.visit()
        # A reader has three runs at most, so the second experiment has room for one by now.
        worker.say({"event": "finished", "run": going()[0], "reason": "done"})
    assert len(page.seconds) == 2
    worker.say({"event": "finished", "run": going()[0], "reason": "done"})
    page.tick()
    assert (page.n_whole, len(page.seconds)) == (1, 1)
    follow(page, worker, 1)


def test_an_experiment_that_ended_while_the_reader_was_away_does_not_tick(visited, worker):
    page = visited("how_zeros_happen")
    page.app.button(key="zeros_return_run").click()
    page.visit()
    kept = {"zeros_return_runs": page.app.session_state["zeros_return_runs"]}
    assert len(visited("how_zeros_happen", kept).seconds) == 1
    end(worker)
    again = visited("how_zeros_happen", kept)
    assert (again.n_whole, again.seconds) == (1, {})


def test_the_path_ticks_and_its_button_comes_back(visited, worker):
    page = visited("lambda_path", grid="0.0001_0.01_3_2_1")
    page.app.button(key="path_train").click()
    page.visit()
    assert page.app.button(key="path_train").disabled
    follow(page, worker, 1)
    assert not page.app.button(key="path_train").disabled
    assert "path_stop" not in {button.key for button in page.app.button}


def test_table_and_charts_tick_together(visited, worker):
    page = visited("compare_runs")
    assert page.seconds == {}
    started()
    page.visit()
    follow(page, worker, 2)


def test_a_press_in_the_table_is_all_over_the_page(visited, worker):
    started()
    page = visited("compare_runs")
    table, charts = page.seconds
    page.press(table)
    assert page.n_whole == 0
    # What `acted` does when the browser says so.
    page.app.session_state["compare_presses"] = 1
    page.press(table)
    assert (page.n_whole, list(page.seconds)) == (1, [table, charts])


def test_the_way_back_ticks_slowly_for_a_minute(visited, worker, monkeypatch):
    run = started()
    end(worker)
    page = visited("compare_runs", run=run)
    page.app.button(key=f"compare_delete_{run}").click()
    page.visit()
    assert list(page.seconds.values()) == [5.0]
    page.tick()
    assert page.n_whole == 0
    shelf = runs().shelf
    now = shelf._now()
    monkeypatch.setattr(shelf, "_now", lambda: now + 3600.0)
    page.tick()
    assert (page.n_whole, page.seconds) == (1, {})
    assert said(page.app, "Deleted for good"), "its line stays: nothing moves by itself"


def test_inside_the_network_follows_a_run_and_its_states_in_the_bar(visited, worker):
    run = started()
    page = visited("inside_the_network", run=run)
    assert "inside_train" not in {button.key for button in page.app.button}
    follow(page, worker, 1)
    assert said(page.app, "finished")
    assert "inside_train" in {button.key for button in page.app.button}


@pytest.mark.parametrize(("part", "n_timers"), [("weights", 0), ("update", 1)])
def test_inside_the_network_a_held_run_ticks_only_where_it_is_stepped(
    visited, worker, monkeypatch, part, n_timers
):
    run = runs().start(OWNER, RunSpec(), key="held", paused=True).id
    assert runs().view(run).state == "paused"
    monkeypatch.setattr(runs(), "ask", refused)
    page = visited("inside_the_network", {"inside_part": part}, run=run)
    assert len(page.seconds) == n_timers


def test_a_click_on_a_weight_changes_the_part_all_over_the_page(visited, worker):
    page = visited("inside_the_network", run=started())
    (view,) = page.seconds
    page.app.session_state["inside_part"] = "draw"
    page.press(view)
    assert page.n_whole == 1
    page.press(view)
    assert page.n_whole == 0


def refused(*_: object, **__: object) -> None:
    raise Refused("Not now.")


def test_smaller_model_waits_for_a_run_and_then_measures_it_once(visited, worker, monkeypatch):
    asked: list[tuple[object, ...]] = []

    def ask(*question: object, **_: object) -> None:
        asked.append(question)
        raise Refused("Not now.")

    monkeypatch.setattr(runs(), "ask", ask)
    page = visited("smaller_model", run=started())
    assert not asked
    follow(page, worker, 1)
    assert said(page.app, "Not now.")


def test_a_run_that_is_held_is_measured_and_waited_for_no_longer(visited, worker, monkeypatch):
    monkeypatch.setattr(runs(), "ask", refused)
    run = started()
    page = visited("smaller_model", run=run)
    show(worker, 0)
    (waiting,) = page.seconds
    page.app.button(key="smaller_hold").click()
    page.press(waiting)
    assert runs().view(run).state == "paused"
    assert (page.n_whole, page.seconds) == (1, {})
    assert said(page.app, "Not now.")


def test_the_strip_of_the_path_looks_until_its_stop_is_done(visited, worker):
    kept = {"guided_path": {"on": True, "at": "play", "done": []}}
    page = visited("ui/shell", {"learner_kept": kept})
    assert list(page.seconds.values()) == [1.0]
    page.tick()
    assert page.n_whole == 0
    page.visit()
    page.app.button(key="train_play").click()
    page.visit()
    run = page.app.session_state["train_run"]
    assert runs().view(run).state in GOING
    assert list(page.seconds.values()) == [1.0], "nothing is trained yet"
    worker.show(run, 5)
    page.tick()
    assert page.seconds == {}
    assert page.app.session_state["learner_kept"]["guided_path"]["done"] == ["play"]
    page.app.button(key="guide_leave").click()
    page.visit()
    assert "guide_leave" not in {button.key for button in page.app.button}


def test_the_strip_notices_within_a_tick_that_a_run_has_trained_long_enough(visited, worker):
    kept = {"guided_path": {"on": True, "at": "textbook", "done": []}}
    page = visited("ui/shell", {"learner_kept": kept})
    page.app.button(key="train_textbook_recipe").click()
    page.visit()
    assert list(page.seconds.values()) == [1.0]
    (run,) = going()
    for step, n_whole in ((100, 0), (400, 1)):
        worker.show(run, step)
        page.tick()
        assert page.n_whole == n_whole
    assert page.seconds == {}
    assert page.app.session_state["learner_kept"]["guided_path"]["done"] == ["textbook"]
