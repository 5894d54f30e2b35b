"""Equal runs: trained once, shown to all, and each by itself for whoever has it."""

import json

import pytest

from core.runs import Refused
from core.runs.board import TRAINER_SILENT
from core.spec import LaneSpec, RunSpec
from tests.core.runs.made import Lab, event

OWNERS = [f"owner {n}" for n in range(30)]


def starts(lab: Lab) -> list[dict]:
    return [message for message in lab.worker.sent if message["op"] == "start"]


def advance(lab: Lab, seconds: float = 0.0) -> None:
    lab.clock.now += seconds
    with lab.runs._lock:
        lab.runs._board.convoys.advance()


def told(lab: Lab, run: str) -> dict:
    return json.loads(lab.runs.attach(run).feed.update(0, False)[1])


def points(lab: Lab, run: str) -> list[dict]:
    return told(lab, run)["points"]


def steps(lab: Lab, run: str) -> list[int]:
    return [point["step"] for point in points(lab, run) if point["lane"] == 1]


def show(lab: Lab, run: str, *wanted: int, seconds: float = 0.25) -> None:
    """Let the worker show steps of a run, some time after one another."""
    for step in wanted:
        lab.worker.show(run, step)
        advance(lab, seconds)


def pair(lab: Lab) -> tuple[str, str]:
    """A leader that has shown four steps, and a follower that was shown them too."""
    first, second = lab.start(owner="ann"), lab.start(owner="bob")
    show(lab, first, 0, 15, 30, 45)
    assert steps(lab, second) == [0, 15, 30, 45]
    return first, second


def test_thirty_who_start_the_same_are_one_training(lab):
    runs = [lab.start(owner=owner) for owner in OWNERS]
    assert [start["run"] for start in starts(lab)] == runs[:1]
    show(lab, runs[0], 0, 15, 30)
    assert {lab.state(run) for run in runs} == {"running"}
    first = points(lab, runs[0])
    assert len(first) == 6
    assert all(points(lab, run) == first for run in runs)


def test_who_begins_held_is_shown_the_start_and_no_more_until_it_goes(lab):
    first = lab.start(owner="ann")
    show(lab, first, 0, 15, 30)
    held = lab.start(owner="bob", paused=True)
    advance(lab, 5)
    assert (lab.state(held), steps(lab, held)) == ("paused", [0])
    assert [start["run"] for start in starts(lab)] == [first]
    lab.runs.steering.resume("bob", held)
    advance(lab, 5)
    assert steps(lab, held) == [0, 15, 30]


def test_who_is_trained_with_others_is_told_so(lab):
    first = lab.start(owner="ann")
    assert not told(lab, first)["status"]["shared"]
    second = lab.start(owner="bob")
    assert [told(lab, run)["status"]["shared"] for run in (first, second)] == [True, True]
    lab.runs.steering.stop("bob", second)
    assert [told(lab, run)["status"]["shared"] for run in (first, second)] == [False, False]


def test_they_take_one_slot_and_wait_in_no_queue(tmp_path):
    lab = Lab(tmp_path, max_runs=1)
    runs = [lab.start(owner=owner) for owner in OWNERS]
    assert {lab.state(run) for run in runs} == {"running"}
    other = lab.start(owner="other", spec=RunSpec(seed=7))
    assert lab.state(other) == "queued"
    lab.runs.close()


@pytest.mark.parametrize("other", [{"spec": RunSpec(seed=1)}, {"spec": RunSpec(epochs=9)}, {"speed": 7}])
def test_what_differs_is_trained_by_itself(lab, other):
    first, second = lab.start(owner="ann"), lab.start(owner="bob", **other)
    assert [start["run"] for start in starts(lab)] == [first, second]


def test_whoever_starts_later_sees_the_same_from_the_beginning_in_the_same_time(lab):
    first = lab.start(owner="ann")
    show(lab, first, 0, 15, 30, seconds=0.4)
    late = lab.start(owner="bob")
    advance(lab)
    seen = []
    for _ in range(4):
        seen.append(steps(lab, late))
        advance(lab, 0.4)
    assert seen == [[0], [0, 15], [0, 15, 30], [0, 15, 30]]
    assert points(lab, late) == points(lab, first)
    assert len(starts(lab)) == 1


