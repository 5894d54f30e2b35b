"""Compute the examples that pages show before the reader's own run: `python -m benchmarks.examples [NAME …]`.

Without names it computes those that are missing or whose settings have changed.
"""

import argparse
import datetime
import math
import time
from collections.abc import Iterable

import torch

from core.lessons.experiments import Experiment, Turn
from core.lessons.registry import EXPERIMENTS
from core.runs.examples import example, packed, save
from core.snapshots import Event, Snapshot
from core.spec import RunSpec
from core.training.data import load
from core.training.device import best_device, device_name
from core.training.loop import Change, train

MOMENTS = 60
"""Points of each curve, about."""


def computed(spec: RunSpec, turn: Turn | None, device: torch.device) -> dict[str, object]:
    n_updates = spec.epochs * math.ceil(len(load(spec, device).train_y) / spec.batch_size)

    def changes(step: int) -> Iterable[Change]:
        if turn is None or step != round(turn.share * n_updates):
            return ()
        return [(lane, {"strength": turn.strength}) for lane in range(len(spec.lanes))]

    records = list(train(spec, device, every=max(1, n_updates // MOMENTS), changes=changes))
    snapshots = [record for record in records if isinstance(record, Snapshot)]
    events = [record for record in records if isinstance(record, Event)]
    return packed(snapshots, events, spec)


def up_to_date(name: str, experiment: Experiment) -> bool:
    kept = example(name)
    return kept is not None and tuple(history.view.spec for history in kept.histories) == experiment.specs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *EXPERIMENTS])
    names = parser.parse_args().names or [n for n, each in EXPERIMENTS.items() if not up_to_date(n, each)]
    torch.set_flush_denormal(True)
    device = best_device()
    for name in names:
        started = time.perf_counter()
        experiment = EXPERIMENTS[name]
        runs = [computed(spec, experiment.turn, device) for spec in experiment.specs]
        seconds = time.perf_counter() - started
        save(name, datetime.date.today().isoformat(), device_name(device), seconds, runs)
        print(f"{name}: {len(runs)} runs in {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
