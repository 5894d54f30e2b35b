"""Six questions on what people commonly believe of L1, asked before and after the lesson."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Moment = Literal["before", "after"]

Misconception = Literal[
    "exact_zeros",
    "feature_selection",
    "overfitting",
    "interpretability",
    "smaller_and_faster",
    "fully_connected",
    "precision",
    "non_smooth",
    "linear_only",
    "reversible",
]
"""The rows of the table of claims in the lesson's plan."""


@dataclass(frozen=True)
class Question:
    """One question with one right answer.

    Attributes:
        ask: the question.
        options: three answers.
        right: the index of the right one.
        because: why it is right, in one or two sentences.
        where: page on which the reader sees it.
        covers: what one believes who answers otherwise.
    """

    ask: str
    options: tuple[str, str, str]
    right: int
    because: str
    where: str
    covers: frozenset[Misconception]


QUESTIONS: Mapping[str, Question] = {
    "zeros": Question(
        "You add λ Σ|w| to the loss and train with Adam. How many weights end exactly at zero?",
        ("Most of them", "As many as λ says", "Next to none"),
        2,
        "At zero, |w| has a kink. The update steps over it again and again, so weights hover around zero. A "
        "proximal step stops there.",
        "how_zeros_happen",
        frozenset({"exact_zeros", "non_smooth"}),
    ),
    "features": Question(
        "L1 has set nine of ten weights of a CNN to zero. What has it selected?",
        (
            "Single weights; a filter goes only when all of its weights do",
            "The most important filters",
            "Features that a person can name",
        ),
        0,
        "L1 prices each weight by itself, so filters that stay have holes. Group lasso selects filters as a "
        "whole. What a surviving weight means is another question.",
        "does_it_deliver",
        frozenset({"feature_selection", "interpretability"}),
    ),
    "accuracy": Question(
        "When does L1 raise test accuracy the most?",
        (
            "Always, and more λ does more",
            "With few images or wrong labels, at a moderate λ",
            "With many clean images",
        ),
        1,
        "It helps where a network would learn its training set by heart. With clean, ample data it does "
        "about nothing, and too large a λ costs accuracy.",
        "does_it_deliver",
        frozenset({"overfitting", "precision"}),
    ),
    "speed": Question(
        "Nine of ten weights are zero. How long does an ordinary layer take now?",
        ("A tenth of the time", "About half the time", "As long as before"),
        2,
        "An ordinary layer multiplies by zeros, too. The file can shrink; speed comes from removing whole "
        "units.",
        "does_it_deliver",
        frozenset({"smaller_and_faster"}),
    ),
    "layers": Question(
        "Penalise fc1 alone, and most weights of the whole network become zero. Why?",
        (
            "Convolutions cannot be penalised",
            "fc1 holds most of the weights",
            "Weights of convolutions are never zero",
        ),
        1,
        "Any layer can be penalised. fc1 has by far the most weights, and a weight of a convolution does "
        "more work.",
        "l1_in_a_cnn",
        frozenset({"fully_connected"}),
    ),
    "return": Question(
        "A large λ at once has set every weight of a CNN to zero. What follows?",
        (
            "It stays dead at any λ; a smaller or slowly rising λ would have worked",
            "Lower λ, and the weights return",
            "L1 works in linear models only",
        ),
        0,
        "With all weights at zero nothing passes, no gradient either. Otherwise weights do return when λ "
        "falls, and L1 works in a CNN; it is just no longer a convex problem.",
        "how_zeros_happen",
        frozenset({"linear_only", "reversible"}),
    ),
}
"""By name; answers are kept under it."""

Answers = Mapping[str, int]
"""The chosen option by question."""


def score(answers: Answers) -> int:
    """How many of the questions are answered rightly."""
    return sum(answers.get(name) == question.right for name, question in QUESTIONS.items())


def complete(answers: Answers) -> bool:
    """Whether every question has one of its options; what comes from a browser may be anything."""
    return answers.keys() == QUESTIONS.keys() and all(
        answers[name] in range(len(question.options)) for name, question in QUESTIONS.items()
    )
