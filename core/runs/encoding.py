"""Snapshots and events as the text the browser gets: made once, shared by every viewer."""

import gzip
import json
import zlib
from collections.abc import Iterable
from typing import Any

from core.snapshots import Event, LayerSnapshot, Optimality, Snapshot

DIGITS = 6
"""Significant digits on the way to the screen, which shows three."""

KERNEL_DIGITS = 3
"""Kernels are drawn as colours; significant digits keep what is not zero from becoming it."""


def dumps(value: Any) -> str:
    """Compact strict JSON: a number that is not finite raises ValueError.

    All ASCII, because Python keeps a text with one λ in it at two bytes a character.
    """
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def point(snapshot: Snapshot, text: str) -> str:
    """A snapshot's place on the curves, and what just happened in `text`."""
    return dumps(
        {
            "lane": snapshot.lane,
            "step": snapshot.step,
            "epoch": _short(snapshot.epoch),
            "strength": _short(snapshot.strength),
            "norm": _short(snapshot.norm),
            "data_loss": _short(snapshot.data_loss),
            "penalty": _short(snapshot.penalty),
            "total": _short(snapshot.total),
            **_scores(snapshot),
            "test_step": snapshot.test_step,
            "zeros": {name: layer.zeros for name, layer in snapshot.layers.items()},
            "dead": {name: layer.dead for name, layer in snapshot.layers.items()},
            "optimality": _optimality(snapshot.optimality),
            "text": text,
        }
    )


def frame(snapshot: Snapshot) -> str:
    """A snapshot's histograms and kernels."""
    return dumps(
        {
            "lane": snapshot.lane,
            "step": snapshot.step,
            "layers": {name: _layer(layer) for name, layer in snapshot.layers.items()},
            "kernels": [[_short(w, KERNEL_DIGITS) for w in kernel] for kernel in snapshot.kernels],
        }
    )


def event(record: Event) -> str:
    """An event as JSON, with every field."""
    return dumps(record.model_dump())


def packed(texts: Iterable[str]) -> bytes:
    """Items of a JSON list, joined and compressed."""
    return zlib.compress(",".join(texts).encode())


def unpacked(blob: bytes) -> str:
    """The inverse of `packed`, still joined by commas."""
    return zlib.decompress(blob).decode()


def frames_by_lane(blobs: Iterable[bytes]) -> dict[int, str]:
    """Packed frames as texts, by lane."""
    frames = [one for blob in blobs for one in json.loads(f"[{unpacked(blob)}]")]
    return {one["lane"]: dumps(one) for one in frames}


def frames_answer(run: str, texts: Iterable[str]) -> bytes:
    """Frames as a browser fetches them, gzipped; each text is one or more, joined by commas."""
    return gzip.compress(f'{{"run":"{run}","frames":[{",".join(texts)}]}}'.encode(), compresslevel=4)


def _scores(snapshot: Snapshot) -> dict[str, float]:
    every = snapshot.model_dump(
        include={"train_accuracy", "test_accuracy", "train_error", "test_error"}, exclude_none=True
    )
    return {name: _short(score) for name, score in every.items()}


def _layer(layer: LayerSnapshot) -> dict[str, Any]:
    return layer.model_dump() | {
        "norm": _short(layer.norm),
        "limit": _short(layer.limit),
        "below": [_short(share) for share in layer.below],
    }


def _optimality(record: Optimality | None) -> dict[str, Any] | None:
    if record is None:
        return None
    numbers = record.model_dump()
    return {name: _short(value) if isinstance(value, float) else value for name, value in numbers.items()}


def _short(value: float, digits: int = DIGITS) -> float:
    return float(f"{value:.{digits}g}")
