"""Training figures: speed beside the textbook loop, what snapshots cost, zeros and accuracy on digits.

    python -m benchmarks.training --data FOLDER

FOLDER holds MNIST as torchvision lays it out (FOLDER/MNIST/raw). Peers take turns within one run, so that
both meet the same machine; the ratio of their medians is what to compare.
"""

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

from benchmarks.options import asked, parser
from core.data.device import use_one_thread
from core.data.images import Images, digits
from core.maths.models import TextbookCNN
from core.snapshots import Snapshot
from core.spec import LaneSpec, PrecisionKind, RunSpec
from core.training.run import Run, train

CPU = torch.device("cpu")
BATCH = 64
STRENGTH = 1e-4
WARM_UP = 20
"""Updates before any is timed."""


class TextbookOrder(TextbookCNN):
    """The same network with ReLU before pooling, as the textbook writes it."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        logits: torch.Tensor = self.fc2(F.relu(self.fc1(x.flatten(1))))
        return logits


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
            loss.backward()  # type: ignore[no-untyped-call]  # torch says no types of it
            optimizer.step()

    return epoch


def our_epoch(images: Images, lane: LaneSpec) -> Callable[[], None]:
    run = Run(RunSpec(batch_size=BATCH, epochs=1000, lanes=(lane,)), CPU, images=images)

    def epoch() -> None:
        for _ in range(run.steps_to_epoch_end):
            run.advance()

    return epoch


def as_images(train_set: MNIST, test_set: MNIST) -> Images:
    """All training images, as the textbook loop has them; the test images are for validation too."""
    train_x, test_x = (part.data.unsqueeze(1).float() / 255.0 for part in (train_set, test_set))
    test = test_x, test_set.targets
    return Images(train_x, train_set.targets, *test, *test, n_outputs=10)


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


def snapshot_cost(name: str, run: Run, run_seconds: float) -> None:
    """Share of the time that looking four times a second takes, validation images included."""
    run.snapshot(asked=True)
    looks: list[float] = []
    started = shown = time.perf_counter()
    while time.perf_counter() - started < run_seconds and not run.done:
        run.advance()
        if time.perf_counter() - shown >= 0.25:
            shown = time.perf_counter()
            looks.append(seconds(lambda: [each.model_dump_json() for each in run.snapshot()[0]]))
    share = sum(looks) / (time.perf_counter() - started)
    per_lane = statistics.median(looks) / len(run.lanes)
    print(f"  {name:24}{share:6.1%} of the time, {per_lane * 1e3:.2f} ms a lane (median)")


def update_time(spec: RunSpec, updates: int) -> None:
    run = Run(spec, CPU)
    taken = [seconds(run.advance) for _ in range(WARM_UP + updates)][WARM_UP:]
    per_lane = statistics.median(taken) / len(spec.lanes)
    print(f"\nDigits, batch {spec.batch_size}: {per_lane * 1e3:.2f} ms per update and lane (median)")


def bfloat16_speed(name: str, images: Images, updates: int) -> None:
    """An update with the passes in bfloat16, beside one in float32."""
    use_one_thread()
    kinds: tuple[PrecisionKind, ...] = get_args(PrecisionKind)
    lanes = (LaneSpec(),)
    peers = {
        kind: Run(RunSpec(lanes=lanes, precision=kind, epochs=1000), CPU, images=images) for kind in kinds
    }
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(WARM_UP + updates):
        for kind, run in peers.items():
            times[kind].append(seconds(run.advance))
    medians = {kind: statistics.median(taken[WARM_UP:]) for kind, taken in times.items()}
    ratio = medians["float32"] / medians["bfloat16"]
    print(f"  {name:24}{medians['bfloat16'] * 1e3:6.2f} ms, {ratio:4.2f} × as fast as float32")


def zeros_and_accuracy(epochs: int, seeds: int) -> None:
    lanes = {
        "textbook recipe, λ = 1e-3": LaneSpec(
            method="textbook", strength=1e-3, include_bias=True, warmup=0.0
        ),
        "proximal Adam, λ = 1e-4": LaneSpec(),
    }
    print(
        f"\nDigits, {epochs} epochs: exact zeros among the weights over the last third (least to most), then "
        "validation and test accuracy at the end"
    )
    for seed in range(seeds):
        spec = RunSpec(seed=seed, epochs=epochs, lanes=tuple(lanes.values()))
        seen = [each for each in train(spec, CPU, every=epochs) if isinstance(each, Snapshot)]
        for lane, name in enumerate(lanes):
            own = [each for each in seen if each.lane == lane]
            late = [zero_share(each) for each in own if 3 * each.step >= 2 * own[-1].step]
            told = f"{statistics.fmean(late):7.2%} ({min(late):.1%} to {max(late):.1%})"
            score = own[-1].score
            print(
                f"  seed {seed}  {name:28}{told}   {score.valid:6.1%}   {score.test or 0.0:6.1%}", flush=True
            )


def zero_share(snapshot: Snapshot) -> float:
    """Exact zeros among the weights: the count flickers, so it is looked at many times."""
    layers = snapshot.layers.values()
    return sum(layer.zeros for layer in layers) / sum(layer.weights for layer in layers)


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("--data", type=Path, required=True, help="folder with MNIST/raw")
    asks.add_argument("--rounds", type=int, default=3, help="epochs per peer")
    asks.add_argument("--seconds", type=float, default=6.0, help="how long snapshots are looked at")
    asks.add_argument("--updates", type=int, default=300, help="that are timed")
    asks.add_argument("--epochs", type=int, default=20, help="for zeros and accuracy")
    asks.add_argument("--seeds", type=int, default=3, help="for the same")
    asks.add_argument("--long", type=int, default=200, help="epochs, for the same once more")
    options = asked(asks, rounds=1, seconds=0.5, updates=10, epochs=1, seeds=1, long=1)
    torch.set_flush_denormal(True)
    train_set, test_set = (
        MNIST(options.data, train=train_part, transform=ToTensor(), download=False)
        for train_part in (True, False)
    )
    images = as_images(train_set, test_set)
    use_one_thread()
    compare_speed(train_set, images, options.rounds)
    print("\nSnapshots four times a second, with JSON and validation images")
    snapshot_cost("28 × 28, 1 lane", Run(RunSpec(lanes=(LaneSpec(),)), CPU, images=images), options.seconds)
    snapshot_cost("digits, 2 lanes", Run(RunSpec(), CPU), options.seconds)
    update_time(RunSpec(), options.updates)
    print("\nOne update in bfloat16, one lane")
    bfloat16_speed("28 × 28", images, options.updates // 5)
    bfloat16_speed("digits", digits(), options.updates // 5)
    zeros_and_accuracy(options.epochs, options.seeds)
    zeros_and_accuracy(options.long, options.seeds)


if __name__ == "__main__":
    main()
