"""The class's own experiment: base settings, the one field left to students, and what each choice trains."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from core.refusals import Checked, Count, shown
from core.spec import MAX_LANES, LaneSpec, RunSpec, strength_text
from core.words import METHODS, OPTIMIZERS, PENALTIES, method_and_optimizer

FieldKind = Literal["strength", "layers", "method", "penalty"]

ALL_LAYERS = ("conv1", "conv2", "fc1", "fc2")

CHOICES: Mapping[FieldKind, tuple[Any, ...]] = MappingProxyType(
    {
        "strength": (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2),
        "layers": (*((each,) for each in ALL_LAYERS), ("conv1", "conv2"), ("fc1", "fc2"), ALL_LAYERS),
        "method": ("textbook", "proximal", "clip_and_kill"),
        "penalty": ("l1", "l2", "elastic_net", "group_lasso"),
    }
)
"""What students choose from, unless the lecturer says otherwise."""

MOST_SEEDS = 3
"""As many runs one owner may have going and waiting."""

ZERO = -1
"""Stands for λ = 0 where a choice has its index."""

BASE = LaneSpec(optimizer="sgd", learning_rate=0.05, strength=1e-3)
"""What all choices share unless told otherwise: the optimizer of most claims' proximal lanes."""


class Experiment(Checked):
    """What a class trains: one lane for each setting that can be chosen, and λ = 0, once a seed.

    Every setting on offer is trained, whoever chose it: so nothing that is seen before the reveal, the time
    it takes included, tells what the class has chosen.

    Attributes:
        field: what is left to students.
        values: what they choose from.
        base: everything else.
        epochs: passes over the images.
        seeds: how many; seat n gets seed n mod this.
    """

    field: FieldKind = "strength"
    values: Annotated[tuple[Any, ...], Field(min_length=2, max_length=MAX_LANES - 1)] = CHOICES["strength"]
    base: LaneSpec = BASE
    epochs: Annotated[Count, Field(ge=1, le=200)] = 30
    seeds: Annotated[Count, Field(ge=1, le=MOST_SEEDS)] = MOST_SEEDS

    @model_validator(mode="after")
    def _values_fit(self) -> "Experiment":
        for value in self.values:
            self.lane(value)
        if len(set(self.labels)) < len(self.values):
            raise ValueError(f"values must differ from each other, got {shown(', '.join(self.labels))}")
        return self

    def lane(self, value: Any) -> LaneSpec:
        """What a choice trains. Raises SpecError."""
        return self.base.changed(**{self.field: value})

    @property
    def lanes(self) -> tuple[LaneSpec, ...]:
        """λ = 0 and one lane for each setting: choices that are the same setting share one."""
        zero = self.base.without_penalty()
        return tuple(dict.fromkeys([zero, *(self._canonical(value, zero) for value in self.values)]))

    def lane_of(self, choice: int) -> int:
        """Which lane a choice, or ZERO, is."""
        if choice == ZERO:
            return 0
        return self.lanes.index(self._canonical(self.values[choice], self.base.without_penalty()))

    def _canonical(self, value: Any, zero: LaneSpec) -> LaneSpec:
        lane = self.lane(value)
        return zero if lane.strength == 0.0 or lane.penalty == "none" or not lane.layers else lane

    def has(self, choice: int, seed: int) -> bool:
        """Whether there is such a dot on the board."""
        return choice in range(ZERO, len(self.values)) and seed in range(self.seeds)

    def specs(self) -> tuple[RunSpec, ...]:
        """One run a seed."""
        seeds = range(self.seeds)
        return tuple(RunSpec(seed=seed, epochs=self.epochs, lanes=self.lanes) for seed in seeds)

    @property
    def labels(self) -> tuple[str, ...]:
        """The choices as a student reads them."""
        return tuple(map(self._label, self.values))

    @property
    def setup(self) -> str:
        """What all choices share, in a sentence."""
        kind = method_and_optimizer(self.base.method, self.base.optimizer)
        by = OPTIMIZERS[self.base.optimizer].name if self.field == "method" else kind
        return f"{self.epochs} epochs, {by} at η\u00a0=\u00a0{self.base.learning_rate:g}."

    def _label(self, value: Any) -> str:
        if self.field == "strength":
            return f"λ = {strength_text(float(value))}"
        if self.field == "layers":
            return ", ".join(value) if len(value) < len(ALL_LAYERS) else "all layers"
        return METHODS[value].name if self.field == "method" else PENALTIES[value].name
