"""The reader's own figures on one page: their run, their claims, their answers, as rows of text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.experiments import Trained, kinds_told
from core.lessons.course.check import QUESTIONS, TOPICS, Answers, Moment, score
from core.lessons.does_it_deliver.claims import Claim
from core.lessons.does_it_deliver.results import Result
from core.narration import percent_off
from core.spec import strength_text
from core.words import DATASETS, MODELS, PENALTIES, method_and_optimizer, percent

NOT_YET = "not run yet"
NO_GUESS = "no guess"
BEFOREHAND = "computed beforehand"


@dataclass(frozen=True)
class ClaimRow:
    """One card of *Does it deliver?*: what is said, what the reader said, what they measured or looked at."""

    claim: str
    question: str
    predicted: str
    measured: str
    verdict: str
    own: bool = False


def claim_row(claim: Claim, result: Result | None, guess: Any, *, own: bool = True) -> ClaimRow:
    """A card's row; `result` is None where the reader has seen none, and not `own` if it is the example's."""
    predicted = NO_GUESS if guess is None else _with_unit(guess, claim.unit)
    if result is None:
        return ClaimRow(claim.claim, claim.question, predicted, NOT_YET, "")
    answer = result.answer
    told = answer if isinstance(answer, str) else f"{result.written(answer)} {claim.unit}"
    measured = told or "yours to judge"
    whose = measured if own else f"{measured} ({BEFOREHAND})"
    return ClaimRow(claim.claim, claim.question, predicted, whose, result.verdict, own)


def run_rows(run: Trained) -> list[tuple[str, ...]]:
    """A run's last moment, a column for each lane: what, λ = 0, yours."""
    last = [points[-1] for points in run.points]
    lanes = range(len(last))
    head = ("", *(f"λ = {strength_text(lane.strength)}" for lane in run.spec.lanes))
    rows = [
        head,
        ("data loss", *(_short(point.data_loss) for point in last)),
        ("penalty", *(_short(point.penalty) for point in last)),
        ("exactly zero", *(percent(run.zero_percent(lane) / 100.0) for lane in lanes)),
        ("of all weights", *(kinds_told([run], lane) for lane in lanes)),
    ]
    return [*rows, (f"validation {last[0].score.kind}", *(percent_off(point.score) for point in last))]


def check_rows(before: Answers | None, after: Answers | None) -> list[tuple[str, str, str]]:
    """Each topic with what became of its questions before and after: right, wrong, or not answered."""
    return [
        (topic, _mark("before", before, name), _mark("after", after, name)) for name, topic in TOPICS.items()
    ]


def sentences(
    run: Trained | None, claims: Iterable[ClaimRow], before: Answers | None, after: Answers | None
) -> tuple[str, str, str]:
    """The reader's own figures in three sentences: their network, their guesses, their answers."""
    return _network_sentence(run), _claims_sentence(list(claims)), _check_sentence(before, after)


def _network_sentence(run: Trained | None) -> str:
    if run is None:
        return "You have trained no network on Train live yet."
    last, what = len(run.spec.lanes) - 1, run_rows(run)[-1]
    zeros = percent(run.zero_percent(last) / 100.0)
    return (
        f"{'At the end' if run.done else 'So far'}, at λ = "
        f"{strength_text(run.spec.lanes[last].strength)}, {zeros} of your network's weights were exactly "
        f"zero, and its {what[0]} was {what[-1]}; without penalty it was {what[1]}."
    )


def _claims_sentence(claims: Sequence[ClaimRow]) -> str:
    measured = [row for row in claims if row.own]
    guessed = next((row for row in measured if row.predicted != NO_GUESS), None)
    if guessed is not None:
        # With its question: of another network than the first sentence's, the number would contradict it.
        return (
            f"“{guessed.claim}” {guessed.question} You guessed {guessed.predicted} and measured "
            f"{guessed.measured}."
        )
    seen = sum(row.measured != NOT_YET for row in claims) - len(measured)
    looked = f"looked at {seen} result{'' if seen == 1 else 's'} {BEFOREHAND}, and " if seen else ""
    own = str(len(measured)) if measured else "none"
    return f"Of {len(claims)} claims you have {looked}run {own} yourself{'' if measured else ' yet'}."


def _check_sentence(before: Answers | None, after: Answers | None) -> str:
    if before is None or after is None:
        return "The twelve questions are not all answered yet."
    return (
        f"You had {score('before', before)} of {len(TOPICS)} questions right before the lesson, and "
        f"{score('after', after)} of {len(TOPICS)} others after it."
    )


def _mark(moment: Moment, answers: Answers | None, name: str) -> str:
    if answers is None or name not in answers:
        return "–"
    return "right" if answers[name] == QUESTIONS[moment][name].right else "wrong"


def _short(value: float) -> str:
    return f"{value:.3g}".replace("e-0", "e-")


def _with_unit(value: float | str, unit: str) -> str:
    return value if isinstance(value, str) else f"{value:.3g} {unit}"


def described(run: Trained) -> str:
    """A run's settings in a line."""
    spec, lane = run.spec, run.spec.lanes[-1]
    words = (
        DATASETS[spec.dataset].name,
        MODELS[spec.model].name,
        PENALTIES[lane.penalty].name,
        method_and_optimizer(lane.method, lane.optimizer),
    )
    return (
        f"{', '.join(words)}; η = {lane.learning_rate:g}, batches of {spec.batch_size}, seed {spec.seed}, "
        f"update {run.points[-1][-1].step:,}"
    )
