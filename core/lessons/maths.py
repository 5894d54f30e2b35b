"""Penalties and proximal maps for a script: the trainer's own source, as plain functions."""

import re
from collections.abc import Iterable

from core.lessons.source import constant, listing

FUNCTIONS = {
    "root_size": "root_size",
    "norms": "norms",
    "_sums": "_sums",
    "_largest": "_largest",
    "_settled": "_settled",
    "_norms_to_be": "_norms_to_be",
    "shrink": "shrink",
    "l1_norm": "L1.value",
    "soft_threshold": "L1.prox",
    "half_squares": "L2.value",
    "l2_prox": "L2.prox",
    "elastic_net": "ElasticNet.value",
    "elastic_net_prox": "ElasticNet.prox",
    "group_lasso": "GroupLasso.value",
    "group_lasso_prox": "GroupLasso.prox",
    "sparse_group_lasso": "SparseGroupLasso.value",
    "sparse_group_lasso_prox": "SparseGroupLasso.prox",
}
"""What a script calls a function, and what it is here; each uses only those before it."""

VALUES = {
    "l1": "l1_norm",
    "l2": "half_squares",
    "elastic_net": "elastic_net",
    "group_lasso": "group_lasso",
    "sparse_group_lasso": "sparse_group_lasso",
}
"""R(w) by penalty."""

PROXES = {
    "l1": "soft_threshold",
    "l2": "l2_prox",
    "elastic_net": "elastic_net_prox",
    "group_lasso": "group_lasso_prox",
    "sparse_group_lasso": "sparse_group_lasso_prox",
}
"""The proximal map by penalty."""

_CALLS = [
    (f"{cls}().{kind}(", name)
    for name, origin in FUNCTIONS.items()
    if "." in origin
    for cls, kind in [origin.split(".")]
]

_EITHER = re.compile(r"(?<== )(\S.*?) if isinstance\(threshold, Tensor\) else (.*)")


def functions(names: Iterable[str], thresholds: str) -> str:
    """The source of these functions and of those they use, used ones first.

    Args:
        names: keys of FUNCTIONS.
        thresholds: `one` number for all entries, one for `each`, or `both`; what does not occur is left out.
    """
    texts = {name: _plain(name, thresholds) for name in FUNCTIONS}
    needed: set[str] = set(names)
    for name in reversed(FUNCTIONS):
        if name in needed:
            needed |= {other for other in FUNCTIONS if re.search(rf"\b{other}\(", texts[name])}
    parts = [texts[name] for name in FUNCTIONS if name in needed]
    if "_norms_to_be" in needed:
        parts.insert(0, f"NEWTON_STEPS = {constant('NEWTON_STEPS')}")
    return "\n\n\n".join(parts)


def _plain(name: str, thresholds: str) -> str:
    """The source of a method as a function of the name it has in a script."""
    origin = FUNCTIONS[name]
    text = listing(origin).text
    if "self.alpha" in text:
        text = text.replace(") -> ", ", alpha: float) -> ", 1).replace("self.alpha", "alpha")
    text = re.sub(r"def \w+\((self, )?", f"def {name}(", text, count=1)
    for call, other in _CALLS:
        text = text.replace(call, f"{other}(")
    text = text.replace("groups.", "")
    if thresholds != "both":
        text = _EITHER.sub(r"\1" if thresholds == "each" else r"\2", text)
        kind = "Tensor" if thresholds == "each" else "float"
        text = text.replace("threshold: float | Tensor", f"threshold: {kind}")
    return text
