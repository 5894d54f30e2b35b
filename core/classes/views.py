"""What each screen is told of a class. Before the reveal nothing here depends on what a seat has answered."""

from collections.abc import Sequence
from typing import Any

from core.classes.board import dots, found_out
from core.classes.cards import Value
from core.classes.laboratory import link_of
from core.classes.state import SHOWN, TEMPOS, Class
from core.classes.tally import gain, tally
from core.experiments import Trained

LEFT_SECONDS = 5
"""So roughly it is said how long a training still takes."""


def scene(room: Class, runs: Sequence[Trained]) -> dict[str, Any]:
    """What is on everybody's screen, the same for all: sent when it changes.

    Args:
        room: the class.
        runs: of the card's class experiment, as far as they are trained.
    """
    told: dict[str, Any] = {
        "n": room.number,
        "phase": room.phase,
        "paused": room.paused,
        "joining": room.joining,
        "card": room.at,
        "cards": len(room.cards),
        "round": room.round,
    }
    if room.following:
        told["follow"] = True
    if room.phase in ("lobby", "done"):
        return told
    told["question"] = room.card.public()
    if room.phase in SHOWN:
        told |= _shown(room, runs)
    return told


def _shown(room: Class, runs: Sequence[Trained]) -> dict[str, Any]:
    card, held = room.card, found_out(room.card, runs)
    rounds = [
        tally(card, _given(room, room.at, round_))
        for round_ in range(1, room.round + 1)
        if (room.at, round_) in room.revealed
    ]
    told: dict[str, Any] = {"rounds": rounds, "answer": held.answer, "said": held.said}
    if held.setup and room.phase == "discuss":
        told["setup"] = held.setup
    told["right"] = held.is_right
    if found := gain(card, _before(room), _given(room, room.at, room.round)):
        told["gain"] = found
    if room.phase == "discuss" and card.experiment and runs:
        numbers = {seat: each.number for seat, each in room.seats.items()}
        answers = room.answers.get((room.at, room.round), {})
        if room.dot and not room.paused:
            told["lab"] = {"dot": room.dot, "link": link_of(card.experiment, *room.dot)}
        told["dots"] = [dot.public() for dot in dots(card.experiment, runs, answers, numbers)]
    elif room.phase == "discuss" and held.rows:
        told["rows"] = held.compared()
        told["measure"] = {"title": held.title, "unit": held.unit}
    return told


def _given(room: Class, card: int, round_: int) -> list[Value]:
    return list(room.answers.get((card, round_), {}).values())


def _before(room: Class) -> list[Value]:
    """What was answered to the question before the lesson that belongs to this one after it."""
    name = room.card.name.replace("after.", "before.")
    place = next((i for i, card in enumerate(room.cards) if card.name == name), None)
    return [] if place is None else _given(room, place, 1)


def tick(room: Class, progress: float | None, left: float | None = None) -> dict[str, Any]:
    """What changes with every answer: counts; how far the training is, from 0 to 1, and seconds left."""
    told: dict[str, Any] = {"n": room.number, "count": room.count, "joined": len(room.seats)}
    if progress is not None and room.phase not in ("lobby", "predict", "done"):
        told["progress"] = round(progress, 2)
        if left is not None:
            told["left"] = LEFT_SECONDS * max(1, round(left / LEFT_SECONDS))
    return told


def own(room: Class, seat: str) -> dict[str, Any]:
    """What one seat knows of itself: it goes to that seat alone."""
    sitting = room.seats.get(seat)
    if sitting is None:
        return {"joined": False}
    answers = [room.answers.get((room.at, round_), {}).get(seat) for round_ in range(1, room.round + 1)]
    told: dict[str, Any] = {
        "joined": True,
        "name": sitting.name,
        "tempo": sitting.tempo,
        "card": room.at,
        "answers": answers,
    }
    if room.card.experiment:
        told["seed"] = sitting.number % room.card.experiment.seeds
    return told


def console(room: Class) -> dict[str, Any]:
    """What the lecturer is told besides: how the lecture goes, summed up, and since when it goes."""
    tempos = [each.tempo for each in room.seats.values()]
    titles = [card.title or card.question for card in room.cards]
    ahead = room.ahead()
    return {
        "tempo": {each: tempos.count(each) for each in TEMPOS},
        "titles": titles,
        "ahead": ahead[0] if ahead else None,
        "began": room.began,
        "came": room.came and room.came[1],
        "waits": room.waits,
    }