def test_events_come_where_they_happened_and_are_its_own(lab):
    first, second = lab.start(owner="ann"), lab.start(owner="bob")
    show(lab, first, 0)
    alarm = event(first, step=9, kind="collapsed", text="Nearly all zero.").model_dump()
    lab.worker.say({"event": "event", **alarm})
    show(lab, first, 15)
    assert [(each["run"], each["text"]) for each in told(lab, second)["events"]] == [
        (second, "Nearly all zero.")
    ]


def test_a_run_that_was_moved_is_followed_by_nobody(lab):
    first = lab.start(owner="ann")
    show(lab, first, 0, 15)
    lab.runs.steering.change("ann", first, 1, LaneSpec(strength=3e-3))
    second = lab.start(owner="bob")
    assert [start["run"] for start in starts(lab)] == [first, second]
    assert starts(lab)[1].keys() == {"op", "run", "spec", "paused", "speed", "share"}


def test_a_run_that_ended_by_itself_is_shown_again_to_its_end(lab):
    first = lab.start(owner="ann")
    show(lab, first, 0, 15)
    lab.worker.say({"event": "finished", "run": first, "reason": "done"})
    late = lab.start(owner="bob")
    advance(lab, 60)
    assert lab.state(late) == "finished"
    assert points(lab, late) == points(lab, first)
    assert len(starts(lab)) == 1


@pytest.mark.parametrize("said", ["Every lane diverged.", "done"])
def test_who_follows_ends_as_the_leader_did_once_it_was_shown_all(lab, said):
    first, second = pair(lab)
    lab.worker.show(first, 60)
    lab.worker.say({"event": "finished", "run": first, "reason": said})
    advance(lab)
    assert lab.runs.view(second).state == "finished"
    assert lab.runs.view(second).reason == lab.runs.view(first).reason
    assert steps(lab, second)[-1] == 60


def test_who_follows_a_run_that_fails_fails_with_its_reason(lab):
    first, second = pair(lab)
    lab.worker.say({"event": "failed", "run": first, "reason": "No data."})
    advance(lab)
    assert (lab.state(second), lab.runs.view(second).reason) == ("failed", "No data.")


def test_a_silent_trainer_is_told_to_all_who_wait_for_it_and_to_nobody_else(lab):
    first, second = pair(lab)
    other = lab.start(owner="eve", spec=RunSpec(seed=7))
    for silent, said in (({first}, TRAINER_SILENT), (set(), "")):
        lab.worker.silent_runs = frozenset(silent)
        lab.runs.tick()
        reasons = [told(lab, run)["status"]["reason"] for run in (first, second, other)]
        assert reasons == [said, said, ""]


def test_who_moves_leaves_at_the_step_that_was_shown_and_goes_on_alone(lab):
    first, second = pair(lab)
    lab.worker.show(first, 60)
    lab.runs.steering.change("bob", second, 1, LaneSpec(strength=3e-3))
    start, change = lab.worker.sent[-2:]
    assert (start["run"], start["until"], start["moves"], start["twin"]) == (second, 45, [], first)
    assert RunSpec.checked(start["spec"]) == RunSpec()
    assert change == {"op": "change", "run": second, "lane": 1, "strength": 3e-3}
    advance(lab, 10)
    assert steps(lab, second) == [0, 15, 30, 45]
    lab.worker.say({"event": "resumed", "run": second, "step": 45, "kept": 30})
    lab.worker.show(second, 45)
    lab.worker.show(first, 75)
    advance(lab, 10)
    assert steps(lab, second) == [0, 15, 30, 45, 45]
    assert told(lab, second)["events"] == []
    assert lab.worker.ops(first) == ["start", "followed", "followed"]


def test_who_wants_another_speed_or_single_steps_leaves_too(lab):
    first = lab.start(owner="ann")
    second, third = lab.start(owner="bob"), lab.start(owner="cid")
    show(lab, first, 0, 15)
    lab.runs.steering.set_speed("bob", second, 5)
    lab.runs.steering.step("cid", third, "epoch")
    (_, fast, held), step = starts(lab), lab.worker.sent[-1]
    assert (fast["run"], fast["until"], fast["speed"], fast["paused"]) == (second, 15, 5, False)
    assert (held["run"], held["until"], held["paused"]) == (third, 15, True)
    assert step == {"op": "step", "run": third, "unit": "epoch"}
    assert (lab.state(second), lab.state(third)) == ("running", "paused")


