"""What a second trainer gains: `python -m benchmarks.many.trainers` (three minutes, real trainers).

Runs that all differ train at full speed, in one trainer and in several, in turns; the sum of their updates a
second is compared. Then many runs share the trainers: how long each is without a new moment, and what all of
them make in times of what the trainers make with a run each.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from benchmarks.options import asked, parser
from core.runs import Config, Runs
from core.spec import RunSpec

PATIENCE = 300.0


@dataclass
class Hall:
    """Runs under measurement, each of an owner of its own.

    Attributes:
        shown: for each run the steps that it showed, each with its time.
    """

    service: Runs
    runs: list[str]
    shown: dict[str, dict[int, float]] = field(default_factory=dict)

    def steps(self) -> int:
        """Updates of all runs, as far as they were shown."""
        return sum(map(self.step, self.runs))

    def note(self, run: str) -> None:
        """Take the time if there is a new moment."""
        self.shown.setdefault(run, {}).setdefault(self.step(run), time.monotonic())

    def train(self) -> bool:
        """Whether every run does."""
        return all(self.step(run) > 0 for run in self.runs)

    def step(self, run: str) -> int:
        entry = self.service._board.get(run)
        assert entry is not None
        return entry.feed.shown or 0


def wait(true: Callable[[], bool]) -> None:
    """Until something is true."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@contextmanager
def hall(n_trainers: int, n_runs: int) -> Iterator[Hall]:
    """Runs that all differ, spread over so many trainers, all of them training."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SPARSITY_LAB_CHECKPOINTS"] = f"{folder}/checkpoints"
        service = Runs(Config(database=f"sqlite:///{folder}/lab.sqlite", trainers=n_trainers))
        service.open()
        try:
            made = Hall(service, [])
            for i in range(n_runs):
                made.runs.append(service.start(f"owner {i}", RunSpec(seed=i, epochs=10_000), key="k").id)
                # Each of the first runs has started the next trainer.
                wait(lambda i=i: service.n_trainers >= min(i + 2, n_trainers))  # type: ignore[misc]
            wait(made.train)
            yield made
        finally:
            service.close()


def updates_a_second(n_trainers: int, n_runs: int, seconds: float) -> float:
    """Of all runs together."""
    with hall(n_trainers, n_runs) as made:
        begun, first = time.monotonic(), made.steps()
        time.sleep(seconds)
        return (made.steps() - first) / (time.monotonic() - begun)


def crowd(n_trainers: int, n_runs: int, seconds: float) -> tuple[list[float], float]:
    """Every wait for a new moment, of all runs; and their updates a second together."""
    with hall(n_trainers, n_runs) as made:
        made.service.listeners.append(made.note)
        begun, first = time.monotonic(), made.steps()
        time.sleep(seconds)
        rate = (made.steps() - first) / (time.monotonic() - begun)
        wait(lambda: all(len(made.shown.get(run, ())) > 1 for run in made.runs))
        gaps = [
            later - earlier for times in made.shown.values() for earlier, later in pairwise(times.values())
        ]
        return gaps, rate


def main() -> None:
    """Measure, and print."""
    asks = parser(__doc__)
    asks.add_argument("--trainers", type=int, default=2, help="of the larger pool")
    asks.add_argument("--runs", type=int, default=100, help="that share it")
    asks.add_argument("--seconds", type=float, default=15.0, help="how long each is measured")
    asks.add_argument("--rounds", type=int, default=3, help="of one trainer and several, in turns")
    options = asked(asks, runs=3, seconds=1.0, rounds=1)
    n, alone, ratios = options.trainers, [], []
    for _ in range(options.rounds):
        one, several = (updates_a_second(k, 2 * n, options.seconds) for k in (1, n))
        ratios.append(several / one)
        print(f"{2 * n} runs, updates a second: {one:.0f} in one trainer, {several:.0f} in {n}")
        alone.append(updates_a_second(n, n, options.seconds))
    print(f"{n} trainers in times of one: {statistics.median(ratios):.2f} (median)")
    gaps, rate = crowd(n, options.runs, options.seconds)
    p95 = statistics.quantiles(gaps, n=20)[-1]
    print(f"{options.runs} runs in {n} trainers, gap between moments p50 / p95 / largest: ", end="")
    print(f"{statistics.median(gaps):.2f} / {p95:.2f} / {max(gaps):.2f} s")
    print(f"their updates in times of those of {n} runs: {rate / statistics.median(alone):.2f}")


if __name__ == "__main__":
    main()
