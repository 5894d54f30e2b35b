"""A run's history as a table and its settings as a file: what people take with them, and bring back."""

import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from core.runs.views import RunHistory
from core.snapshots import Point
from core.spec import RunSpec

NUMBERS = ("step", "epoch", "strength", "data_loss", "penalty", "total", "norm")
"""What of a moment is exported as it is, in the units of `core.snapshots.Snapshot`."""

SCORES = tuple(f"{part}_{kind}" for kind in ("accuracy", "error") for part in ("train", "valid", "test"))

COLUMNS = (*NUMBERS, *SCORES, "valid_step", "n_valid", "n_test")
"""The columns of a moment beside those of its layers; scores of a kind that no run has are left out."""

BY_LAYER = ("zeros", "idle", "cut_off", "dead")
"""Counts of each layer: `zeros_conv1` and so on."""

_COUNTED = tuple(f"{word}_" for word in BY_LAYER)


def table(named: Sequence[tuple[str, RunHistory]]) -> pd.DataFrame:
    """A row for each moment of each lane: `run`, `id`, `lane`, COLUMNS, BY_LAYER by layer.

    Idle and cut-off zeros are empty while they are not known.
    """
    rows = [
        {"run": name, "id": history.view.id, "lane": lane, **_row(point)}
        for name, history in named
        for lane, points in enumerate(history.points)
        for point in points
    ]
    made = pd.DataFrame(rows, columns=None if rows else ["run", "id", "lane", *COLUMNS])
    counts = [name for name in made.columns if name.startswith(_COUNTED)]
    return made.astype(dict.fromkeys(counts, "Int64"))


def csv(named: Sequence[tuple[str, RunHistory]]) -> bytes:
    """The table as CSV in UTF-8, which Excel knows by the mark at its beginning.

    A name that a spreadsheet would take for a formula stands behind a quote.
    """
    guarded = table([(_no_formula(name), history) for name, history in named])
    return guarded.to_csv(index=False).encode("utf-8-sig")


def parquet(named: Sequence[tuple[str, RunHistory]]) -> bytes:
    """The table as Parquet."""
    target = io.BytesIO()
    table(named).to_parquet(target, index=False)
    return target.getvalue()


def write_settings(spec: RunSpec) -> bytes:
    """A spec as indented JSON, every field written out."""
    return (spec.model_dump_json(indent=2) + "\n").encode()


def read_settings(content: bytes) -> RunSpec:
    """The inverse of `write_settings`. Raises SpecError: one sentence."""
    # What is no UTF-8 is no JSON either, and is refused as such.
    return RunSpec.from_json(content.decode("utf-8", errors="replace"))


def _no_formula(name: str) -> str:
    return f"'{name}" if name.startswith(("=", "+", "-", "@")) else name


def _row(point: Point) -> dict[str, Any]:
    score = point.score
    return {
        **{name: getattr(point, name) for name in NUMBERS},
        f"train_{score.kind}": score.train,
        f"valid_{score.kind}": score.valid,
        f"test_{score.kind}": math.nan if score.test is None else score.test,
        "valid_step": point.valid_step,
        "n_valid": score.n_valid,
        "n_test": score.n_test,
        **{f"{word}_{layer}": _count(point, word, layer) for word in BY_LAYER for layer in point.zeros},
    }


def _count(point: Point, word: str, layer: str) -> int | None:
    counts: Mapping[str, int] | None = getattr(point, word)
    return None if counts is None else counts[layer]
