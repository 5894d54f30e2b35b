"""A server that starts a run, says so, and waits to be killed. Arguments: database, worker command."""

import json
import sys
import time

from core.runs import Runs, Settings
from core.spec import RunSpec

runs = Runs(Settings(database=sys.argv[1], worker=tuple(sys.argv[2:])))
runs.open()
run = runs.start("ann", RunSpec(epochs=1000), key="k").id
while '"step":0' not in runs.attach(run).feed.update(0, False)[1]:
    time.sleep(0.05)
runs._writer.flush()
print(json.dumps({"worker": runs.worker_pid, "run": run}), flush=True)
time.sleep(600)
