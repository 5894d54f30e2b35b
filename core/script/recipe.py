"""What a script has to say of a run: each setting once, and only those that have an effect.

A setting that all lanes share becomes a constant at the top of the script; one that differs between lanes,
or changed while the run went, becomes a field of its lanes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.refusals import SpecError
from core.snapshots import Event
from core.spec import (
    GROUP_PENALTIES,
    LAYERS,
    LIVE_FIELDS,
    MIXTURES,
    TRAIN_IMAGES,
    LaneSpec,
    RunSpec,
    strength_text,
)
from core.words import pruning_name

PENALTY_FIELDS = (
    "method",
    "penalty",
    "alpha",
    "strength",
    "layers",
    "multipliers",
    "include_bias",
    "warmup",
    "freeze",
    "polish",
)
"""What of a lane means nothing when nothing is penalised."""


@dataclass(frozen=True)
class Change:
    """What a person changed in a going run: after `step` updates, `field` of a lane became `value`."""

    step: int
    lane: int
    field: str
    value: Any


@dataclass(frozen=True)
class Recipe:
    """A run as its script tells it.

    Attributes:
        spec: the run's settings when it started.
        lanes: its lanes, with settings that have no effect made equal to those of the others.
        penalised: for each lane, whether anything pulls at its weights at any time.
        changes: for each lane, what changed while it went.
    """

    spec: RunSpec
    lanes: tuple[LaneSpec, ...]
    penalised: tuple[bool, ...]
    changes: tuple[tuple[Change, ...], ...]

    @property
    def lane(self) -> LaneSpec:
        """The lane that speaks for all: the first that is penalised, or the first."""
        return self.lanes[self.penalised.index(True)] if any(self.penalised) else self.lanes[0]

    def used(self, field: str) -> set[Any]:
        """The values that a field of the lanes takes; none when no lane uses it."""
        if field in PENALTY_FIELDS and not any(self.penalised):
            return set()
        values = {getattr(lane, field) for lane in self.lanes}
        return values | {change.value for each in self.changes for change in each if change.field == field}

    def differs(self, field: str) -> bool:
        """Whether lanes differ in a field, or it changed; λ is told for each lane in any case."""
        return len(self.used(field)) > 1 or (field == "strength" and any(self.penalised))

    def shares(self, field: str) -> bool:
        """Whether all lanes have the same value of a field, and a use for it."""
        return len(self.used(field)) == 1 and not self.differs(field)

    def states(self) -> list[LaneSpec]:
        """All that lanes are at any time: as they start, and after each change."""
        states: list[LaneSpec] = []
        for lane, changes in zip(self.lanes, self.changes, strict=True):
            states.append(lane)
            for each in changes:
                states.append(states[-1].model_copy(update={each.field: each.value}))
        return states

    def names(self) -> list[str]:
        """What each lane is called: its λ, and what else tells it from the others; no two alike."""
        fields = [name for name in ("method", "penalty", "optimizer", "learning_rate") if self.differs(name)]
        names = []
        for lane, penalised in zip(self.lanes, self.penalised, strict=True):
            strength = f"λ = {strength_text(lane.strength)}"
            rest = [str(getattr(lane, each)).replace("_", " ") for each in fields]
            pruned = [pruning_name(lane)] if lane.prune else []
            names.append(", ".join([strength, *rest, *pruned] if penalised else pruned or [strength]))
        alike = len(set(names)) < len(names)
        return [f"lane {i}: {name}" for i, name in enumerate(names)] if alike else names


def recipe(spec: RunSpec, changes: Iterable[Change] = ()) -> Recipe:
    """What a script has to say of a run, with what changed while it went."""
    if spec.train_size == TRAIN_IMAGES[spec.dataset]:
        spec = spec.model_copy(update={"train_size": 0})
    live = list(changes)
    of_lane = [tuple(each for each in live if each.lane == lane) for lane in range(len(spec.lanes))]
    penalised = [_is_penalised(spec, *each) for each in zip(spec.lanes, of_lane, strict=True)]
    kept = [
        tuple(_felt(spec, lane, each)) if on else ()
        for lane, on, each in zip(spec.lanes, penalised, of_lane, strict=True)
    ]
    lanes = [_plain(spec, lane) for lane in spec.lanes]
    speaker = lanes[penalised.index(True)] if any(penalised) else lanes[0].without_penalty()
    shared = {name: getattr(speaker, name) for name in PENALTY_FIELDS} | {"strength": 0.0}
    lanes = [
        lane if on else lane.model_copy(update=shared) for lane, on in zip(lanes, penalised, strict=True)
    ]
    return Recipe(spec, tuple(lanes), tuple(penalised), tuple(kept))


def as_started(spec: RunSpec, events: Sequence[Event]) -> tuple[RunSpec, tuple[Change, ...]]:
    """A run's settings before anybody changed them, and the changes, from its settings now and its events."""
    lanes = list(spec.lanes)
    changes: list[Change] = []
    for event in reversed([each for each in events if each.kind == "change"]):
        if event.field in LIVE_FIELDS and event.lane < len(lanes):
            changes.insert(
                0, Change(event.step, event.lane, event.field, _read(lanes[event.lane], event, "new"))
            )
            old = _read(lanes[event.lane], event, "old")
            lanes[event.lane] = lanes[event.lane].model_copy(update={event.field: old})
    return spec.model_copy(update={"lanes": tuple(lanes)}), tuple(changes)


