"""What a run is called when its owner has not named it, and its settings as words to set side by side."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core.snapshots import Event
from core.spec import MATRIX_LAYERS, LaneSpec, RunSpec, strength_text
from core.words import CHOICES, METHODS, MODELS, PENALTIES, percent, pruning_name

USUAL = RunSpec(train_size=0)
USUAL_LANE = LaneSpec()

ALWAYS = ("strength", "penalty", "method", "seed", "epochs", "optimizer", "dataset", "model")
"""What stands beside every run, in this order; other settings only where they are not the usual ones."""

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
    "prune": "magnitude pruning",
    "prune_rounds": "rounds of pruning",
    "precision": "precision",
    "train_size": "training images",
    "label_noise": "wrong labels",
    "fold": "third held out",
    "batch_size": "batch",
}
"""Every setting of a run and of a lane, as it is written beside its value."""


def settings(spec: RunSpec, lane: int) -> dict[str, str]:
    """The settings of one lane of a run as words, by field; those in ALWAYS first."""
    values = {**spec.model_dump(exclude={"lanes"}), **dict(spec.lanes[lane])}
    usual = {**USUAL.model_dump(exclude={"lanes"}), **dict(USUAL_LANE)}
    if values["penalty"] == "none":
        # What no penalty has is of no effect.
        usual |= {name: values[name] for name in ("alpha", "layers", "multipliers", "include_bias")}
        usual |= {name: values[name] for name in ("warmup", "freeze", "polish")}
    unusual = [name for name in LABELS if name not in ALWAYS and values[name] != usual[name]]
    return {name: _word(name, values[name]) for name in (*ALWAYS, *unusual)}


def phrase(field: str, word: str) -> str:
    """A setting that stands alone: "seed 3", "proximal"."""
    if field in CHOICES:
        # The name of a choice says what is chosen: "proximal" needs no "method" before it.
        return word
    if field == "prune":
        return f"{LABELS[field]}, {word}"
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
        pruned = [pruning_name(lane) for lane in spec.lanes if lane.prune]
        name = pruned[0].capitalize() if pruned else "No penalty"
    elif len(lanes) == 1:
        name = f"{PENALTIES[lanes[0].penalty].name} {strength_text(lanes[0].strength)}"
        name += "" if lanes[0].method == "proximal" else f" {METHODS[lanes[0].method].name}"
    else:
        name = _several(lanes)
    return name if spec.model == USUAL.model else f"{name}, {MODELS[spec.model].name}"


MOVED = {"strength": "λ", "layers": "layers", "include_bias": "biases", "multipliers": "λ by layer"}
"""What can be changed in a lane while it trains, as it is called."""

MOST_MOVES = 3


def changes(events: Iterable[Event], lane: int) -> list[Event]:
    """What a person changed in a lane while it trained, oldest first."""
    return [event for event in events if event.kind == "change" and event.lane == lane]


def fork(events: Iterable[Event]) -> Event | None:
    """Where a run branched from another, if it did."""
    return next((event for event in events if event.kind == "branched"), None)


def branched(event: Event | None, names: Mapping[str, str]) -> str:
    """From which of the runs, with names by their marks, and where: "branched at step 600 of L1 1e-4"."""
    if event is None:
        return ""
    return f"branched at step {event.step:,} of {names.get(event.old, 'another run')}"


def moved_title(spec: RunSpec, moves: Sequence[Event]) -> str:
    """A run's title, which says that its settings are not those it has had from the start."""
    words = dict.fromkeys(MOVED.get(event.field, event.field) for event in moves)
    return title(spec) + (f", {' and '.join(words)} moved" if words else "")


def moved(moves: Sequence[Event]) -> str:
    """From what to what, and when: "λ 1e-4 → 1e-2 at step 600"; of many changes the first and the last."""
    told = [f"{event.text} at step {event.step:,}" for event in moves]
    if len(told) > MOST_MOVES:
        told = [told[0], f"{len(told) - 2} more", told[-1]]
    return "; ".join(told)


def lane_title(spec: RunSpec, lane: int) -> str:
    """What tells a lane from the others of its run."""
    words = [settings(spec, i) for i in range(len(spec.lanes))]
    mine = words[lane]
    if spec.lanes[lane].penalty == "none":
        return pruning_name(spec.lanes[lane]) if spec.lanes[lane].prune else PENALTIES["none"].name
    others = [each for i, each in enumerate(words) if spec.lanes[i].penalty != "none"]
    varied = [name for name in mine if len({each.get(name) for each in others}) > 1]
    return ", ".join(phrase(name, mine[name]) for name in varied or ("strength",))


def lane_titles(spec: RunSpec) -> list[str]:
    """What each lane of a run is called; no two alike."""
    named = [lane_title(spec, lane) for lane in range(len(spec.lanes))]
    return distinct(named, [()] * len(named))


def distinct(names: Sequence[str], details: Sequence[Sequence[str]]) -> list[str]:
    """Names that no two share: those of `detailed`, and a number where nothing tells them apart."""
    apart = detailed(names, details)
    for name, alike in _groups(apart).items():
        for number, i in enumerate(alike[1:], start=2):
            apart[i] = f"{name} ({number})"
    return apart


def detailed(names: Sequence[str], details: Sequence[Sequence[str]]) -> list[str]:
    """Names to which the first detail is added in which namesakes differ; some may stay alike.

    Args:
        names: one for each run, some of them perhaps alike.
        details: for each run as many, most telling first: "textbook", "seed 3".
    """
    apart = list(names)
    for alike in _groups(apart).values():
        for kind in zip(*(details[i] for i in alike), strict=True):
            if len(set(kind)) > 1:
                for i, detail in zip(alike, kind, strict=True):
                    apart[i] = f"{names[i]}, {detail}"
                break
    return apart


def _groups(names: Sequence[str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        groups.setdefault(name, []).append(i)
    return {name: alike for name, alike in groups.items() if len(alike) > 1}


def _several(lanes: Sequence[LaneSpec]) -> str:
    strengths = sorted({lane.strength for lane in lanes})
    for field in ("method", "penalty"):
        kinds = list(dict.fromkeys(_word(field, getattr(lane, field)) for lane in lanes))
        if len(kinds) > 1:
            return ", ".join(kinds)
    penalty = PENALTIES[lanes[0].penalty].name
    if len(strengths) == len(lanes) > 2:
        return f"{penalty} path, λ {strength_text(strengths[0])} to {strength_text(strengths[-1])}"
    if len(strengths) > 1:
        return f"{penalty}, λ {', '.join(map(strength_text, strengths))}"
    return f"{penalty} {strength_text(strengths[0])}, {len(lanes)} lanes"


def _most(values: Iterable[str | None]) -> tuple[str | None, ...]:
    counts = Counter(values).most_common(2)
    return () if len(counts) > 1 and counts[0][1] == counts[1][1] else (counts[0][0],)


def _word(field: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field == "prune":
        return percent(float(str(value)))
    if isinstance(value, float):
        return strength_text(value)
    if isinstance(value, frozenset):
        return "all layers" if value == MATRIX_LAYERS else " ".join(sorted(value)) or "no layer"
    if isinstance(value, tuple):
        return " ".join(f"{name} ×{factor:g}" for name, factor in value)
    return CHOICES[field][str(value)].name if field in CHOICES else str(value)
