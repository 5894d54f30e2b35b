"""The reader's own figures on one page: their run, their claims, their answers, as rows of text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.lessons.check import QUESTIONS, Answers
from core.lessons.does_it_deliver import Claim
from core.lessons.does_it_deliver_results import Result
from core.lessons.experiments import Trained
from core.spec import strength_text

NOT_YET = "not run yet"
NO_GUESS = "no guess"


@dataclass(frozen=True)
class ClaimRow:
    """One card of *Does it deliver?*: what is said, what the reader said, what they measured."""

    claim: str
    predicted: str
    measured: str
    verdict: str


def claim_row(claim: Claim, result: Result | None, guess: Any) -> ClaimRow:
    """A card's row; `result` is None where the reader has not run it."""
    predicted = NO_GUESS if guess is None else _with_unit(guess, claim.unit)
    if result is None:
        return ClaimRow(claim.claim, predicted, NOT_YET, "")
    measured = _with_unit(result.answer, claim.unit) if result.answer != "" else "yours to judge"
    return ClaimRow(claim.claim, predicted, measured, result.verdict)


def run_rows(run: Trained) -> list[tuple[str, ...]]:
    """A run's last moment, a column for each lane: what, λ = 0, yours."""
    last = [points[-1] for points in run.points]
    lanes = range(len(last))
    head = ("", *(f"λ = {strength_text(lane.strength)}" for lane in run.spec.lanes))
    rows = [
        head,
        ("data loss", *(_short(point["data_loss"]) for point in last)),
        ("penalty", *(_short(point["penalty"]) for point in last)),
        ("exactly zero", *(f"{run.zero_percent(lane):.3g} %" for lane in lanes)),
    ]
    if all("test_accuracy" in point for point in last):
        return [*rows, ("test accuracy", *(f"{100 * point['test_accuracy']:.1f} %" for point in last))]
    return [*rows, ("test error", *(f"{point['test_error']:.1f}°" for point in last))]


def check_rows(before: Answers | None, after: Answers | None) -> list[tuple[str, str, str]]:
    """Each question with what became of it before and after: right, wrong, or not answered."""
    return [
        (question.ask, _mark(before, name, question.right), _mark(after, name, question.right))
        for name, question in QUESTIONS.items()
    ]


def _mark(answers: Answers | None, name: str, right: int) -> str:
    if answers is None or name not in answers:
        return "–"
    return "right" if answers[name] == right else "wrong"


def _short(value: float) -> str:
    return f"{value:.3g}".replace("e-0", "e-")


def _with_unit(value: float | str, unit: str) -> str:
    return value if isinstance(value, str) else f"{value:.3g} {unit}"


def described(run: Trained) -> str:
    """A run's settings in a line."""
    spec, lane = run.spec, run.spec.lanes[-1]
    names: Sequence[str] = [spec.dataset, spec.model, lane.penalty, lane.method, lane.optimizer]
    step: Mapping[str, Any] = run.points[-1][-1]
    words = ", ".join(name.replace("_", " ") for name in names)
    return (
        f"{words}; η = {lane.learning_rate:g}, batches of {spec.batch_size}, seed {spec.seed}, "
        f"update {step['step']:,}"
    )
