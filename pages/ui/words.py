"""What the choices of an objective are called, and what each does, in a sentence for a student."""

import re

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
}

METHOD_SENTENCES = {
    "proximal": "Steps down the data loss, then shrinks every weight as its own rate demands: exact zeros, "
    "and the right ones. (L2 only shrinks.)",
    "textbook": "Adds λ·R(w) to the loss and differentiates: weights hover around zero, no exact zeros.",
    "uniform_threshold": "A counter-example: shrinks every weight by ηλ whatever the optimizer. Exact zeros, "
    "but after Adam or momentum the wrong ones.",
    "clip_and_kill": "Sets a weight that crosses zero to zero for ever. Exact zeros, but too many: none "
    "comes back when λ falls.",
}

PENALTIES = {
    "l1": "L1: Σ|w|",
    "l2": "L2: ½Σw²",
    "elastic_net": "Elastic net: αΣ|w| + (1−α)½Σw²",
    "group_lasso": "Group lasso: Σ√|g|·‖w_g‖, by filter or unit",
    "sparse_group_lasso": "Sparse group lasso: both L1 and groups",
    "none": "None",
}

MIXTURES = ("elastic_net", "sparse_group_lasso")
"""The penalties that use α."""
