"""Questions from a page to the worker and back."""

import threading
import time

import pytest

from core.runs import Refused
from core.runs.questions import FORGET_SECONDS, MOST, MOST_PER_OWNER
from tests.core.runs.made import Lab


def ask(lab: Lab, run: str, owner: str = "ann", **fields: object):
    """Send a question; its future and its number."""
    future = lab.runs.questions.ask(owner, run, "predict", None, fields)
    return future, lab.worker.sent[-1]["id"]


def answer(lab: Lab, number: str, **answer: object) -> None:
    head = {"event": "answer", "id": number, "run": "r", "question": "predict", "step": 7, "live": True}
    lab.worker.say(head | {"answer": answer})


def test_a_question_reaches_the_worker_and_its_answer_comes_back(lab):
    run = lab.start()

    def answer_soon() -> None:
        while lab.worker.sent[-1]["op"] != "ask":
            time.sleep(0.001)
        answer(lab, lab.worker.sent[-1]["id"], lanes=[1])

    thread = threading.Thread(target=answer_soon)
    thread.start()
    said = lab.runs.ask("ann", run, "predict", step=5, timeout=30, indices=[3])
    thread.join()
    assert said == {"lanes": [1], "step": 7, "live": True}
    sent = lab.worker.sent[-1]
    assert {k: v for k, v in sent.items() if k != "id"} == {
        "op": "ask",
        "run": run,
        "question": "predict",
        "step": 5,
        "indices": [3],
    }


def test_answers_find_their_question_in_any_order(lab):
    run = lab.start()
    asked = [ask(lab, run) for _ in range(3)]
    for i in (2, 0, 1):
        answer(lab, asked[i][1], n=i)
    assert [future.result(0)["n"] for future, _ in asked] == [0, 1, 2]
    answer(lab, asked[0][1], n=9)
    answer(lab, "unknown", n=9)


def test_a_refusal_of_the_worker_is_one_of_ours(lab):
    future, number = ask(lab, lab.start())
    refusal = {"event": "refused", "id": number, "run": "r", "message": "There is no lane 9.", "retry": True}
    lab.worker.say(refusal)
    with pytest.raises(Refused, match=r"There is no lane 9\.") as refused:
        future.result(0)
    assert refused.value.retry


def test_no_answer_in_time_is_refused_and_a_late_one_does_no_harm(lab):
    run = lab.start()
    with pytest.raises(Refused, match="too long"):
        lab.runs.ask("ann", run, "predict", timeout=0.01)
    answer(lab, lab.worker.sent[-1]["id"])


def test_a_lost_worker_refuses_what_was_asked(lab):
    future, _ = ask(lab, lab.start())
    run = lab.start("bob")
    lab.runs.steering.stop("bob", run)
    lab.worker.die()
    with pytest.raises(Refused, match="Worker lost"):
        future.result(0)
    lab.runs.questions._send = lambda message: False
    for _ in range(MOST_PER_OWNER + 1):
        with pytest.raises(Refused, match="Worker lost"):
            ask(lab, run)


def test_a_flood_costs_only_who_sends_it(lab):
    run = lab.start()
    numbers = [ask(lab, run)[1] for _ in range(MOST_PER_OWNER)]
    with pytest.raises(Refused, match="questions waiting"):
        ask(lab, run)
    ask(lab, run, "bob")
    answer(lab, numbers[0])
    ask(lab, run)
    with pytest.raises(Refused, match="questions waiting"):
        ask(lab, run)


def test_giving_up_makes_room_and_tells_the_worker(lab):
    run = lab.start()
    for _ in range(MOST_PER_OWNER + 1):
        with pytest.raises(Refused, match="too long"):
            lab.runs.ask("ann", run, "latency", timeout=0.001)
        asked, withdrawn = lab.worker.sent[-2:]
        assert withdrawn == {"op": "withdraw", "run": run, "id": asked["id"]}
    future, number = ask(lab, run)
    answer(lab, number)
    future.cancel()
    assert lab.worker.sent[-1]["op"] == "ask"


def test_a_question_without_an_answer_counts_for_a_while(lab):
    run = lab.start()
    for _ in range(MOST_PER_OWNER):
        ask(lab, run)
    with pytest.raises(Refused, match="questions waiting"):
        ask(lab, run)
    lab.clock.now += FORGET_SECONDS + 1
    ask(lab, run)


@pytest.mark.parametrize("step", [-1, 1.5, True, "x", 10**10])
def test_a_step_that_is_none_does_not_reach_the_worker(lab, step):
    run = lab.start()
    with pytest.raises(Refused, match="step must be a whole number from 0 to 1000000000, got"):
        lab.runs.questions.ask("ann", run, "weights", step, {})
    assert lab.worker.sent[-1]["op"] == "start"


def test_long_questions_leave_the_others_their_places(lab):
    run = lab.start()
    for i in range(MOST):
        lab.runs.questions.ask(f"owner {i // MOST_PER_OWNER}", run, "refit", None, {})
    with pytest.raises(Refused, match="Too many"):
        lab.runs.questions.ask("one more", run, "refit", None, {})
    ask(lab, run, "owner 0")


def test_all_together_cannot_ask_without_bound(lab):
    run = lab.start()
    for i in range(MOST):
        ask(lab, run, f"owner {i}")
    with pytest.raises(Refused, match="Too many questions") as refused:
        ask(lab, run, "one more")
    assert refused.value.retry


def test_a_question_cannot_pretend_to_be_another_order(lab):
    run = lab.start()
    fields = {"op": "stop", "run": "other", "id": "mine"}
    lab.runs.questions.ask("ann", run, "predict", None, fields)
    sent = lab.worker.sent[-1]
    assert (sent["op"], sent["run"]) == ("ask", run)
    assert sent["id"] != "mine"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1}, b"x"], ids=str)
def test_what_json_cannot_hold_is_refused(lab, value):
    with pytest.raises(Refused, match="finite numbers"):
        ask(lab, lab.start(), value=value)
    assert lab.worker.sent[-1]["op"] == "start"


def test_a_question_that_is_too_long_is_refused(lab):
    with pytest.raises(Refused, match="at most 100 kB"):
        ask(lab, lab.start(), value="x" * 100_000)


def test_unknown_and_waiting_runs_cannot_be_asked_but_ended_ones_can(lab):
    with pytest.raises(Refused, match="no such run") as refused:
        ask(lab, "unknown")
    assert not refused.value.retry
    run = lab.start()
    with pytest.raises(Refused, match="not started yet") as refused:
        ask(lab, lab.start(key="second"))
    assert refused.value.retry
    lab.runs.steering.stop("ann", run)
    ask(lab, run)
    lab.runs._writer.flush()
    lab.pass_minutes(10)
    assert lab.runs._board.get(run) is None
    ask(lab, run, "bob")


def test_weights_that_could_not_be_kept_are_said_until_they_can(lab):
    run = lab.start()
    entry = lab.runs.attach(run)
    lab.worker.say({"event": "unkept", "run": run, "message": "The disk is full."})
    assert "The disk is full." in entry.feed.update(0, False)[1]
    lab.worker.say({"event": "checkpoint", "run": run, "step": 3, "bytes": 10})
    assert "The disk is full." not in entry.feed.update(0, False)[1]
