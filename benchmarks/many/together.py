"""A class that presses Play on one link: `python -m benchmarks.many.together` (two minutes, real worker).

Owners start runs of one spec within some seconds, by the same calls as their pages; then each moves λ to one
of nine stops within some more. Counted are the trainings that the worker was told to start until the first
move; timed, from its start, each run's first point after step 0, and the gaps between its moments.
"""

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import psutil

from benchmarks.options import asked, parser
from core.runs import Config, Runs
from core.runs.trainers.pool import Pool
from core.spec import LaneSpec, RunSpec

SPEC = RunSpec(epochs=1000)
SPEED = 60
STOPS = np.geomspace(1e-5, 1e-1, 9)


class Counted(Pool):
    """Trainers that note which runs they were told to start."""

    def __init__(self, config: Config, clock: Callable[[], float]) -> None:
        super().__init__(config, clock)
        self.started: list[str] = []

    def send(self, message: Mapping[str, Any]) -> bool:
        if message["op"] == "start":
            self.started.append(str(message["run"]))
        return super().send(message)


@dataclass
class Seen:
    """What was shown of a run, and when."""

    begun: float
    shown: list[float] = field(default_factory=list)
    first_trained: float | None = None


class Class:
    """Owners of one server."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self.seen: dict[str, Seen] = {}
        self._owners: dict[str, str] = {}
        runs.listeners.append(self._note)

    def press_play(self, owner: str) -> None:
        """Start a run."""
        begun = time.monotonic()
        run = self._runs.start(owner, SPEC, key="k", speed=SPEED).id
        self.seen[run], self._owners[run] = Seen(begun), owner

    def move(self, run: str, strength: float) -> None:
        """Choose another λ in a run."""
        self._runs.steering.change(self._owners[run], run, 1, LaneSpec(strength=strength))

    def _note(self, run: str) -> None:
        seen, entry = self.seen.get(run), self._runs._board.get(run)
        if seen is None or entry is None or entry.feed.shown is None:
            return
        now = time.monotonic()
        seen.shown.append(now)
        if seen.first_trained is None and entry.feed.shown > 0:
            seen.first_trained = now - seen.begun


def spread(seconds: float, acts: list[Callable[[], None]]) -> None:
    """Do things one after the other, evenly over so many seconds."""
    begun = time.monotonic()
    for number, act in enumerate(acts):
        time.sleep(max(0.0, begun + number * seconds / len(acts) - time.monotonic()))
        act()


def p95(values: list[float]) -> float:
    """Nineteen of twenty are not above it."""
    return float(np.percentile(values, 95)) if values else float("nan")


def gaps(members: Class, since: float, until: float) -> list[float]:
    """Between two moments of a run, of those in a span of time; of what came within 20 ms one counts."""
    found = []
    for seen in members.seen.values():
        times = [each for each in seen.shown if since <= each <= until]
        found += [after - before for before, after in pairwise(times)]
    return [gap for gap in found if gap > 0.02]


def main() -> None:
    """Measure, and print."""
    asks = parser(__doc__ or "")
    asks.add_argument("--owners", type=int, default=300)
    asks.add_argument("--seconds", type=float, default=10.0, help="in which they press Play")
    asks.add_argument("--moves", type=float, default=30.0, help="seconds in which each moves λ once")
    options = asked(asks, owners=6, seconds=1.0, moves=1.0)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SPARSITY_LAB_CHECKPOINTS"] = f"{folder}/checkpoints"
        config = Config(database=f"sqlite:///{folder}/lab.sqlite", max_runs=options.owners + 1)
        runs = Runs(config, make_pool=Counted)
        runs.open()
        try:
            measure(runs, options.owners, options.seconds, options.moves)
        finally:
            runs.close()


def measure(runs: Runs, n_owners: int, seconds: float, move_seconds: float) -> None:
    """One class, from the first Play to the last move."""
    pool = runs._pool
    assert isinstance(pool, Counted)
    while runs.worker_state != "ready":
        time.sleep(0.05)
    members = Class(runs)
    begun = time.monotonic()
    spread(seconds, [lambda n=n: members.press_play(f"owner {n}") for n in range(n_owners)])  # type: ignore[misc]
    while any(seen.first_trained is None for seen in members.seen.values()):
        time.sleep(0.05)
    time.sleep(seconds)
    trained, then = len(pool.started), time.monotonic()
    firsts = [seen.first_trained for seen in members.seen.values() if seen.first_trained is not None]
    print(f"{n_owners} owners pressed Play within {seconds:g} s: {trained} runs were trained")
    print(f"first trained point after {np.median(firsts):.2f} s (median), {p95(firsts):.2f} s (p95)")
    print(f"gap between moments: {p95(gaps(members, begun, then)):.2f} s (p95)")
    print(f"memory of the web process: {psutil.Process().memory_info().rss / 1e6:.0f} MB")
    draw = Random(0)
    runs_ = draw.sample(list(members.seen), n_owners)
    spread(move_seconds, [lambda run=run: members.move(run, draw.choice(STOPS)) for run in runs_])  # type: ignore[misc]
    time.sleep(2.0)
    print(f"then each moved λ within {move_seconds:g} s: {len(pool.started)} runs were trained in all")
    print(f"gap between moments meanwhile: {p95(gaps(members, then, time.monotonic())):.2f} s (p95)")
    for pid in runs.trainer_pids:
        print(f"memory of a trainer: {psutil.Process(pid).memory_info().rss / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
