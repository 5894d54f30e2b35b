"""The instructor's guide: what each card takes and shows, and two lectures ready to open."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.classes.cards import READY, Card, Own
from core.classes.settings import Experiment
from core.lessons.course.check import TOPICS

JOINING = 3
"""Minutes until a hall has joined."""

LAMBDA = Own(
    question="Which λ makes the most exact zeros and costs at most one point of accuracy?",
    experiment=Experiment(),
).card()
"""The class's own experiment."""

BELIEVED: Mapping[str, str] = MappingProxyType(
    {
        "claim.sparsity": "most of them: the textbook says so",
        "claim.feature_selection": "nearly all: important pixels stay important",
        "claim.generalization": "next to nothing, or far more than there is to gain",
        "claim.interpretability": "yes: fewer weights, clearer pictures",
        "claim.precision": "a small λ: every zero costs something",
        "claim.non_smooth": "all that the optimum has: it converges",
        "claim.linear_only": "it kills a deep network whatever one does",
        "claim.smaller": "as much as is not zero, with no place for where it is",
        "claim.fully_connected": "as many as fc1 has weights",
        "claim.zeros_return": "in all of them: λ is small again",
    }
)
"""What somebody says who takes the sentence on the card at its word."""


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


def believed(card: Card) -> str:
    """What somebody says who believes what the lesson is about to refute; "" where nothing is known."""
    return BELIEVED.get(card.name, "")
