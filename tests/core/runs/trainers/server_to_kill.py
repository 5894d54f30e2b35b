"""A server that starts a run, says so, and waits to be killed. Arguments: database, command of a trainer."""

import json
import sys
import time

from core.runs import Config, Runs
from core.spec import RunSpec

runs = Runs(Config(database=sys.argv[1], worker=tuple(sys.argv[2:])))
runs.open()
run = runs.start("ann", RunSpec(epochs=1000), key="k").id
# What is shown is written a moment later, by another thread.
while not runs._store.moments(run):
    time.sleep(0.05)
print(json.dumps({"worker": runs.trainer_pid(run), "run": run}), flush=True)
time.sleep(600)
