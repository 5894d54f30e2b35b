"""The worker with its input kept open, as the web server uses it."""

import itertools
import subprocess

import pytest

from core.snapshots import Event
from tests.core.worker.process import (
    COMMAND,
    Process,
    finished,
    is_error,
    is_snapshot,
    parsed,
    spec,
    start_line,
    without_event,
)

NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def shared():
    process = Process()
    yield process
    process.close()


@pytest.fixture
def worker(shared):
    """The module's worker, with nothing left over in its output."""
    shared.write(b"begin\n")
    shared.until(is_error)
    return shared


@pytest.fixture
def own():
    process = Process()
    yield process
    process.popen.kill()
    process.close()


@pytest.fixture
def run():
    return f"run-{next(NUMBERS)}"


def test_first_snapshots_come_at_once(worker, run):
    worker.send(op="start", run=run, spec=spec(n_lanes=2, epochs=1000), speed=2)
    for step in (0, 1):
        assert [(m["lane"], m["step"]) for m in worker.until_snapshots(run, 2)] == [(0, step), (1, step)]
    worker.send(op="stop", run=run)
    assert worker.until(finished(run))[-1]["reason"] == "stopped"


def rested(worker, run):
    """The snapshot a run rests at, looked at in full, once no other comes."""
    shown = {"step": 0, "valid_step": None}
    while True:
        worker.write(b"now\n")
        new = [line for line in worker.until(is_error) if is_snapshot(line, run)]
        if not new and shown["valid_step"] == shown["step"]:
            return shown
        shown = [shown, *new][-1]


def test_pause_step_resume_stop(worker, run):
    worker.send(op="start", run=run, spec=spec(epochs=1000), paused=True)
    assert worker.until_snapshots(run)[0]["step"] == 0
    assert worker.silent()
    worker.send(op="step", run=run, unit="update")
    (shown,) = worker.until_snapshots(run)
    assert (shown["step"], shown["valid_step"]) == (1, 1)
    worker.send(op="step", run=run, unit="epoch")
    assert worker.until_snapshots(run, wanted=lambda m: m["step"] == 2)[0]["valid_step"] == 2
    worker.send(op="step", run=run, unit="epoch")
    assert worker.until_snapshots(run, wanted=lambda m: m["step"] == 4)[0]["epoch"] == 2.0
    assert worker.silent()
    worker.send(op="resume", run=run)
    assert worker.until_snapshots(run)[0]["step"] > 4
    worker.send(op="pause", run=run)
    # The looks of a pause come in parts, between which other commands are answered.
    assert rested(worker, run)["step"] > 4
    worker.send(op="stop", run=run)
    *_, shown, last = worker.until(finished(run))
    assert last == {"event": "finished", "run": run, "reason": "stopped"}
    assert shown["valid_step"] == shown["step"]


def test_a_change_is_shown_at_once_and_moves_no_weight(worker, run):
    worker.send(op="start", run=run, spec=spec(n_lanes=2, epochs=1000), paused=True)
    before = worker.until_snapshots(run, 2)
    worker.send(op="change", run=run, lane=0, strength=0.01, layers=["fc1"])
    seen = worker.until(lambda m: is_snapshot(m, run) and m["lane"] == 1)
    events = [Event.model_validate(without_event(m)) for m in seen if m["event"] == "event"]
    assert {(each.lane, each.field, each.old, each.new) for each in events} == {
        (0, "strength", "0.0001", "0.01"),
        (0, "layers", "conv1.conv2.fc1.fc2", "fc1"),
    }
    after = seen[-2:]
    assert after[0]["layers"]["fc1"] == before[0]["layers"]["fc1"]
    assert after[0]["kernels"] == before[0]["kernels"]
    assert after[0]["layers"]["conv1"]["targeted"] is False
    worker.send(op="stop", run=run)
    worker.until(finished(run))


def test_speed_holds_a_run_back_and_can_change(worker, run):
    worker.send(op="start", run=run, spec=spec(epochs=1000), speed=0.01)
    worker.until_snapshots(run, wanted=lambda m: m["step"] == 1)
    assert worker.silent()
    worker.send(op="change", run=run, speed=0)
    worker.until_snapshots(run, wanted=lambda m: m["step"] > 5)
    worker.send(op="stop", run=run)
    worker.until(finished(run))


def test_runs_take_turns(worker):
    runs = [f"turn-{number}" for number in range(6)]
    for run in runs:
        worker.send(op="start", run=run, spec=spec(epochs=1000))
    for run in runs * 2:
        worker.until_snapshots(run, wanted=lambda m: m["step"] > 1)
    for run in runs:
        worker.send(op="stop", run=run)
        worker.until(finished(run))


BAD = {
    b"no json": "JSON",
    b"[1, 2]": "object",
    b'{"op": "fly", "run": "a"}': "op",
    b'{"op": "pause"}': "run",
    b'{"op": "pause", "run": "nobody"}': "nobody",
    b'{"op": "\\ud800", "run": "a"}': "op",
    b'{"op": "start", "run": "a", "spec": {"epochs": 0}}': "epochs",
    b'{"op": "start", "run": "a", "spec": {"lanes": [{"layers": ["fc9"]}]}}': "layers",
    b"x" * 1_200_000: "bytes",
}


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad[:50].decode())
def test_a_bad_line_gets_an_error_line(worker, bad):
    worker.write(bad + b"\n")
    (answer,) = worker.until(is_error)
    assert BAD[bad] in answer["message"]
    assert answer["message"].endswith(".")
    assert answer["line"] == bad.decode()[:200]
    assert worker.silent()


def test_a_bad_command_leaves_the_run_alone(worker, run):
    worker.send(op="start", run=run, spec=spec(epochs=1000), paused=True)
    worker.until_snapshots(run)
    for bad in ({"lane": 1, "strength": 0.1}, {"lane": -1, "strength": 0.1}, {"lane": 0, "strength": -1}):
        worker.send(op="change", run=run, **bad)
        assert [message["event"] for message in worker.until(is_error)] == ["error"]
    worker.send(op="start", run=run, spec=spec())
    assert "already" in worker.until(is_error)[-1]["message"]
    worker.send(op="step", run=run)
    assert worker.until_snapshots(run)[0]["step"] == 1
    worker.send(op="stop", run=run)
    worker.until(finished(run))
    worker.send(op="resume", run=run)
    assert run in worker.until(is_error)[-1]["message"]


def test_a_late_end_of_input_ends_it_in_the_middle_of_a_run(own):
    own.send(op="start", run="a", spec=spec(epochs=1000, train_size=0, batch_size=16))
    own.until_snapshots("a", wanted=lambda m: m["step"] >= 1)
    own.popen.stdin.close()
    assert own.popen.wait(10) == 0


def test_it_ends_when_nobody_reads_its_output():
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as popen:
        popen.stdin.write(start_line("a", epochs=1000))
        popen.stdin.flush()
        while parsed(popen.stdout.readline())["event"] != "snapshot":
            pass
        popen.stdout.close()
        assert popen.wait(10) == 0
