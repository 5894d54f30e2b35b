"""Compute the examples that pages show before the reader's own run: `python -m benchmarks.examples [NAME …]`.

Without names it computes those that are missing or whose settings have changed.
"""

import datetime
import math
import time
from collections.abc import Iterable
from pathlib import Path

import torch

from benchmarks.examples import MOMENTS
from benchmarks.options import SMALL_FOLDER, asked, parser
from core.data.device import best_device, device_name, use_one_thread
from core.data.images import load
from core.experiments import Experiment, Turn
from core.registry import EXPERIMENTS
from core.runs.examples import FOLDER
from core.runs.examples.histories import example, packed, save
from core.snapshots import Event, Snapshot
from core.spec import Move, RunSpec
from core.training.run import Change, train


def computed(spec: RunSpec, turn: Turn | None, device: torch.device) -> str:
    images = load(spec, device)
    use_one_thread()
    n_updates = spec.epochs * math.ceil(len(images.train_y) / spec.batch_size)

    def changes(step: int) -> Iterable[Change]:
        if turn is None or step != round(turn.share * n_updates):
            return ()
        return [(lane, Move(strength=turn.strength)) for lane in range(len(spec.lanes))]

    records = list(train(spec, device, every=max(1, n_updates // MOMENTS), changes=changes))
    snapshots = [record for record in records if isinstance(record, Snapshot)]
    events = [record for record in records if isinstance(record, Event)]
    return packed(snapshots, events, spec)


def up_to_date(name: str, experiment: Experiment) -> bool:
    kept = example(name)
    return kept is not None and tuple(history.view.spec for history in kept.histories) == experiment.specs


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("names", nargs="*", choices=[[], *EXPERIMENTS])
    asks.add_argument("--epochs", type=int, help="of every run, instead of its own")
    asks.add_argument("--out", type=Path, default=FOLDER, help="the folder to write to")
    options = asked(asks, names=["zeros_return"], epochs=1, out=SMALL_FOLDER)
    names = options.names or [n for n, each in EXPERIMENTS.items() if not up_to_date(n, each)]
    torch.set_flush_denormal(True)
    device = best_device()
    for name in names:
        started = time.perf_counter()
        experiment = EXPERIMENTS[name]
        specs = [
            spec.model_copy(update={"epochs": options.epochs or spec.epochs}) for spec in experiment.specs
        ]
        runs = [computed(spec, experiment.turn, device) for spec in specs]
        seconds = time.perf_counter() - started
        save(name, datetime.date.today().isoformat(), device_name(device), seconds, runs, folder=options.out)
        print(f"{name}: {len(runs)} runs in {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
