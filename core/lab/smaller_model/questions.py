"""From zeros to consequences: what is asked about a lane, and what the answers mean in words."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.lessons.seeds import Row, against, points
from core.spec import LaneSpec, RunSpec, strength_text
from core.uncertainty import off, sampling, standard_error
from core.words import DATASETS, METHODS, MODELS, PENALTIES, pruning_name

_LANE = LaneSpec(strength=1e-3)

EXAMPLE = RunSpec(
    lanes=(
        _LANE.without_penalty(),
        _LANE.changed(method="textbook"),
        # As many zeros as L1 makes here.
        _LANE.without_penalty().changed(prune=0.7),
        _LANE,
    ),
    epochs=20,
)
"""The run of "Train one now", and of the example: λ = 0, the textbook lane, pruning, and exact zeros."""

EPSILONS = (0.0, *(float(f"{10.0 ** (-4 + i / 6):.3g}") for i in range(25)))
"""Bounds of the pruning slider: zero, then six a decade from 1e-4 to 1."""

REFIT_UPDATES = 100

REFITS = ("refit", "refit_rival", "refit_pruned")
"""The questions on refitting."""

BY_SEED = "refits_by_seed"
"""Of the example alone: its answers to REFITS for each seed that was trained, by the seed."""

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
    "bound": "counting bound",
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
    pruned = pruned_lane(spec, lane)
    if pruned is not None:
        asked["refit_pruned"] = ("refit", {"lane": pruned, "like": lane, "updates": REFIT_UPDATES})
    return asked


def has_penalty(lane: LaneSpec) -> bool:
    """Whether anything pulls at the weights."""
    return lane.penalty != "none" and lane.strength > 0.0


def first_lane(spec: RunSpec) -> int:
    """The lane to look at first: the last with a penalty that makes exact zeros, or else the last."""
    exact = [i for i, lane in enumerate(spec.lanes) if has_penalty(lane) and lane.method != "textbook"]
    return exact[-1] if exact else len(spec.lanes) - 1


def dense_lane(spec: RunSpec, lane: int) -> int | None:
    """A lane other than this one that is neither penalised nor pruned."""
    found = (i for i, each in enumerate(spec.lanes) if i != lane and not has_penalty(each) and not each.prune)
    return next(found, None)


def pruned_lane(spec: RunSpec, lane: int) -> int | None:
    """A lane other than this one that was pruned while it trained, without penalty."""
    found = (i for i, each in enumerate(spec.lanes) if i != lane and not has_penalty(each) and each.prune)
    return next(found, None)


def textbook_lane(spec: RunSpec, lane: int) -> int:
    """The lane whose small weights are pruned: the last textbook lane with a penalty, or else `lane`."""
    found = [i for i, each in enumerate(spec.lanes) if has_penalty(each) and each.method == "textbook"]
    return found[-1] if found else lane


def lane_name(spec: RunSpec, lane: int) -> str:
    """What a lane is called: "L1, proximal, λ = 1e-3"."""
    of = spec.lanes[lane]
    if not has_penalty(of):
        return pruning_name(of) if of.prune else PENALTIES["none"].name
    return f"{PENALTIES[of.penalty].name}, {METHODS[of.method].name}, λ = {strength_text(of.strength)}"


def equal(proof: Answer) -> bool:
    """Whether the two networks of a `compact` answer are the same function on the validation images."""
    return bool(proof["largest_difference"] <= TOLERANCE * max(1.0, proof["largest_logit"]))


def proof_sentence(proof: Answer) -> str:
    """The equality with its numbers."""
    bound = TOLERANCE * max(1.0, proof["largest_logit"])
    verdict = "the same function" if equal(proof) else "**not** the same function"
    return (
        f"On all {proof['images']:,} validation images the largest difference of a logit is "
        f"**{proof['largest_difference']:.2g}**; the tolerance is {bound:.2g} "
        f"(1e-4 of the largest logit, {proof['largest_logit']:.3g}): {verdict}."
    )


def right_row(found: Sequence[Answer], after: int, name: str = "") -> Row:
    """Right answers of `refit` answers, one for each seed, in percent: before (0) or after (1) the refit."""
    return Row(name, tuple(100.0 * each["accuracies"][after] for each in found))


def refit_sentence(own: Sequence[Answer], rivals: Mapping[str, Sequence[Answer]], images: int) -> str:
    """Whether a penalty chose better than its rivals, all refitted, seed by seed; the same images for all.

    Args:
        own: the `refit` answers of the lane with the penalty, one for each seed.
        rivals: those of networks without one at as many zeros, by name.
        images: how many there are. One seed alone is told in images.
    """
    told, beyond, one = [], [], len(own) == 1
    for name, rival in rivals.items():
        rows = [right_row(each, 1) for each in (own, rival)]
        more = against(rows[1], rows[0])
        # Of two independent counts; the same images make it smaller, so this is on the safe side.
        shares = [standard_error(row.mean / 100.0, images) for row in rows]
        n = round(more.mean / 100.0 * images)
        in_images = f"{abs(n)} {'fewer' if n < 0 else 'more'}"
        told.append(f"“{name}” has {in_images if one else points(more)}")
        chance = math.hypot(more.error, *(100.0 * share for share in shares))
        beyond.append(0.0 if abs(more.mean) <= chance else more.mean)
    if max(beyond) > 0:
        verdict = "the penalty loses, size chose better"
    elif max(beyond) < 0:
        verdict = "the penalty wins, it chose better than size"
    else:
        verdict = "no more than chance, so size chose as well"
    if one:
        return f"Refitted, {' and '.join(told)} of {images:,} images right than this lane: {verdict}, here."
    return f"Refitted, {', and '.join(told)}, against this lane: {verdict}, here."


def missing_rivals(spec: RunSpec, lane: int) -> str:
    """Which rivals of a refit a run does not have, in a sentence; "" where it has both."""
    found = {
        "a network without penalty to prune at once": dense_lane(spec, lane),
        "one that was pruned in rounds while it trained": pruned_lane(spec, lane),
    }
    missing = [name for name, rival in found.items() if rival is None]
    return f"This run has not trained {' nor '.join(missing)}: no such rival here." if missing else ""


def once_refitted(own: Sequence[Answer], rival: Sequence[Answer]) -> str:
    """What a refit makes of a lane and of its rival at equal zeros."""
    return (
        f"Refitted for {REFIT_UPDATES} updates: this lane {right_row(own, 1).text()} %, the rival "
        f"{right_row(rival, 1).text()} %{' (means over the seeds)' if len(own) > 1 else ''}."
    )


def with_point(path: Answer, pruned: Answer) -> Answer:
    """A `prune_path` answer with what a `prune` answer of the same lane found, at its place by zeros."""
    found = sorted(
        [*zip(path["zeros"], path["accuracies"], strict=True), (pruned["zeros"], pruned["accuracies"][1])],
        key=lambda at: at[0],
    )
    return {**path, "zeros": [n for n, _ in found], "accuracies": [right for _, right in found]}


def percent(share: float | None) -> str:
    """A share of right answers in words; nothing where the network tells no labels."""
    return "no labels" if share is None else f"{100 * share:.1f} %"


def accuracy_text(proof: Answer, which: int = 0) -> str:
    """The same accuracy with its sampling error: "97.1 % ± 1.0 points: 258 validation images"."""
    share = accuracy(proof, which)
    return percent(share) if share is None else f"{percent(share)} {sampling([share], proof['images'])}"


def with_error(proof: Answer, which: int) -> str:
    """The same in a sentence that names the images once: "97.1 ± 1.0 %"."""
    share = accuracy(proof, which)
    return percent(share) if share is None else f"{100 * share:.1f} {off(share, proof['images'])} %"


def accuracy(proof: Answer, which: int = 0) -> float | None:
    """Of the whole (0) or the compact (1) network of a `compact` answer."""
    return None if proof["accuracies"] is None else float(proof["accuracies"][which])


def stored(sizes: Answer) -> tuple[str, int]:
    """The smaller of two ways to store the compact network sparsely, in words, and its bytes."""
    compact, ways = sizes["compact"], {"csr": "in CSR", "bitmap": "as a bitmap"}
    best = min(ways, key=lambda name: int(compact[name]))
    return ways[best], int(compact[best])


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
            f"Trained in Sparsity Lab on {DATASETS[spec.dataset].name}, network {MODELS[spec.model].name}, "
            f"seed {spec.seed}; "
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
            "Measured on this dataset's validation images only, while other networks may have trained on the "
            "same machine. A toy of a course: not for decisions about people.",
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
        "validation accuracy": [accuracy_text(proof, which) for which in (0, 1)],
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
