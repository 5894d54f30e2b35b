"""What a class has answered, summed up; and what it is held against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import fmean
from typing import Any

from core.classes.cards import Card, Value
from core.experiments import Trained
from core.lessons.course.check import QUESTIONS, Moment
from core.lessons.does_it_deliver.claims import CLAIMS
from core.runs import RunHistory
from core.runs.examples.histories import example

BINS = 20
"""Bars of a histogram of numbers, equally wide from `low` to `high` of the card; the last has both ends."""


def tally(card: Card, values: Sequence[Value]) -> dict[str, Any]:
    """How many answered what: `counts` by choice or bin, and the `mean` of numbers."""
    if card.choices:
        counts = [0] * len(card.choices)
        for value in values:
            counts[int(value)] += 1
        return {"n": len(values), "counts": counts}
    counts = [0] * BINS
    for value in values:
        counts[bin_of(card, value)] += 1
    return {"n": len(values), "counts": counts, "mean": round(fmean(values), 2) if values else None}


def bin_of(card: Card, value: Value) -> int:
    """Which bar a number is in."""
    return min(BINS - 1, int(BINS * (value - card.low) / (card.high - card.low)))


@dataclass(frozen=True)
class Measured:
    """What a card is held against.

    Attributes:
        answer: a number in the card's unit, or the index of a choice; None where nothing was measured.
        said: an honest sentence or two with the measured numbers.
        title, unit: of the rows.
        rows: what was compared: name, mean over the seeds, standard error of it.
        is_right: it is the right answer to a question, not a measurement.
        setup: what was trained, in a sentence: other settings have other numbers.
    """

    answer: Value | None = None
    said: str = ""
    title: str = ""
    unit: str = ""
    rows: tuple[tuple[str, float, float], ...] = ()
    is_right: bool = False
    setup: str = ""

    def compared(self) -> list[list[str | float]]:
        """The rows as screens get them."""
        return [[name, round(mean, 2), round(error, 2)] for name, mean, error in self.rows]


def measured(card: Card) -> Measured:
    """Of a claim what was trained for its card beforehand, of a question what is right, of one's own that."""
    kind, _, name = card.name.partition(".")
    if kind == "claim":
        return _claim(name)
    if moment := _moment(kind):
        question = QUESTIONS[moment][name]
        return Measured(question.right, question.because, is_right=True)
    return Measured(card.own.right if card.own else None, is_right=True)


def _moment(kind: str) -> Moment | None:
    return next((each for each in QUESTIONS if each == kind), None)


@cache
def _claim(name: str) -> Measured:
    kept, claim = example(name), CLAIMS[name]
    if kept is None:
        return Measured()
    result = claim.measure(trained(kept.histories))
    answer: Value | None
    if isinstance(result.answer, str):
        answer = claim.choices.index(result.answer) if result.answer in claim.choices else None
    else:
        answer = round(result.answer, 2)
    rows = tuple((row.label, row.mean, row.error) for row in result.rows)
    return Measured(answer, result.verdict, result.title, result.unit, rows, setup=claim.setup)


def trained(histories: Iterable[RunHistory]) -> list[Trained]:
    """The histories whose every lane can be measured."""
    whole = [h for h in histories if all(h.points) and all(frame is not None for frame in h.frames)]
    return [Trained(h.view.spec, h.points, [frame for frame in h.frames if frame]) for h in whole]


def gain(card: Card, before: Sequence[Value], after: Sequence[Value]) -> dict[str, int] | None:
    """Of a question after the lesson: percent right in both rounds of the class; None without answers."""
    kind, _, name = card.name.partition(".")
    if kind != "after" or not before or not after:
        return None
    rounds: tuple[tuple[Moment, Sequence[Value]], ...] = (("before", before), ("after", after))
    return {
        moment: round(100 * sum(value == QUESTIONS[moment][name].right for value in values) / len(values))
        for moment, values in rounds
    }
