import json

import pytest

from core.runs import Refused
from core.spec import RunSpec
from tests.core.runs.made import Lab


def test_a_start_reaches_the_worker_with_its_settings(lab):
    run = lab.start(speed=60, paused=True)
    spec = RunSpec().model_dump(mode="json")
    assert lab.worker.sent == [{"op": "start", "run": run, "spec": spec, "paused": True, "speed": 60}]
    assert lab.state(run) == "paused"


def test_a_double_click_is_one_run(lab):
    assert lab.start(key="one") == lab.start(key="one") != lab.start(key="two")
    assert lab.start(owner="bob", key="one") != lab.start(owner="ann", key="one")


def test_one_runs_two_wait_the_fourth_is_refused(lab):
    runs = [lab.start(key=str(i)) for i in range(3)]
    assert [view.state for view in lab.runs.active("ann")] == ["running", "queued", "queued"]
    assert [view.position for view in lab.runs.active("ann")] == [0, 1, 2]
    with pytest.raises(Refused, match="stop one"):
        lab.start(key="4")
    assert lab.start(owner="bob") != runs[0]


def test_the_queue_moves_up_in_order(lab):
    first, second, third = (lab.start(key=str(i)) for i in range(3))
    lab.runs.stop("ann", first)
    assert [lab.state(run) for run in (first, second, third)] == ["stopped", "running", "queued"]
    assert lab.runs.view(third).position == 1
    lab.worker.say({"event": "finished", "run": second, "reason": "done"})
    assert [lab.state(run) for run in (second, third)] == ["finished", "running"]


def test_a_global_cap_queues_the_others_by_arrival(tmp_path):
    lab = Lab(tmp_path, max_runs=2)
    ann, bob, cid, dan = (lab.start(owner=owner) for owner in ("ann", "bob", "cid", "dan"))
    assert [lab.runs.view(run).position for run in (ann, bob, cid, dan)] == [0, 0, 1, 2]
    lab.runs.stop("bob", bob)
    assert lab.state(cid) == "running"
    assert lab.runs.view(dan).position == 1
    lab.runs.close()


def test_a_full_queue_is_refused(tmp_path):
    lab = Lab(tmp_path, max_runs=1)
    for i in range(5):
        lab.start(owner=str(i))
    with pytest.raises(Refused, match="full"):
        lab.start(owner="late")
    lab.runs.close()


def test_only_its_owner_steers_a_run(lab):
    run = lab.start()
    steering = [
        lambda: lab.runs.pause("eve", run),
        lambda: lab.runs.resume("eve", run),
        lambda: lab.runs.stop("eve", run),
        lambda: lab.runs.step("eve", run, "epoch"),
        lambda: lab.runs.set_speed("eve", run, 1),
        lambda: lab.runs.change("eve", run, 1, strength=0.1),
    ]
    for steer in steering:
        with pytest.raises(Refused, match="someone else"):
            steer()
    assert lab.worker.ops(run) == ["start"]


def test_a_change_shows_in_the_view_and_reaches_the_worker(lab):
    run = lab.start()
    lab.runs.change("ann", run, 1, strength=3e-3, layers=frozenset({"fc1", "conv1"}))
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
    lab.runs.change("ann", run, 1, strength=1e-4)
    assert lab.worker.ops(run) == ["start"]


def test_a_change_of_a_waiting_run_starts_with_it(lab):
    first, second = lab.start(key="1"), lab.start(key="2")
    lab.runs.change("ann", second, 1, strength=3e-3)
    lab.runs.set_speed("ann", second, 5)
    lab.runs.step("ann", second, "update")
    assert lab.worker.ops(second) == []
    lab.runs.stop("ann", first)
    assert lab.worker.ops(second) == ["start", "step"]
    started = lab.worker.sent[-2]
    assert (started["spec"]["lanes"][1]["strength"], started["speed"], started["paused"]) == (3e-3, 5, True)


