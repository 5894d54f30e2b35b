"""What is left of a class after the lecture: its answers summed up, without groups in which one is known."""

import csv
from collections.abc import Callable, Sequence
from io import StringIO

from core.classes.board import found_out
from core.classes.cards import Card, Value
from core.classes.state import Class
from core.classes.tally import BINS, tally
from core.experiments import Trained

FEWEST = 5
"""A group of fewer is left out: somebody in the hall may know who they are."""

HEAD = ("question", "round", "answer", "seats", "measured or right")


Runs = Sequence[Trained]


def summary(room: Class, trained: Callable[[int], Runs]) -> str:
    """CSV of what was revealed: a line for each answer, or band of numbers, that at least FEWEST gave.

    Args:
        room: the class.
        trained: the runs of a card's class experiment, as far as they have ended.
    """
    text = StringIO()
    lines = csv.writer(text)
    lines.writerow(HEAD)
    for card, round_ in sorted(room.revealed):
        given = list(room.answers.get((card, round_), {}).values())
        held = found_out(room.cards[card], trained(card)).answer
        lines.writerows(_lines(room.cards[card], round_, given, held))
    return text.getvalue()


def _lines(
    card: Card, round_: int, values: Sequence[float], held: Value | None
) -> list[tuple[str | int | float, ...]]:
    counts = tally(card, values)["counts"]
    right = "" if held is None else card.choices[int(held)] if card.choices else held
    return [
        (card.question, round_, answer, count, right)
        for answer, count in zip(_answers(card), counts, strict=True)
        if count >= FEWEST
    ]


def _answers(card: Card) -> Sequence[str]:
    if card.choices:
        return card.choices
    wide = (card.high - card.low) / BINS
    return [f"{card.low + i * wide:g} to {card.low + (i + 1) * wide:g} {card.unit}" for i in range(BINS)]
