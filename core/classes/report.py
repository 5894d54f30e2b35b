"""The report of a class: what was revealed, card by card, for one sheet of paper that may be handed on."""

from collections.abc import Callable, Sequence
from statistics import fmean
from typing import Any

from core.classes.board import choice_of, dots, found_out
from core.classes.cards import Card, Value
from core.classes.state import Class
from core.classes.summary import FEWEST, Runs
from core.classes.tally import Measured, gain, tally


def report(room: Class, trained: Callable[[int], Runs]) -> dict[str, Any]:
    """Every card with a round that was revealed; groups under FEWEST are left out.

    Args:
        room: the class.
        trained: the runs of a card's class experiment, as far as they have ended.
    """
    shown = [card for card in range(len(room.cards)) if (card, 1) in room.revealed]
    return {
        "code": room.code,
        "opened": room.created,
        "seats": len(room.seats),
        "cards": [_card(room, card, trained(card)) for card in shown],
    }


def _card(room: Class, at: int, runs: Runs) -> dict[str, Any]:
    card = room.cards[at]
    held = found_out(card, runs)
    rounds = [round_ for round_ in (1, 2) if (at, round_) in room.revealed]
    given = [list(room.answers.get((at, round_), {}).values()) for round_ in rounds]
    told: dict[str, Any] = {
        "card": at,
        "question": card.public(),
        "rounds": [summed(card, values) for values in given],
        "answer": held.answer,
        "right": held.is_right,
        "said": held.said,
    }
    if found := _gain(room, at, given, held):
        told["gain"] = found
    if card.experiment and runs:
        told |= _board(room, at, runs)
    return told


def summed(card: Card, values: Sequence[Value]) -> dict[str, Any]:
    """A tally whose groups under FEWEST are None, those without anybody too.

    Where all that is left out is fewer than FEWEST, it is not in `n` either, as one could subtract: then
    there are `more`.
    """
    told = tally(card, values)
    counts = [count if count >= FEWEST else None for count in told["counts"]]
    kept = sum(count or 0 for count in counts)
    more = 0 < len(values) - kept < FEWEST
    told |= {"counts": counts, "n": kept if more else len(values), "more": more}
    if len(values) < FEWEST and "mean" in told:
        told["mean"] = None
    return told


def _gain(room: Class, at: int, given: Sequence[Sequence[Value]], held: Measured) -> dict[str, Any] | None:
    """What the class has gained, from the question before the lesson or from the first round."""
    card = room.cards[at]
    before = next((i for i, each in enumerate(room.cards) if each.name == _before(card)), None)
    if before is not None and given:
        first = list(room.answers.get((before, 1), {}).values())
        found = gain(card, first, given[-1]) if min(len(first), len(given[-1])) >= FEWEST else None
        return found and {"kind": "lesson", **found}
    if len(given) < 2 or held.answer is None or min(map(len, given)) < FEWEST:
        return None
    first_round, second = (_reached(card, values, held.answer) for values in given)
    return {"kind": "right" if card.choices else "off", "before": first_round, "after": second}


def _before(card: Card) -> str:
    kind, _, name = card.name.partition(".")
    return f"before.{name}" if kind == "after" else ""


def _reached(card: Card, values: Sequence[Value], answer: Value) -> float:
    """Of choices the percentage that is the answer, of numbers how far off they are on average."""
    if card.choices:
        return round(100 * fmean(value == answer for value in values))
    return round(fmean(abs(value - answer) for value in values), 1)


def _board(room: Class, at: int, runs: Runs) -> dict[str, Any]:
    experiment = room.cards[at].experiment
    assert experiment is not None
    numbers = {seat: each.number for seat, each in room.seats.items()}
    answers = room.answers.get((at, room.rounds.get(at, 1)), {})
    found = [dot.public() for dot in dots(experiment, runs, answers, numbers)]
    behind = dict.fromkeys(choice_of(experiment).values(), 0.0)
    for choice, *_, seats in found:
        behind[int(choice)] += seats
    most = max(behind, key=behind.__getitem__)
    leads = behind[most] >= FEWEST and list(behind.values()).count(behind[most]) == 1
    return {
        "dots": [[*rest, seats if seats >= FEWEST else None] for *rest, seats in found],
        "most": most if leads else None,
    }
