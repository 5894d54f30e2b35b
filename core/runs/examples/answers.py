"""Answers about example runs, kept for pages that ask about weights.

Of any example what its page asks first; of Inside the network what can only be asked while a run trains.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.runs.examples import FOLDER
from core.runs.examples.histories import EXAMPLE
from core.spec import RunSpec

INSIDE = "inside_the_network"
INSIDE_RUN = f"{EXAMPLE}{INSIDE}.0"
"""The example whose weights are kept: it answers every question an ended run answers."""

Answer = dict[str, Any]


@dataclass(frozen=True)
class ExampleAnswers:
    """What a worker answered about a run that was trained once.

    Attributes:
        date: when, as 2026-11-21; machine: on what.
        spec: of the run.
        lane: asked about.
        answers: by the page's names for its questions.
    """

    date: str
    machine: str
    spec: RunSpec
    lane: int
    answers: Mapping[str, Answer]


@cache
def example_answers(name: str) -> ExampleAnswers:
    """The kept answers of a page, written by its script in `benchmarks`."""
    kept = _read(f"{name}.answers.json.gz")
    return ExampleAnswers(**kept | {"spec": RunSpec.checked(kept["spec"])})


def save_answers(name: str, found: ExampleAnswers, *, folder: Path = FOLDER) -> None:
    """Write such a file."""
    _write(folder / f"{name}.answers.json.gz", vars(found) | {"spec": found.spec.model_dump(mode="json")})


@dataclass(frozen=True)
class InsideAnswers:
    """Answers of `core.inspect` from while the example of Inside the network trained, for each lane.

    Attributes:
        fates: by layer, of the one weight of it that was watched.
        updates: by layer, the same weights in both lanes.
    """

    fates: Mapping[str, Sequence[Answer]]
    updates: Mapping[str, Sequence[Answer]]


@cache
def inside_answers() -> InsideAnswers:
    """What the example was asked while it trained."""
    return InsideAnswers(**_read(f"{INSIDE}/answers.json.gz"))


def save_inside_answers(found: InsideAnswers, *, folder: Path = FOLDER) -> None:
    """Write them."""
    _write(folder / f"{INSIDE}/answers.json.gz", vars(found))


def _read(file: str) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(gzip.decompress((FOLDER / file).read_bytes()))
    return kept


def _write(file: Path, kept: Mapping[str, Any]) -> None:
    text = json.dumps(kept, separators=(",", ":"), allow_nan=False)
    # Without a time stamp: the same answers are the same file.
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(text.encode(), mtime=0))
