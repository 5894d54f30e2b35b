"""Measure the λ bands: a λ grid as the lanes of one run, several seeds, for every combination of settings.

    python -m benchmarks.bands --minutes 30
    python -m benchmarks.bands --epochs 200 --methods proximal,textbook --optimizers adam
    python -m benchmarks.bands --dataset mnist --train-size 3000 --epochs 8 --minutes 10

What core/bands.json already has is skipped, so that the script can be stopped and started again; the most
used combinations come first. `--again` measures anew.
"""

import argparse
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from statistics import fmean

import torch

from benchmarks.options import SMALL_FOLDER, asked, parser
from core.bands import FILE, NEARLY_ZERO, Measurement, read, write
from core.data.device import best_device, device_name
from core.data.images import load
from core.maths.losses import LOSSES
from core.snapshots import EPSILONS, Snapshot, Zeros
from core.spec import LEARNING_RATES, STRENGTHS, LaneSpec, RunSpec, strength_text
from core.training.run import train

MODELS = ("textbook_cnn", "small_cnn", "linear", "textbook_cnn_bn")
METHODS = (
    ("proximal", "adam"),
    ("textbook", "adam"),
    ("proximal", "sgd"),
    ("textbook", "sgd"),
    ("clip_and_kill", "adam"),
    ("uniform_threshold", "adam"),
    ("clip_and_kill", "sgd"),
    ("uniform_threshold", "sgd"),
    ("spred", "adam"),
    ("spred", "sgd"),
    ("fista", "adam"),
)
"""Method and optimizer, the most used first; FISTA has no optimizer, and takes only the linear network."""

NEARLY = EPSILONS.index(NEARLY_ZERO)


def combinations(options: argparse.Namespace) -> Iterator[RunSpec]:
    """One run spec for each combination asked for, without its λ grid; the most used first."""
    first, rest = METHODS[:1], METHODS[1:]
    for methods, models in ((first, MODELS[:2]), (rest, MODELS[:2]), (METHODS, MODELS[2:])):
        for model, (method, optimizer) in product(models, methods):
            possible = method != "fista" or model == "linear"
            asked_for = model in options.models and method in options.methods
            if possible and asked_for and optimizer in options.optimizers:
                lane = LaneSpec(
                    method=method,
                    optimizer=optimizer,
                    learning_rate=LEARNING_RATES[optimizer],
                    penalty=options.penalty,
                )
                yield RunSpec(
                    dataset=options.dataset,
                    model=model,
                    epochs=options.epochs,
                    train_size=options.train_size,
                    lanes=(lane,),
                )


def final_states(spec: RunSpec, device: torch.device) -> list[Snapshot]:
    """The last snapshot of every lane."""
    last = {each.lane: each for each in train(spec, device, every=10**9) if isinstance(each, Snapshot)}
    return [last[lane] for lane in range(len(spec.lanes))]


def shares(state: Snapshot) -> tuple[float, float, float]:
    """Among the penalised weights: exactly zero, below NEARLY_ZERO, and selected zeros."""
    layers = [layer for layer in state.layers.values() if layer.targeted]
    n_weights = sum(layer.weights for layer in layers)
    nearly = sum(layer.below[NEARLY] * layer.weights for layer in layers)
    zeros = Zeros.total(layer.kinds for layer in layers)
    # Unknown only where a lane diverged before it had seen every image.
    return zeros.all / n_weights, nearly / n_weights, (zeros.selected or 0) / n_weights


