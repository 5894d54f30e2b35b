"""Questions to the worker as a process: answered beside the training, from a running or an ended run."""

import json

import pytest

from core.inspect.questions import NAMES
from tests.core.worker.process import Process, batch, finished, is_error, parsed, spec


@pytest.fixture(scope="module")
def worker():
    process = Process()
    yield process
    process.close()


def said(message):
    return message["event"] in {"answer", "refused"}


def ask(worker, run, question, number="1", **fields):
    worker.send(op="ask", id=number, run=run, question=question, **fields)
    return worker.until(lambda message: said(message) and message["id"] == number)[-1]


def test_a_running_run_answers_and_goes_on(worker):
    worker.send(op="start", run="a", spec=spec(n_lanes=2, epochs=1000))
    worker.until_snapshots("a", 2, lambda m: m["step"] > 1)
    first = ask(worker, "a", "predict", indices=[0])
    assert (first["event"], first["live"], first["run"]) == ("answer", True, "a")
    assert [len(lane["probabilities"][0]) for lane in first["answer"]["lanes"]] == [10, 10]
    worker.until_snapshots("a", 2, lambda m: m["step"] > first["step"])
    assert ask(worker, "a", "predict", indices=[0])["step"] > first["step"]
    worker.send(op="stop", run="a")
    worker.until(finished("a"))


def test_a_long_question_lets_the_run_train_and_short_ones_pass(worker):
    worker.send(op="start", run="b", spec=spec(epochs=1000, train_size=0))
    worker.until_snapshots("b", wanted=lambda m: m["step"] > 1)
    worker.send(op="ask", id="long", run="b", question="latency", lane=0)
    assert ask(worker, "b", "predict", number="short", indices=[0])["event"] == "answer"
    lines = worker.until(lambda message: said(message) and message["id"] == "long")
    steps = [m["step"] for m in lines if m["event"] == "snapshot"]
    assert steps[-1] > steps[0]
    worker.send(op="stop", run="b")
    worker.until(finished("b"))


def test_a_paused_run_answers_without_training(worker):
    worker.send(op="start", run="c", spec=spec(epochs=10), paused=True)
    worker.until_snapshots("c")
    assert ask(worker, "c", "confusion", lane=0)["step"] == 0
    slow = ask(worker, "c", "slow_motion", lane=0, layer="fc1")["answer"]
    worker.send(op="step", run="c")
    worker.until_snapshots("c")
    after = ask(worker, "c", "slow_motion", lane=0, layer="fc1", indices=slow["indices"])
    assert after["step"] == 1
    assert after["answer"]["before"] == slow["after"]
    worker.send(op="stop", run="c")
    worker.until(finished("c"))


def test_an_ended_run_answers_from_its_last_checkpoint_also_in_another_process(worker):
    worker.send(op="start", run="d", spec=spec(n_lanes=2, epochs=3))
    lines = worker.until(finished("d"))
    (kept,) = [message for message in lines if message["event"] == "checkpoint"]
    assert kept["step"] == 6
    here = ask(worker, "d", "predict", indices=[3])
    assert (here["live"], here["step"]) == (False, 6)
    line = json.dumps({"op": "ask", "id": "x", "run": "d", "question": "predict", "indices": [3]})
    there = [message for message in batch(line.encode() + b"\n") if message["event"] == "answer"]
    assert there[0]["answer"] == here["answer"]


def test_a_change_leaves_a_checkpoint_and_the_nearest_moment_answers(worker):
    worker.send(op="start", run="e", spec=spec(epochs=1000), paused=True)
    worker.until_snapshots("e")
    worker.send(op="change", run="e", lane=0, strength=0.01)
    worker.send(op="step", run="e")
    kept = worker.until(lambda m: m["event"] == "checkpoint")[-1]
    worker.send(op="step", run="e", unit="epoch")
    worker.until_snapshots("e", wanted=lambda m: m["step"] == 2)
    near = ask(worker, "e", "dead_units", lane=0, step=0)
    assert (near["step"], near["live"]) == (kept["step"], False)
    assert ask(worker, "e", "dead_units", lane=0, step=999)["live"] is True
    worker.send(op="stop", run="e")
    worker.until(finished("e"))


def test_the_fate_of_a_weight_is_told_after_the_run_too(worker):
    worker.send(op="start", run="f", spec=spec(epochs=1000), paused=True)
    worker.until_snapshots("f")
    place = {"lane": 0, "layer": "fc1", "index": 3}
    assert ask(worker, "f", "watch", **place)["answer"]["steps"] == [0]
    worker.send(op="step", run="f")
    worker.until_snapshots("f")
    worker.send(op="stop", run="f")
    worker.until(finished("f"))
    assert ask(worker, "f", "fate", **place)["answer"]["steps"] == [0, 1]


def test_what_cannot_be_answered_is_one_sentence_with_its_number(worker):
    for fields in (
        {"run": "nobody", "question": "predict", "indices": [0]},
        {"run": "d", "question": "nonsense"},
        {"run": "d", "question": "predict", "indices": "all"},
        {"run": "d", "question": "watch", "lane": 0, "layer": "fc1", "index": 3},
        {"run": "../d", "question": "weights", "lane": 0},
    ):
        refused = ask(worker, number="no", **fields)
        assert refused["event"] == "refused"
        assert refused["message"].endswith(".")
        assert refused["retry"] is False


@pytest.mark.parametrize(
    "fields",
    [{"id": 3}, {"id": ""}, {"run": 3}, {"run": "d\n"}],
)
def test_an_ask_that_is_no_ask_gets_an_error_line(worker, fields):
    worker.send(**({"op": "ask", "id": "1", "run": "d", "question": "weights"} | fields))
    assert worker.until(is_error)[-1]["message"].endswith(".")


@pytest.mark.parametrize(
    "fields", [{"question": None}, *({"step": step} for step in (-1, 1.5, True, "x", 10**10))], ids=str
)
def test_a_bad_question_with_a_number_is_refused_by_its_number(worker, fields):
    refused = ask(worker, **({"run": "d", "question": "weights", "number": "bad"} | fields))
    assert (refused["event"], refused["run"], refused["retry"]) == ("refused", "d", False)
    assert refused["message"].endswith(".")


@pytest.mark.parametrize("question", NAMES)
def test_every_question_without_its_fields_is_refused_or_answered(worker, question):
    message = ask(worker, "d", question)
    assert parsed(json.dumps(message)) == message
    assert message["event"] in {"answer", "refused"}
    assert "unexpected" not in message.get("message", "")


def test_a_folder_that_cannot_be_written_does_not_stop_a_run(tmp_path, monkeypatch):
    (tmp_path / "weights").write_text("a file in the way")
    monkeypatch.setenv("SPARSITY_LAB_CHECKPOINTS", str(tmp_path / "weights"))
    start = json.dumps({"op": "start", "run": "a", "spec": spec(epochs=2)})
    lines = batch(start.encode() + b"\n")
    (unkept,) = [message for message in lines if message["event"] == "unkept"]
    assert "could not be kept" in unkept["message"]
    assert lines[-1] == {"event": "finished", "run": "a", "reason": "done"}
