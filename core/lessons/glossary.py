"""Every symbol and word of the lesson, in one sentence each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.snapshots import EPSILONS
from core.spec import MIXTURES, RunSpec, strength_text

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "w": "A weight: a number that an input is multiplied by, and that training changes.",
        "λ": "The strength of the penalty: the price of one unit of |w|, in loss.",
        "Σ|w|": "The L1 norm: the sizes of all penalised weights, added up.",
        "L": "The data loss: how wrong the predictions are, without the penalty.",
        "total loss": "Data loss plus penalty: what training makes small.",
        "η": "The learning rate: how far one update moves along the gradient.",
        "μ": "Momentum: how much of the last step an update of SGD keeps.",
        "g": "The gradient of the data loss by a weight: its pull on the weight.",
        "τ": "The threshold: how much the soft threshold takes off a weight in one step, η · λ in plain "
        "gradient descent.",
        "S": "The soft threshold: moves a weight towards zero by τ and stops at zero.",
        "prox": "The proximal map: the point that best trades a small penalty against staying near. For L1 "
        "it is the soft threshold.",
        "KKT": "The conditions of an optimum (Karush, Kuhn, Tucker): at w = 0 the pull of the data is at "
        "most λ; elsewhere it equals λ.",
        "subgradient": "The slope of a line that touches a curve from below: at the kink of |w|, any from "
        "−1 to 1.",
        "L2": "The penalty with ½w² in place of |w|: it makes weights small, not zero.",
        "nats": "The unit of cross-entropy, which is −ln of a probability.",
        "convex": "With one valley only: every way down ends at the same lowest loss.",
        "FISTA": "The proximal step with a momentum of its own; for convex problems.",
        "ε": "What one calls nearly zero: a weight with |w| < ε is small, but not zero.",
        "exact zero": "A weight that is 0.0 to the last bit; only this saves anything.",
        "elastic net": "L1 and L2 added up.",
        "α": "In the elastic net, the share of L1; the rest is L2.",
        "lane": "One copy of the network in a run; all lanes have the same start and the same batches.",
        "batch": "The images of one update.",
        "epoch": "One pass through all training images.",
        "warm-up": "The first part of a run, in which λ rises from 0 to its value.",
        "dead unit": "A filter or unit whose weights are all zero: it says the same whatever it sees.",
        "sparsity": "The share of weights that are exactly zero.",
        "CSR": "A way to store a matrix with many zeros: only the other values, each with its column.",
        "group lasso": "A penalty on whole filters or units: the weights of one go to zero together.",
    }
)
"""In the order in which the lesson needs them."""

BY_PAGE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "train_live": ("w", "λ", "Σ|w|", "total loss", "η", "exact zero", "ε", "lane", "epoch", "dead unit"),
        "what_is_l1": ("w", "λ", "L", "Σ|w|", "total loss", "L2", "nats", "τ", "S", "η"),
        "how_zeros_happen": ("w", "λ", "g", "η", "μ", "τ", "S", "prox", "exact zero", "batch"),
        "l1_in_a_cnn": ("w", "λ", "sparsity", "dead unit", "group lasso", "lane"),
        "l1_in_pytorch": ("w", "λ", "Σ|w|", "η", "τ", "S", "prox", "exact zero"),
        "does_it_deliver": (
            "λ",
            "sparsity",
            "exact zero",
            "L2",
            "elastic net",
            "α",
            "group lasso",
            "CSR",
            "subgradient",
            "prox",
            "FISTA",
            "nats",
            "convex",
            "warm-up",
        ),
    }
)
"""The terms that a page uses."""


def values(spec: RunSpec) -> dict[str, str]:
    """What the symbols are in a run's last lane, as far as its settings say."""
    lane = spec.lanes[-1]
    known = {
        "λ": strength_text(lane.strength),
        "η": f"{lane.learning_rate:g}",
        "batch": f"{spec.batch_size} images",
        "warm-up": f"{100 * lane.warmup:g} % of the run",
        "lane": f"{len(spec.lanes)} lanes",
        "ε": f"from {strength_text(EPSILONS[0])} to {strength_text(EPSILONS[-1])}, on the slider",
    }
    if lane.optimizer == "sgd":
        known["μ"] = f"{lane.momentum:g}"
    if lane.penalty in MIXTURES:
        known["α"] = f"{lane.alpha:g}"
    if lane.optimizer == "adam":
        known["τ"] = f"{known['η']} · {known['λ']} / √v̂, for each weight its own"
    elif lane.momentum == 0.0:
        known["τ"] = f"{known['η']} · {known['λ']}"
    return known


def measured(point: Mapping[str, Any], layers: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What the symbols are at a moment of a run's last lane.

    Args:
        point: a moment, as `core.runs.encoding.point` has it.
        layers: the latest frame's, as `core.runs.encoding.frame` has them; {} before the first.
    """
    zeros = sum(point["zeros"].values())
    known = {
        "Σ|w|": f"{point['norm']:.3g}",
        "L": f"{point['data_loss']:.3g}",
        "total loss": f"{point['total']:.3g}",
        "exact zero": f"{zeros:,} weights",
        "dead unit": f"{sum(point['dead'].values()):,} units",
        "epoch": f"{point['epoch']:.3g}",
    }
    weights = sum(layer["weights"] for layer in layers.values())
    if weights:
        size = sum(layer["norm"] for layer in layers.values()) / weights
        known["sparsity"] = f"{100 * zeros / weights:.3g} %"
        known["w"] = f"{weights:,} weights, on average {size:.2g} from zero"
    return known
