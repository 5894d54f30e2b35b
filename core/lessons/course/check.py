"""Six questions on what people commonly believe of L1 before the lesson, and six others after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeGuard

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


KEPT: Mapping[Moment, str] = {"before": "check_before", "after": "check_afterwards"}
"""Under which names a learner's answers are remembered. `check_after` were answers to the first six."""

TOPICS: Mapping[str, str] = {
    "zeros": "which weights are exactly zero",
    "features": "what L1 selects",
    "accuracy": "when L1 helps accuracy",
    "speed": "what zeros save",
    "layers": "which layers to penalise",
    "return": "whether weights come back",
}
"""What each question is about; both rounds have one of each."""

BEFORE: Mapping[str, Question] = {
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
        "When does L1 raise accuracy on new images the most?",
        (
            "Always, and more λ does more",
            "With wrong labels, at a moderate λ",
            "With few images, all labels right",
        ),
        1,
        "It helps where a network would learn wrong labels by heart; so does stopping early. With right "
        "labels, as on the card “Sparsity costs precision”, it gains about nothing here, and too large a λ "
        "costs accuracy.",
        "does_it_deliver",
        frozenset({"overfitting", "precision"}),
    ),
    "speed": Question(
        "Nine of ten weights are zero. How long does an ordinary layer take now?",
        ("A tenth of the time", "About half the time", "As long as before"),
        2,
        "An ordinary layer multiplies by zeros, too. The file can shrink; a layer gets faster when whole "
        "units are removed, or, if it is large, when nearly all its weights are zero and its kernel skips "
        "them.",
        "smaller_model",
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
        "Any layer can be penalised. fc1 has by far the most weights.",
        "l1_in_a_cnn",
        frozenset({"fully_connected"}),
    ),
    "return": Question(
        "A large λ at once has set every weight of a CNN to zero. What follows?",
        (
            "It stays dead unless λ falls to next to nothing; a smaller λ would have worked",
            "Lower λ a little, and the weights return",
            "L1 works in linear models only",
        ),
        0,
        "A dead network gets next to no gradient: it stays dead even at a λ far below; at λ near 0 it may "
        "start anew. In a living one, weights do return when λ falls.",
        "how_zeros_happen",
        frozenset({"linear_only", "reversible"}),
    ),
}

AFTER: Mapping[str, Question] = {
    "zeros": Question(
        "By the textbook recipe, many weights end below 1e-4. How many of them are exactly zero?",
        ("All of them", "Hardly any", "Half of them"),
        1,
        "Small is not zero, and how many are below a limit depends on the limit. A proximal step makes exact "
        "zeros, which can be left out.",
        "how_zeros_happen",
        frozenset({"exact_zeros", "non_smooth"}),
    ),
    "features": Question(
        "You want whole filters to go, not single weights. What do you choose?",
        ("Group lasso", "L1 with a larger λ", "The weights with the clearest pictures"),
        0,
        "Group lasso prices a filter as one, and keeps or drops it. Under L1 a filter goes only when each of "
        "its weights does. And that a weight stays does not say what it means.",
        "l1_in_a_cnn",
        frozenset({"feature_selection", "interpretability"}),
    ),
    "accuracy": Question(
        "600 images, three labels in ten are wrong. What does L1 at a moderate λ do to the answers on other "
        "images?",
        ("Fewer are right: weights are missing", "Nothing", "More are right"),
        2,
        "The network can learn fewer of the wrong labels by heart. Stopping early does it, too. With right "
        "labels, as on the card “Sparsity costs precision”, L1 gains about nothing here, and too large a λ "
        "costs accuracy.",
        "does_it_deliver",
        frozenset({"overfitting", "precision"}),
    ),
    "speed": Question(
        "Most weights of a network are zero. What makes its answers come faster?",
        (
            "Nothing more: zeros take no time",
            "Leaving whole units out, or a kernel that skips zeros",
            "Storing the weights in a smaller file",
        ),
        1,
        "An ordinary layer takes as long for a zero as for any number. A much smaller layer is faster, and "
        "so is a kernel for sparse matrices on a large layer once nearly all its weights are zero.",
        "smaller_model",
        frozenset({"smaller_and_faster"}),
    ),
    "layers": Question(
        "You penalise conv1 and conv2 alone. How many zeros can there be?",
        (
            "None: only fully connected layers can be penalised",
            "As many as with all layers",
            "At most as many as these two have weights",
        ),
        2,
        "Any layer can be penalised, and λ pulls at no other. In this network fc1 has most of the weights.",
        "l1_in_a_cnn",
        frozenset({"fully_connected"}),
    ),
    "return": Question(
        "A CNN still reads digits with nine of ten weights at zero. Now λ falls. What follows?",
        (
            "Weights come back where the data loss pulls harder than λ",
            "What is zero stays zero",
            "Nothing: λ acts in linear models only",
        ),
        0,
        "In a living network weights return from a proximal step. A dead one, where no signal passes, gets "
        "next to no gradient and stays dead even at a λ far below.",
        "how_zeros_happen",
        frozenset({"linear_only", "reversible"}),
    ),
}

QUESTIONS: Mapping[Moment, Mapping[str, Question]] = {"before": BEFORE, "after": AFTER}
"""By name; answers are kept under it."""

Answers = Mapping[str, int]
"""The chosen option by question."""


def score(moment: Moment, answers: Answers) -> int:
    """How many of a round's questions are answered rightly."""
    return sum(answers.get(name) == question.right for name, question in QUESTIONS[moment].items())


def complete(answers: object, moment: Moment) -> TypeGuard[Answers]:
    """Whether every question has one of its options; what comes from a browser may be anything."""
    questions = QUESTIONS[moment]
    return (
        isinstance(answers, Mapping)
        and answers.keys() == questions.keys()
        and all(answers[name] in range(len(question.options)) for name, question in questions.items())
    )
