"""A run's history as a table and its settings as a file: what people take with them, and bring back."""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from core.runs.views import RunHistory
from core.spec import RunSpec

COLUMNS = (
    "step",
    "epoch",
    "strength",
    "data_loss",
    "penalty",
    "total",
    "norm",
    "train_accuracy",
    "test_accuracy",
    "train_error",
    "test_error",
    "test_step",
)
"""What of a moment is exported, in the units of `core.snapshots.Snapshot`; those no run has are left out."""


def table(named: Sequence[tuple[str, RunHistory]]) -> pd.DataFrame:
    """A row for each moment of each lane: `run`, `id`, `lane`, COLUMNS, zeros and dead by layer."""
    rows = [
        {"run": name, "id": history.view.id, "lane": lane, **row}
        for name, history in named
        for lane, points in enumerate(history.points)
        for row in _rows(points)
    ]
    return pd.DataFrame(rows, columns=None if rows else ["run", "id", "lane", *COLUMNS])


def csv(named: Sequence[tuple[str, RunHistory]]) -> bytes:
    """The table as CSV in UTF-8."""
    return table(named).to_csv(index=False).encode()


def parquet(named: Sequence[tuple[str, RunHistory]]) -> bytes:
    """The table as Parquet."""
    target = io.BytesIO()
    table(named).to_parquet(target, index=False)
    return target.getvalue()


def settings(spec: RunSpec) -> bytes:
    """A spec as indented JSON, every field written out."""
    return (spec.model_dump_json(indent=2) + "\n").encode()


def read_settings(content: bytes) -> RunSpec:
    """The inverse of `settings`. Raises SpecError: one sentence."""
    # What is no UTF-8 is no JSON either, and is refused as such.
    return RunSpec.from_json(content.decode("utf-8", errors="replace"))


def _rows(points: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for point in points:
        by_layer = {
            f"{kind}_{layer}": count for kind in ("zeros", "dead") for layer, count in point[kind].items()
        }
        yield {name: point[name] for name in COLUMNS if name in point} | by_layer
