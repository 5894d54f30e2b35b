"""Runs as the rows of the table: settings with what differs, curves as small as a word, last numbers."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from core.lab.compare_runs.curves import OF_ANGLES, Compared, Metric, curves, n_weights
from core.lab.compare_runs.figures import STROKES
from core.lab.compare_runs.settings import branched, differing, lane_titles, moved, phrase, settings
from core.narration import percent_off
from core.runs.branches import mark_of
from core.runs.views import GOING, RunView
from core.words import zeros_text
from pages.ui.compare_runs.items import Item

OWN_COLUMNS = ("strength", "seed")

MOST_SHOWN = 30
"""Points of a curve as small as a word."""

METRICS: tuple[tuple[str, Metric, str], ...] = (
    ("loss", "loss", ""),
    ("accuracy", "accuracy", ""),
    ("zeros", "zeros", " %"),
)


def rows(every: Sequence[Item], chosen: str) -> list[dict[str, Any]]:
    """A row for each run, for `pages.ui.compare_runs.table`."""
    words = [settings(item.view.spec, item.lane) for item in every]
    names = {mark_of(item.id): item.name for item in every}
    baseline = next((i for i, item in enumerate(every) if item.baseline), None)
    return [
        _row(item, own, differs, item.id == chosen, branched(item.fork, names))
        for item, own, differs in zip(every, words, differing(words, baseline), strict=True)
    ]


def _row(
    item: Item, words: Mapping[str, str], differs: frozenset[str], chosen: bool, family: str
) -> dict[str, Any]:
    curves_of_run = [_curve(item, *metric) for metric in METRICS]
    return {
        "id": item.id,
        "name": item.name,
        "note": _note(item),
        "example": item.is_example,
        "pinned": item.slot is not None,
        "stroke": None if item.slot is None else STROKES[item.slot],
        "baseline": item.baseline,
        "chosen": chosen,
        "created": item.view.created,
        **{field: (words[field], field in differs) for field in OWN_COLUMNS},
        "settings": [(told, True) for told in (family, moved(item.moves)) if told]
        + [(phrase(f, words[f]), f in differs) for f in words if f not in OWN_COLUMNS],
        "curves": curves_of_run,
        "order": {
            "strength": item.view.spec.lanes[item.lane].strength,
            "seed": item.view.spec.seed,
            **{name: each["last"] for (name, _, _), each in zip(METRICS, curves_of_run, strict=True)},
        },
    }


def _curve(item: Item, name: str, metric: Metric, unit: str) -> dict[str, Any]:
    points, frame = item.history.points[item.lane], item.history.frames[item.lane]
    if points and points[-1].score.kind == "error" and metric in OF_ANGLES:
        metric = OF_ANGLES[metric]
        unit = "°" if metric == "error" else unit
    one = Compared(item.name, 0, item.view.spec, item.lane, points, frame)
    told = ""
    if metric == "zeros" and frame:
        by_size = item.view.spec.lanes[item.lane].prune > 0.0
        told = zeros_text(frame.kinds.by_kind, frame.weights, by_size)
    found = curves([one], metric, n_weights([one]))
    values = [float(f"{value:.3g}") for value in found[0].values] if found else []
    written = f"{values[-1]:.3g}{unit}" if values else "–"
    stride = max(1, -(-len(values) // MOST_SHOWN))
    return {
        "label": name,
        "values": values[::-stride][::-1],
        "last": values[-1] if values else None,
        "text": percent_off(points[-1].score) if values and metric == "accuracy" else written,
        "told": told,
    }


def _note(item: Item) -> str:
    lanes = f"{lane_titles(item.view.spec)[item.lane]}, 1 of {len(item.view.spec.lanes)} lanes"
    notes = [_state(item), lanes if len(item.view.spec.lanes) != 2 or not item.lane else ""]
    return " · ".join(filter(None, notes))


def _state(item: Item) -> str:
    view = item.view
    if item.is_example:
        return "example"
    if view.state == "queued":
        return f"waiting, place {view.position}"
    if view.state in GOING:
        return f"{view.state}, {item.history.share:.0%}"
    state = "" if view.state == "finished" else f"{view.state}, "
    return state + _ago(view)


def _ago(view: RunView) -> str:
    minutes = int((time.time() - view.created) / 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days ago"
