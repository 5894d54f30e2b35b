"""What the choices of an objective are called, and what each does, in a sentence for a student."""

import re

from core.spec import RunSpec

MARKS = re.compile(r"([\\`*_{}\[\]()#+!|<>~:$&-])")
"""What Markdown reads as more than text."""


def plain(text: str) -> str:
    """Text for Markdown that shows it as it is: a refused value comes from a link anyone may have made."""
    return MARKS.sub(r"\\\1", text)


METHODS = {
    "proximal": "Proximal step: exact zeros",
    "textbook": "Textbook: added to the loss",
    "uniform_threshold": "One threshold for all: wrong on purpose",
    "clip_and_kill": "Clip and kill: as in playgrounds",
    "spred": "spred: two factors per weight (advanced)",
    "fista": "FISTA: all images at once, one layer only",
}

METHOD_SENTENCES = {
    "proximal": "Steps down the data loss, then shrinks every weight as its own rate demands: exact zeros, "
    "and the right ones. (L2 only shrinks.)",
    "textbook": "Adds λ·R(w) to the loss and differentiates: weights hover around zero, no exact zeros.",
    "uniform_threshold": "A counter-example: shrinks every weight by ηλ whatever the optimizer. Exact zeros, "
    "but after Adam or momentum the wrong ones.",
    "clip_and_kill": "Sets a weight that λ pulls across zero to zero for ever: exact zeros, but not those of "
    "the optimum, and none comes back when λ falls.",
    "spred": "Writes each weight as u·v and decays both factors, which adds up to L1: weights shrink towards "
    "zero, slowly under SGD, and none is exactly zero. L1 only.",
    "fista": "One accelerated proximal step per update, on all images: exact zeros, and the optimum itself, "
    "in hundreds of updates at λ = 1e-3 and thousands below. No rate, no batch; epochs are as with batches.",
}

PENALTIES = {
    "l1": "L1: Σ|w|",
    "l2": "L2: ½Σw²",
    "elastic_net": "Elastic net: αΣ|w| + (1−α)½Σw²",
    "group_lasso": "Group lasso: Σ√|g|·‖w_g‖, by filter or unit",
    "sparse_group_lasso": "Sparse group lasso: both L1 and groups",
    "none": "None",
}

PENALTY_SENTENCES = {
    "l1": "Pulls every weight towards zero by the same amount: at the optimum single weights are exactly "
    "zero.",
    "l2": "Pulls every weight in proportion to its size: weights get small, and none that has a gradient "
    "is exactly zero.",
    "elastic_net": "L1 and L2 mixed: at the optimum there are exact zeros, and weights that do the same job "
    "share it instead of competing.",
    "group_lasso": "Pulls whole filters and units: at the optimum all weights of one are exactly zero "
    "together, or none is.",
    "sparse_group_lasso": "L1 within groups: at the optimum whole filters and units are exactly zero, and "
    "single weights in the others.",
    "none": "Nothing pulls on the weights: no exact zeros.",
}

MODELS = {
    "textbook_cnn": "Textbook: 32 and 64 filters, 128 units",
    "small_cnn": "Small: 8 and 16, 32 units",
    "textbook_cnn_bn": "Textbook with BatchNorm",
    "linear": "Linear: one layer, lasso theory to the letter",
}

BEFORE_BATCH_NORM = (
    "BatchNorm undoes any shrinking of conv1 and conv2: their weights get small, the network no simpler. "
    "Penalise bn1 and bn2 (γ) instead."
)

MODEL_SENTENCES = {
    "textbook_cnn": "The textbook's: two convolutions, two fully connected layers.",
    "small_cnn": "A quarter of the filters and units: faster on a slow machine.",
    "textbook_cnn_bn": "A penalty on a convolution before BatchNorm is scale-free: what it shrinks, that "
    "scales up again. Penalise bn1 and bn2 instead: where γ is 0, a channel is off.",
    "linear": "One layer on the pixels: a convex problem, so lasso theory holds to the letter.",
}


def warning(spec: RunSpec) -> str:
    """What to know about the settings on the screen before trusting the picture; empty if nothing."""
    lane = spec.lanes[-1]
    undone = spec.model == "textbook_cnn_bn" and lane.penalty != "none" and lane.layers & {"conv1", "conv2"}
    return BEFORE_BATCH_NORM if undone else ""