@pytest.mark.parametrize(
    ("lane", "fields"),
    [
        (2, {"strength": 0.1}),
        (-1, {"strength": 0.1}),
        (1, {"strength": -1.0}),
        (1, {"strength": float("nan")}),
        (1, {"layers": ["conv9"]}),
        (1, {"include_bias": "yes"}),
        (1, {"optimizer": "sgd"}),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_a_sentence(lab, lane, fields):
    run = lab.start()
    with pytest.raises(Refused, match=r"^.+\.$"):
        lab.runs.change("ann", run, lane, **fields)
    assert lab.worker.ops(run) == ["start"]
    assert lab.runs.view(run).spec == RunSpec()


@pytest.mark.parametrize("speed", [-1, 1_000_000, 1.5, True, "fast"])
def test_a_speed_that_cannot_be_is_refused(lab, speed):
    run = lab.start()
    with pytest.raises(Refused, match="speed must be"):
        lab.runs.set_speed("ann", run, speed)


def test_pause_step_resume(lab):
    run = lab.start()
    lab.runs.pause("ann", run)
    lab.runs.pause("ann", run)
    assert lab.state(run) == "paused"
    lab.runs.step("ann", run, "epoch")
    assert lab.state(run) == "paused"
    lab.runs.resume("ann", run)
    assert lab.state(run) == "running"
    assert lab.worker.ops(run) == ["start", "pause", "step", "resume"]
    with pytest.raises(Refused, match="unit"):
        lab.runs.step("ann", run, "year")


def test_an_ended_or_unknown_run_cannot_be_steered(lab):
    run = lab.start()
    lab.runs.stop("ann", run)
    for gone in (run, "nothing"):
        with pytest.raises(Refused, match="ended or is not known"):
            lab.runs.resume("ann", gone)


def test_the_last_words_of_a_stopped_run_are_kept(lab):
    run = lab.start()
    lab.runs.stop("ann", run)
    lab.worker.show(run, 7)
    lab.worker.say({"event": "finished", "run": run, "reason": "stopped"})
    assert lab.state(run) == "stopped"
    assert '"step":7' in lab.runs.attach(run).feed.update(0, False)[1]


@pytest.mark.parametrize(
    ("kind", "said", "state", "reason"),
    [
        ("finished", "done", "finished", ""),
        ("finished", "Every lane diverged.", "finished", "Every lane diverged."),
        ("failed", "No data.", "failed", "No data."),
    ],
)
def test_how_a_run_ends(lab, kind, said, state, reason):
    run = lab.start()
    lab.worker.say({"event": kind, "run": run, "reason": said})
    view = lab.runs.view(run)
    assert (view.state, view.reason) == (state, reason)


def status(lab: Lab, run: str) -> dict:
    _, text = lab.runs.attach(run).feed.update(0, mine=True)
    return json.loads(text)["status"]


def test_a_run_whose_images_are_on_their_way_says_how_far_they_are(lab):
    run = lab.start()
    assert status(lab, run)["share"] is None
    lab.worker.say({"event": "loading", "run": run, "text": "Downloading MNIST: 34 %", "share": 0.34})
    shown = status(lab, run)
    assert (shown["state"], shown["reason"], shown["share"]) == ("running", "Downloading MNIST: 34 %", 0.34)
    lab.worker.show(run, 0)
    shown = status(lab, run)
    assert (shown["state"], shown["reason"], shown["share"]) == ("running", "", None)


def test_a_run_whose_images_cannot_be_had_says_why(lab):
    run = lab.start()
    lab.worker.say({"event": "loading", "run": run, "text": "Downloading MNIST: 0 %", "share": 0.0})
    lab.worker.say({"event": "failed", "run": run, "reason": "MNIST could not be downloaded."})
    shown = status(lab, run)
    assert (shown["state"], shown["reason"], shown["share"]) == (
        "failed",
        "MNIST could not be downloaded.",
        None,
    )


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan"), "much"])
def test_a_share_that_cannot_be_is_not_shown(lab, share):
    run = lab.start()
    with pytest.raises(ValueError, match=r"share|float"):
        lab.worker.say({"event": "loading", "run": run, "text": "Downloading", "share": share})
    assert status(lab, run)["share"] is None
