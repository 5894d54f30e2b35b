"""Two published or noted tables, measured again with our own update rules, beside the reference.

    python -m benchmarks.references mlp
    python -m benchmarks.references cnn

`mlp`: Scardapane, Comminiello, Hussain & Uncini (2017), "Group sparse regularization for deep neural
networks", as in a public script: digits, 64-40-20-10, λ = 10^-3.5, Adam, batch 300, 1,500 epochs.
`cnn`: digits enlarged to 28 × 28, 1,200 updates, batch 64. The reference is one run of each; ours are the
mean, the least and the largest of several seeds.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import torch
from torch import nn
from torch.nn import functional as F

from benchmarks.options import asked, parser
from core.data.images import Images, digits
from core.maths.method import Pull
from core.maths.methods import METHODS
from core.maths.penalties import PENALTIES
from core.snapshots import Snapshot
from core.spec import LaneSpec, RunSpec
from core.training.run import Run

CPU = torch.device("cpu")
ACCURACY_TOLERANCE, ZEROS_TOLERANCE = 1.5, 2.0
"""In points, as promised for the CNN table."""


@dataclass(frozen=True)
class Row:
    """One line of a table. Shares in percent; `dead` as written there.

    Attributes:
        lane: what is trained.
        accuracy, zeros: what the reference says.
        dead: dead filters and units in the reference.
    """

    name: str
    lane: LaneSpec
    accuracy: float
    zeros: float
    dead: str = "–"


def mlp_rows() -> list[Row]:
    lane = LaneSpec(strength=10**-3.5, warmup=0.0)
    return [
        Row("proximal Adam", lane, 96.8, 77.0),
        Row("textbook Adam (subgradient)", lane.changed(method="textbook"), 97.2, 0.0),
    ]


def cnn_rows() -> list[Row]:
    adam = LaneSpec(warmup=0.0)
    sgd = adam.changed(optimizer="sgd", learning_rate=0.05)
    textbook = adam.changed(method="textbook", include_bias=True)
    return [
        Row("no penalty, Adam", adam.without_penalty(), 98.3, 0.0, "0"),
        *(
            Row(
                f"textbook Adam, all parameters, {strength:g}",
                textbook.changed(strength=strength),
                share,
                0.0,
                "0",
            )
            for strength, share in ((1e-4, 96.9), (1e-3, 94.7), (1e-2, 9.7))
        ),
        Row("proximal Adam, 1e-4", adam.changed(strength=1e-4), 97.2, 88.8, "1,7,73"),
        Row("proximal Adam, 3e-4", adam.changed(strength=3e-4), 97.4, 93.7, "7,25,75"),
        Row("proximal Adam, 1e-3", adam.changed(strength=1e-3), 94.4, 97.3, "19,51,82"),
        Row("proximal SGD μ .9, 1e-4", sgd.changed(strength=1e-4), 98.1, 92.3, "0,5,56"),
        Row("proximal SGD μ .9, 3e-4", sgd.changed(strength=3e-4), 97.5, 98.6, "0,38,95"),
        Row("proximal SGD μ .9, 1e-3", sgd.changed(strength=1e-3), 96.7, 99.5, "23,58,106"),
        Row(
            "proximal SGD, fc1 only, 1e-3", sgd.changed(strength=1e-3, layers=["fc1"]), 99.2, 95.0, "–,–,106"
        ),
    ]


def mlp(row: Row, seed: int, images: Images, epochs: int, batch: int) -> tuple[float, float]:
    """Train the public script's network; right validation images and zeros among the weights, in percent."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        net = nn.Sequential(nn.Linear(64, 40), nn.ReLU(), nn.Linear(40, 20), nn.ReLU(), nn.Linear(20, 10))
    weights = [parameter for parameter in net.parameters() if parameter.ndim == 2]
    method = METHODS[row.lane.method](net.parameters(), row.lane)
    pull = Pull(PENALTIES["l1"](), weights, [row.lane.strength] * len(weights))
    order = torch.Generator().manual_seed(seed)
    x = images.train_x.flatten(1)
    for _ in range(epochs):
        for chosen in torch.split(torch.randperm(len(x), generator=order), batch):
            loss = F.cross_entropy(net(x[chosen]), images.train_y[chosen])
            method.update(loss, pull)
    with torch.no_grad():
        share = float((net(images.valid_x.flatten(1)).argmax(1) == images.valid_y).float().mean())
    zeros = sum(int((weight == 0).sum()) for weight in weights) / sum(weight.numel() for weight in weights)
    return 100 * share, 100 * zeros


def enlarged(images: Images, mode: str, size: int = 28) -> Images:
    """The images at size × size; `bilinear` or `nearest`."""
    train_x, valid_x = (
        F.interpolate(x, size=(size, size), mode=mode) for x in (images.train_x, images.valid_x)
    )
    return replace(images, kept=None, shared_x=train_x, valid_x=valid_x)


