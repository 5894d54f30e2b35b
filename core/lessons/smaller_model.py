"""From zeros to consequences: what is asked about a lane, and what the answers mean in words."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from core.spec import LaneSpec, RunSpec, strength_text

_LANE = LaneSpec(strength=1e-3)

EXAMPLE = RunSpec(
    lanes=(_LANE.without_penalty(), _LANE.changed(method="textbook"), _LANE),
    epochs=20,
)
"""The run of "Train one now", and of the example: λ = 0, the textbook lane, and exact zeros, side by side."""

EPSILONS = (0.0, *(float(f"{10.0 ** (-4 + i / 6):.3g}") for i in range(25)))
"""Bounds of the pruning slider: zero, then six a decade from 1e-4 to 1."""

REFIT_UPDATES = 100

TOLERANCE = 1e-4
"""Two networks are called equal when no logit differs by more than this share of the largest one."""

Answer = Mapping[str, Any]
Answers = Callable[[str], Answer]
"""Gives the answer to a key of `questions`."""

FORMATS = {
    "dense": "dense: every number",
    "gzip": "gzip of that",
    "csr": "CSR: value and column",
    "bitmap": "bitmap: a bit for each, then values",
    "bound": "information bound",
}
"""Ways to store the same network, in the order they are shown."""

NETWORKS = {"dense": "dense kernel", "csr": "CSR kernel", "compact": "compact, dense kernel"}


def questions(spec: RunSpec, lane: int) -> dict[str, tuple[str, dict[str, Any]]]:
    """What is asked about a lane: the question and its fields, by a name of this page's own.

    What needs a lane without penalty is left out where the run has none.
    """
    path = {"lane": textbook_lane(spec, lane), "epsilons": list(EPSILONS)}
    asked: dict[str, tuple[str, dict[str, Any]]] = {
        "sizes": ("sizes", {"lane": lane}),
        "compact": ("compact", {"lane": lane}),
        "latency": ("latency", {"lane": lane}),
        "onnx": ("export", {"lane": lane, "which": "compact", "format": "onnx"}),
        "path": ("prune_path", path),
        "refit": ("refit", {"lane": lane, "updates": REFIT_UPDATES}),
    }
    dense = dense_lane(spec, lane)
    if dense is not None:
        asked |= {
            "rival_path": ("prune_path", path | {"lane": dense}),
            "rival": ("prune", {"lane": dense, "like": lane}),
            "refit_rival": ("refit", {"lane": dense, "like": lane, "updates": REFIT_UPDATES}),
        }
    return asked


def has_penalty(lane: LaneSpec) -> bool:
    """Whether anything pulls at the weights."""
    return lane.penalty != "none" and lane.strength > 0.0


def first_lane(spec: RunSpec) -> int:
    """The lane to look at first: the last with a penalty that makes exact zeros, or else the last."""
    exact = [i for i, lane in enumerate(spec.lanes) if has_penalty(lane) and lane.method != "textbook"]
    return exact[-1] if exact else len(spec.lanes) - 1


def dense_lane(spec: RunSpec, lane: int) -> int | None:
    """A lane without penalty other than this one."""
    found = (i for i, each in enumerate(spec.lanes) if i != lane and not has_penalty(each))
    return next(found, None)


def textbook_lane(spec: RunSpec, lane: int) -> int:
    """The lane whose small weights are pruned: the last textbook lane with a penalty, or else `lane`."""
    found = [i for i, each in enumerate(spec.lanes) if has_penalty(each) and each.method == "textbook"]
    return found[-1] if found else lane


def lane_name(spec: RunSpec, lane: int) -> str:
    """What a lane is called: "l1, proximal, λ = 1e-3"."""
    each = spec.lanes[lane]
    if not has_penalty(each):
        return "no penalty"
    words = each.penalty.replace("_", " ").replace("l1", "L1").replace("l2", "L2")
    return f"{words}, {each.method.replace('_', ' ')}, λ = {strength_text(each.strength)}"


def equal(proof: Answer) -> bool:
    """Whether the two networks of a `compact` answer are the same function on the test images."""
    return bool(proof["largest_difference"] <= TOLERANCE * max(1.0, proof["largest_logit"]))


def proof_sentence(proof: Answer) -> str:
    """The equality with its numbers."""
    bound = TOLERANCE * max(1.0, proof["largest_logit"])
    verdict = "the same function" if equal(proof) else "**not** the same function"
    return (
        f"On all {proof['images']:,} test images the largest difference of a logit is "
        f"**{proof['largest_difference']:.2g}**; the tolerance is {bound:.2g} "
        f"(1e-4 of the largest logit, {proof['largest_logit']:.3g}): {verdict}."
    )


def percent(share: float | None) -> str:
    """A share of right answers in words; nothing where the network tells no labels."""
    return "no labels" if share is None else f"{100 * share:.1f} %"


def accuracy(proof: Answer, which: int = 0) -> float | None:
    """Of the whole (0) or the compact (1) network of a `compact` answer."""
    return None if proof["accuracies"] is None else float(proof["accuracies"][which])


def times(latency: Answer, network: str, batch: int) -> Answer:
    """A row of a `latency` answer."""
    rows = latency["milliseconds"]
    return next(row for row in rows if (row["network"], row["batch"]) == (network, batch))


def compared(latency: Answer, network: str, batch: int) -> str:
    """How long a network takes beside the dense kernel, in words, and whether their quartiles overlap."""
    dense, other = (times(latency, each, batch) for each in ("dense", network))
    words = f"{other['median'] / dense['median']:.2g} times as long"
    overlap = other["low"] <= dense["high"] and dense["low"] <= other["high"]
    return f"{words} (no more than the spread)" if overlap else words


def card(spec: RunSpec, lane: int, answers: Answers) -> str:
    """The model card: Markdown with the settings and everything measured. May raise what `answers` does."""
    sizes, proof, latency, onnx = (answers(name) for name in ("sizes", "compact", "latency", "onnx"))
    return "\n".join(
        [
            "# Model card: a sparse network and the compact one made of it",
            "",
            f"Trained in Sparsity Lab on {spec.dataset}, network {spec.model}, seed {spec.seed}; "
            f"lane {lane} ({lane_name(spec, lane)}), weights of step {sizes['step']:,}.",
            "",
            *_sizes_table(sizes, proof),
            "",
            proof_sentence(proof),
            f"The ONNX file, run by ONNX Runtime, differs from the whole network by at most "
            f"{onnx['largest_difference']:.2g} in a logit.",
            "",
            *_latency_table(latency),
            "",
            "## Limits",
            "",
            "Measured on this dataset's test images only, while other networks may have trained on the same "
            "machine. A toy of a course: not for decisions about people.",
            "",
            "## Settings",
            "",
            "```json",
            json.dumps(json.loads(spec.to_json()), indent=1),
            "```",
            "",
        ]
    )


def _sizes_table(sizes: Answer, proof: Answer) -> list[str]:
    full, compact = sizes["full"], sizes["compact"]
    rows = {
        "test accuracy": [percent(accuracy(proof, which)) for which in (0, 1)],
        "weights and biases": [f"{each['parameters']:,}" for each in (full, compact)],
        "weights exactly zero": [f"{each['zeros']:,}" for each in (full, compact)],
        **{
            f"bytes, {words}": [f"{each[name]:,}" for each in (full, compact)]
            for name, words in FORMATS.items()
        },
        "multiply-adds an image": [f"{each['multiply_adds']:,}" for each in (full, compact)],
        "of these with a weight that is not zero": [
            f"{each['multiply_adds_nonzero']:,}" for each in (full, compact)
        ],
    }
    head = ["## Measured", "", "| | whole | compact |", "|---|---:|---:|"]
    return head + [f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items()]


def _latency_table(latency: Answer) -> list[str]:
    head = [
        f"Latency on {latency['device']}, milliseconds a batch:",
        "",
        "| network | batch | lower quartile | median | upper quartile |",
        "|---|---:|---:|---:|---:|",
    ]
    return head + [
        f"| {NETWORKS[row['network']]} | {row['batch']} | {row['low']:.3g} | {row['median']:.3g} | "
        f"{row['high']:.3g} |"
        for row in latency["milliseconds"]
    ]
