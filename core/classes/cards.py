"""Cards: a question with a band or choices, and what it is held against."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from core.classes.settings import Experiment
from core.lessons.course.check import QUESTIONS
from core.lessons.does_it_deliver.claims import CLAIMS
from core.refusals import Checked, Number, SpecError, shown

Value = float | int
"""An answer: a number in the card's unit, or the index of a choice."""

MOST_CARDS = 20

Text = Annotated[str, Field(min_length=1, max_length=200)]
Choice = Annotated[str, Field(min_length=1, max_length=120)]


class Own(Checked):
    """A card that a lecturer made: choices, or a band, or an experiment whose settings are the choices.

    Attributes:
        question: what to predict.
        unit, low, high: of a number.
        choices: of which one is answered.
        right: the answer that it is held against, if there is one: a number, or the index of a choice.
        experiment: what is trained; its settings are the choices.
    """

    question: Text
    unit: Annotated[str, Field(max_length=20)] = ""
    low: Number = 0.0
    high: Number = 100.0
    choices: Annotated[tuple[Choice, ...], Field(max_length=8)] = ()
    right: Number | None = None
    experiment: Experiment | None = None

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        if not self.low < self.high:
            raise ValueError(f"high must be greater than low, {self.low:g}, got {shown(self.high)}")
        if len(self.choices) == 1:
            raise ValueError("choices must be at least two, or none for a number, got one")
        if self.right is not None and self.experiment is None and not self.card().takes(self.right):
            raise ValueError(f"right must be an answer that can be given, got {shown(self.right)}")
        return self

    def card(self) -> "Card":
        """It as any other card."""
        choices = self.experiment.labels if self.experiment else self.choices
        return Card("own", "", self.question, self.unit, self.low, self.high, choices, self)


@dataclass(frozen=True)
class Card:
    """A question, as seats and projector show it.

    Attributes:
        name: `claim.sparsity`, `before.zeros`, `after.zeros`, or `own`.
        title: what is claimed; "" where only a question stands.
        question: what to predict: one of `choices`, or a number from `low` to `high` in `unit`.
        own: the lecturer's own card.
    """

    name: str
    title: str
    question: str
    unit: str = ""
    low: float = 0.0
    high: float = 100.0
    choices: tuple[str, ...] = ()
    own: Own | None = None

    @property
    def experiment(self) -> Experiment | None:
        """What the class itself trains for it."""
        return self.own.experiment if self.own else None

    def takes(self, value: object) -> bool:
        """Whether this can be its answer."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if self.choices:
            return value == int(value) and int(value) in range(len(self.choices))
        return self.low <= value <= self.high

    def kept(self) -> dict[str, Any]:
        """What is written down of it."""
        return {"name": self.name} | ({"own": self.own.model_dump(mode="json")} if self.own else {})

    def public(self) -> dict[str, Any]:
        """What everybody may see of it at any time."""
        band = {"choices": self.choices} if self.choices else {"low": self.low, "high": self.high}
        return {"title": self.title, "question": self.question, "unit": self.unit} | band


def _ready() -> Mapping[str, Card]:
    claims = {
        f"claim.{name}": Card(
            f"claim.{name}", each.claim, each.question, each.unit, each.low, each.high, each.choices
        )
        for name, each in CLAIMS.items()
    }
    questions = {
        f"{moment}.{name}": Card(f"{moment}.{name}", "", each.ask, choices=each.options)
        for moment, some in QUESTIONS.items()
        for name, each in some.items()
    }
    return claims | questions


READY: Mapping[str, Card] = _ready()
"""The ten claims, the six questions before the lesson and the six after it, by name."""


def read_cards(told: object) -> tuple[Card, ...]:
    """Cards from untrusted JSON: each `{"name": …}`, or `{"own": {…}}`. Raises SpecError."""
    if not isinstance(told, list | tuple) or not 1 <= len(told) <= MOST_CARDS:
        raise SpecError(f"cards must be a list of 1 to {MOST_CARDS}, got {shown(told)}.")
    return tuple(map(_read, told))


def _read(told: object) -> Card:
    if isinstance(told, dict) and told.get("own") is not None:
        return Own.checked(told["own"]).card()
    name = told.get("name") if isinstance(told, dict) else told
    if not isinstance(name, str) or name not in READY:
        raise SpecError(f"A card must be one of {_some()} or one's own, got {shown(name)}.")
    return READY[name]


def _some() -> str:
    return re.sub(r"\s+", " ", ", ".join([*list(READY)[:2], "…"]))
