"""Train the example of Inside the network: `python -m benchmarks.examples.inside_the_network` (one minute).

It keeps the curves, the weights at some moments, the fate of a weight of each layer, and one update in
slow motion.
"""

import datetime
import math
import time
from pathlib import Path
from typing import Any

import torch

from benchmarks.examples import MOMENTS
from benchmarks.options import SMALL_FOLDER, asked, parser
from core.checkpoints import moment_name
from core.data.device import best_device, device_name, use_one_thread
from core.data.images import load
from core.inspect.fate import Watches, known
from core.inspect.fields import Fields
from core.inspect.moment import live, to_file
from core.inspect.slow_motion import slow_motion
from core.lab.inside_the_network.figures import MOST_DRAWN
from core.lab.inside_the_network.first_run import FIRST
from core.runs.examples import FOLDER
from core.runs.examples.answers import INSIDE, InsideAnswers, save_inside_answers
from core.runs.examples.histories import packed, save
from core.snapshots import Event, Snapshot
from core.spec import RunSpec
from core.training.run import Run

EPOCHS_KEPT = (1, 5, 30)
EPOCHS_SLOW = 1
OWN = 1
"""The lane with the penalty."""


class Training:
    """The example while it trains: what it shows and is asked.

    Args:
        spec: `FIRST`, or a shorter one.
        folder: for the weights of EPOCHS_KEPT.
        places: of weights to watch in both lanes, by layer.
    """

    def __init__(self, spec: RunSpec, folder: Path, places: dict[str, int]) -> None:
        self.spec, self._folder = spec, folder
        self.training = Run(spec, best_device())
        self.watches = Watches()
        self.snapshots: list[Snapshot] = []
        self.events: list[Event] = []
        self.updates: dict[str, list[Any]] = {}
        for layer, index in places.items():
            for lane in range(len(spec.lanes)):
                self.watches.watch((lane, layer, index), self.training)

    def run(self) -> None:
        """Train to the end."""
        per_epoch = math.ceil(len(load(self.spec, best_device()).train_y) / self.spec.batch_size)
        every = max(1, self.spec.epochs * per_epoch // MOMENTS)
        self._show()
        while not self.training.done:
            self.events += self.training.advance()
            step = self.training.step
            if step % every == 0 or self.training.done:
                self._show()
            if step % per_epoch == 0 and step // per_epoch in EPOCHS_KEPT:
                self._keep()
            if step == EPOCHS_SLOW * per_epoch:
                self._slowly()

    def _show(self) -> None:
        snapshots, events = self.training.snapshot(asked=True)
        self.snapshots += snapshots
        self.events += events
        self.watches.look(self.training)

    def _slowly(self) -> None:
        moment = live(self.training)
        for layer in self.spec.layer_names:
            # Those that tell something in the lane with the penalty, then the same ones in the other.
            own = slow_motion(moment, Fields({"lane": OWN, "layer": layer}, moment))
            fields = {"layer": layer, "indices": own["indices"][:MOST_DRAWN]}
            answers = [
                slow_motion(moment, Fields(fields | {"lane": lane}, moment))
                for lane in range(len(self.spec.lanes))
            ]
            self.updates[layer] = [answer | {"step": moment.step} for answer in answers]

    def _keep(self) -> None:
        step, lanes = self.training.step, self.training.lanes
        data = to_file(self.spec, step, [lane.net for lane in lanes], [lane.reach for lane in lanes])
        (self._folder / moment_name(step)).write_bytes(data)


def telling(trained: Training) -> dict[str, int]:
    """Of each layer the weight that is zero in the end although the data loss pulls at it most."""
    lane = trained.training.lanes[OWN]
    found: dict[str, int] = {}
    for layer in trained.spec.layer_names:
        weight = lane.net.get_parameter(f"{layer}.weight")
        slope = lane.method.averaged_gradient(weight)
        assert slope is not None
        held = (weight == 0.0) & (slope.abs() <= lane.spec.strength)
        found[layer] = int(torch.where(held, slope.abs(), -1.0).argmax())
    return found


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("--epochs", type=int, default=FIRST.epochs)
    asks.add_argument("--out", type=Path, default=FOLDER, help="the folder to write to")
    options = asked(asks, epochs=2, out=SMALL_FOLDER)
    torch.set_flush_denormal(True)
    spec, folder = FIRST.model_copy(update={"epochs": options.epochs}), options.out / INSIDE
    folder.mkdir(parents=True, exist_ok=True)
    use_one_thread()
    first = Training(spec, folder, {})
    first.run()
    started = time.perf_counter()
    places = telling(first)
    trained = Training(spec, folder, places)
    trained.run()
    seconds = time.perf_counter() - started
    today, device = datetime.date.today().isoformat(), device_name(best_device())
    runs = [packed(trained.snapshots, trained.events, spec)]
    save(INSIDE, today, device, seconds, runs, folder=options.out)
    fates = {
        layer: [known((lane, layer, i), trained.watches) for lane in (0, OWN)] for layer, i in places.items()
    }
    save_inside_answers(InsideAnswers(fates, trained.updates), folder=options.out)
    print(f"{INSIDE}: trained in {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
