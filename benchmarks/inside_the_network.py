"""Train the example of Inside the network: `python -m benchmarks.inside_the_network` (one minute).

It keeps the curves, the weights at some moments, the fate of a weight of each layer, and one update in
slow motion.
"""

import datetime
import math
import time
from typing import Any

import torch

from benchmarks.examples import MOMENTS
from core.checkpoints import moment_name
from core.figures.inside_the_network import MOST_DRAWN
from core.lessons.inside_the_network import FIRST
from core.runs import told
from core.runs.examples import FOLDER, packed, save
from core.snapshots import Event, Snapshot
from core.training.data import load
from core.training.device import best_device, device_name
from core.training.inspect.fate import Watches, known
from core.training.inspect.fields import Fields
from core.training.inspect.moment import live, to_file
from core.training.inspect.slow_motion import slow_motion
from core.training.loop import Experiment

EPOCHS_KEPT = (1, 5, 30)
EPOCHS_SLOW = 1
OWN = 1
"""The lane with the penalty."""


class Training:
    """The example while it trains: what it shows and is asked.

    Args:
        places: of weights to watch in both lanes, by layer.
    """

    def __init__(self, places: dict[str, int]) -> None:
        self.experiment = Experiment(FIRST, best_device())
        self.watches = Watches()
        self.snapshots: list[Snapshot] = []
        self.events: list[Event] = []
        self.updates: dict[str, list[Any]] = {}
        for layer, index in places.items():
            for lane in range(len(FIRST.lanes)):
                self.watches.watch((lane, layer, index), self.experiment)

    def run(self) -> None:
        """Train to the end."""
        per_epoch = math.ceil(len(load(FIRST, best_device()).train_y) / FIRST.batch_size)
        every = max(1, FIRST.epochs * per_epoch // MOMENTS)
        self._show()
        while not self.experiment.done:
            self.events += self.experiment.advance()
            step = self.experiment.step
            if step % every == 0 or self.experiment.done:
                self._show()
            if step % per_epoch == 0 and step // per_epoch in EPOCHS_KEPT:
                _keep(self.experiment)
            if step == EPOCHS_SLOW * per_epoch:
                self._slowly()

    def _show(self) -> None:
        snapshots, events = self.experiment.snapshot(test=True)
        self.snapshots += snapshots
        self.events += events
        self.watches.look(self.experiment)

    def _slowly(self) -> None:
        moment = live(self.experiment)
        for layer in FIRST.layer_names:
            # Those that tell something in the lane with the penalty, then the same ones in the other.
            own = slow_motion(moment, Fields({"lane": OWN, "layer": layer}, moment))
            fields = {"layer": layer, "indices": own["indices"][:MOST_DRAWN]}
            answers = [
                slow_motion(moment, Fields(fields | {"lane": lane}, moment))
                for lane in range(len(FIRST.lanes))
            ]
            self.updates[layer] = [answer | {"step": moment.step} for answer in answers]


def _keep(experiment: Experiment) -> None:
    data = to_file(FIRST, experiment.step, [lane.net for lane in experiment.lanes])
    (FOLDER / told.INSIDE / moment_name(experiment.step)).write_bytes(data)


def telling(trained: Training) -> dict[str, int]:
    """Of each layer the weight that is zero in the end although the data loss pulls at it most."""
    lane = trained.experiment.lanes[OWN]
    found = {}
    for layer in FIRST.layer_names:
        weight = lane.net.get_parameter(f"{layer}.weight")
        slope = lane.method.averaged_gradient(weight)
        assert slope is not None
        held = (weight == 0.0) & (slope.abs() <= lane.spec.strength)
        found[layer] = int(torch.where(held, slope.abs(), -1.0).argmax())
    return found


def main() -> None:
    torch.set_flush_denormal(True)
    (FOLDER / told.INSIDE).mkdir(exist_ok=True)
    first = Training({})
    first.run()
    started = time.perf_counter()
    places = telling(first)
    trained = Training(places)
    trained.run()
    seconds = time.perf_counter() - started
    spec, device = FIRST, device_name(best_device())
    save(
        told.INSIDE,
        datetime.date.today().isoformat(),
        device,
        seconds,
        [packed(trained.snapshots, trained.events, spec)],
    )
    fates = {
        layer: [known((lane, layer, i), trained.watches) for lane in (0, OWN)] for layer, i in places.items()
    }
    told.save(fates, trained.updates)
    print(f"{told.INSIDE}: trained in {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
