"""Two lectures ready to open: their cards, and the minutes that each is planned for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from core.classes.cards import READY, Card, Own
from core.classes.guide.notes import note
from core.classes.settings import Experiment
from core.lessons.course.check import TOPICS

JOINING = 3
"""Minutes until a hall has joined."""

LAMBDA = Own(
    question="Which λ makes the most exact zeros and costs at most one point of accuracy?",
    experiment=Experiment(),
).card()
"""The class's own experiment."""

USUAL = 5
"""Minutes of a card that no lecture plans; a question of *Check yourself* takes one."""


@dataclass(frozen=True)
class Lecture:
    """Cards in their order, with the minutes that each is planned for.

    Attributes:
        title: what it is called.
        steps: cards and minutes.
    """

    title: str
    steps: tuple[tuple[Card, int], ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        """Its cards."""
        return tuple(card for card, _ in self.steps)

    @property
    def minutes(self) -> int:
        """All of it, joining included."""
        return JOINING + sum(minutes for _, minutes in self.steps)


def _questions(moment: str) -> tuple[tuple[Card, int], ...]:
    return tuple((READY[f"{moment}.{name}"], 1) for name in TOPICS)


LECTURES: Mapping[str, Lecture] = MappingProxyType(
    {
        "short": Lecture(
            "Does L1 make zeros?",
            ((READY["claim.sparsity"], 5), (LAMBDA, 7), (READY["claim.smaller"], 5)),
        ),
        "long": Lecture(
            "L1 in a CNN, with six questions before and after",
            (
                *_questions("before"),
                (READY["claim.sparsity"], 5),
                (LAMBDA, 8),
                (READY["claim.linear_only"], 5),
                (READY["claim.feature_selection"], 6),
                (READY["claim.smaller"], 6),
                *_questions("after"),
            ),
        ),
    }
)
"""By name."""


def minutes_of(cards: Sequence[Card]) -> tuple[int, ...]:
    """How long each card is planned for: as in the lecture whose cards they are, else as usual."""
    planned = next((plan for plan in LECTURES.values() if plan.cards == tuple(cards)), None)
    if planned:
        return tuple(minutes for _, minutes in planned.steps)
    return tuple(1 if card.name.startswith(("before.", "after.")) else USUAL for card in cards)


def plan_of(cards: Sequence[Card]) -> dict[str, Any]:
    """The plan of a class: minutes until the hall has joined; of each card minutes and notes."""
    told = [
        {"minutes": minutes, **note(card).public()}
        for card, minutes in zip(cards, minutes_of(cards), strict=True)
    ]
    return {"joining": JOINING, "cards": told}
