"""The worker as a process: what a person or the web server sees of it."""

import itertools
import json
import queue
import subprocess
import sys
import threading
import time

import pytest

from core.snapshots import Event, Snapshot
from core.spec import LaneSpec, RunSpec

PATIENCE = 60.0
"""Seconds to wait for what must come; only a failing test waits so long."""

COMMAND = [sys.executable, "-m", "core.training.worker"]
NUMBERS = itertools.count()


def refuse(token):
    raise AssertionError(f"{token} is no JSON")


def parsed(text):
    return json.loads(text, parse_constant=refuse)


class Process:
    """A worker with its input kept open, and its output in a queue."""

    def __init__(self):
        self.popen = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.lines = queue.SimpleQueue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.popen.stdout:
            self.lines.put(parsed(line))

    def send(self, **message):
        self.write(json.dumps(message).encode() + b"\n")

    def write(self, data):
        self.popen.stdin.write(data)
        self.popen.stdin.flush()

    def until(self, wanted):
        """Everything up to the first line that is `wanted`."""
        seen, limit = [], time.monotonic() + PATIENCE
        while not seen or not wanted(seen[-1]):
            seen.append(self.lines.get(timeout=max(0.0, limit - time.monotonic())))
        return seen

    def until_snapshots(self, run, lanes=1, wanted=lambda line: True):
        """Up to the next full set of snapshots of a run; the set alone is returned."""
        last = lanes - 1
        seen = self.until(lambda m: is_snapshot(m, run) and m["lane"] == last and wanted(m))
        return [message for message in seen if is_snapshot(message, run)][-lanes:]

    def close(self):
        self.popen.stdin.close()
        self.popen.wait(PATIENCE)
        self.reader.join(PATIENCE)
        self.popen.stdout.close()

    def silent(self):
        """Whether nothing more comes, told by the answer to a bad line coming alone."""
        self.write(b"ping\n")
        return self.lines.get(timeout=PATIENCE)["event"] == "error"


def is_snapshot(message, run):
    return message["event"] == "snapshot" and message["run"] == run


def is_error(message):
    return message["event"] == "error"


def finished(run):
    return lambda message: message["event"] in {"finished", "failed"} and message["run"] == run


def spec(n_lanes=1, **fields):
    lanes = (LaneSpec(), LaneSpec().without_penalty())[:n_lanes]
    return json.loads(RunSpec(**{"train_size": 128, "lanes": lanes, **fields}).to_json())


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


def batch(text):
    done = subprocess.run(COMMAND, input=text, capture_output=True, timeout=PATIENCE, check=True)
    return [parsed(line) for line in done.stdout.splitlines()]


def start_line(run, **fields):
    return json.dumps({"op": "start", "run": run, "spec": spec(**fields)}).encode() + b"\n"


def test_a_batch_piped_in_is_trained_to_the_end():
    first, *out, last = batch(start_line("a", n_lanes=2, epochs=3) + b"oops\n" + start_line("b", epochs=2))
    assert first["event"] == "hello"
    assert first["device"] in {"cpu", "cuda", "mps"}
    assert first["name"]
    assert [message["line"] for message in out if is_error(message)] == ["oops"]
    assert last["event"] == "finished"
    for run, n_lanes, steps in (("a", 2, 6), ("b", 1, 4)):
        mine = [message for message in [*out, last] if message.get("run") == run]
        assert mine[-1] == {"event": "finished", "run": run, "reason": "done"}
        assert [(m["lane"], m["step"]) for m in mine[:n_lanes]] == [(lane, 0) for lane in range(n_lanes)]
        assert [(m["lane"], m["step"], m["test_step"]) for m in mine[-1 - n_lanes : -1]] == [
            (lane, steps, steps) for lane in range(n_lanes)
        ]


