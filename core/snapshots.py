"""What a lane looked like at one step, and what was done to it: plain records, ⇄ JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

EPSILONS = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
"""The bounds for which the share of nearly-zero weights is reported."""

BINS = 60
"""Histogram bins per layer, equally wide, symmetric about zero."""

EventKind = Literal["change", "diverged", "collapsed", "recovered", "resumed", "branched"]
ScoreKind = Literal["accuracy", "error"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Zeros:
    """Exact zeros by what made them. The two smaller kinds are None while nobody knows them.

    Attributes:
        all: every one.
        idle: had no gradient of the data loss in any update of this run so far: a pixel that is always black,
            a unit that no image has reached; λ may have silenced it before one did.
        cut_off: had one once, and none through the last whole epoch: their unit died, or nobody reads it.
    """

    all: int
    idle: int | None
    cut_off: int | None

    @property
    def selected(self) -> int | None:
        """Pulled to zero against a gradient of the data loss: the others."""
        return None if self.by_kind is None else self.by_kind["selected"]

    @property
    def by_kind(self) -> dict[str, int] | None:
        """Selected, cut off and idle, by the names of `core.words.ZEROS`; None where nobody knows."""
        if self.idle is None or self.cut_off is None:
            return None
        selected = self.all - self.idle - self.cut_off
        return {"selected": selected, "cut_off": self.cut_off, "idle": self.idle}

    @classmethod
    def total(cls, each: Iterable[Self]) -> Self:
        """Of several layers, added up."""
        some = list(each)
        return cls(
            sum(zeros.all for zeros in some),
            _total(zeros.idle for zeros in some),
            _total(zeros.cut_off for zeros in some),
        )


def _total(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(count for count in known if count is not None)


class LayerSnapshot(_Record):
    """One layer's weights (biases not counted) at one step.

    Attributes:
        weights: how many there are.
        zeros: how many are exactly zero.
        idle, cut_off: how many of these are, see `Zeros`; None until every training image was seen once, and
            in runs of before this was noted.
        targeted: whether the penalty acts on this layer now.
        norm: Σ|w|.
        below: for each of EPSILONS, the share of weights with |w| < ε, in [0, 1].
        units: filters of a convolution, units of a fully connected layer.
        dead: units whose incoming weights are all exactly zero.
        limit: the histogram spans [−limit, limit]; fixed during a run, the same for all lanes.
        counts: weights per bin (BINS of them), exact zeros left out; the two outermost bins also
            hold what lies beyond the limit.
    """

    weights: int
    zeros: int
    idle: int | None = None
    cut_off: int | None = None
    targeted: bool
    norm: float
    below: tuple[float, ...]
    units: int
    dead: int
    limit: float
    counts: tuple[int, ...]

    @property
    def kinds(self) -> Zeros:
        """The exact zeros, by what made them."""
        return Zeros(self.zeros, self.idle, self.cut_off)


@dataclass(frozen=True, slots=True)
class Score:
    """How well a lane answers: on images it learns from, on those it is watched on, at last on new ones.

    Attributes:
        kind: `accuracy` for labels, the share of right answers, in [0, 1]; `error` for angles, the mean
            absolute error in degrees.
        train: in the batches of the last updates.
        valid: on all validation images, when they were last looked at; n_valid: how many there are.
        test: on all test images, looked at once, after the run's last update; None before.
        n_test: how many there are.
    """

    kind: ScoreKind
    train: float
    valid: float
    n_valid: int
    test: float | None = None
    n_test: int = 0


@dataclass(frozen=True, slots=True)
class Optimality:
    """How near a lane was to an optimum of its objective at one step, over all training images.

    A network of nothing but zeros is stationary too, so these numbers belong beside the accuracy.

    Attributes:
        step: at which the weights were looked at; not later than the snapshot's.
        strength: the λ in force then, > 0.
        kkt_max, kkt_mean: the largest and the mean KKT residual of the penalised weights, in units of λ.
        noise: how far a batch's gradient typically is from that of all images: the standard error, root mean
            square over the penalised weights, in the units of λ. 0 where each update uses all images.
        gap: the duality gap of a linear model with L1 and cross-entropy, ≥ objective − least objective.
        strength_max: λ_max of a linear model, from which on all penalised weights are zero.
    """

    step: int
    strength: float
    kkt_max: float
    kkt_mean: float
    noise: float
    gap: float | None
    strength_max: float | None


class Snapshot(_Record):
    """One lane of one run at one step.

    Attributes:
        run: the run's id.
        lane: its index in the spec.
        step: updates done.
        epoch: passes done over the training images; fractional.
        strength: the λ in force at this step (it is below the spec's during warm-up).
        norm: R(w), the penalty without λ, over the targeted parameters; without a penalty Σ|w| of all;
            mean over the same updates as the data loss, of the weights that it was measured on.
        data_loss: mean over the batches of the last updates (at most LOSS_WINDOW): cross-entropy in nats,
            or squared error in units of (45°)²; of the last one alone where each sees all images.
        penalty: strength · norm.
        total: data_loss + penalty.
        score: in the same batches, on the validation images, and at the end on the test images.
        valid_step: the step at which the validation images were last looked at.
        layers: by name, from input to output.
        kernels: the first layer's weights, one row per filter or unit, row-major; none where they are many.
        kernel_kinds: what made each zero of `kernels`, a digit for each weight: 1 idle, 2 cut off, else 0;
            "" while nobody knows.
        optimality: the last look at how near it is to an optimum; None without λ, or before the first.
    """

    run: str
    lane: int
    step: int
    epoch: float
    strength: float
    norm: float
    data_loss: float
    penalty: float
    total: float
    score: Score
    valid_step: int
    layers: dict[str, LayerSnapshot]
    kernels: tuple[tuple[float, ...], ...]
    kernel_kinds: str = ""
    optimality: Optimality | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A lane's place on the curves at one step: what is kept of its snapshot, field by field as there.

    Attributes:
        zeros, dead: of `LayerSnapshot`, by layer, from input to output.
        idle, cut_off: the same; None where they are not known.
        text: what just happened, in a sentence; of the last lane of a step only, else "".
    """

    lane: int
    step: int
    epoch: float
    strength: float
    norm: float
    data_loss: float
    penalty: float
    total: float
    score: Score
    valid_step: int
    zeros: Mapping[str, int]
    dead: Mapping[str, int]
    idle: Mapping[str, int] | None
    cut_off: Mapping[str, int] | None
    optimality: Optimality | None
    text: str = ""

    @classmethod
    def of(cls, snapshot: Snapshot, text: str = "") -> Self:
        """What is kept of a snapshot."""
        layers = snapshot.layers
        return cls(
            snapshot.lane,
            snapshot.step,
            snapshot.epoch,
            snapshot.strength,
            snapshot.norm,
            snapshot.data_loss,
            snapshot.penalty,
            snapshot.total,
            snapshot.score,
            snapshot.valid_step,
            {name: layer.zeros for name, layer in layers.items()},
            {name: layer.dead for name, layer in layers.items()},
            _by_layer({name: layer.idle for name, layer in layers.items()}),
            _by_layer({name: layer.cut_off for name, layer in layers.items()}),
            snapshot.optimality,
            text,
        )

    @property
    def n_zeros(self) -> int:
        """Weights that are exactly zero, in all layers, biases not counted."""
        return sum(self.zeros.values())

    @property
    def kinds(self) -> Zeros:
        """These weights, by what made them zero."""
        idle, cut_off = self.idle, self.cut_off
        return Zeros(
            self.n_zeros,
            None if idle is None else sum(idle.values()),
            None if cut_off is None else sum(cut_off.values()),
        )


def _by_layer(counts: Mapping[str, int | None]) -> dict[str, int] | None:
    known = {name: count for name, count in counts.items() if count is not None}
    return known if len(known) == len(counts) else None


@dataclass(frozen=True, slots=True)
class Frame:
    """A lane's layers and kernels at one step: the large part of a snapshot, shown as it is now."""

    lane: int
    step: int
    layers: Mapping[str, LayerSnapshot]
    kernels: Sequence[Sequence[float]]
    kernel_kinds: str = ""

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """What is shown of a snapshot as long as no later one is there."""
        return cls(snapshot.lane, snapshot.step, snapshot.layers, snapshot.kernels, snapshot.kernel_kinds)

    @property
    def weights(self) -> int:
        """How many weights there are in all layers, without biases."""
        return sum(layer.weights for layer in self.layers.values())

    @property
    def n_zeros(self) -> int:
        """How many of them are exactly zero."""
        return sum(layer.zeros for layer in self.layers.values())

    @property
    def kinds(self) -> Zeros:
        """These weights, by what made them zero."""
        return Zeros.total(layer.kinds for layer in self.layers.values())


class Event(_Record):
    """Something that happened to a lane between two steps; a mark in every chart.

    Attributes:
        kind: `change` (a person changed `field`), `diverged` (loss not finite, the lane stopped),
            `collapsed` (nearly all weights zero, no better than guessing), `recovered` from that, `resumed`
            (its process had died, and it goes on in another; the numbers are as without), `branched` (up to
            here it is another run's past).
        lane: its index; `step`: updates done when it happened.
        field, old, new: for `change`, as written in the spec; `old` for `branched`: `mark_of` the other run.
        text: one sentence for a person.
    """

    run: str
    lane: int
    step: int
    kind: EventKind
    text: str
    field: str = ""
    old: str = ""
    new: str = ""
