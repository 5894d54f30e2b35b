"""What zeros save in time: one layer's product by a dense kernel and by compressed rows (CSR).

    python -m benchmarks.kernels

The layer is fc1 of the standard CNN on 28 × 28 images, 128 × 3,136 weights, run as the page Smaller model
runs it. All kernels take turns on one thread, so that they meet the same machine; the ratios of their medians
are what to compare.
"""

import json
import statistics
import time
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.options import SMALL_FOLDER, asked, parser
from core.smaller.blocks import Block
from core.smaller.latency import Network, as_csr, dense

UNITS, INPUTS = 128, 3136
ZEROS = (0.0, 0.5, 0.9, 0.95, 0.97, 0.99)
BATCHES = (1, 64)

Kernel = tuple[str, float]
"""`dense` or `csr`, and the share of zeros."""


def layer(zeros: float) -> Block:
    """A linear layer with that share of its weights at zero, in random places."""
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(UNITS, INPUTS, generator=generator)
    weight *= torch.rand(UNITS, INPUTS, generator=generator) >= zeros
    return Block("fc1", "linear", weight, torch.zeros(UNITS))


def kernels() -> dict[Kernel, Network]:
    layers = {zeros: layer(zeros) for zeros in ZEROS}
    return {
        (name, zeros): way((own,))
        for zeros, own in layers.items()
        for name, way in (("dense", dense), ("csr", as_csr))
    }


@torch.no_grad()
def medians(networks: Mapping[Kernel, Network], x: Tensor, repeats: int) -> dict[Kernel, float]:
    """Seconds of each for a batch; they take turns, each once for nothing before it is timed."""
    taken: dict[Kernel, list[float]] = {kernel: [] for kernel in networks}
    for _ in range(repeats):
        for kernel, network in networks.items():
            network(x)
            started = time.perf_counter()
            network(x)
            taken[kernel].append(time.perf_counter() - started)
    return {kernel: statistics.median(seconds) for kernel, seconds in taken.items()}


def ratios(networks: Mapping[Kernel, Network], batch: int, repeats: int) -> list[dict[str, float]]:
    """By share of zeros: dense in times of dense without zeros, CSR in times of dense with as many."""
    x = torch.rand(batch, INPUTS, generator=torch.Generator().manual_seed(1))
    found = medians(networks, x, repeats)
    return [
        {
            "batch": batch,
            "zeros": zeros,
            "dense": found["dense", zeros] / found["dense", 0.0],
            "csr": found["csr", zeros] / found["dense", zeros],
        }
        for zeros in ZEROS
    ]


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("--repeats", type=int, default=300, help="that are timed")
    asks.add_argument("--out", type=Path, help="a file for the ratios, as JSON")
    options = asked(asks, repeats=2, out=SMALL_FOLDER / "kernels.json")
    torch.set_num_threads(1)
    networks = kernels()
    rows = [row for batch in BATCHES for row in ratios(networks, batch, options.repeats)]
    print("batch  zeros   dense, in times of dense without zeros   CSR, in times of dense")
    for row in rows:
        print(f"{row['batch']:5}  {row['zeros']:5.0%}   {row['dense']:38.2f}   {row['csr']:22.2f}")
    if options.out is not None:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
