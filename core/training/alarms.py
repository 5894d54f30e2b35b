"""Events: what a person changed and what went wrong with a lane, each in one sentence for a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.snapshots import Event
from core.spec import LAYERS, LaneSpec, strength_text
from core.training.lane import Lane, Recent

COLLAPSE_ZEROS = 0.999
"""From this share of exact zeros on, a network that only guesses has collapsed."""

PATIENCE = 320
"""Updates after which a network without penalty that still guesses will not learn: it needs 30 on digits."""


def diverged(run: str, lane: int, step: int, spec: LaneSpec) -> Event:
    """The event of a lane whose loss is no longer finite."""
    text = (
        f"The loss of lane {lane} is no longer finite at step {step}, so the lane stopped: its updates "
        f"overshoot. Start again with a learning rate below {spec.learning_rate:g}."
    )
    return Event(run=run, lane=lane, step=step, kind="diverged", text=text)


@dataclass(frozen=True)
class Signs:
    """What tells a collapse, and its cause.

    Attributes:
        score: of the last updates.
        guessing: the score of the best constant answer.
        strength: the λ in force.
        plain_guesses: whether a lane at λ = 0 in the same run, updated the same way, only guesses too; None
            where there is none to tell.
    """

    score: float
    guessing: float
    strength: float
    plain_guesses: bool | None


@dataclass(frozen=True)
class Seen:
    """A lane as it is now, with its index and the λ in force."""

    index: int
    lane: Lane
    recent: Recent
    strength: float


def collapses(run: str, step: int, seen: Sequence[Seen], guessing: float) -> list[Event]:
    """The events of the lanes that have just collapsed, or come back; those that diverged have none.

    Args:
        run: its id.
        step: updates done.
        seen: the lanes that trained up to now.
        guessing: the score of the best constant answer.
    """
    events: list[Event] = []
    for each in (each for each in seen if not each.lane.diverged):
        signs = Signs(each.recent.score, guessing, each.strength, _plain_guesses(each, seen, guessing))
        events += _collapse(run, each.index, step, each.lane, signs)
    return events


def _plain_guesses(lane: Seen, seen: Sequence[Seen], guessing: float) -> bool | None:
    plain = [
        each
        for each in seen
        if each.lane.spec.strength == 0.0 and _rule(each.lane.spec) == _rule(lane.lane.spec)
    ]
    return any(each.lane.loss.only_guesses(each.recent.score, guessing) for each in plain) if plain else None


def _rule(spec: LaneSpec) -> tuple[str, float, float]:
    return spec.optimizer, spec.learning_rate, spec.momentum


def _collapse(run: str, index: int, step: int, lane: Lane, signs: Signs) -> list[Event]:
    if not lane.collapsed and lane.loss.only_guesses(signs.score, signs.guessing):
        # In its first updates no lane has learned anything: whose fault it is shows later.
        to_blame = not signs.plain_guesses or step >= PATIENCE
        if to_blame and lane.zero_share() >= COLLAPSE_ZEROS:
            lane.collapsed = True
            text = _why_collapsed(lane.spec, signs)
            return [Event(run=run, lane=index, step=step, kind="collapsed", text=text)]
    elif (
        lane.collapsed
        and lane.loss.beats_guessing(signs.score, signs.guessing)
        and lane.zero_share() < COLLAPSE_ZEROS
    ):
        lane.collapsed = False
        text = f"Lane {index} has come back: weights have left zero and it does better than guessing again."
        return [Event(run=run, lane=index, step=step, kind="recovered", text=text)]
    return []


def _why_collapsed(spec: LaneSpec, signs: Signs) -> str:
    if signs.plain_guesses:
        return (
            "Nearly every penalised weight is zero and the network only guesses, but so does the network "
            f"without penalty: not λ is to blame but the learning rate. Set it below {spec.learning_rate:g} "
            "and press Reset."
        )
    warming = signs.strength < spec.strength
    at = f"λ = {strength_text(signs.strength)}{', still warming up,' if warming else ''}"
    cure = "a longer warm-up" if spec.warmup else "a warm-up"
    if signs.plain_guesses is None:
        return (
            f"At {at} nearly every penalised weight is zero and the network only guesses. λ was too large "
            "too early, or the learning rate is too large: without a network at λ = 0 beside it nobody can "
            "tell. "
            f"Choose a smaller λ, {cure} or a learning rate below {spec.learning_rate:g} and press Reset."
        )
    return (
        f"At {at} nearly every penalised weight is zero and the network only guesses: λ was too large too "
        "early. A dead network gets next to no gradient: it stays dead even at a λ far below; at λ near 0 it "
        f"may start anew. Choose a smaller λ or {cure} and press Reset."
    )


def changes(run: str, lane: int, step: int, old: LaneSpec, new: LaneSpec) -> list[Event]:
    """One event for each field in which `new` differs from `old`."""
    return [
        Event(
            run=run,
            lane=lane,
            step=step,
            kind="change",
            field=field,
            old=_written(getattr(old, field)),
            new=_written(getattr(new, field)),
            text=_told(field, getattr(old, field), getattr(new, field)),
        )
        for field in LaneSpec.model_fields
        if getattr(old, field) != getattr(new, field)
    ]


def _told(field: str, old: object, new: object) -> str:
    if isinstance(old, frozenset) and isinstance(new, frozenset):
        freed, added = ([name for name in LAYERS if name in some] for some in (old - new, new - old))
        said = [f"{', '.join(freed)} freed"] if freed else []
        return "; ".join([*said, f"{', '.join(added)} penalised"] if added else said)
    return f"{_LABELS.get(field, field)} {_said(old)} → {_said(new)}"


_LABELS = {"strength": "λ", "include_bias": "biases penalised"}


def _written(value: object) -> str:
    if isinstance(value, frozenset):
        return ".".join(name for name in LAYERS if name in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return strength_text(value) if isinstance(value, float) else str(value)
