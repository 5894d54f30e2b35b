"""Training figures: speed beside the textbook loop, what snapshots cost, zeros and accuracy on digits.

    python -m benchmarks.training --data FOLDER

FOLDER holds MNIST as torchvision lays it out (FOLDER/MNIST/raw). Peers take turns within one run, so that
both meet the same machine; the ratio of their medians is what to compare.
"""

import core.training  # isort: skip  # noqa: F401  sets how threads wait, before torch reads it


import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

from core.snapshots import Snapshot
from core.spec import LaneSpec, PrecisionKind, RunSpec
from core.training.data import Images, digits
from core.training.device import use_threads
from core.training.loop import Experiment, train
from core.training.models import TextbookCNN

CPU = torch.device("cpu")
BATCH = 64
STRENGTH = 1e-4


class TextbookOrder(TextbookCNN):
    """The same network with ReLU before pooling, as the textbook writes it."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


def textbook_epoch(data: MNIST) -> Callable[[], None]:
    """One epoch the way the textbook writes it: DataLoader, ToTensor, λ Σ|p| in the loss, Adam."""
    loader = DataLoader(data, batch_size=BATCH, shuffle=True)
    model = TextbookOrder(28)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def epoch() -> None:
        for images, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            l1_norm = sum(p.abs().sum() for p in model.parameters())
            loss = loss + STRENGTH * l1_norm
            loss.backward()
            optimizer.step()

    return epoch


def our_epoch(images: Images, lane: LaneSpec) -> Callable[[], None]:
    experiment = Experiment(RunSpec(batch_size=BATCH, epochs=1000, lanes=(lane,)), CPU, images=images)

    def epoch() -> None:
        for _ in range(experiment.steps_to_epoch_end):
            experiment.advance()

    return epoch


def as_images(train_set: MNIST, test_set: MNIST) -> Images:
    train_x, test_x = (part.data.unsqueeze(1).float() / 255.0 for part in (train_set, test_set))
    return Images(train_x, train_set.targets, test_x, test_set.targets, n_outputs=10)


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def compare_speed(data: MNIST, images: Images, rounds: int) -> None:
    peers = {
        "textbook loop": textbook_epoch(data),
        "ours, textbook method": our_epoch(images, LaneSpec(method="textbook", strength=STRENGTH)),
        "ours, proximal Adam": our_epoch(images, LaneSpec(strength=STRENGTH)),
    }
    times: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(rounds):
        for name, epoch in peers.items():
            times[name].append(seconds(epoch))
    threads = torch.get_num_threads()
    print(f"\nOne epoch of {len(images.train_y)} images of 28 × 28, batch {BATCH}, {threads} threads")
    base = statistics.median(times["textbook loop"])
    for name, taken in times.items():
        median = statistics.median(taken)
        print(f"  {name:24}{median:6.2f} s   {base / median:4.2f} × as fast as the textbook loop")


def snapshot_cost(name: str, experiment: Experiment, run_seconds: float = 6.0) -> None:
    """Share of the time that looking four times a second takes, test images included."""
    experiment.snapshot(test=True)
    looks: list[float] = []
    started = shown = time.perf_counter()
    while time.perf_counter() - started < run_seconds and not experiment.done:
        experiment.advance()
        if time.perf_counter() - shown >= 0.25:
            shown = time.perf_counter()
            looks.append(seconds(lambda: [each.model_dump_json() for each in experiment.snapshot()[0]]))
    share = sum(looks) / (time.perf_counter() - started)
    per_lane = statistics.median(looks) / len(experiment.lanes)
    print(f"  {name:24}{share:6.1%} of the time, {per_lane * 1e3:.2f} ms a lane (median)")


def update_time(spec: RunSpec, updates: int = 300) -> None:
    experiment = Experiment(spec, CPU)
    taken = [seconds(experiment.advance) for _ in range(updates)][20:]
    per_lane = statistics.median(taken) / len(spec.lanes)
    print(f"\nDigits, batch {spec.batch_size}: {per_lane * 1e3:.2f} ms per update and lane (median)")


def bfloat16_speed(name: str, images: Images, updates: int = 60) -> None:
    """An update with the passes in bfloat16, beside one in float32."""
    use_threads(images.size)
    kinds: tuple[PrecisionKind, ...] = get_args(PrecisionKind)
    lanes = (LaneSpec(),)
    peers = {
        kind: Experiment(RunSpec(lanes=lanes, precision=kind, epochs=1000), CPU, images=images)
        for kind in kinds
    }
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(updates):
        for kind, experiment in peers.items():
            times[kind].append(seconds(experiment.advance))
    medians = {kind: statistics.median(taken[5:]) for kind, taken in times.items()}
    ratio = medians["float32"] / medians["bfloat16"]
    print(f"  {name:24}{medians['bfloat16'] * 1e3:6.2f} ms, {ratio:4.2f} × as fast as float32")


def zeros_and_accuracy(epochs: int, seeds: int = 3) -> None:
    lanes = {
        "textbook recipe, λ = 1e-3": LaneSpec(
            method="textbook", strength=1e-3, include_bias=True, warmup=0.0
        ),
        "proximal Adam, λ = 1e-4": LaneSpec(),
    }
    print(f"\nDigits, {epochs} epochs: exact zeros among the weights, test accuracy")
    for seed in range(seeds):
        spec = RunSpec(seed=seed, epochs=epochs, lanes=tuple(lanes.values()))
        final = {each.lane: each for each in train(spec, CPU, every=10**9) if isinstance(each, Snapshot)}
        for lane, name in enumerate(lanes):
            layers = final[lane].layers.values()
            zeros = sum(layer.zeros for layer in layers) / sum(layer.weights for layer in layers)
            print(f"  seed {seed}  {name:28}{zeros:7.2%}   {final[lane].test_accuracy:6.1%}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, required=True, help="folder with MNIST/raw")
    arguments.add_argument("--rounds", type=int, default=3, help="epochs per peer")
    options = arguments.parse_args()
    torch.set_flush_denormal(True)
    train_set, test_set = (
        MNIST(options.data, train=train_part, transform=ToTensor(), download=False)
        for train_part in (True, False)
    )
    images = as_images(train_set, test_set)
    use_threads(28)
    compare_speed(train_set, images, options.rounds)
    print("\nSnapshots four times a second, with JSON and test images")
    snapshot_cost("28 × 28, 1 lane", Experiment(RunSpec(lanes=(LaneSpec(),)), CPU, images=images))
    use_threads(8)
    snapshot_cost("digits, 2 lanes", Experiment(RunSpec(), CPU))
    update_time(RunSpec())
    print("\nOne update in bfloat16, one lane")
    bfloat16_speed("28 × 28", images)
    bfloat16_speed("digits", digits())
    zeros_and_accuracy(epochs=20)
    zeros_and_accuracy(epochs=200, seeds=1)


if __name__ == "__main__":
    main()
