"""The worker with everything piped in at once, as a person uses it; and what must never end it."""

import json
import subprocess
import sys

from core.snapshots import Event, Snapshot
from tests.core.worker.process import PATIENCE, batch, is_error, parsed, spec, start_line, without_event


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
        assert [(m["lane"], m["step"], m["valid_step"]) for m in mine[-1 - n_lanes : -1]] == [
            (lane, steps, steps) for lane in range(n_lanes)
        ]


def test_records_are_the_ones_of_core_snapshots_and_do_not_vary():
    # Begun at a pause: otherwise an update may come before the change is read.
    orders = (
        {"op": "start", "run": "a", "spec": spec(n_lanes=2, epochs=4), "paused": True},
        {"op": "change", "run": "a", "lane": 0, "strength": 0.003},
        {"op": "resume", "run": "a"},
    )
    text = b"".join(json.dumps(order).encode() + b"\n" for order in orders)
    alone, crowded = batch(text), batch(start_line("b", epochs=5) + text + start_line("c", epochs=5))
    finals = []
    for out in (alone, crowded):
        mine = [message for message in out if message.get("run") == "a"]
        assert {m["event"] for m in mine} == {"snapshot", "moved", "event", "checkpoint", "finished"}
        snapshots = [Snapshot.model_validate(without_event(m)) for m in mine if m["event"] == "snapshot"]
        events = [Event.model_validate(without_event(m)) for m in mine if m["event"] == "event"]
        assert [(each.field, each.new) for each in events] == [("strength", "0.003")]
        # How near an optimum it is, is looked at when there is time, and says at which step that was.
        finals.append([each.model_copy(update={"optimality": None}) for each in snapshots[-2:]])
    assert finals[0] == finals[1]


def test_a_batch_ends_with_its_paused_runs_stopped():
    text = json.dumps({"op": "start", "run": "a", "spec": spec(), "paused": True}).encode() + b"\n"
    out = batch(text + b'{"op": "step", "run": "a"}\n')
    assert [m["step"] for m in out if m["event"] == "snapshot"][-1] == 1
    assert out[-1] == {"event": "finished", "run": "a", "reason": "stopped"}


def test_an_empty_input_is_an_empty_batch():
    assert [message["event"] for message in batch(b"")] == ["hello"]


def scripted(script, text):
    command = [sys.executable, "-c", script]
    return subprocess.run(command, input=text, capture_output=True, timeout=PATIENCE, check=True)


def test_prints_and_warnings_do_not_reach_stdout():
    script = (
        "import os, sys, warnings, runpy; from core.maths import models; keep = models.seeded\n"
        "def noisy(*a, **k):\n"
        "    print('print'); os.write(1, b'raw'); warnings.warn('warning'); return keep(*a, **k)\n"
        "models.seeded = noisy\n"
        "from core.worker.__main__ import main; main()\n"
    )
    done = scripted(script, start_line("a", epochs=1))
    said = {parsed(line)["event"] for line in done.stdout.splitlines()}
    assert said == {"hello", "snapshot", "checkpoint", "finished"}
    assert b"raw" in done.stderr


def test_a_run_that_breaks_fails_in_one_sentence_and_the_others_go_on():
    script = (
        "from core.training.run import Run; advance = Run.advance\n"
        "def breaking(self):\n"
        "    if self.id == 'memory': raise MemoryError\n"
        "    if self.id == 'broken' and self.step == 1: raise RuntimeError('first.\\nsecond')\n"
        "    return advance(self)\n"
        "Run.advance = breaking\n"
        "from core.worker.__main__ import main; main()\n"
    )
    text = b"".join(start_line(run, epochs=3) for run in ("memory", "good", "broken"))
    out = [parsed(line) for line in scripted(script, text).stdout.splitlines()]
    ends = {message["run"]: message for message in out if message["event"] in {"finished", "failed"}}
    assert {run: message["event"] for run, message in ends.items()} == {
        "memory": "failed",
        "good": "finished",
        "broken": "failed",
    }
    assert "memory" in ends["memory"]["reason"]
    assert ends["broken"]["reason"] == "The trainer stopped on an unexpected RuntimeError: first."
