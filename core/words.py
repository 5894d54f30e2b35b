"""What the choices of a run are called: one entry for each, read by menus, sentences, scripts and browser.

A name stands within a sentence or a title; a label stands in a menu; a caption says what a choice does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context
from types import MappingProxyType
from typing import Any

from core.spec import (
    PRUNE_ROUNDS,
    DatasetKind,
    LaneSpec,
    LossKind,
    MethodKind,
    ModelKind,
    OptimizerKind,
    PenaltyKind,
    PrecisionKind,
    RunSpec,
)


@dataclass(frozen=True)
class Choice:
    """How a choice is called.

    Attributes:
        name: within a sentence: "group lasso".
        label: in a menu: "Group lasso: Σ√|g|·‖w‖₂".
        caption: what it does, in a sentence or two for a student; "" where the menu says enough.
    """

    name: str
    label: str
    caption: str = ""


@dataclass(frozen=True)
class Penalty(Choice):
    """How a penalty is called, and R(w) written as what λ is multiplied by, in text and in TeX."""

    symbol: str = ""
    tex: str = ""


@dataclass(frozen=True)
class Loss:
    """How a data loss is called, and the share of its targets that are wrong; the images decide on it."""

    name: str
    noise: str


def _penalty(name: str, symbol: str, tex: str, caption: str) -> Penalty:
    return Penalty(name, f"{name[0].upper()}{name[1:]}: {symbol}", caption, symbol, tex)


DATASETS: Mapping[DatasetKind, Choice] = MappingProxyType(
    {
        "digits": Choice("digits", "Digits, 8 × 8: built in"),
        "rotated_digits": Choice("rotated digits", "Rotated digits, 8 × 8: predict the angle"),
        "mnist": Choice("MNIST", "MNIST, 28 × 28: 12 MB to download"),
        "fashion_mnist": Choice("Fashion-MNIST", "Fashion-MNIST, 28 × 28: 31 MB to download"),
        "cifar10": Choice("CIFAR-10", "CIFAR-10, 32 × 32 in colour: 170 MB"),
    }
)

MODELS: Mapping[ModelKind, Choice] = MappingProxyType(
    {
        "textbook_cnn": Choice(
            "standard CNN",
            "Two convolutions: 32 and 64 filters, 128 units",
            "The standard network: two convolutions, two fully connected layers.",
        ),
        "small_cnn": Choice(
            "small CNN",
            "Small: 8 and 16, 32 units",
            "A quarter of the filters and units: faster on a slow machine.",
        ),
        "textbook_cnn_bn": Choice(
            "standard CNN with BatchNorm",
            "Two convolutions with BatchNorm",
            "BatchNorm scales up again what a penalty on the convolution before it shrinks. Penalise bn1 and "
            "bn2 instead: where γ is 0, a channel is dead.",
        ),
        "linear": Choice(
            "linear",
            "Linear: one layer, lasso theory to the letter",
            "One layer on the pixels: a convex problem, so lasso theory holds to the letter.",
        ),
    }
)

METHODS: Mapping[MethodKind, Choice] = MappingProxyType(
    {
        "proximal": Choice(
            "proximal",
            "Proximal step: exact zeros",
            "Steps down the data loss, then shrinks every weight as its own rate demands: exact zeros, and "
            "where it comes to rest, the conditions of an optimum hold. (L2 only shrinks.)",
        ),
        "textbook": Choice(
            "textbook",
            "Textbook: added to the loss",
            "Adds λ·R(w) to the loss and differentiates: weights hover around zero, next to none is exactly "
            "zero.",
        ),
        "uniform_threshold": Choice(
            "one threshold for all",
            "One threshold for all: wrong on purpose",
            "A counter-example: shrinks every weight by ηλ whatever the optimizer. Exact zeros, but after "
            "Adam or momentum not those of the optimum.",
        ),
        "clip_and_kill": Choice(
            "clip and kill",
            "Clip and kill: as in playgrounds",
            "Sets a weight that λ pulls across zero to zero for ever: exact zeros, but not those of the "
            "optimum, and none comes back when λ falls. (TensorFlow Playground does so for L1, without "
            "momentum.)",
        ),
        "spred": Choice(
            "spred",
            "spred: two factors per weight (advanced)",
            "Writes each weight as u·v and decays both factors, which adds up to L1: weights shrink towards "
            "zero, slowly under SGD, and reach it only by underflow, late in a long run. L1 only.",
        ),
        "fista": Choice(
            "FISTA",
            "FISTA: all images at once, one layer only",
            "One accelerated proximal step per update, on all images: exact zeros, and in the end the "
            "optimum itself; the smaller λ, the more updates it takes. No rate, no batch; epochs are as with "
            "batches.",
        ),
    }
)

PENALTIES: Mapping[PenaltyKind, Penalty] = MappingProxyType(
    {
        "l1": _penalty(
            "L1",
            "Σ|w|",
            r"\sum |w|",
            "Pulls as hard on a small weight as on a large one: at the optimum single weights are exactly "
            "zero.",
        ),
        "l2": _penalty(
            "L2",
            "½Σw²",
            r"\tfrac12\sum w^2",
            "Pulls every weight in proportion to its size: weights get small, and one that gets a gradient "
            "does not become exactly zero.",
        ),
        "elastic_net": _penalty(
            "elastic net",
            "Σ(α|w| + (1−α)½w²)",
            r"\sum\bigl(\alpha|w| + (1-\alpha)\tfrac12 w^2\bigr)",
            "L1 and L2 mixed: at the optimum there are exact zeros, and weights that do the same job share "
            "it instead of competing.",
        ),
        "group_lasso": _penalty(
            "group lasso",
            "Σ√|g|·‖w‖₂",
            r"\sum_g \sqrt{|g|}\,\lVert w_g\rVert",
            "Pulls whole filters and units: at the optimum all weights of one are exactly zero together; in "
            "one that stays, only weights without any gradient are.",
        ),
        "sparse_group_lasso": _penalty(
            "sparse group lasso",
            "Σ(α‖w‖₁ + (1−α)√|g|·‖w‖₂)",
            r"\sum_g\bigl(\alpha\lVert w_g\rVert_1 + (1-\alpha)\sqrt{|g|}\,\lVert w_g\rVert\bigr)",
            "L1 within groups: at the optimum whole filters and units are exactly zero, and single weights "
            "in the others.",
        ),
        "none": _penalty("no penalty", "0", "0", "Nothing pulls the weights to zero: no exact zeros."),
    }
)
"""In the menu's order."""

