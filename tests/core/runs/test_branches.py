"""A run begun in the middle of another: its past, its moves, and who may."""

import json

import pytest

from core.runs import Refused
from core.runs.store.store import Store
from core.spec import LaneSpec, RunSpec
from tests.core.runs.made import Lab, event, snapshot

MOVED = {"step": 3, "lane": 1, "move": {"strength": 3e-3}}
LATER = {"step": 5, "lane": 1, "move": {"strength": 0.1}}


def moved(lab, run, made):
    lane = LaneSpec(strength=made["move"]["strength"])
    lab.runs.steering.change("ann", run, made["lane"], lane)
    lab.worker.say({"event": "moved", "run": run, **made})
    lab.worker.say({"event": "event", **event(run, step=made["step"]).model_dump()})


@pytest.fixture
def parent(lab):
    run = lab.start()
    for step in range(8):
        lab.worker.show(run, step)
        for made in (MOVED, LATER):
            if made["step"] == step:
                moved(lab, run, made)
    return run


def told(lab, run):
    return json.loads(lab.runs.attach(run).feed.update(0, False)[1])


def steps(message):
    return [p["step"] for p in message["points"] if p["lane"] == 1]


def test_it_has_the_other_s_past_and_moves_up_to_there_and_is_held_there(lab, parent):
    lab.runs.steering.stop("ann", parent)
    view = lab.runs.branches.branch("ann", parent, 4, "b")
    assert (view.state, view.spec.lanes[1].strength) == ("paused", 3e-3)
    start = lab.worker.sent[-1]
    assert (start["until"], start["moves"], start["branch"], start["paused"]) == (4, [MOVED], True, True)
    assert RunSpec.checked(start["spec"]) == RunSpec()
    lab.worker.say({"event": "resumed", "run": view.id, "step": 4, "kept": 0})
    lab.worker.show(view.id, 4)
    message = told(lab, view.id)
    assert steps(message) == [0, 1, 2, 3, 4]
    assert [each["kind"] for each in message["events"]] == ["change", "branched"]
    assert "Branched at step 4" in message["events"][-1]["text"]


def test_what_is_chosen_then_is_a_move_of_the_new_run_alone(lab, parent):
    view = lab.runs.branches.branch("bob", parent, 4, "b")
    lab.runs.steering.change("bob", view.id, 1, LaneSpec(strength=0.0))
    assert lab.worker.sent[-1] == {"op": "change", "run": view.id, "lane": 1, "strength": 0.0}
    lab.worker.say({"event": "moved", "run": view.id, "step": 4, "lane": 1, "move": {"strength": 0.0}})
    assert [made.step for made in lab.runs.branches.moves(view.id)] == [3, 4]
    assert [made.step for made in lab.runs.branches.moves(parent)] == [3, 5]


def test_a_run_that_has_ended_long_ago_is_branched_from_the_store_and_so_is_the_branch(lab, parent, tmp_path):
    lab.worker.say({"event": "finished", "run": parent, "reason": "done"})
    lab.runs.close()
    again = Lab(tmp_path)
    child = again.runs.branches.branch("ann", parent, 6, "b").id
    again.worker.show(child, 6)
    again.worker.show(child, 7)
    again.runs.close()
    third = Lab(tmp_path)
    assert third.worker.sent[-1]["until"] == 7
    assert "branch" not in third.worker.sent[-1]
    assert steps(told(third, child)) == [0, 1, 2, 3, 4, 5, 6, 7]
    grandchild = third.runs.branches.branch("cid", child, 4, "g")
    third.worker.show(grandchild.id, 4)
    assert third.worker.ops(grandchild.id) == ["start"]
    assert steps(told(third, grandchild.id)) == [0, 1, 2, 3, 4]
    third.runs.close()
    origin, moves = Store(third.runs.config.database, "main").past(grandchild.id)
    assert (origin.parent, origin.step, [made.step for made in moves]) == (child, 4, [3])


def test_the_same_key_is_the_same_branch(lab, parent):
    assert lab.runs.branches.branch("bob", parent, 4, "b") == lab.runs.branches.branch("bob", parent, 4, "b")


