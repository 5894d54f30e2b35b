"""What a killed trainer costs: `python -m benchmarks.many.resume` (a minute, a real and only trainer).

A run trains at full speed; its trainer is killed with SIGKILL, and the time until the next new moment of it
is there is taken, most of which is the start of the next one. What keeping the state takes of the training
time is measured as the whole of it: updates a second with and without, in turns.
"""

import os
import signal
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.options import asked, parser
from core.checkpoints import Checkpoints
from core.data.images import load
from core.runs import Config, Runs
from core.runs.live.hub import Feed
from core.runs.trainers.trainer import STEADY_SECONDS
from core.spec import RunSpec
from core.worker import standby
from core.worker.job import Job
from core.worker.protocol import Start

PATIENCE = 120.0


def feed_of(runs: Runs, run: str) -> Feed:
    """Its live tail."""
    entry = runs.attach(run)
    assert entry is not None
    return entry.feed


def seconds_without(runs: Runs, run: str) -> tuple[float, int, int]:
    """Kill the trainer of a run: seconds until a new moment; the steps shown last before, and first after."""
    feed = feed_of(runs, run)
    before, pid = feed.shown or 0, runs.trainer_pid(run)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    killed = time.monotonic()
    while (feed.shown or 0) <= before or runs.trainer_pid(run) in (pid, None):
        before = max(before, feed.shown or 0) if runs.trainer_pid(run) in (pid, None) else before
        assert time.monotonic() - killed < PATIENCE, "the run does not go on"
        time.sleep(0.005)
    return time.monotonic() - killed, before, feed.shown or 0


def resumed(times: int, seconds: float) -> list[tuple[float, int, int]]:
    """Kill it several times, after so many seconds each: one that dies young is replaced after a pause."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SPARSITY_LAB_CHECKPOINTS"] = f"{folder}/checkpoints"
        runs = Runs(Config(database=f"sqlite:///{folder}/lab.sqlite", trainers=1))
        runs.open()
        try:
            run = runs.start("owner", RunSpec(epochs=10_000), key="k").id
            found = []
            for _ in range(times):
                feed = feed_of(runs, run)
                begun = feed.shown
                while feed.shown is None or feed.shown == begun:
                    time.sleep(0.01)
                time.sleep(seconds)
                found.append(seconds_without(runs, run))
            return found
        finally:
            runs.close()


def updates_a_second(keeps: bool, seconds: float, folder: Path) -> float:
    """Of one run in this process, with its looks, states kept or not."""
    gap, standby.GAP = standby.GAP, standby.GAP if keeps else float("inf")
    try:
        import torch

        spec, device = RunSpec(epochs=10_000), torch.device("cpu")
        start, store = Start("a", spec, False, 0.0), Checkpoints(folder, 10**9)
        job = Job(start, device, lambda *_: None, load(spec, device), store)
        job.turn(0.5, 0.25)
        begun, first = time.monotonic(), job.run.step
        while time.monotonic() - begun < seconds:
            job.turn(0.01, 0.25)
        return (job.run.step - first) / (time.monotonic() - begun)
    finally:
        standby.GAP = gap


def main() -> None:
    """Measure, and print."""
    small = asked(parser(__doc__)).small
    for seconds, before, after in resumed(1 if small else 5, 1.0 if small else STEADY_SECONDS + 2.0):
        print(f"killed at step {before}: the next moment, of step {after}, after {seconds:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        ratios = []
        for _ in range(1 if small else 7):
            with_, without = (
                updates_a_second(keeps, 0.5 if small else 4.0, Path(folder)) for keeps in (True, False)
            )
            ratios.append(with_ / without)
    print(f"updates a second with states kept, in those without: {statistics.median(ratios):.3f} (median)")


if __name__ == "__main__":
    main()
