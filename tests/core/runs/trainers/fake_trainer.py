"""Speaks a trainer's protocol without training: every `step` makes the next snapshot.

Its step of one epoch ends the run. On the speed 13 it dies.
"""

import json
import os
import sys

from core.version import version
from tests.core.runs.made import event, snapshot

steps: dict[str, int] = {}


def say(kind: str, /, **values: object) -> None:
    print(json.dumps({"event": kind, **values}), flush=True)


def show(run: str) -> None:
    for lane in range(2):
        say("snapshot", **snapshot(run, lane, steps[run]).model_dump(mode="json"))


def do(message: dict) -> None:
    run, op = message["run"], message["op"]
    if op == "start":
        steps[run] = message.get("until", 0)
        if "until" in message:
            say("resumed", run=run, step=steps[run], kept=0)
        else:
            show(run)
    elif op == "step":
        steps[run] += 1
        show(run)
        if message["unit"] == "epoch":
            say("finished", run=run, reason="done")
    elif op == "stop":
        say("finished", run=run, reason="stopped")
    elif op == "change" and message.get("speed") == 13:
        os._exit(13)
    elif op == "change":
        say("moved", run=run, step=steps[run], lane=message["lane"], move={"strength": message["strength"]})
        say("event", **event(run, message.get("lane", 0), steps[run]).model_dump())


print("not JSON", flush=True)
say("hello", device="cpu", name="fake", version=version(), torch="none", trainers=1)
for line in sys.stdin:
    do(json.loads(line))
