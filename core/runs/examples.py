"""Experiments computed beforehand, so that a page shows real results before the reader's own are there."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from core.runs import encoding
from core.runs.reading import read
from core.runs.views import RunHistory, RunView
from core.snapshots import Event, Snapshot
from core.spec import RunSpec

FOLDER = Path(__file__).with_name("computed")
"""One gzipped JSON file per experiment, written by `python -m benchmarks.examples`."""

EXAMPLE = "example."
"""How the ids of examples begin; no run's does, for want of a dot."""


@dataclass(frozen=True)
class Example:
    """An experiment that was run once and kept.

    Attributes:
        date: when, as 2026-11-21; machine: on what.
        seconds: how long its training took there.
        histories: of its runs, as pages get them of live ones.
    """

    date: str
    machine: str
    seconds: float
    histories: tuple[RunHistory, ...]


@cache
def example(name: str) -> Example | None:
    """The kept results of an experiment; None when it has not been computed."""
    path = FOLDER / f"{name}.json.gz"
    if not path.exists():
        return None
    kept = json.loads(gzip.decompress(path.read_bytes()))
    return Example(kept["date"], kept["machine"], kept["seconds"], tuple(map(_history, kept["runs"])))


@cache
def example_runs() -> dict[str, RunHistory]:
    """Every kept run by its id, `example.sparsity.0`."""
    names = sorted(path.name.removesuffix(".json.gz") for path in FOLDER.glob("*.json.gz"))
    kept = {name: found.histories for name in names if (found := example(name)) is not None}
    named = {
        f"{EXAMPLE}{name}.{i}": each for name, histories in kept.items() for i, each in enumerate(histories)
    }
    return {run: replace(each, view=replace(each.view, id=run)) for run, each in named.items()}


def example_run(run: str) -> RunHistory | None:
    """A kept run by its id."""
    return example_runs().get(run)


def packed(snapshots: Sequence[Snapshot], events: Sequence[Event], spec: RunSpec) -> dict[str, Any]:
    """One run as an example's file has it: all points, the last frames."""
    last = {snapshot.lane: snapshot for snapshot in snapshots}
    return {
        "spec": spec.model_dump(mode="json"),
        "points": [json.loads(encoding.point(snapshot, "")) for snapshot in snapshots],
        "frames": [json.loads(encoding.frame(snapshot)) for snapshot in last.values()],
        "events": [event.model_dump() for event in events],
    }


def save(name: str, date: str, machine: str, seconds: float, runs: Sequence[dict[str, Any]]) -> None:
    """Write an example's file; `runs` are as `packed` makes them."""
    FOLDER.mkdir(exist_ok=True)
    kept = {"date": date, "machine": machine, "seconds": round(seconds, 1), "runs": runs}
    text = json.dumps(kept, separators=(",", ":"), allow_nan=False)
    # Without a time stamp: the same results are the same file.
    (FOLDER / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def _history(run: dict[str, Any]) -> RunHistory:
    spec = RunSpec.checked(run["spec"])
    view = RunView(id="", owner="", spec=spec, state="finished", position=0, reason="", speed=0, created=0.0)
    points, frames = ([encoding.dumps(item) for item in run[name]] for name in ("points", "frames"))
    return read(view, points, frames, [Event.model_validate(event) for event in run["events"]])
