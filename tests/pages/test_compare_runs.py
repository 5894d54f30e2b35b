"""Compare runs: what a visitor can do to the own runs, and what stays out of reach."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.runs import runs
from core.spec import LaneSpec, RunSpec
from pages.ui.compare_runs import panel as compare_panel
from pages.ui.compare_runs import table as runs_table
from tests.core.runs.made import NotedWorker, event
from tests.pages import visiting

pytestmark = pytest.mark.usefixtures("worker")
OWNER = "o" * 22
opened = partial(visiting.opened, "compare_runs", {"session_owner": OWNER})


@pytest.fixture
def rows(monkeypatch) -> list[dict[str, Any]]:
    """The rows of the table as last told to the browser."""
    told: list[dict[str, Any]] = []
    mount = runs_table._mount

    def noted(**call: Any) -> Any:
        told[:] = call["data"]["rows"]
        return mount(**call)

    monkeypatch.setattr(runs_table, "_mount", noted)
    return told


def trained(worker: NotedWorker, owner: str = OWNER, **fields: Any) -> str:
    lane = LaneSpec(**fields.pop("lane", {}))
    run = runs().start(owner, RunSpec.beside_zero(lane, **fields), key=f"{lane}{fields}").id
    for step in range(4):
        worker.show(run, step)
    worker.say({"event": "finished", "run": run, "reason": "done"})
    return run


def said(app: AppTest, words: str) -> bool:
    return visiting.said(app, words) or any(words in text.value for text in app.caption)


def test_who_has_no_runs_sees_three_examples_over_each_other(rows):
    app = opened()
    assert said(app, "These are examples")
    assert [row["pinned"] for row in rows].count(True) == 3
    assert all(row["example"] and len(row["curves"][0]["values"]) > 10 for row in rows)
    assert app.toggle(key="compare_mean").label.startswith("Gather seeds")
    assert not any(button.label in ("Rename", "Delete it") for button in app.button)


def test_own_runs_take_the_examples_place_newest_first(rows, worker):
    first, second = trained(worker), trained(worker, lane={"strength": 1e-3})
    opened()
    assert [row["id"] for row in rows] == [second, first]
    assert all(row["pinned"] for row in rows)
    assert [row["strength"] for row in rows] == [("1e-3", True), ("1e-4", True)]
    assert rows[0]["seed"] == ("0", False)
    zeros = rows[0]["curves"][2]
    assert (zeros["text"], len(zeros["values"])) == ("3 %", 4)


def test_a_deleted_run_can_be_brought_back(rows, worker):
    run, other = trained(worker), trained(worker, seed=1)
    app = opened(run=run)
    app.button(key=f"compare_delete_{run}").click().run()
    assert [row["id"] for row in rows] == [other]
    assert said(app, "Deleted “L1 1e-4”")
    app.button(key="compare_undo_button").click().run()
    app.run()
    assert [row["id"] for row in rows] == [other, run]
    assert not said(app, "Deleted")


def test_a_run_is_named_and_a_bad_name_loses_nothing(rows, worker):
    run = trained(worker)
    app = opened(run=run)
    app.text_input(key=f"compare_name_{run}").set_value("Große Zahl").run()
    assert rows[0]["name"] == "Große Zahl"
    app.text_input(key=f"compare_name_{run}").set_value("<b>*x*</b>").run()
    assert said(app, "A name must be at most 40 characters")
    assert rows[0]["name"] == "Große Zahl"


def test_a_run_whose_lambda_was_moved_is_no_run_of_that_lambda(rows, worker):
    run = trained(worker)
    app = opened(run=run)
    assert rows[0]["name"] == "L1 1e-4"
    again = runs().start(OWNER, RunSpec(), key="again").id
    for step in range(4):
        worker.show(again, step)
    worker.say(
        {
            "event": "event",
            **event(again, step=3, field="strength", text="λ 1e-2 → 1e-4").model_dump(mode="json"),
        }
    )
    app.run()
    assert rows[0]["name"] == "L1 1e-4, λ moved"
    assert rows[0]["settings"][0] == ("λ 1e-2 → 1e-4 at step 3", True)


def test_nothing_moves_when_the_time_to_take_a_deletion_back_is_over(worker, monkeypatch):
    run = trained(worker)
    app = opened(run=run)
    app.button(key=f"compare_delete_{run}").click().run()
    monkeypatch.setattr(type(runs().shelf), "deleted", lambda *_: None)
    app.run()
    assert said(app, "Deleted for good")
    app.button(key="compare_seed").click().run()
    assert not said(app, "Deleted for good"), "the next press may move what it likes"


def test_a_run_is_repeated_with_the_next_seed_and_shown(rows, worker):
    run = trained(worker, epochs=3)
    app = opened(run=run)
    app.button(key="compare_seed").click().run()
    new = runs().view(app.session_state["session_run"])
    assert (new.spec.seed, new.state) == (1, "running")
    assert new.spec.model_copy(update={"seed": 0}) == runs().view(run).spec
    assert [(row["id"], row["pinned"]) for row in rows] == [(new.id, True), (run, True)]


def test_a_run_is_repeated_with_another_method(worker):
    run = trained(worker)
    app = opened(run=run)
    app.button(key="compare_method_textbook").click().run()
    new = runs().view(app.session_state["session_run"]).spec
    assert [lane.method for lane in new.lanes] == ["proximal", "textbook"]
    assert not any(button.key == "compare_method_fista" for button in app.button), "the network is not linear"


def test_a_full_quota_is_a_sentence(worker):
    run = trained(worker)
    for seed in range(10, 13):
        runs().start(OWNER, RunSpec(seed=seed), key=str(seed))
    app = opened(run=run)
    app.button(key="compare_seed").click().run()
    assert said(app, "stop one of them first")


def test_somebody_elses_run_is_shown_but_not_theirs_to_delete(rows, worker):
    run = trained(worker, owner="e" * 22)
    app = opened(run=run)
    assert rows[0]["id"] == run
    assert not any(b.key in (f"compare_delete_{run}", f"compare_name_{run}") for b in app.button)


def test_seeds_are_gathered_and_differences_drawn_when_asked(worker):
    first, second = trained(worker), trained(worker, seed=1)
    runs().shelf.pin(OWNER, first, True)
    runs().shelf.pin(OWNER, second, True)
    runs().shelf.set_baseline(OWNER, first, True)
    app = opened()
    app.toggle(key="compare_mean").set_value(True).run()
    app.toggle(key="compare_difference").set_value(True).run()
    assert not app.exception


def test_two_runs_weights_are_of_two_runs_whatever_is_pinned(worker):
    first = trained(worker)
    app = opened()
    assert [app.selectbox(key=f"compare_{side}").value for side in ("left", "right")] == ["L1 1e-4"] * 2
    second = trained(worker, lane={"strength": 1e-3})
    for run in (first, second):
        runs().shelf.pin(OWNER, run, True)
    app.run()
    assert [app.selectbox(key=f"compare_{side}").value for side in ("left", "right")] == [
        "L1 1e-4",
        "L1 1e-3",
    ]
    runs().shelf.pin(OWNER, first, False)
    app.run()
    assert app.selectbox(key="compare_left").value == "L1 1e-3"
    assert not app.exception


def test_the_run_goes_along_to_the_other_pages(worker, monkeypatch):
    links: dict[str, dict[str, str]] = {}
    mistakes: list[tuple[str, str]] = []

    def page_link(page: Path, *, label: str, query_params: dict[str, str], **_: Any) -> None:
        if query_params.get("part") == "mistakes":
            mistakes.append((query_params["run"], query_params["lane"]))
            assert "get wrong?" in label
        else:
            links[page.name] = query_params

    monkeypatch.setattr(compare_panel.st, "page_link", page_link)
    opened()
    assert (links, mistakes) == ({}, []), "an example is no run"
    pair = trained(worker)
    opened(run=pair)
    pages = ("inside_the_network.py", "smaller_model.py", "lambda_path.py")
    assert links == {name: {"run": pair} for name in pages}
    assert mistakes == [(pair, "1")]
    path = runs().start(OWNER, RunSpec(lanes=tuple(LaneSpec(strength=s) for s in (0.0, 1e-4, 1e-3))), "k").id
    opened(run=path)
    assert links["lambda_path.py"] == {"run": path}
    opened(run=path, lane="1")
    assert links["smaller_model.py"] == {"run": path, "lane": "1"}


def test_runs_that_differ_in_the_seed_only_are_compared_as_pairs(worker):
    for seed in (0, 1):
        runs().shelf.pin(OWNER, trained(worker, seed=seed), True)
    app = opened()
    assert said(app, "Each run minus its own lane without penalty")
    assert said(app, "| L1 1e-4 | 2 | +0.0 ± 0.0 |")


def test_a_link_wins_over_what_was_pressed_before(rows, worker):
    first, second = trained(worker), trained(worker, seed=1)
    app = opened(run=first)
    app.query_params["run"] = second
    app.run()
    assert [row["chosen"] for row in rows] == [True, False]
    # By the menu there is no run in the link.
    app.query_params.clear()
    app.run()
    assert [row["chosen"] for row in rows] == [True, False]


def test_of_a_run_of_many_lanes_the_settings_of_one_are_opened(worker):
    lanes = tuple(LaneSpec(strength=s) for s in (0.0, 1e-4, 1e-3))
    path = runs().start(OWNER, RunSpec(lanes=lanes, epochs=3), "k").id
    app = opened(run=path, lane="1")
    assert app.button(key="compare_open").label == "Train its settings"
    app.button(key="compare_open").click().run()
    assert app.session_state["train_spec"] == RunSpec.beside_zero(lanes[1], epochs=3)
    assert "train_run" not in app.session_state


def test_a_deleted_run_is_not_what_the_other_pages_open_on(worker):
    run, other = trained(worker), trained(worker, seed=1)
    app = opened(run=run)
    app.button(key=f"compare_delete_{run}").click().run()
    assert app.session_state["session_run"] != run
    assert app.button(key=f"compare_delete_{other}")


def test_another_lane_of_a_run_can_be_compared(rows, worker):
    run = trained(worker)
    app = opened(run=run)
    app.selectbox(key=f"compare_lane_{run}").set_value(0).run()
    assert rows[0]["strength"][0] == "0"
    assert "no penalty" in rows[0]["note"]


def test_the_link_of_a_run_that_is_gone_is_no_error(rows, worker):
    run = trained(worker)
    opened(run="gone")
    assert [row["id"] for row in rows] == [run]
