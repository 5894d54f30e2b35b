"""Where λ begins to act, where it costs accuracy and where it kills: measured once, looked up by settings.

`bands.json` holds one measurement a line, made by `python -m benchmarks.bands`. What is not in it has not
been measured, and nobody may guess it: where zeros begin differs by a factor of 100 between methods.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from core.spec import DatasetKind, MethodKind, ModelKind, OptimizerKind, PenaltyKind, RunSpec
from core.uncertainty import error_by_seeds

FILE = Path(__file__).with_suffix(".json")

ZEROS_BEGIN = 0.01
"""From this share of zeros among the penalised weights on λ has an effect."""

NEARLY_ZERO = 1e-4
"""People like to call a smaller weight zero: these are counted where a method makes no exact zeros."""

CLOSE_TO_GUESSING = 1.5
"""A validation accuracy up to this many times guessing's is a collapse, as in the trainer's alarm."""

MOST_LONGER = 1.0
"""How much longer or shorter than a run its bands may have been trained, as |log₂| of the ratio: twice."""

BandKind = Literal["too_weak", "holds", "falls", "collapse"]

Counted = Literal["selected", "nearly"]
"""What the first band counts: selected zeros, or small weights."""


class Bands(BaseModel):
    """Four neighbouring ranges of λ; each begins at a measured stop of the slider and ends at the next one.

    Attributes:
        effect: the λ from which on more than ZEROS_BEGIN of the weights are `counted`; None: no λ of the
            slider.
        falls: the λ from which on accuracy is more than a standard error below that of λ = 0.
        collapses: the λ from which on the network only guesses, with one of the seeds or more.
        counted: selected zeros, or weights below NEARLY_ZERO where the method selects none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    effect: float | None
    falls: float | None
    collapses: float | None
    counted: Counted

    def kind(self, strength: float) -> BandKind:
        """The band that λ = `strength` lies in."""
        if self.collapses is not None and strength >= self.collapses:
            return "collapse"
        if self.falls is not None and strength >= self.falls:
            return "falls"
        return "holds" if self.effect is not None and strength >= self.effect else "too_weak"

    def jump(self, kind: BandKind, stops: Sequence[float]) -> float | None:
        """The stop that shows a band best: its first, but its last, with most zeros, where accuracy holds."""
        within = [stop for stop in stops if self.kind(stop) == kind]
        return (within[-1] if kind == "holds" else within[0]) if within else None


class Measurement(BaseModel):
    """One λ grid trained with several seeds, and how it was made.

    Attributes:
        train_size: training images; 0 means all.
        warmup: share of the run over which λ rose; `epochs` and `learning_rate`: as in the spec.
        date: when, as YYYY-MM-DD; `torch`: its version; `machine`: the processor.
        n_valid: images that accuracy was measured on.
        guessing: accuracy of always giving the most frequent answer.
        strengths: the λ, increasing, from 0.
        accuracy: on the validation images at the end, in [0, 1]; one row per λ with one entry per seed.
        zeros: share of the penalised weights that are exactly zero; `nearly`: below NEARLY_ZERO.
        selected: share of them that are selected zeros.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: DatasetKind
    model: ModelKind
    method: MethodKind
    optimizer: OptimizerKind
    penalty: PenaltyKind
    learning_rate: float
    momentum: float
    warmup: float
    batch_size: int
    epochs: int
    train_size: int
    seeds: tuple[int, ...] = Field(min_length=2)
    date: str
    torch: str
    machine: str
    n_valid: int
    guessing: float
    strengths: tuple[float, ...] = Field(min_length=2)
    accuracy: tuple[tuple[float, ...], ...]
    zeros: tuple[tuple[float, ...], ...]
    nearly: tuple[tuple[float, ...], ...]
    selected: tuple[tuple[float, ...], ...]

    @model_validator(mode="after")
    def _whole_grid(self) -> Self:
        if self.strengths[0] != 0.0 or list(self.strengths) != sorted(set(self.strengths)):
            raise ValueError("strengths must increase from 0")
        for table in (self.accuracy, self.zeros, self.nearly, self.selected):
            if [len(row) for row in table] != [len(self.seeds)] * len(self.strengths):
                raise ValueError("every table must have one row per λ with one entry per seed")
        if min(self.accuracy[0]) <= self._dead:
            raise ValueError("accuracy at λ = 0 must be above guessing: train for longer")
        return self

    @property
    def _dead(self) -> float:
        return CLOSE_TO_GUESSING * self.guessing

    @property
    def key(self) -> tuple[str, ...]:
        """What bands are looked up by first: dataset, model, method, optimizer, penalty."""
        return (self.dataset, self.model, self.method, self.optimizer, self.penalty)

    def longer_by(self, epochs: int) -> float:
        """How much longer or shorter it trained than a run of `epochs`, as |log₂| of the ratio."""
        return abs(math.log2(self.epochs / epochs))

    @property
    def standard_error(self) -> float:
        """Of the accuracy at λ = 0: the seeds differ, and the images that they share are a sample."""
        return error_by_seeds(self.accuracy[0], self.n_valid)

    @property
    def bands(self) -> Bands:
        """Where the bands begin, read off the tables."""
        selects = any(fmean(row) > ZEROS_BEGIN for row in self.selected)
        floor = fmean(self.accuracy[0]) - self.standard_error
        collapses = self._from([min(row) <= self._dead for row in self.accuracy])
        counted = zip(self.strengths, self.selected if selects else self.nearly, strict=True)
        return Bands(
            # Where the network has collapsed nothing is selected any more: all is cut off.
            effect=self._from(
                [fmean(row) > ZEROS_BEGIN or at >= (collapses or math.inf) for at, row in counted]
            ),
            falls=self._from([fmean(row) < floor for row in self.accuracy]),
            collapses=collapses,
            counted="selected" if selects else "nearly",
        )

    def _from(self, holds: Sequence[bool]) -> float | None:
        """The λ from which on it holds at every larger one too: one noisy point makes no band."""
        first = len(holds)
        while first > 0 and holds[first - 1]:
            first -= 1
        return self.strengths[first] if first < len(holds) else None


_FILE_FORMAT = TypeAdapter(tuple[Measurement, ...])


def read(file: Path) -> tuple[Measurement, ...]:
    """The measurements in a file; none where there is no file."""
    return _FILE_FORMAT.validate_json(file.read_bytes()) if file.exists() else ()


def write(file: Path, measurements: Sequence[Measurement]) -> None:
    """Keep measurements, one a line; the file is whole at every moment."""
    lines = ",\n".join(each.model_dump_json() for each in measurements)
    beside = file.with_suffix(".tmp")
    beside.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    beside.replace(file)


@cache
def _measured() -> dict[tuple[str, ...], list[Measurement]]:
    found = defaultdict(list)
    for each in read(FILE):
        found[each.key].append(each)
    return dict(found)


def measurement(spec: RunSpec) -> Measurement | None:
    """What was measured for the last lane of `spec`, or None: for these settings there are no bands.

    Of several it is the one whose training was most nearly as long, and none that was more than twice or less
    than half as long: over more epochs λ rises more slowly, and a network lives on that a short run kills.
    """
    lane = spec.lanes[-1]
    found = _measured().get((spec.dataset, spec.model, lane.method, lane.optimizer, lane.penalty), [])
    near = [each for each in found if each.longer_by(spec.epochs) <= MOST_LONGER]
    return min(near, key=lambda each: each.longer_by(spec.epochs), default=None)
