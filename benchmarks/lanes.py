"""What more lanes cost: 1, 2 and 16 of them, one after another and together, and the memory of a full run.

    python -m benchmarks.lanes [--data FOLDER]

On the device that is found. FOLDER holds MNIST as torchvision lays it out (FOLDER/MNIST/raw); without it the
images are digits, enlarged to 28 × 28. Peers take turns within one run, so that all meet the same machine;
the ratios are what to compare. Goal on a GPU: sixteen lanes in at most twice the time of one.
"""

import resource
import statistics
import time
from dataclasses import replace
from pathlib import Path

import torch
from torch.nn import functional as F
from torchvision.datasets import MNIST

from benchmarks.options import asked, parser
from benchmarks.training import as_images
from core.data.device import best_device, device_name, use_one_thread
from core.data.images import Images, digits
from core.spec import MAX_LANES, LaneSpec, RunSpec
from core.training.run import Run

WARM_UP = 5


def path(n_lanes: int) -> RunSpec:
    """A λ path of so many lanes, which may be more than a person can ask for."""
    lanes = tuple(LaneSpec(strength=10.0 ** (-5 + 3 * i / 16), warmup=0.0) for i in range(n_lanes))
    return RunSpec(epochs=1000).model_copy(update={"lanes": lanes})


def enlarged(images: Images) -> Images:
    train_x, valid_x, test_x = (
        F.interpolate(x, size=28) for x in (images.train_x, images.valid_x, images.test_x)
    )
    return replace(images, kept=None, shared_x=train_x, valid_x=valid_x, test_x=test_x)


def synchronized(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def update_seconds(run: Run, device: torch.device, updates: int) -> float:
    """Seconds per update, all lanes; nobody waits for the device in between."""
    synchronized(device)
    started = time.perf_counter()
    for _ in range(updates):
        run.advance()
    synchronized(device)
    return (time.perf_counter() - started) / updates


def compare(images: Images, device: torch.device, lanes: list[int], rounds: int, updates: int) -> None:
    use_one_thread()
    peers = {
        (n_lanes, together): Run(path(n_lanes), device, images=images, together=together)
        for n_lanes in lanes
        for together in (False, True)
    }
    for each in peers.values():
        update_seconds(each, device, WARM_UP)
    times: dict[tuple[int, bool], list[float]] = {key: [] for key in peers}
    for _ in range(rounds):
        for key, each in peers.items():
            times[key].append(update_seconds(each, device, updates))
    base = statistics.median(times[lanes[0], False]) / lanes[0]
    print(f"\n{images.size} × {images.size} images, batch 64, {device_name(device)}")
    for (n_lanes, together), taken in times.items():
        median = statistics.median(taken)
        how = "together" if together else "one after another"
        print(
            f"  {n_lanes:2} lanes {how:18}{median * 1e3:8.2f} ms an update  {median / base:5.2f} × one lane"
        )


def memory(images: Images, device: torch.device, updates: int) -> None:
    """The most that this process ever held, after a run of as many lanes as a person can ask for."""
    use_one_thread()
    run = Run(path(MAX_LANES), device, images=images)
    for _ in range(updates):
        run.advance()
    run.snapshot(asked=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"\n{MAX_LANES} lanes on {len(images.train_y)} images: {peak:.2f} GiB at most (goal 1.5 GB)", end=""
    )
    if device.type == "cuda":
        print(f", {torch.cuda.max_memory_allocated(device) / 2**30:.2f} GiB on the device", end="")
    print()


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("--data", type=Path, help="folder with MNIST/raw")
    asks.add_argument("--lanes", type=int, nargs="+", default=[1, 2, 16], help="numbers of them")
    asks.add_argument("--rounds", type=int, default=3)
    asks.add_argument("--updates", type=int, default=20, help="per round and peer")
    asks.add_argument("--held", type=int, default=40, help="updates while memory is measured")
    options = asked(asks, lanes=[1, 2], rounds=1, updates=1, held=1)
    torch.set_flush_denormal(True)
    device, small = best_device(), digits()
    large = enlarged(small)
    if options.data:
        parts = (MNIST(options.data, train=part, download=False) for part in (True, False))
        large = as_images(*parts)
    # Memory first: it is the most that was ever held, and the comparison holds more.
    memory(large.to(device), device, options.held)
    for images in (small, large):
        compare(images.to(device), device, options.lanes, options.rounds, options.updates)


if __name__ == "__main__":
    main()
