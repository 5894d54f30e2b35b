"""Moments of a run as the text that the browser gets and the store keeps, and that text read back.

Made once, shared by every viewer.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from operator import itemgetter
from typing import Any

from pydantic_core import from_json

from core.snapshots import Event, Frame, LayerSnapshot, Optimality, Point, Score, ScoreKind

DIGITS = 6
"""Significant digits on the way to the screen, which shows three."""

KERNEL_DIGITS = 3
"""Kernels are drawn as colours; significant digits keep what is not zero from becoming it."""

WINDOW = 1 << zlib.MAX_WBITS
"""How far back deflate can look, in bytes."""

SMALL, FAST = 9, 1
"""Levels of deflate. A message of the live feed takes 0.4 ms at the first, a whole past 10 at the second."""

LONG = 65_536
"""Bytes from which on a message is packed fast."""

_LOOK = tuple(field.name for field in fields(Optimality))

_numbers = itemgetter("lane", "step", "epoch", "strength", "norm", "data_loss", "penalty", "total")
_counts = itemgetter("valid_step", "zeros", "dead")
_KINDS = ("idle", "cut_off")
_look = itemgetter(*_LOOK)


def dumps(value: Any) -> str:
    """Compact strict JSON: a number that is not finite raises ValueError.

    All ASCII, because Python keeps a text with one λ in it at two bytes a character.
    """
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def point(record: Point) -> str:
    """A lane's place on the curves."""
    score = record.score
    return dumps(
        {
            "lane": record.lane,
            "step": record.step,
            "epoch": _short(record.epoch),
            "strength": _short(record.strength),
            "norm": _short(record.norm),
            "data_loss": _short(record.data_loss),
            "penalty": _short(record.penalty),
            "total": _short(record.total),
            f"train_{score.kind}": _short(score.train),
            f"valid_{score.kind}": _short(score.valid),
            "n_valid": score.n_valid,
            f"test_{score.kind}": None if score.test is None else _short(score.test),
            "n_test": score.n_test,
            "valid_step": record.valid_step,
            "zeros": record.zeros,
            "dead": record.dead,
            "idle": record.idle,
            "cut_off": record.cut_off,
            "optimality": _optimality(record.optimality),
            "text": record.text,
        }
    )


def frame(record: Frame) -> str:
    """A lane's histograms and kernels."""
    # What is not known is not written.
    kinds = {"kernel_kinds": record.kernel_kinds} if record.kernel_kinds else {}
    return dumps(
        {
            "lane": record.lane,
            "step": record.step,
            "layers": {name: _layer(layer) for name, layer in record.layers.items()},
            "kernels": [[_short(w, KERNEL_DIGITS) for w in kernel] for kernel in record.kernels],
            **kinds,
        }
    )


def points(texts: Iterable[str]) -> Iterator[Point]:
    """The inverse of `point`; each text is one or more, joined by commas."""
    return map(point_from, _listed(texts))


def frames(texts: Iterable[str]) -> Iterator[Frame]:
    """The inverse of `frame`, like `points`."""
    return map(frame_from, _listed(texts))


def point_from(kept: Mapping[str, Any]) -> Point:
    """A point from its JSON object."""
    kind: ScoreKind = "accuracy" if "valid_accuracy" in kept else "error"
    scores = (kept[name] for name in (f"train_{kind}", f"valid_{kind}", "n_valid", f"test_{kind}", "n_test"))
    score = Score(kind, *scores)
    # A run of before there was such a look, or such a count, does not say that it has none.
    look, kinds = kept.get("optimality"), map(kept.get, _KINDS)
    # In the order of the fields: by their names it takes half as long again, of hundreds at a time.
    look = look and Optimality(*_look(look))
    values = (*_numbers(kept), score, *_counts(kept), *kinds, look, kept["text"])
    return Point(*values)


def frame_from(kept: Mapping[str, Any]) -> Frame:
    """A frame from its JSON object."""
    layers = {name: LayerSnapshot(**layer) for name, layer in kept["layers"].items()}
    # A run of before there was such a note does not know.
    return Frame(kept["lane"], kept["step"], layers, kept["kernels"], kept.get("kernel_kinds", ""))


def event(record: Event) -> str:
    """An event as JSON, with every field."""
    return dumps(record.model_dump())


@dataclass(frozen=True, eq=False)
class Sent:
    """A message as it goes out, and what it unpacks to."""

    text: bytes
    packed: bytes

    @classmethod
    def of(cls, text: str, before: "Sent | None") -> "Sent":
        """Raw deflate, told by what differs from the message that the viewer had before.

        Of 8.3 kB this leaves 1.8, where a message by itself leaves 3.1.
        """
        message = text.encode()
        level = SMALL if len(message) < LONG else FAST
        known = before.text[-WINDOW:] if before is not None else b""
        made = zlib.compressobj(level, wbits=-zlib.MAX_WBITS, zdict=known)
        return cls(message, made.compress(message) + made.flush())


def packed(texts: Iterable[str]) -> bytes:
    """Items of a JSON list, joined and compressed."""
    return zlib.compress(",".join(texts).encode())


def unpacked(blob: bytes) -> str:
    """The inverse of `packed`, still joined by commas."""
    return zlib.decompress(blob).decode()


def frames_by_lane(blobs: Iterable[bytes]) -> dict[int, str]:
    """Packed frames as texts, by lane."""
    frames = _listed(map(unpacked, blobs))
    return {one["lane"]: dumps(one) for one in frames}


def step(text: str) -> int:
    """The step of a moment's points, or of its frames."""
    return int(_listed([text])[0]["step"])


def frames_answer(run: str, texts: Iterable[str]) -> bytes:
    """Frames as a browser fetches them, gzipped; each text is one or more, joined by commas."""
    return gzip.compress(f'{{"run":"{run}","frames":[{",".join(texts)}]}}'.encode(), compresslevel=4)


def _listed(texts: Iterable[str]) -> list[dict[str, Any]]:
    """JSON objects, one or more in a text; read by pydantic's parser in a third of the time of Python's."""
    listed: list[dict[str, Any]] = from_json(f"[{','.join(texts)}]", cache_strings="keys")
    return listed


def _layer(layer: LayerSnapshot) -> dict[str, Any]:
    # What is not known is not written.
    return layer.model_dump(exclude_none=True) | {
        "norm": _short(layer.norm),
        "limit": _short(layer.limit),
        "below": [_short(share) for share in layer.below],
    }


def _optimality(record: Optimality | None) -> dict[str, Any] | None:
    if record is None:
        return None
    numbers = ((name, getattr(record, name)) for name in _LOOK)
    return {name: _short(value) if isinstance(value, float) else value for name, value in numbers}


def _short(value: float, digits: int = DIGITS) -> float:
    return float(f"{value:.{digits}g}")