def redrawn(images: Images, seed: int) -> Images:
    """The same images with other ones for validation, at random: the reference does not say which it had."""
    x, y = torch.cat([images.train_x, images.valid_x]), torch.cat([images.train_y, images.valid_y])
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(seed))
    valid, train = order[: len(images.valid_y)], order[len(images.valid_y) :]
    return replace(images, kept=None, shared_x=x[train], train_y=y[train], valid_x=x[valid], valid_y=y[valid])


def cnn(rows: Sequence[Row], seed: int, images: Images, updates: int) -> list[Snapshot]:
    """Train all rows as lanes of one run; how each ends."""
    lanes = tuple(row.lane for row in rows)
    run = Run(RunSpec(seed=seed, epochs=1000, lanes=lanes), CPU, images=images)
    for _ in range(updates):
        run.advance()
    return run.snapshot(asked=True)[0]


def of_snapshot(state: Snapshot) -> tuple[float, float]:
    layers = state.layers.values()
    zeros = sum(layer.zeros for layer in layers) / sum(layer.weights for layer in layers)
    return 100 * state.score.valid, 100 * zeros


def dead_units(states: Iterable[Snapshot]) -> str:
    """Mean number of dead filters and units of conv1, conv2 and fc1."""
    states = list(states)
    means = [fmean(state.layers[name].dead for state in states) for name in ("conv1", "conv2", "fc1")]
    return ",".join(f"{mean:.0f}" for mean in means)


def spread(values: Sequence[float]) -> str:
    return f"{fmean(values):5.1f} ({min(values):.1f}–{max(values):.1f})"


def line(row: Row, found: Sequence[tuple[float, float]], dead: str = "–") -> str:
    """A Markdown table row: ours beside the reference, and by how many points the means differ."""
    ours = [[each[i] for each in found] for i in (0, 1)]
    off = [fmean(values) - told for values, told in zip(ours, (row.accuracy, row.zeros), strict=True)]
    within = abs(off[0]) <= ACCURACY_TOLERANCE and abs(off[1]) <= ZEROS_TOLERANCE
    cells = [row.name, spread(ours[0]), f"{row.accuracy}", spread(ours[1]), f"{row.zeros}", dead, row.dead]
    return f"| {' | '.join(cells)} | {off[0]:+.1f}, {off[1]:+.1f}{'' if within else ' **outside**'} |"


HEAD = (
    "| | right %, ours | reference | exact zeros %, ours | reference | dead units, ours | reference | off |\n"
    "|---|---|---|---|---|---|---|---|"
)


def mlp_table(seeds: int, epochs: int) -> None:
    print(
        f"\nDigits, MLP 64-40-20-10, λ = 10^-3.5, Adam, batch 300, {epochs} epochs, {seeds} seeds\n\n{HEAD}"
    )
    images = digits()
    for row in mlp_rows():
        print(line(row, [mlp(row, seed, images, epochs, 300) for seed in range(seeds)]), flush=True)


def cnn_table(seeds: int, updates: int, mode: str, only: str, redraw: bool) -> None:
    rows, images = [row for row in cnn_rows() if re.search(only, row.name)], enlarged(digits(), mode)
    runs: list[list[Snapshot]] = []
    for seed in range(seeds):
        runs.append(cnn(rows, seed, redrawn(images, seed) if redraw else images, updates))
        # After every seed: one takes minutes, and the table so far is worth having.
        print(
            f"\nDigits at 28 × 28 ({mode}), {updates} updates, batch 64, no warm-up, {len(runs)} seeds so far"
        )
        print(f"\n{HEAD}")
        for row, states in zip(rows, zip(*runs, strict=True), strict=True):
            print(line(row, [of_snapshot(state) for state in states], dead_units(states)), flush=True)


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("table", choices=("mlp", "cnn"))
    asks.add_argument("--seeds", type=int, default=3)
    asks.add_argument("--epochs", type=int, default=1500, help="of the MLP")
    asks.add_argument("--updates", type=int, default=1200, help="of the CNN")
    asks.add_argument("--mode", default="bilinear", choices=("bilinear", "nearest"), help="how to enlarge")
    asks.add_argument("--only", default="", help="of the CNN's rows those whose name this expression finds")
    asks.add_argument("--redraw", action="store_true", help="draw other validation images with every seed")
    options = asked(asks, seeds=1, epochs=2, updates=2)
    torch.set_flush_denormal(True)
    if options.table == "mlp":
        mlp_table(options.seeds, options.epochs)
    else:
        cnn_table(options.seeds, options.updates, options.mode, options.only, options.redraw)


if __name__ == "__main__":
    main()