SMOOTH: frozenset[PenaltyKind] = frozenset({"l2", "none"})
"""Penalties without a corner at zero: no method makes exact zeros of them."""

OPTIMIZERS: Mapping[OptimizerKind, Choice] = MappingProxyType(
    {"adam": Choice("Adam", "Adam"), "sgd": Choice("SGD", "SGD with momentum")}
)

PRECISIONS: Mapping[PrecisionKind, Choice] = MappingProxyType(
    {
        "float32": Choice("float32", "float32"),
        "bfloat16": Choice("bfloat16", "bfloat16: pays on 28 × 28"),
    }
)

LOSSES: Mapping[LossKind, Loss] = MappingProxyType(
    {
        "cross_entropy": Loss("cross-entropy", "Wrong labels (share)"),
        "mean_squared_error": Loss("mean squared error", "Wrong angles (share)"),
    }
)

CHOICES: Mapping[str, Mapping[Any, Choice]] = MappingProxyType(
    {
        "dataset": DATASETS,
        "model": MODELS,
        "method": METHODS,
        "penalty": PENALTIES,
        "optimizer": OPTIMIZERS,
        "precision": PRECISIONS,
    }
)
"""Every table of words by the field of a run or of a lane whose kinds it names."""

ZEROS: Mapping[str, Choice] = MappingProxyType(
    {
        "selected": Choice(
            "selected",
            "Selected",
            "A zero weight although the data have a gradient there: the penalty pulled it to zero, or "
            "magnitude pruning took it for its size.",
        ),
        "cut_off": Choice(
            "cut off",
            "Cut off",
            "A zero weight that has had no gradient for a whole epoch at least: its unit died, or nobody "
            "reads it. At a smaller λ it can return.",
        ),
        "idle": Choice(
            "idle",
            "Idle",
            "A zero weight that no image has pulled at in this run so far: behind a blank pixel, or of a "
            "silent unit, perhaps due to λ. L2 leaves such zeros, too.",
        ),
    }
)
"""What made an exact zero, in the order in which it is told."""


