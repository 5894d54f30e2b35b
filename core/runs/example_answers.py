"""Answers about an example run, computed beforehand, for pages that ask about weights."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.runs.examples import FOLDER
from core.spec import RunSpec


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
    answers: Mapping[str, dict[str, Any]]


@cache
def example_answers(name: str) -> ExampleAnswers:
    """The kept answers of a page, written by its script in `benchmarks`."""
    kept = json.loads(gzip.decompress((FOLDER / f"{name}.answers.json.gz").read_bytes()))
    return ExampleAnswers(
        kept["date"], kept["machine"], RunSpec.checked(kept["spec"]), kept["lane"], kept["answers"]
    )


def save_answers(name: str, found: ExampleAnswers) -> None:
    """Write such a file."""
    kept = vars(found) | {"spec": found.spec.model_dump(mode="json")}
    text = json.dumps(kept, separators=(",", ":"), allow_nan=False)
    (FOLDER / f"{name}.answers.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
