"""Events: what a person changed and what went wrong with a lane, each in one sentence for a person."""

from core.snapshots import Event
from core.spec import LAYERS, LaneSpec, strength_text
from core.training.lane import Lane

COLLAPSE_ZEROS = 0.999
"""From this share of exact zeros on, a network that only guesses has collapsed."""


def diverged(run: str, lane: int, step: int, spec: LaneSpec) -> Event:
    """The event of a lane whose loss is no longer finite."""
    text = (
        f"The loss of lane {lane} is no longer finite at step {step}, so the lane stopped: its updates "
        f"overshoot. Start again with a learning rate below {spec.learning_rate:g}."
    )
    return Event(run=run, lane=lane, step=step, kind="diverged", text=text)


def collapse(run: str, index: int, step: int, lane: Lane, score: float, guessing: float) -> list[Event]:
    """The event of a lane that has just collapsed, or just come back; none otherwise.

    `score` is that of its last updates, `guessing` that of the best constant answer.
    """
    if not lane.collapsed and lane.loss.only_guesses(score, guessing):
        if lane.zero_share() >= COLLAPSE_ZEROS:
            lane.collapsed = True
            return [Event(run=run, lane=index, step=step, kind="collapsed", text=_why_collapsed(lane.spec))]
    elif lane.collapsed and lane.loss.beats_guessing(score, guessing) and lane.zero_share() < COLLAPSE_ZEROS:
        lane.collapsed = False
        text = f"Lane {index} has come back: weights have left zero and it does better than guessing again."
        return [Event(run=run, lane=index, step=step, kind="recovered", text=text)]
    return []


def _why_collapsed(spec: LaneSpec) -> str:
    cure = "a smaller λ" if spec.warmup else "a smaller λ or a warm-up"
    return (
        f"At λ = {strength_text(spec.strength)} nearly every penalised weight is zero and the network only "
        "guesses: λ was too large too early. A network of zeros has zero gradient and does not come back: "
        f"start again with {cure}."
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
            text=f"{_LABELS.get(field, field)} {_said(getattr(old, field))} → {_said(getattr(new, field))}",
        )
        for field in LaneSpec.model_fields
        if getattr(old, field) != getattr(new, field)
    ]


_LABELS = {"strength": "λ", "layers": "penalised layers", "include_bias": "biases penalised"}


def _written(value: object) -> str:
    if isinstance(value, frozenset):
        return ".".join(name for name in LAYERS if name in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _said(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(name for name in LAYERS if name in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return strength_text(value) if isinstance(value, float) else str(value)
