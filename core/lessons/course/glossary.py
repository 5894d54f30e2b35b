"""Every symbol and word of the lesson, in one sentence each."""

from collections.abc import Mapping
from types import MappingProxyType

from core.snapshots import EPSILONS, Frame, Point
from core.spec import MIXTURES, PenaltyKind, RunSpec, strength_text
from core.words import PENALTIES, ZEROS, percent

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "w": "A weight: a number that an input is multiplied by, and that training changes.",
        "λ": "The regularization strength: the price of one unit of the penalty, in loss; under L1, of |w|.",
        "Σ|w|": "The L1 norm: the sizes of all penalised weights, added up.",
        "L": "The data loss: how wrong the predictions are on the training images, without the penalty.",
        "total loss": "Data loss plus penalty: what training makes small.",
        "η": "The learning rate: how far one update moves along the gradient.",
        "μ": "Momentum: how much of its last move an update of SGD keeps.",
        "g": "The gradient of the data loss by a weight: its pull on the weight.",
        "τ": "The threshold: how much the soft threshold takes off a weight in one update, η · λ in plain "
        "gradient descent.",
        "S": "The soft threshold: moves a weight towards zero by τ and stops at zero.",
        "prox": "The proximal map: the point that best trades a small penalty against staying near. For L1 "
        "it is the soft threshold.",
        "KKT": "The conditions of an optimum under L1 (Karush, Kuhn, Tucker): at w = 0 the pull of the data "
        "loss is at most λ; elsewhere it equals λ.",
        "subgradient": "The slope of a line that touches a curve from below: at the kink of |w|, any from "
        "−1 to 1.",
        "L2": PENALTIES["l2"].caption,
        "nats": "The unit of cross-entropy, which is −ln of a probability.",
        "convex": "Bent upwards everywhere, as a bowl: every way down ends at the same lowest loss.",
        "FISTA": "The proximal step with a momentum of its own; for convex problems.",
        "ε": "What one calls nearly zero: a weight with |w| < ε is small, but not zero.",
        "exact zero": "A weight that is 0.0 to the last bit: it can be left out, and no answer changes.",
        "selected": ZEROS["selected"].caption,
        "cut off": ZEROS["cut_off"].caption,
        "idle": ZEROS["idle"].caption,
        "elastic net": PENALTIES["elastic_net"].caption,
        "α": "In the elastic net, the share of L1; the rest is L2.",
        "lane": "One copy of the network in a run; all lanes have the same start and the same batches.",
        "batch": "The images of one update.",
        "epoch": "One pass through all training images.",
        "warm-up": "The first part of a run, in which λ rises from 0 to its value.",
        "dead unit": "A filter or unit whose weights are all zero: it gives the same whatever it sees.",
        "sparsity": "The share of weights that are exactly zero; 0 % means not a single one.",
        "CSR": "A way to store a matrix with many zeros: only the other values, each with its column, and "
        "where each row begins.",
        "group lasso": PENALTIES["group_lasso"].caption,
    }
)
"""In the order in which the lesson needs them."""

BY_PAGE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "train_live": (
            "w",
            "λ",
            "Σ|w|",
            "total loss",
            "η",
            "exact zero",
            "idle",
            "selected",
            "cut off",
            "ε",
            "lane",
            "epoch",
            "dead unit",
        ),
        "what_is_l1": ("w", "λ", "L", "Σ|w|", "total loss", "L2", "nats", "τ", "S", "η"),
        "how_zeros_happen": ("w", "λ", "g", "η", "μ", "τ", "S", "prox", "exact zero", "batch"),
        "l1_in_a_cnn": ("w", "λ", "sparsity", "idle", "dead unit", "group lasso", "lane"),
        "l1_in_pytorch": ("w", "λ", "Σ|w|", "η", "τ", "S", "prox", "exact zero"),
        "does_it_deliver": (
            "λ",
            "sparsity",
            "exact zero",
            "idle",
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
    if lane.penalty != "l1":
        return known  # The soft threshold is L1's.
    if lane.optimizer == "adam":
        known["τ"] = f"{known['η']} · {known['λ']} / √v̂, for each weight its own"
    elif lane.momentum == 0.0:
        known["τ"] = f"{known['η']} · {known['λ']}"
    return known


def measured(penalty: PenaltyKind, point: Point, frame: Frame | None) -> dict[str, str]:
    """What the symbols were at a moment of a run's last lane, each with its step; λ as it acted then.

    Args:
        penalty: of that lane: what its norm is the value of.
        point: the moment.
        frame: the same moment's; None before the lane's first.
    """
    known = {
        "λ": strength_text(point.strength),
        **_penalty_now(penalty, point.norm),
        "L": f"{point.data_loss:.3g}",
        "total loss": f"{point.total:.3g}",
        "exact zero": f"{point.n_zeros:,} weights",
        **{ZEROS[kind].name: f"{n:,} weights" for kind, n in (point.kinds.by_kind or {}).items()},
        "dead unit": f"{sum(point.dead.values()):,} units",
        "epoch": f"{point.epoch:.3g}",
    }
    if frame is not None:
        size = sum(layer.norm for layer in frame.layers.values()) / frame.weights
        known["sparsity"] = percent(point.n_zeros / frame.weights)
        known["w"] = f"{frame.weights:,} weights, on average {size:.2g} from zero"
    return {term: f"{text} at step {point.step:,}" for term, text in known.items()}


def _penalty_now(penalty: PenaltyKind, norm: float) -> dict[str, str]:
    """A penalty's value by the term that it is explained under."""
    if penalty == "l1":
        return {"Σ|w|": f"{norm:.3g}"}
    term = PENALTIES[penalty].name
    return {term: f"{PENALTIES[penalty].symbol} = {norm:.3g}"} if term in TERMS else {}
