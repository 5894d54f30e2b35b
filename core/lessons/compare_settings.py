"""What a run is called when its owner has not named it, and its settings as words to set side by side."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core.spec import MATRIX_LAYERS, LaneSpec, RunSpec, strength_text

USUAL = RunSpec(train_size=0)
USUAL_LANE = LaneSpec()

WRITTEN = {"l1": "L1", "l2": "L2", "sgd": "SGD", "adam": "Adam", "fista": "FISTA"}

ALWAYS = ("strength", "penalty", "method", "seed", "epochs", "optimizer", "dataset", "model")
"""What is told of every run, in this order; other settings only where they are not the usual ones."""

LABELS = {
    "strength": "λ",
    "penalty": "penalty",
    "method": "method",
    "seed": "seed",
    "epochs": "epochs",
    "optimizer": "optimizer",
    "dataset": "images",
    "model": "network",
    "learning_rate": "η",
    "momentum": "momentum",
    "alpha": "α",
    "layers": "on",
    "multipliers": "λ by layer",
    "include_bias": "biases",
    "warmup": "warm-up",
    "freeze": "freeze",
    "polish": "polish",
    "precision": "precision",
    "train_size": "training images",
    "label_noise": "wrong labels",
    "batch_size": "batch",
}
"""Every setting of a run and of a lane, as it is told beside its value."""

NAMED_BY_VALUE = frozenset({"penalty", "method", "optimizer", "dataset", "model", "precision"})
"""Settings whose value says which setting it is: "proximal" needs no "method" before it."""


def settings(spec: RunSpec, lane: int) -> dict[str, str]:
    """The settings of one lane of a run as words, by field; those in ALWAYS first."""
    values = {**spec.model_dump(exclude={"lanes"}), **dict(spec.lanes[lane])}
    usual = {**USUAL.model_dump(exclude={"lanes"}), **dict(USUAL_LANE)}
    if values["penalty"] == "none":
        # What no penalty has is of no effect.
        usual |= {name: values[name] for name in ("alpha", "layers", "multipliers", "include_bias")}
        usual |= {name: values[name] for name in ("warmup", "freeze", "polish")}
    unusual = [name for name in LABELS if name not in ALWAYS and values[name] != usual[name]]
    return {name: _word(values[name]) for name in (*ALWAYS, *unusual)}


def told(field: str, word: str) -> str:
    """A setting for a person: "seed 3", "proximal"."""
    if field in NAMED_BY_VALUE:
        return "no penalty" if word == "none" else word
    if field == "include_bias":
        return "biases too" if word == "yes" else "no biases"
    return f"{LABELS[field]} = {word}" if field in ("strength", "alpha") else f"{LABELS[field]} {word}"


def differing(rows: Sequence[Mapping[str, str]], baseline: int | None = None) -> list[frozenset[str]]:
    """For each row the fields in which it differs: from the baseline, or else from most of the others.

    Without a baseline, a value most rows do not share is one that differs; among two rows, both do.
    """
    fields = {field for row in rows for field in row}
    if baseline is not None:
        base = rows[baseline]
        return [frozenset(f for f in fields if row.get(f) != base.get(f)) for row in rows]
    usual = {field: _most(row.get(field) for row in rows) for field in fields}
    return [frozenset(f for f in fields if (row.get(f),) != usual[f]) for row in rows]


def title(spec: RunSpec) -> str:
    """What a run is called by its settings: "L1 3e-4", "L1 path 1e-6 to 1e-2", "proximal, textbook"."""
    lanes = [lane for lane in spec.lanes if lane.penalty != "none"]
    if not lanes:
        name = "No penalty"
    elif len(lanes) == 1:
        name = f"{_word(lanes[0].penalty)} {_word(lanes[0].strength)}"
        name += "" if lanes[0].method == "proximal" else f" {_word(lanes[0].method)}"
    else:
        name = _several(lanes)
    return name if spec.model == USUAL.model else f"{name}, {_word(spec.model)}"


def lane_title(spec: RunSpec, lane: int) -> str:
    """What tells a lane from the others of its run."""
    words = [settings(spec, i) for i in range(len(spec.lanes))]
    mine = words[lane]
    if spec.lanes[lane].penalty == "none":
        return "no penalty"
    others = [each for i, each in enumerate(words) if spec.lanes[i].penalty != "none"]
    varied = [name for name in mine if len({each.get(name) for each in others}) > 1]
    return ", ".join(told(name, mine[name]) for name in varied or ("strength",))


def lane_titles(spec: RunSpec) -> list[str]:
    """What each lane of a run is called; no two alike."""
    named = [lane_title(spec, lane) for lane in range(len(spec.lanes))]
    return distinct(named, [()] * len(named))


def distinct(names: Sequence[str], details: Sequence[Sequence[str]]) -> list[str]:
    """Names that no two share: the first detail in which namesakes differ is added, or else a number.

    Args:
        names: one for each run, some of them perhaps alike.
        details: for each run as many, most telling first: "seed 3", "textbook".
    """
    told_apart = list(names)
    for alike in _groups(told_apart).values():
        for kind in zip(*(details[i] for i in alike), strict=True):
            if len(set(kind)) > 1:
                for i, detail in zip(alike, kind, strict=True):
                    told_apart[i] = f"{names[i]}, {detail}"
                break
    for name, alike in _groups(told_apart).items():
        for number, i in enumerate(alike[1:], start=2):
            told_apart[i] = f"{name} ({number})"
    return told_apart


def _groups(names: Sequence[str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        groups.setdefault(name, []).append(i)
    return {name: alike for name, alike in groups.items() if len(alike) > 1}


def _several(lanes: Sequence[LaneSpec]) -> str:
    strengths = sorted({lane.strength for lane in lanes})
    for field in ("method", "penalty"):
        kinds = list(dict.fromkeys(_word(getattr(lane, field)) for lane in lanes))
        if len(kinds) > 1:
            return ", ".join(kinds)
    penalty = _word(lanes[0].penalty)
    if len(strengths) == len(lanes) > 2:
        return f"{penalty} path, λ {_word(strengths[0])} to {_word(strengths[-1])}"
    if len(strengths) > 1:
        return f"{penalty}, λ {', '.join(map(_word, strengths))}"
    return f"{penalty} {_word(strengths[0])}, {len(lanes)} lanes"


def _most(values: Iterable[str | None]) -> tuple[str | None, ...]:
    counts = Counter(values).most_common(2)
    return () if len(counts) > 1 and counts[0][1] == counts[1][1] else (counts[0][0],)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return strength_text(value)
    if isinstance(value, frozenset):
        return "all layers" if value == MATRIX_LAYERS else " ".join(sorted(value)) or "no layer"
    if isinstance(value, tuple):
        return " ".join(f"{name} ×{factor:g}" for name, factor in value)
    return WRITTEN.get(text := str(value), text.replace("_", " ").replace("cnn", "CNN"))
