"""A worker as a process, for tests: lines in, parsed lines out."""

import json
import queue
import subprocess
import sys
import threading
import time

from core.spec import LaneSpec, RunSpec

PATIENCE = 60.0
"""Seconds to wait for what must come; only a failing test waits so long."""

COMMAND = [sys.executable, "-m", "core.worker"]


def refuse(token):
    raise AssertionError(f"{token} is no JSON")


def parsed(text):
    return json.loads(text, parse_constant=refuse)


class Process:
    """A worker with its input kept open, and its output in a queue."""

    def __init__(self, command=COMMAND):
        self.popen = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.lines = queue.SimpleQueue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.popen.stdout:
            if (said := parsed(line))["event"] != "alive":
                self.lines.put(said)

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


def batch(text):
    done = subprocess.run(COMMAND, input=text, capture_output=True, timeout=PATIENCE, check=True)
    return [parsed(line) for line in done.stdout.splitlines()]


def start_line(run, **fields):
    return json.dumps({"op": "start", "run": run, "spec": spec(**fields)}).encode() + b"\n"


def without_event(message):
    return {name: value for name, value in message.items() if name != "event"}
