"""One update in slow motion: made on a copy of the lane, with every sub-step noted."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from core.training.inspect.fields import Fields
from core.training.inspect.moment import Answer, Moment, QuestionError, rounded
from core.training.lane import Lane
from core.training.loop import Experiment
from core.training.method import Method
from core.training.penalties import Penalty

MOST_WEIGHTS = 64


@dataclass(frozen=True)
class _Noted(Penalty):
    """A penalty that notes what it was asked: where the weights were before the shrink, and its threshold."""

    inner: Penalty = field(kw_only=True)
    stepped: dict[int, Tensor] = field(default_factory=dict)
    thresholds: dict[int, Tensor] = field(default_factory=dict)

    def value(self, w: Tensor) -> Tensor:
        self.stepped[id(w)] = w.detach().clone()
        return self.inner.value(w)

    def prox(self, v: Tensor, threshold: float | Tensor) -> Tensor:
        self.stepped[id(v)] = v.detach().clone()
        self.thresholds[id(v)] = torch.as_tensor(threshold).detach().clone().expand(v.shape)
        return self.inner.prox(v, threshold)

    def residual(self, w: Tensor, gradient: Tensor, strength: float) -> Tensor:
        return self.inner.residual(w, gradient, strength)


class _Slow:
    """Stands in for a lane's method: notes loss and gradient, then lets the method do its update."""

    def __init__(self, method: Method, parameters: Sequence[nn.Parameter]) -> None:
        self._method = method
        self._parameters = parameters
        self.loss = 0.0
        self.gradients: dict[int, Tensor] = {}

    def __getattr__(self, name: str) -> Any:
        # All but the update is the method's own.
        return getattr(self._method, name)

    def update(
        self,
        data_loss: Tensor,
        penalty: Penalty,
        targets: Sequence[nn.Parameter],
        strengths: Sequence[float],
    ) -> None:
        self.loss = float(data_loss.detach())
        slopes = torch.autograd.grad(data_loss, self._parameters, retain_graph=True)
        self.gradients = {id(w): slope for w, slope in zip(self._parameters, slopes, strict=True)}
        self._method.update(data_loss, penalty, targets, strengths)


@dataclass(frozen=True)
class Update:
    """One update of the weights of one layer, all tensors of its shape.

    Attributes:
        loss: the data loss of its batch, or of all images, before it.
        strength: λ.
        before, gradient: the weights, and the slope of the data loss.
        stepped: after the optimizer's step; the same as `after` where the method has no shrink of its own.
        threshold: how far each weight was pulled towards zero after that; None where there was no shrink.
        after: at the end.
    """

    loss: float
    strength: float
    before: Tensor
    gradient: Tensor
    stepped: Tensor
    threshold: Tensor | None
    after: Tensor


def one_update(experiment: Experiment, index: int, layer: str) -> Update:
    """The next update of a lane, made on a copy; the experiment is left alone."""
    lane: Lane = deepcopy(experiment.lanes[index])
    weight = lane.net.get_parameter(f"{layer}.weight")
    before = weight.detach().clone()
    lane.freeze(experiment.n_freezes(lane.spec))
    slow = _Slow(lane.method, list(lane.net.parameters()))
    noted = _Noted(alpha=lane.penalty.alpha, inner=lane.penalty)
    lane.method, lane.penalty = slow, noted  # type: ignore[assignment]
    strength = experiment.strength(lane.spec)
    images = experiment.images
    batch = (images.train_x, images.train_y) if lane.full_batch else experiment.next_batch()
    lane.update(*batch, strength)
    after = weight.detach()
    # The textbook method asks for the value before its step, the others when the step is done.
    shrinks = id(weight) in noted.stepped and lane.spec.method != "textbook"
    return Update(
        loss=slow.loss,
        strength=strength,
        before=before,
        gradient=slow.gradients[id(weight)],
        stepped=noted.stepped[id(weight)] if shrinks else after,
        threshold=noted.thresholds.get(id(weight)),
        after=after,
    )


def slow_motion(moment: Moment, fields: Fields) -> Answer:
    """The next update of one layer of a lane, number by number. Fields: `lane`, `layer`, `indices`.

    Without `indices` it shows the weights that land on zero, then those that leave it, then the first ones.
    """
    lane = fields.lane()
    parameters = dict(moment.nets[lane].named_parameters())
    layer = fields.one_of("layer", tuple(n.removesuffix(".weight") for n in parameters if "weight" in n))
    n_weights = parameters[f"{layer}.weight"].numel()
    given = fields.indices("indices", n_weights, MOST_WEIGHTS) if fields.has("indices") else None
    fields.done()
    made = one_update(_going(moment, lane), lane, layer)
    was_zero, is_zero = (w.reshape(-1) == 0.0 for w in (made.before, made.after))
    chosen = given or _telling(~was_zero & is_zero, was_zero & ~is_zero)

    def some(w: Tensor) -> object:
        return rounded(w.reshape(-1)[chosen], 5)

    return {
        "lane": lane,
        "layer": layer,
        "method": moment.spec.lanes[lane].method,
        "loss": made.loss,
        "strength": made.strength,
        "weights": n_weights,
        "zeros_before": int(was_zero.sum()),
        "landed": int((~was_zero & is_zero).sum()),
        "left": int((was_zero & ~is_zero).sum()),
        "indices": chosen,
        "before": some(made.before),
        "gradient": some(made.gradient),
        "stepped": some(made.stepped),
        "threshold": None if made.threshold is None else some(made.threshold),
        "after": some(made.after),
    }


def _going(moment: Moment, lane: int) -> Experiment:
    if moment.experiment is None or moment.experiment.done:
        raise QuestionError("Slow motion needs a run that trains or is paused: start the run again.")
    if moment.experiment.lanes[lane].diverged:
        raise QuestionError(f"Lane {lane} diverged and makes no more updates.")
    return moment.experiment


def _telling(landed: Tensor, left: Tensor) -> list[int]:
    order = torch.where(landed, 2, left.int())
    return order.argsort(descending=True, stable=True)[:MOST_WEIGHTS].tolist()