def measure(spec: RunSpec, seeds: tuple[int, ...], device: torch.device) -> Measurement:
    """Train the grid once per seed. A lane that diverged counts with its last finite state."""
    lane = spec.lanes[0]
    grid = tuple(lane.changed(strength=strength) for strength in STRENGTHS)
    runs = [final_states(spec.model_copy(update={"seed": seed, "lanes": grid}), device) for seed in seeds]
    by_strength = list(zip(*runs, strict=True))
    data = load(spec, device)
    return Measurement(
        **{name: getattr(spec, name) for name in ("dataset", "model", "batch_size", "epochs", "train_size")},
        **{name: getattr(lane, name) for name in ("method", "optimizer", "penalty")},
        **{name: getattr(lane, name) for name in ("learning_rate", "momentum", "warmup")},
        seeds=seeds,
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        torch=torch.__version__,
        machine=device_name(device),
        n_valid=len(data.valid_y),
        guessing=round(LOSSES[spec.loss].guessing(data.train_y), 4),
        strengths=STRENGTHS,
        accuracy=[[round(state.score.valid, 4) for state in row] for row in by_strength],
        zeros=[[round(shares(state)[0], 4) for state in row] for row in by_strength],
        nearly=[[round(shares(state)[1], 4) for state in row] for row in by_strength],
        selected=[[round(shares(state)[2], 4) for state in row] for row in by_strength],
    )


def show(found: Measurement) -> None:
    bands = found.bands
    counted = {"selected": "selected zeros", "nearly": f"|w| < {NEARLY_ZERO:g}"}
    begins = {counted[bands.counted]: bands.effect}
    begins |= {"accuracy falls": bands.falls, "collapse": bands.collapses}
    said = ", ".join(
        f"{name} {'nowhere' if at is None else f'from {strength_text(at)}'}" for name, at in begins.items()
    )
    print(f"{' · '.join(found.key)}: {said} (standard error {found.standard_error:.2%})")
    for strength, accuracy, zeros, own, nearly in zip(
        found.strengths, found.accuracy, found.zeros, found.selected, found.nearly, strict=True
    ):
        print(
            f"  λ {strength_text(strength):>5}   accuracy {fmean(accuracy):6.1%}   "
            f"zeros {fmean(zeros):6.1%}, selected {fmean(own):6.1%}   "
            f"below {NEARLY_ZERO:g} {fmean(nearly):6.1%}"
        )


def words(text: str) -> list[str]:
    return text.split(",")


def options_asked() -> argparse.Namespace:
    asks = parser(__doc__)
    asks.add_argument("--dataset", default="digits", choices=("digits", "mnist", "fashion_mnist", "cifar10"))
    asks.add_argument("--penalty", default="l1")
    asks.add_argument("--models", type=words, default=list(MODELS))
    asks.add_argument("--methods", type=words, default=sorted({method for method, _ in METHODS}))
    asks.add_argument("--optimizers", type=words, default=list(LEARNING_RATES))
    asks.add_argument("--epochs", type=int, default=60)
    asks.add_argument("--train-size", type=int, default=0)
    asks.add_argument("--seeds", type=int, default=3)
    asks.add_argument("--minutes", type=float, default=60.0, help="start no combination after so long")
    asks.add_argument("--again", action="store_true", help="measure what the file has anew")
    asks.add_argument("--out", type=Path, default=FILE, help="the file to add to")
    sizes = {"models": ["linear"], "methods": ["proximal"], "optimizers": ["adam"], "train_size": 0}
    return asked(asks, **sizes, epochs=3, seeds=2, again=True, out=SMALL_FOLDER / FILE.name)


def main() -> None:
    options = options_asked()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    torch.set_flush_denormal(True)
    until = time.monotonic() + 60.0 * options.minutes
    kept = {(*each.key, each.epochs): each for each in read(options.out)}
    for spec in combinations(options):
        lane = spec.lanes[0]
        key = (spec.dataset, spec.model, lane.method, lane.optimizer, lane.penalty, spec.epochs)
        if (key in kept and not options.again) or time.monotonic() >= until:
            continue
        started = time.monotonic()
        kept[key] = measure(spec, tuple(range(options.seeds)), best_device())
        write(options.out, list(kept.values()))
        show(kept[key])
        print(f"  measured in {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
