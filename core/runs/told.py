"""What an example was asked while it trained and cannot be asked any more: fates, slow motion."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.runs.examples import EXAMPLE, FOLDER

INSIDE = "inside_the_network"
INSIDE_RUN = f"{EXAMPLE}{INSIDE}.0"
"""The example whose weights are kept: it answers every question an ended run answers."""

Answers = Mapping[str, tuple[dict[str, Any], ...]]


@dataclass(frozen=True)
class Told:
    """Answers of `core.training.inspect`, for every lane.

    Attributes:
        fates: by layer, of the one weight of it that was watched.
        updates: by layer, the same weights in both lanes.
    """

    fates: Answers
    updates: Answers


@cache
def told() -> Told:
    """What the example of Inside the network was asked."""
    kept = json.loads(gzip.decompress((FOLDER / INSIDE / "told.json.gz").read_bytes()))
    return Told(**{name: {layer: tuple(each) for layer, each in kept[name].items()} for name in kept})


def save(fates: Mapping[str, Sequence[Any]], updates: Mapping[str, Sequence[Any]]) -> None:
    """Write it; without a time stamp, so that the same answers are the same file."""
    text = json.dumps({"fates": fates, "updates": updates}, separators=(",", ":"), allow_nan=False)
    (FOLDER / INSIDE / "told.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