def test_records_are_the_ones_of_core_snapshots_and_do_not_vary():
    text = (
        start_line("a", n_lanes=2, epochs=4) + b'{"op": "change", "run": "a", "lane": 0, "strength": 0.003}\n'
    )
    alone, crowded = batch(text), batch(start_line("b", epochs=5) + text + start_line("c", epochs=5))
    finals = []
    for out in (alone, crowded):
        mine = [message for message in out if message.get("run") == "a"]
        assert {m["event"] for m in mine} == {"snapshot", "event", "finished"}
        snapshots = [Snapshot.model_validate(without_event(m)) for m in mine if m["event"] == "snapshot"]
        events = [Event.model_validate(without_event(m)) for m in mine if m["event"] == "event"]
        assert [(each.field, each.new) for each in events] == [("strength", "0.003")]
        finals.append(snapshots[-2:])
    assert finals[0] == finals[1]


def without_event(message):
    return {name: value for name, value in message.items() if name != "event"}


def test_a_batch_ends_with_its_paused_runs_stopped():
    text = json.dumps({"op": "start", "run": "a", "spec": spec(), "paused": True}).encode() + b"\n"
    out = batch(text + b'{"op": "step", "run": "a"}\n')
    assert [m["step"] for m in out if m["event"] == "snapshot"][-1] == 1
    assert out[-1] == {"event": "finished", "run": "a", "reason": "stopped"}


def test_an_empty_input_is_an_empty_batch():
    assert [message["event"] for message in batch(b"")] == ["hello"]


def test_first_snapshots_come_at_once(worker, run):
    worker.send(op="start", run=run, spec=spec(n_lanes=2, epochs=1000), speed=2)
    for step in (0, 1):
        assert [(m["lane"], m["step"]) for m in worker.until_snapshots(run, 2)] == [(0, step), (1, step)]
    worker.send(op="stop", run=run)
    assert worker.until(finished(run))[-1]["reason"] == "stopped"


def test_pause_step_resume_stop(worker, run):
    worker.send(op="start", run=run, spec=spec(epochs=1000), paused=True)
    assert worker.until_snapshots(run)[0]["step"] == 0
    assert worker.silent()
    worker.send(op="step", run=run, unit="update")
    (shown,) = worker.until_snapshots(run)
    assert (shown["step"], shown["test_step"]) == (1, 1)
    worker.send(op="step", run=run, unit="epoch")
    assert worker.until_snapshots(run, wanted=lambda m: m["step"] == 2)[0]["test_step"] == 2
    worker.send(op="step", run=run, unit="epoch")
    assert worker.until_snapshots(run, wanted=lambda m: m["step"] == 4)[0]["epoch"] == 2.0
    assert worker.silent()
    worker.send(op="resume", run=run)
    assert worker.until_snapshots(run)[0]["step"] > 4
    worker.send(op="pause", run=run)
    worker.write(b"now\n")
    *_, shown, _ = worker.until(is_error)
    assert shown["test_step"] == shown["step"]
    assert worker.silent()
    worker.send(op="stop", run=run)
    *_, shown, last = worker.until(finished(run))
    assert last == {"event": "finished", "run": run, "reason": "stopped"}
    assert shown["test_step"] == shown["step"]


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
    b"x" * 200_000: "bytes",
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
        assert [parsed(popen.stdout.readline())["event"] for _ in range(2)] == ["hello", "snapshot"]
        popen.stdout.close()
        assert popen.wait(10) == 0


def test_prints_and_warnings_do_not_reach_stdout():
    script = (
        "import os, sys, warnings, runpy; from core.training import models; keep = models.seeded\n"
        "def noisy(*a, **k):\n"
        "    print('print'); os.write(1, b'raw'); warnings.warn('warning'); return keep(*a, **k)\n"
        "models.seeded = noisy\n"
        "from core.training.worker import main; main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=start_line("a", epochs=1),
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    assert {parsed(line)["event"] for line in done.stdout.splitlines()} == {"hello", "snapshot", "finished"}
    assert b"raw" in done.stderr
