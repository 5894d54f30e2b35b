"""Speaker's notes, card by card: what to ask, what the terms mean, what somebody says who is wrong.

The console and the page Hold a class show the same ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from core.classes.cards import Card
from core.lessons.course.check import QUESTIONS
from core.lessons.course.glossary import TERMS


@dataclass(frozen=True)
class Note:
    """What a lecturer says to a card.

    Attributes:
        predict: the question to ask while answers come in.
        discuss: the question to ask when the answer is known.
        terms: what is to be explained, by its name in the glossary.
        wrong: typical wrong answers.
    """

    predict: str = ""
    discuss: str = ""
    terms: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    def public(self) -> dict[str, Any]:
        """As the console gets it: each term with its meaning."""
        return {
            "predict": self.predict,
            "discuss": self.discuss,
            "terms": [[term, TERMS[term]] for term in self.terms],
            "wrong": self.wrong,
        }


CLAIMS: Mapping[str, Note] = MappingProxyType(
    {
        "sparsity": Note(
            "λ pulls every weight towards zero with the same force: does one also land there, and stay?",
            "Which update stops at zero, and which one steps over it?",
            ("λ", "exact zero", "subgradient", "prox"),
            ("most of them: the textbook says so",),
        ),
        "feature_selection": Note(
            "Two samples of the same digits: would you expect the same pixels to be kept?",
            "Neighbouring pixels say nearly the same: which of them does L1 keep, and why that one?",
            ("λ", "elastic net"),
            ("nearly all: important pixels stay important",),
        ),
        "generalization": Note(
            "What does a network need to learn a wrong label by heart?",
            "What else keeps it from learning wrong labels, and costs nothing?",
            ("λ", "L2"),
            ("next to nothing, or far more than there is to gain",),
        ),
        "interpretability": Note(
            "What would you have to see in a filter to say what it looks for?",
            "Fewer weights: does that tell you what those that stay mean?",
            ("sparsity", "group lasso"),
            ("yes: fewer weights, clearer pictures",),
        ),
        "precision": Note(
            "How many weights can a network lose before it makes more mistakes?",
            "Which weights go first, and why does the network not miss them?",
            ("λ", "sparsity"),
            ("a small λ: every zero costs something",),
        ),
        "non_smooth": Note(
            "At zero |w| has a kink: which slope does an update take there?",
            "All methods seek the same optimum: which end in its zeros, and which only near them?",
            ("subgradient", "convex", "prox", "FISTA"),
            ("all that the optimum has: it converges",),
        ),
        "linear_only": Note(
            "What do the layers behind one learn whose weights are all zero?",
            "Why does a warm-up help, if λ ends at the same value?",
            ("λ", "warm-up", "dead unit"),
            ("it kills a deep network whatever one does",),
        ),
        "smaller": Note(
            "What besides the values has to be stored, so that the network can be read again?",
            "The file is smaller: is the network faster, too?",
            ("exact zero", "sparsity", "CSR"),
            ("as much as is not zero, with no place for where it is",),
        ),
        "fully_connected": Note(
            "Which layer holds most of the weights, and how would you count them?",
            "If convolutions take most of the time, what do zeros in fc1 save?",
            ("λ", "sparsity"),
            ("as many as fc1 has weights",),
        ),
        "zeros_return": Note(
            "What pulls a weight away from zero again, once λ is small?",
            "How does a dead network differ from one that merely has many zeros?",
            ("λ", "prox", "dead unit"),
            ("in all of them: λ is small again",),
        ),
    }
)
"""To the ten claims. A wrong answer is what somebody says who takes the sentence on the card at its word."""

STRENGTHS = Note(
    "What do you get for a larger λ, and what do you pay?",
    "Where on the board would you stop, and why not one dot further right?",
    ("λ", "exact zero", "sparsity"),
    ("the largest: it makes the most zeros", "the smallest: it costs nothing"),
)
"""To the class's own experiment, where λ is left to it."""

MINDS = "Who has another answer than before the lesson, and what has changed it?"
"""To ask when a question is answered again."""


def note(card: Card) -> Note:
    """What to say to a card; of a lecturer's own question nothing is known."""
    kind, _, name = card.name.partition(".")
    if kind == "claim":
        return CLAIMS[name]
    for moment, questions in QUESTIONS.items():
        if kind == moment:
            question = questions[name]
            wrong = tuple(option for i, option in enumerate(question.options) if i != question.right)
            return Note(discuss=MINDS if moment == "after" else "", wrong=wrong)
    is_about_strength = card.experiment is not None and card.experiment.field == "strength"
    return STRENGTHS if is_about_strength else Note()