def zeros_text(by_kind: Mapping[str, float] | None, weights: int, by_size: bool = False) -> str:
    """Zeros, counted by the kinds of ZEROS, in percent of so many weights: "12 % selected, 29 % idle".

    Selected ones are always told, the others where there are some; "" without zeros, and where nobody knows.
    Where magnitude pruning chose (`by_size`), they are "selected (by size)".
    """
    if by_kind is None or not any(by_kind.values()):
        return ""
    told = {kind: n for kind, n in by_kind.items() if n or kind == "selected"}
    names = {kind: choice.name for kind, choice in ZEROS.items()}
    if by_size:
        names["selected"] += " (by size)"
    return ", ".join(f"{percent(n / weights)} {names[kind]}" for kind, n in told.items())


def pruning_name(lane: LaneSpec) -> str:
    """What the pruning of a lane is called: "magnitude pruning, 90 %"; in one round it is "at once"."""
    usual = lane.prune_rounds == PRUNE_ROUNDS
    rounds = "at once" if lane.prune_rounds == 1 else f"in {lane.prune_rounds} rounds"
    return f"magnitude pruning{'' if usual else f' {rounds}'}, {percent(lane.prune)}"


THREE_DIGITS = Context(prec=3, rounding=ROUND_HALF_UP)
"""As browsers round; Python by itself rounds 12.25 to 12.2."""


def percent(share: float) -> str:
    """A share as a percentage, three digits of it; only a whole is 100 %, only nothing is 0 %.

    As `percent` of pages/browser/shared/format.js writes it.
    """
    shown = 100 * share
    if shown == 0.0 or shown >= 100.0:
        return f"{shown:.0f} %"
    if shown > 99.9:
        return ">99.9 %"
    if shown < 0.01:
        return "<0.01 %"
    return f"{THREE_DIGITS.create_decimal(shown).normalize():f} %"


def size_text(size: float) -> str:
    """A Σ|w| with three significant digits, written in full: "84,700", "0.471"."""
    return f"{float(f'{size:.3g}'):,.12g}"


BEFORE_BATCH_NORM = (
    "BatchNorm undoes any shrinking of conv1 and conv2: their size means nothing, and they come to rest at 0 "
    "only. Penalise bn1 and bn2 (γ) instead."
)

WITHOUT_OPTIMALITY: Mapping[ModelKind, str] = MappingProxyType(
    {
        "textbook_cnn_bn": (
            "No optimality with BatchNorm: scaling a convolution before it changes no output, so "
            "⟨w, ∇L⟩ = 0 at every w, and an optimum would need ⟨w, ∇L⟩ = −λ‖w‖₁. Only w = 0 has both."
        )
    }
)
"""Why nobody looks how near an optimum such a network is."""


def warning(spec: RunSpec) -> str:
    """What to know about a run's settings before trusting its picture; empty if nothing."""
    lane = spec.lanes[-1]
    undone = spec.model == "textbook_cnn_bn" and lane.penalty != "none" and lane.layers & {"conv1", "conv2"}
    return BEFORE_BATCH_NORM if undone else ""


def method_and_optimizer(method: MethodKind, optimizer: OptimizerKind) -> str:
    """How the weights move, in a few words: "proximal with Adam"; FISTA is itself the optimizer."""
    name = METHODS[method].name
    return name if method == "fista" else f"{name} with {OPTIMIZERS[optimizer].name}"