def _read(lane: LaneSpec, event: Event, which: str) -> Any:
    text = getattr(event, which)
    value = {"layers": text.split(".") if text else [], "include_bias": text == "true"}.get(event.field, text)
    return getattr(lane.changed(**{event.field: value}), event.field)


def _is_penalised(spec: RunSpec, lane: LaneSpec, changes: Sequence[Change]) -> bool:
    strengths = [lane.strength, *(each.value for each in changes if each.field == "strength")]
    targets = lane.layers.union(*(each.value for each in changes if each.field == "layers"))
    acting = [name for name in targets.intersection(spec.layer_names) if lane.multiplier(name)]
    return lane.penalty != "none" and any(strengths) and bool(acting)


def _plain(spec: RunSpec, lane: LaneSpec) -> LaneSpec:
    """The lane, with what has no effect in it as by default."""
    update: dict[str, Any] = {"layers": lane.layers.intersection(spec.layer_names)}
    update["multipliers"] = tuple(pair for pair in lane.multipliers if pair[0] in spec.layer_names)
    if lane.penalty not in MIXTURES:
        update["alpha"] = LaneSpec().alpha
    if lane.optimizer != "sgd":
        update["momentum"] = LaneSpec().momentum
    if not lane.prune:
        update["prune_rounds"] = LaneSpec().prune_rounds
    return lane.model_copy(update=update)


def _felt(spec: RunSpec, lane: LaneSpec, changes: Iterable[Change]) -> Iterator[Change]:
    """The changes that change anything in this run's network."""
    lane = _plain(spec, lane)
    for each in changes:
        value = each.value & frozenset(spec.layer_names) if each.field == "layers" else each.value
        if value != getattr(lane, each.field):
            lane = lane.model_copy(update={each.field: value})
            yield Change(each.step, each.lane, each.field, value)


def ordered(layers: Iterable[str]) -> list[str]:
    """Layer names from input to output."""
    chosen = set(layers)
    return [name for name in LAYERS if name in chosen]


def supported(told: Recipe) -> None:
    """Raise SpecError, one sentence, when a setting has no script yet."""
    if "fista" in {lane.method for lane in told.spec.lanes}:
        raise SpecError("fista has no script yet: choose another method.")
    if told.spec.fold:
        raise SpecError("A run with a third of its training images held out has no script: set fold to 0.")
    if in_groups(told) and not _pairs_only(told):
        raise SpecError(
            "Biases penalised in groups have a script only if all networks have them from start to end, with "
            "one optimizer and not clip_and_kill."
        )


def in_groups(told: Recipe) -> bool:
    """Whether a penalty by groups has biases among its members, in any lane at any time."""
    return any(
        lane.penalty in GROUP_PENALTIES
        and (lane.include_bias or any(each.field == "include_bias" and each.value for each in changes))
        for lane, changes in zip(told.lanes, told.changes, strict=True)
    )


def _pairs_only(told: Recipe) -> bool:
    """Whether what is penalised is a weight with its bias everywhere, and the method one that takes pairs."""
    alike = told.used("include_bias") == {True} and told.used("penalty") <= GROUP_PENALTIES
    return alike and len(told.used("optimizer")) == 1 and "clip_and_kill" not in told.used("method")