def test_a_hold_is_one_s_own(lab):
    first, second = pair(lab)
    lab.runs.steering.pause("bob", second)
    show(lab, first, 60, 75)
    assert (lab.state(second), steps(lab, second)[-1]) == ("paused", 45)
    lab.runs.steering.resume("bob", second)
    seen = []
    for seconds in (0.0, 0.2, 0.05):
        advance(lab, seconds)
        seen.append(steps(lab, second)[-1])
    assert seen == [60, 60, 75]
    assert lab.worker.ops(first) == ["start", "followed"]
    assert len(starts(lab)) == 1


def test_a_stop_is_one_s_own(lab):
    first, second = pair(lab)
    lab.runs.steering.stop("bob", second)
    show(lab, first, 60)
    assert (lab.state(second), steps(lab, second)[-1]) == ("stopped", 45)
    assert lab.worker.ops(first) == ["start", "followed", "followed"]


def change(lab, run):
    lab.runs.steering.change("ann", run, 1, LaneSpec(strength=3e-3))


LEAVES = {
    "change": change,
    "speed": lambda lab, run: lab.runs.steering.set_speed("ann", run, 5),
    "pause": lambda lab, run: lab.runs.steering.pause("ann", run),
    "step": lambda lab, run: lab.runs.steering.step("ann", run, "update"),
    "stop": lambda lab, run: lab.runs.steering.stop("ann", run),
}


@pytest.mark.parametrize("leave", LEAVES.values(), ids=LEAVES)
def test_when_the_leader_s_owner_does_something_a_pacemaker_goes_on_for_the_others(lab, leave):
    first, second = pair(lab)
    leave(lab, first)
    start, order = lab.worker.sent[-2:]
    assert (start["op"], start["until"], start["twin"], start["paused"]) == ("start", 45, first, False)
    assert (order["run"], start["run"] in (first, second)) == (first, False)
    lab.worker.say({"event": "resumed", "run": start["run"], "step": 45, "kept": 30})
    lab.worker.show(first, 1000)
    show(lab, start["run"], 60, 75)
    assert steps(lab, second) == [0, 15, 30, 45, 60, 75]
    assert told(lab, second)["events"] == []
    assert lab.state(second) == "running"
    late = lab.start(owner="cid")
    for _ in range(8):
        advance(lab, 0.25)
    assert steps(lab, late) == [0, 15, 30, 45, 60, 75]
    lab.worker.say({"event": "finished", "run": start["run"], "reason": "done"})
    advance(lab)
    assert (lab.state(second), lab.state(late)) == ("finished", "finished")


def test_a_pacemaker_is_nobody_s_and_written_nowhere(lab):
    first, _ = pair(lab)
    lab.runs.steering.stop("ann", first)
    run = lab.worker.sent[-2]["run"]
    show(lab, run, 60)
    lab.pass_minutes(0.1)
    lab.runs._writer.flush()
    assert lab.runs._store.view(run) is None
    assert lab.runs._store.past(run) is None
    assert run not in [view.id for owner in ("ann", "bob", "") for view in lab.runs.active(owner)]
    with pytest.raises(Refused):
        lab.runs.steering.stop("bob", run)


def test_a_pacemaker_rests_while_all_are_held_and_ends_when_nobody_is_left(lab):
    first, second = pair(lab)
    lab.runs.steering.stop("ann", first)
    run = lab.worker.sent[-2]["run"]
    lab.runs.steering.pause("bob", second)
    lab.runs.steering.resume("bob", second)
    lab.runs.steering.stop("bob", second)
    assert lab.worker.ops(run) == ["start", "pause", "resume", "stop"]
    assert lab.runs._board.convoys._led == {}


def test_who_is_held_needs_no_pacemaker_until_it_goes_on(lab):
    first, second = pair(lab)
    lab.runs.steering.pause("bob", second)
    lab.runs.steering.pause("ann", first)
    assert len(starts(lab)) == 1
    lab.runs.steering.resume("bob", second)
    assert len(starts(lab)) == 2
    assert starts(lab)[1]["twin"] == first


def test_a_lone_leader_s_hold_is_not_waited_for_again(lab):
    first = lab.start(owner="ann")
    show(lab, first, 0)
    lab.runs.steering.pause("ann", first)
    advance(lab, 600)
    lab.runs.steering.resume("ann", first)
    show(lab, first, 15, 30)
    late = lab.start(owner="bob")
    advance(lab, 1)
    assert steps(lab, late) == [0, 15, 30]


