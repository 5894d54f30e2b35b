"""One run as the service holds it: what follows from its state."""

from typing import get_args

import pytest

from core.runs.entries import MOST_LOSSES, Entry
from core.runs.live.hub import Feed
from core.runs.views import ACTIVE, GOING, Refused, State
from core.spec import LaneSpec, RunSpec
from tests.core.runs.live.test_hub import Shelf
from tests.core.runs.made import snapshot

SPEC = RunSpec.beside_zero(LaneSpec(penalty="group_lasso"))


def entry(state: State = "running", **fields) -> Entry:
    feed = Feed("r", SPEC, Shelf(), 10, 10)
    return Entry("r", "ann", SPEC, feed, created=5.0, watched=0.0, state=state, **fields)


@pytest.mark.parametrize("state", get_args(State))
def test_the_worker_has_what_is_active_and_what_goes_has_not_ended(state):
    made = entry(state)
    assert (made.active, made.going) == (state in ACTIVE, state in GOING)
    assert made.going or not made.active
    assert made.view(3).position == 3
    assert made.view(3).state == state


def test_its_own_reason_comes_before_how_far_its_images_are_and_that_before_a_general_one():
    assert entry().status(0, "All wait.", "CPU")["reason"] == "All wait."
    loading = entry(loading=("Downloading: 34 %", 0.34))
    assert loading.status(0, "All wait.", "CPU")["reason"] == "Downloading: 34 %"
    assert loading.status(0, "", "CPU")["share"] == 0.34
    over = entry("failed", reason="No data.", loading=("Downloading: 34 %", 0.34))
    assert (over.status(0, "", "CPU")["reason"], over.status(0, "", "CPU")["share"]) == ("No data.", None)


def test_the_start_message_is_all_that_the_worker_needs():
    (message,) = entry(paused=True, speed=7).start_messages()
    assert RunSpec.checked(message.pop("spec")) == SPEC
    assert message.pop("share") not in ("", message["run"])
    assert message == {"op": "start", "run": "r", "paused": True, "speed": 7}


def test_only_one_lane_takes_over_what_can_change_and_the_run_itself_stays():
    made, wanted = entry(), LaneSpec(strength=0.5, layers={"fc2"}, learning_rate=0.5, warmup=0.9)
    new = made.changed(1, wanted)
    assert made.spec == SPEC
    assert new.lanes[0] == SPEC.lanes[0]
    assert new.lanes[1] == SPEC.lanes[1].changed(strength=0.5, layers={"fc2"})
    assert made.changed(0, wanted).lanes[1] == SPEC.lanes[1]


@pytest.mark.parametrize("lane", [-1, 2, "1", None, 0.5])
def test_a_lane_that_is_none_is_refused(lane):
    with pytest.raises(Refused, match=f"lane must be from 0 to 1, got '{lane}'"):
        entry().changed(lane, LaneSpec())


def test_what_does_not_go_with_the_rest_of_the_lane_is_refused():
    # Single weights of a normalization have no groups; for L1 they may be targeted.
    wanted = LaneSpec(layers={"bn1"})
    with pytest.raises(Refused, match="for group_lasso, which needs units"):
        entry().changed(1, wanted)


def test_a_run_that_loses_its_process_at_one_step_again_and_again_does_not_go_on():
    made = entry()
    assert [made.lose() for _ in range(MOST_LOSSES + 1)] == [True] * MOST_LOSSES + [False]
    for lane in range(2):
        made.feed.add_snapshot(snapshot("r", lane, 7))
    assert made.lose()
