"""What a lane looked like at one step, and what was done to it: plain records, ⇄ JSON."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

EPSILONS = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
"""The bounds for which the share of nearly-zero weights is reported."""

BINS = 60
"""Histogram bins per layer, equally wide, symmetric about zero."""

EventKind = Literal["change", "diverged", "collapsed", "recovered"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LayerSnapshot(_Record):
    """One layer's weights (biases not counted) at one step.

    Attributes:
        weights: how many there are.
        zeros: how many are exactly zero.
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
    targeted: bool
    norm: float
    below: tuple[float, ...]
    units: int
    dead: int
    limit: float
    counts: tuple[int, ...]


class Optimality(_Record):
    """How near a lane was to an optimum of its objective at one step, over all training images.

    A network of nothing but zeros is stationary too, so these numbers belong beside the accuracy.

    Attributes:
        step: at which the weights were looked at; not later than the snapshot's.
        strength: the λ in force then, > 0.
        kkt_max, kkt_mean: the largest and the mean KKT residual of the penalised weights, in units of λ.
        noise: how far a batch's gradient typically is from that of all images: the standard error, mean over
            the penalised weights, in the units of λ. 0 where each update uses all images.
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
        norm: R(w), the penalty without λ, over the targeted parameters.
        data_loss: mean over the batches of the last updates (at most LOSS_WINDOW): cross-entropy in nats,
            or squared error in units of (45°)².
        penalty: strength · norm.
        total: data_loss + penalty.
        train_accuracy: share of right answers in the same batches, in [0, 1]; None where angles are told.
        test_accuracy: share of right answers on all test images, in [0, 1], measured at `test_step`.
        train_error, test_error: the same for angles: mean absolute error in degrees; None for labels.
        test_step: the step at which the test images were last looked at.
        layers: by name, from input to output.
        kernels: the first layer's weights, one row per filter or unit, row-major; none where they are many.
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
    train_accuracy: float | None = None
    test_accuracy: float | None = None
    train_error: float | None = None
    test_error: float | None = None
    test_step: int
    layers: dict[str, LayerSnapshot]
    kernels: tuple[tuple[float, ...], ...]
    optimality: Optimality | None = None

    @model_validator(mode="after")
    def _one_pair_of_scores(self) -> Self:
        right, off = (self.train_accuracy, self.test_accuracy), (self.train_error, self.test_error)
        if sorted([right.count(None), off.count(None)]) != [0, 2]:
            raise ValueError("either both accuracies or both errors must be given")
        return self


class Event(_Record):
    """Something that happened to a lane between two steps; a mark in every chart.

    Attributes:
        kind: `change` (a person changed `field`), `diverged` (loss not finite, the lane stopped),
            `collapsed` (nearly all weights zero, no better than guessing), `recovered` from that.
        lane: its index; `step`: updates done when it happened.
        field, old, new: for `change`, as written in the spec.
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