def test_who_has_too_many_leaves_nothing_behind(lab, parent):
    for key in "abc":
        lab.start(owner="bob", key=key)
    with pytest.raises(Refused, match="stop one of them"):
        lab.runs.branches.branch("bob", parent, 4, "branch")
    lab.runs._writer.flush()
    with lab.runs._store._engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT DISTINCT run FROM moments").scalars().all()
    assert kept == [parent]


def test_a_lane_that_has_diverged_takes_nothing_of_the_time_after_into_the_branch(lab):
    run = lab.start()
    for step in range(3):
        lab.worker.show(run, step)
    lab.worker.say({"event": "event", **event(run, lane=0, step=2, kind="diverged").model_dump()})
    for step in range(3, 8):
        for lane, shown in ((0, 2), (1, step)):
            lab.worker.say({"event": "snapshot", **snapshot(run, lane, shown).model_dump(mode="json")})
    view = lab.runs.branches.branch("bob", run, 5, "b")
    points = told(lab, view.id)["points"]
    assert [[p["step"] for p in points if p["lane"] == lane] for lane in (0, 1)] == [
        [0, 1, 2, 2, 2, 2],
        [0, 1, 2, 3, 4],
    ]


@pytest.mark.parametrize("stopped", [0, 1])
def test_a_lane_that_has_diverged_does_not_take_the_run_back_to_where_it_stopped(lab, stopped, tmp_path):
    run = lab.start()
    lab.worker.show(run, 2)
    lab.worker.say({"event": "event", **event(run, lane=stopped, step=2, kind="diverged").model_dump()})
    for lane in range(2):
        shown = 2 if lane == stopped else 7
        lab.worker.say({"event": "snapshot", **snapshot(run, lane, shown).model_dump(mode="json")})
    lab.worker.die()
    assert lab.worker.sent[-1]["until"] == 7
    lab.runs.close()
    again = Lab(tmp_path)
    assert again.worker.sent[-1]["until"] == 7
    again.runs.close()


def test_a_branch_does_not_tell_where_the_other_run_is_watched(lab, parent):
    view = lab.runs.branches.branch("bob", parent, 4, "b")
    assert parent not in lab.runs.attach(view.id).feed.update(0, False)[1]


@pytest.mark.parametrize("step", [-1, 8, True, 1.0, None])
def test_a_step_that_was_not_shown_is_refused(lab, parent, step):
    with pytest.raises(Refused, match="step must be a whole number from 0 to 7"):
        lab.runs.branches.branch("ann", parent, step, "b")


@pytest.mark.parametrize("run", ["unknown", "example.lambda_path.0"])
def test_what_nobody_knows_the_beginning_of_is_refused(lab, run):
    with pytest.raises(Refused, match="not known"):
        lab.runs.branches.branch("ann", run, 0, "b")
    assert lab.runs.branches.moves(run) == []


def test_the_same_moves_are_planned_with_other_settings_from_where_the_first_began(lab, parent):
    lab.runs.steering.stop("ann", parent)
    wanted = RunSpec.beside_zero(LaneSpec(strength=0.1, method="textbook"), seed=7)
    view = lab.runs.branches.again("ann", parent, wanted, "a")
    start = lab.worker.sent[-1]
    assert "until" not in start
    assert start["planned"] == [MOVED, LATER]
    begun = RunSpec.checked(start["spec"])
    assert (begun.seed, begun.lanes[1].method, begun.lanes[1].strength) == (7, "textbook", 1e-4)
    for step in range(5):
        lab.worker.show(view.id, step)
    lab.worker.say({"event": "moved", "run": view.id, **MOVED})
    lab.worker.die()
    assert lab.worker.sent[-1]["moves"] == [MOVED]
    assert lab.worker.sent[-1]["planned"] == [LATER]


def test_moves_that_the_new_penalty_refuses_are_refused_in_a_sentence(lab, parent):
    lab.worker.say(
        {"event": "moved", "run": parent, "step": 7, "lane": 1, "move": {"layers": ["bn1", "fc1"]}}
    )
    wanted = RunSpec.beside_zero(LaneSpec(penalty="group_lasso"))
    with pytest.raises(Refused, match="layers must be"):
        lab.runs.branches.again("ann", parent, wanted, "a")


def test_other_lanes_cannot_have_the_same_moves(lab, parent):
    with pytest.raises(Refused, match="as many lanes"):
        lab.runs.branches.again("ann", parent, RunSpec(lanes=(LaneSpec(),)), "a")
