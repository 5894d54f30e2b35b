import json

import pytest

from core.runs import Config, Refused, Runs, StartError
from core.runs.board import FEW
from core.spec import RunSpec
from tests.core.runs.made import Lab


def test_a_start_reaches_the_worker_with_its_settings(lab):
    run = lab.start(speed=60, paused=True)
    spec = RunSpec().model_dump(mode="json")
    (sent,) = lab.worker.sent
    share = sent.pop("share")
    assert sent == {"op": "start", "run": run, "spec": spec, "paused": True, "speed": 60}
    assert "ann" not in share
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
    lab.runs.steering.stop("ann", first)
    assert [lab.state(run) for run in (first, second, third)] == ["stopped", "running", "queued"]
    assert lab.runs.view(third).position == 1
    lab.worker.say({"event": "finished", "run": second, "reason": "done"})
    assert [lab.state(run) for run in (second, third)] == ["finished", "running"]


def test_who_waits_for_a_run_of_their_own_is_told_so_and_who_waits_for_others_is_not(tmp_path):
    lab = Lab(tmp_path, max_runs=1)
    lab.start(owner="ann", paused=True)
    own, other = lab.start(owner="ann", key="2"), lab.start(owner="bob", spec=RunSpec(seed=2))
    said = {run: lab.runs.attach(run).feed._status["reason"] for run in (own, other)}
    assert said == {own: "Waiting for another run of yours, which is paused.", other: ""}


def test_a_global_cap_queues_the_others_by_arrival(tmp_path):
    lab = Lab(tmp_path, max_runs=2)
    ann, bob, cid, dan = lab.starts("ann", "bob", "cid", "dan")
    assert [lab.runs.view(run).position for run in (ann, bob, cid, dan)] == [0, 0, 1, 2]
    lab.runs.steering.stop("bob", bob)
    assert lab.state(cid) == "running"
    assert lab.runs.view(dan).position == 1
    lab.runs.close()


def test_a_full_queue_is_refused(tmp_path):
    lab = Lab(tmp_path, max_runs=1)
    lab.starts(*"01234")
    with pytest.raises(Refused, match="full"):
        lab.start(owner="late", spec=RunSpec(seed=9))
    lab.runs.close()


def test_updates_that_would_hold_up_everybody_are_refused_however_the_run_begins(tmp_path):
    lab = Lab(tmp_path, update_budget=0.2)
    first = lab.start(spec=RunSpec(batch_size=64))
    heavy = RunSpec(batch_size=128)
    with pytest.raises(Refused, match="batch_size must be at most 95 with 2 lanes"):
        lab.start(owner="bob", spec=heavy)
    with pytest.raises(Refused, match="batch_size"):
        lab.runs.branches.again("bob", first, heavy, key="again")
    assert lab.runs.active("bob") == []
    lab.runs.close()


def test_who_starts_one_run_after_the_other_is_stopped_for_the_rest_of_the_minute(tmp_path):
    lab = Lab(tmp_path, starts_per_minute=5)
    for i in range(5):
        lab.runs.steering.stop("ann", lab.start(key=str(i)))
        lab.clock.now += 1
    with pytest.raises(Refused, match="started 5 runs within a minute"):
        lab.start(key="late")
    assert lab.state(lab.start(owner="bob")) == "running"
    # A refused start counts for nothing: a minute after the first, there is room for one.
    lab.clock.now += 55.5
    lab.start(key="late")
    with pytest.raises(Refused, match="within a minute"):
        lab.start(key="later")
    lab.runs.close()


def test_the_last_words_of_a_stopped_run_are_kept(lab):
    run = lab.start()
    lab.runs.steering.stop("ann", run)
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


@pytest.mark.parametrize("address", ["nothing", "sqlite", "nosuchdb://host/lab", "mysql+nodriver://host/lab"])
def test_an_address_that_is_none_is_one_sentence_that_says_which_setting(address):
    with pytest.raises(StartError, match=r"^SPARSITY_LAB_DATABASE [^\n]*\.$"):
        Runs(Config(database=address))


def test_where_more_than_a_few_train_each_is_told_how_many(lab):
    runs = lab.starts(*map(str, range(FEW)))
    lab.start(owner="one who rests", paused=True, spec=RunSpec(seed=98))
    lab.runs.tick()
    assert [status(lab, run)["sharing"] for run in runs] == [0] * FEW
    runs.append(lab.start(owner="one more", spec=RunSpec(seed=99)))
    lab.runs.tick()
    assert [status(lab, run)["sharing"] for run in runs] == [FEW + 1] * (FEW + 1)
    lab.worker.pids = [1, 2]
    lab.runs.tick()
    assert status(lab, runs[0])["sharing"] == 0
