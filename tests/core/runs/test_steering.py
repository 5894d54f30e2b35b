"""What an owner can do to a run that goes, and what reaches the worker of it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.runs import Refused
from core.spec import LAYERS, LIVE_FIELDS, LaneSpec, RunSpec


def test_only_its_owner_steers_a_run(lab):
    run = lab.start()
    steering = [
        lambda: lab.runs.steering.pause("eve", run),
        lambda: lab.runs.steering.resume("eve", run),
        lambda: lab.runs.steering.stop("eve", run),
        lambda: lab.runs.steering.step("eve", run, "epoch"),
        lambda: lab.runs.steering.set_speed("eve", run, 1),
        lambda: lab.runs.steering.change("eve", run, 1, LaneSpec(strength=0.1)),
    ]
    for steer in steering:
        with pytest.raises(Refused, match="someone else"):
            steer()
    assert lab.worker.ops(run) == ["start"]


def test_a_change_shows_in_the_view_and_reaches_the_worker(lab):
    run = lab.start()
    lab.runs.steering.change("ann", run, 1, LaneSpec(strength=3e-3, layers={"fc1", "conv1"}))
    lane = lab.runs.view(run).spec.lanes[1]
    assert (lane.strength, lane.layers) == (3e-3, {"conv1", "fc1"})
    assert lab.runs.view(run).spec.lanes[0].strength == 0.0
    assert lab.worker.sent[-1] == {
        "op": "change",
        "run": run,
        "lane": 1,
        "strength": 3e-3,
        "layers": ["conv1", "fc1"],
    }


def test_the_same_value_again_is_no_change(lab):
    run = lab.start()
    lab.runs.steering.change("ann", run, 1, RunSpec().lanes[1])
    assert lab.worker.ops(run) == ["start"]


def test_a_change_of_a_waiting_run_starts_with_it(lab):
    first, second = lab.start(key="1"), lab.start(key="2")
    lab.runs.steering.change("ann", second, 1, LaneSpec(strength=3e-3))
    lab.runs.steering.set_speed("ann", second, 5)
    lab.runs.steering.step("ann", second, "update")
    assert lab.worker.ops(second) == []
    lab.runs.steering.stop("ann", first)
    assert lab.worker.ops(second) == ["start", "step"]
    started = lab.worker.sent[-2]
    assert (started["spec"]["lanes"][1]["strength"], started["speed"], started["paused"]) == (3e-3, 5, True)


def test_what_takes_a_restart_waits_for_it(lab):
    run = lab.start()
    wanted = LaneSpec(strength=3e-3, optimizer="sgd", penalty="l2", warmup=0.5)
    lab.runs.steering.change("ann", run, 1, wanted)
    assert lab.runs.view(run).spec.lanes[1] == RunSpec().lanes[1].changed(strength=3e-3)
    assert lab.worker.sent[-1] == {"op": "change", "run": run, "lane": 1, "strength": 3e-3}


@pytest.mark.parametrize("lane", [2, -1])
def test_a_lane_that_is_not_there_is_refused_in_a_sentence(lab, lane):
    run = lab.start()
    with pytest.raises(Refused, match=rf"^lane must be from 0 to 1, got '{lane}'\.$"):
        lab.runs.steering.change("ann", run, lane, LaneSpec(strength=0.1))
    assert lab.worker.ops(run) == ["start"]
    assert lab.runs.view(run).spec == RunSpec()


def test_layers_that_the_runs_own_penalty_cannot_have_are_refused(lab):
    # The lane that is wanted has another penalty, which could: only the live fields are taken over.
    groups = LaneSpec(penalty="group_lasso")
    spec = RunSpec(model="textbook_cnn_bn", lanes=(LaneSpec().without_penalty(), groups))
    run = lab.runs.start("ann", spec, key="groups").id
    with pytest.raises(Refused, match="group"):
        lab.runs.steering.change("ann", run, 1, LaneSpec(layers=frozenset({"bn1"})))
    assert lab.worker.ops(run) == ["start"]
    assert lab.runs.view(run).spec == spec


@pytest.mark.parametrize("speed", [-1, 1_000_000, 1.5, True, "fast"])
def test_a_speed_that_cannot_be_is_refused(lab, speed):
    run = lab.start()
    with pytest.raises(Refused, match="speed must be"):
        lab.runs.steering.set_speed("ann", run, speed)


def test_pause_step_resume(lab):
    run = lab.start()
    lab.runs.steering.pause("ann", run)
    lab.runs.steering.pause("ann", run)
    assert lab.state(run) == "paused"
    lab.runs.steering.step("ann", run, "epoch")
    assert lab.state(run) == "paused"
    lab.runs.steering.resume("ann", run)
    assert lab.state(run) == "running"
    assert lab.worker.ops(run) == ["start", "pause", "step", "resume"]
    with pytest.raises(Refused, match="unit"):
        lab.runs.steering.step("ann", run, "year")


def test_an_ended_or_unknown_run_cannot_be_steered(lab):
    run = lab.start()
    lab.runs.steering.stop("ann", run)
    for gone in (run, "nothing"):
        with pytest.raises(Refused, match="ended or is not known"):
            lab.runs.steering.resume("ann", gone)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    asked=st.lists(
        st.builds(
            LaneSpec,
            strength=st.sampled_from([0.0, 1e-4, 3e-3]),
            layers=st.frozensets(st.sampled_from(["conv1", "fc1"])),
            include_bias=st.booleans(),
            optimizer=st.sampled_from(["adam", "sgd"]),
        ),
        max_size=5,
    )
)
def test_the_worker_is_told_what_is_new_and_ends_up_with_what_the_view_says(lab, asked):
    run = lab.start(owner=str(len(lab.worker.sent)))
    owner, n_before = lab.runs.view(run).owner, len(lab.worker.sent)
    there = RunSpec().lanes[1]
    for wanted in asked:
        lab.runs.steering.change(owner, run, 1, wanted)
        now = lab.runs.view(run).spec.lanes[1]
        assert all(getattr(now, name) == getattr(wanted, name) for name in LIVE_FIELDS)
    for message in lab.worker.sent[n_before:]:
        news = {name: value for name, value in message.items() if name not in ("op", "run", "lane")}
        assert news.keys() <= set(LIVE_FIELDS)
        changed = there.changed(**news)
        assert all(getattr(changed, name) != getattr(there, name) for name in news)
        assert message.get("layers", []) == [name for name in LAYERS if name in message.get("layers", [])]
        there = changed
    assert there == lab.runs.view(run).spec.lanes[1]
    lab.runs.steering.stop(owner, run)


def test_a_step_asked_of_a_waiting_run_is_made_when_it_starts_unless_it_is_resumed(lab):
    first, second = lab.start(key="1"), lab.start(key="2")
    lab.runs.steering.step("ann", second, "epoch")
    lab.runs.steering.resume("ann", second)
    lab.runs.steering.stop("ann", first)
    assert lab.worker.ops(second) == ["start"]
    assert lab.state(second) == "running"