def test_a_dead_worker_s_convoy_goes_on_in_the_next(lab):
    first, second = pair(lab)
    lab.worker.state = "lost"
    lab.worker.die()
    advance(lab)
    assert (lab.state(first), lab.state(second)) == ("queued", "running")
    lab.worker.state = "ready"
    lab.worker.say({"event": "hello"})
    assert [start["run"] for start in starts(lab)] == [first, first]
    assert starts(lab)[1]["followed"]
    show(lab, first, 60)
    assert steps(lab, second) == [0, 15, 30, 45, 60]


def test_a_dead_worker_s_pacemaker_goes_on_however_many_wait(tmp_path):
    lab = Lab(tmp_path, max_runs=1)
    first, second = pair(lab)
    waiting = lab.start(owner="cid", spec=RunSpec(seed=3))
    lab.runs.steering.pause("ann", first)
    run = lab.worker.sent[-2]["run"]
    lab.worker.die()
    assert (lab.state(waiting), lab.state(run)) == ("queued", "running")
    show(lab, run, 60)
    assert steps(lab, second)[-1] == 60
    lab.runs.close()


def test_whoever_follows_may_start_something_else_only_after(lab):
    _, second = pair(lab)
    third = lab.start(owner="bob", key="2", spec=RunSpec(seed=3))
    assert lab.state(third) == "queued"
    lab.runs.steering.stop("bob", second)
    assert lab.state(third) == "running"


def test_a_follower_s_past_is_its_own_in_the_store(lab):
    first, second = pair(lab)
    lab.runs.steering.stop("bob", second)
    lab.runs._writer.flush()
    assert [len(lab.runs._store.moments(run)) for run in (first, second)] == [4, 4]
    origin, moves = lab.runs._store.past(second)
    assert (origin.spec, origin.parent, moves) == (RunSpec(), "", [])


def test_weights_that_the_leader_keeps_are_found_under_the_follower_too(tmp_path, monkeypatch):
    monkeypatch.setenv("SPARSITY_LAB_CHECKPOINTS", str(tmp_path / "weights"))
    lab = Lab(tmp_path)
    first, second = pair(lab)
    lab.runs.checkpoints.keep(first, "000000050.weights.safetensors", b"weights")
    lab.worker.say({"event": "checkpoint", "run": first, "step": 50})
    advance(lab, 1)
    lab.runs.checkpoints.forget(first)
    assert lab.runs.checkpoints.steps(second) == [50]
    assert lab.runs.checkpoints.read(second, "000000050.weights.safetensors") == b"weights"
    lab.runs.close()


def asked(lab: Lab, run: str, question: str, **fields: object) -> dict:
    lab.runs.questions.ask("bob", run, question, fields.pop("step", None), fields)
    return lab.worker.sent[-1]


def test_a_question_about_who_follows_is_answered_by_what_is_trained_in_its_place(lab):
    first, second = pair(lab)
    sent = asked(lab, second, "weights")
    assert (sent["run"], sent["twin"], sent["step"]) == (second, first, 45)
    assert asked(lab, second, "weights", step=15)["step"] == 15
    assert "twin" not in asked(lab, first, "weights")
    assert len(starts(lab)) == 1


def test_who_watches_a_single_weight_has_a_training_of_its_own(lab):
    first, second = pair(lab)
    sent = asked(lab, second, "watch", lane=1)
    assert [start["run"] for start in starts(lab)] == [first, second]
    assert "twin" not in sent
    assert starts(lab)[1]["until"] == 45


def test_after_a_restart_they_are_one_training_again_that_goes_on_where_the_foremost_was(tmp_path):
    lab = Lab(tmp_path)
    first, second, third = (lab.start(owner=owner) for owner in ("ann", "bob", "cid"))
    moved = lab.start(owner="dan")
    show(lab, first, 0, 15, 30)
    lab.runs.steering.pause("bob", second)
    lab.runs.steering.change("dan", moved, 1, LaneSpec(strength=3e-3))
    show(lab, first, 45, 60)
    lab.runs.close()
    again = Lab(tmp_path)
    again.runs.tick()
    assert {(start["run"], start["until"]) for start in starts(again)} == {(first, 60), (moved, 30)}
    assert [again.state(run) for run in (first, second, third)] == ["running", "paused", "running"]
    assert starts(again)[0]["followed"]
    show(again, first, 75)
    assert steps(again, third) == [0, 15, 30, 45, 60, 75]
    again.runs.steering.resume("bob", second)
    advance(again, 60)
    assert steps(again, second) == [0, 15, 30, 45, 60, 75]
    late = again.start(owner="eve")
    advance(again, 60)
    assert steps(again, late) == [0, 15, 30, 45, 60, 75]
    again.runs.close()
