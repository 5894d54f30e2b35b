"""Experiments computed beforehand, so that a page shows real results before the reader's own are there."""

import gzip
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from core.runs.examples import FOLDER
from core.runs.live import encoding
from core.runs.views import RunHistory, RunView
from core.snapshots import Event, Frame, Point, Snapshot
from core.spec import RunSpec

EXAMPLE = "example."
"""How the ids of examples begin; no run's does, for want of a dot."""

_ID = re.compile(r"example\.(\w{1,60})\.(\d{1,3})", re.ASCII)


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
    """The runs to compare before there are any of one's own, by id: `example.compare_runs.0`."""
    kept = example("compare_runs")
    found = (example_run(f"{EXAMPLE}compare_runs.{i}") for i in range(len(kept.histories) if kept else 0))
    return {run.view.id: run for run in found if run is not None}


@cache
def example_run(run: str) -> RunHistory | None:
    """A kept run by its id, `example.sparsity.0`; None when that is no example's."""
    named = _ID.fullmatch(run)
    kept = example(named[1]) if named else None
    if named is None or kept is None or int(named[2]) >= len(kept.histories):
        return None
    history = kept.histories[int(named[2])]
    return replace(history, view=replace(history.view, id=run))


@cache
def frames(name: str) -> bytes | None:
    """The latest frames of an example's first run, as `Feed.latest` gives those of a live one."""
    kept = example(name)
    if kept is None:
        return None
    return encoding.frames_answer("", map(encoding.frame, filter(None, kept.histories[0].frames)))


def packed(snapshots: Sequence[Snapshot], events: Sequence[Event], spec: RunSpec) -> str:
    """One run as an example's file has it, in JSON: all points, the last frames."""
    last = {snapshot.lane: snapshot for snapshot in snapshots}
    points = ",".join(encoding.point(Point.of(each)) for each in snapshots)
    frames = ",".join(encoding.frame(Frame.of(each)) for each in last.values())
    marks = ",".join(map(encoding.event, events))
    return f'{{"spec":{spec.to_json()},"points":[{points}],"frames":[{frames}],"events":[{marks}]}}'


def save(
    name: str, date: str, machine: str, seconds: float, runs: Iterable[str], *, folder: Path = FOLDER
) -> None:
    """Write an example's file; `runs` are as `packed` makes them."""
    folder.mkdir(parents=True, exist_ok=True)
    about = f'"date":{encoding.dumps(date)},"machine":{encoding.dumps(machine)},"seconds":{seconds:.1f}'
    text = f'{{{about},"runs":[{",".join(runs)}]}}'
    # Without a time stamp: the same results are the same file.
    (folder / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def _history(run: dict[str, Any]) -> RunHistory:
    spec = RunSpec.checked(run["spec"])
    view = RunView(id="", owner="", spec=spec, state="finished", position=0, reason="", speed=0, created=0.0)
    return RunHistory.of(
        view,
        map(encoding.point_from, run["points"]),
        map(encoding.frame_from, run["frames"]),
        map(Event.model_validate, run["events"]),
    )
