"""One update in slow motion: made on a copy of the lane, with every sub-step noted."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, nn

from core.inspect.fields import Fields
from core.inspect.moment import Answer, Moment, QuestionError, rounded
from core.maths.groups import joined, parts
from core.maths.method import Method, Pull
from core.maths.methods import slopes_of
from core.maths.penalties import NoPenalty, Penalty
from core.spec import GROUP_PENALTIES, MethodKind
from core.training.lane import Lane
from core.training.run import Run

MOST_WEIGHTS = 64

KILLS: MethodKind = "clip_and_kill"
INSIDE_THE_STEP: tuple[MethodKind, ...] = ("textbook", "spred")
"""The methods that have no shrink of their own."""


@dataclass(frozen=True)
class _Noted(Penalty):
    """A penalty that notes what its map was asked for, one after the other: v, and the threshold."""

    inner: Penalty = field(kw_only=True)
    asked: list[tuple[Tensor, Tensor]] = field(default_factory=list)

    def value(self, w: Tensor) -> Tensor:
        return self.inner.value(w)

    def prox(self, v: Tensor, threshold: float | Tensor) -> Tensor:
        wide = torch.as_tensor(threshold, dtype=v.dtype, device=v.device).expand(v.shape)
        self.asked.append((v.detach().clone(), wide.detach().clone()))
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

    def update(self, data_loss: Tensor, pull: Pull) -> Sequence[Tensor]:
        self.loss = float(data_loss.detach())
        slopes = self._method.update(data_loss, pull)
        self.gradients = {id(w): slope for w, slope in zip(self._parameters, slopes, strict=True)}
        return slopes


@dataclass(frozen=True)
class Update:
    """One update of the weights of one layer, all tensors of its shape.

    Attributes:
        loss: the data loss of its batch, or of all images, before it.
        strength: λ, times what multiplies it in this layer; 0 where the penalty does not act.
        before, gradient: the weights, and the slope of the data loss.
        stepped: after the optimizer's step; the same as `after` where the penalty was a part of it.
        threshold: τ of each weight's proximal map, for clip and kill ηλ times the slope of R; None where
            nothing pulls on it after the step.
        members: weights that shrink as one: 1, or those of a unit, its penalised bias included.
        after: at the end.
    """

    loss: float
    strength: float
    before: Tensor
    gradient: Tensor
    stepped: Tensor
    threshold: Tensor | None
    members: int
    after: Tensor


def one_update(run: Run, index: int, layer: str) -> Update:
    """The next update of a lane, made on a copy; the run is left alone."""
    lane: Lane = deepcopy(run.lanes[index])
    lane.freeze(run.n_freezes(lane.spec))
    lane.prune(run.n_prunings(lane.spec))
    # All methods but those that differentiate the penalty step as they do at λ = 0.
    plain = deepcopy(lane)
    weight = lane.net.get_parameter(f"{layer}.weight")
    before = weight.detach().clone()
    slow = _Slow(lane.method, list(lane.net.parameters()))
    noted, penalty = _Noted(alpha=lane.pull.penalty.alpha, inner=lane.pull.penalty), lane.pull.penalty
    lane.method, lane.pull = slow, replace(lane.pull, penalty=noted)  # type: ignore[assignment]
    strength = 0.0 if isinstance(penalty, NoPenalty) else run.strength(lane.spec)
    batch = run.everything if lane.full_batch else run.next_batch()
    pull = lane.pull.times(strength)
    target, own = pull.on(weight)
    pushes = _pushes(lane, pull, weight) if lane.spec.method == KILLS else None
    lane.update(*batch, strength)
    after = stepped = weight.detach()
    if lane.spec.method not in INSIDE_THE_STEP:
        plain.update(*batch, 0.0)
        stepped = plain.net.get_parameter(f"{layer}.weight").detach()
    asked = (_of_weight(τ, weight) for v, τ in noted.asked if torch.equal(_of_weight(v, weight), stepped))
    return Update(
        loss=slow.loss,
        strength=own,
        before=before,
        gradient=slow.gradients[id(weight)],
        stepped=stepped,
        threshold=None if own == 0.0 else next(asked, pushes),
        members=joined(parts(target))[0].numel() if lane.spec.penalty in GROUP_PENALTIES else 1,
        after=after,
    )


def _pushes(lane: Lane, pull: Pull, weight: Tensor) -> Tensor:
    """η|λ ∂R/∂w|, by which clip and kill moves a weight."""
    slope = slopes_of(pull.acting).get(weight)
    return torch.zeros_like(weight) if slope is None else lane.spec.learning_rate * slope.abs()


def _of_weight(rows: Tensor, weight: Tensor) -> Tensor:
    """What of some noted numbers belongs to a weight, without its bias's; empty when they are another's."""
    if len(rows) != len(weight) or rows[0].numel() - weight[0].numel() not in (0, 1):
        return rows.new_empty(0)
    return rows.flatten(1)[:, : weight[0].numel()].reshape(weight.shape)


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
        "penalty": moment.spec.lanes[lane].penalty,
        "alpha": moment.spec.lanes[lane].alpha,
        "members": made.members,
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


def _going(moment: Moment, lane: int) -> Run:
    if moment.run is None or moment.run.done:
        raise QuestionError("Slow motion needs a run that trains or is paused: start the run again.")
    if moment.run.lanes[lane].diverged:
        raise QuestionError(f"Lane {lane} diverged and makes no more updates.")
    return moment.run


def _telling(landed: Tensor, left: Tensor) -> list[int]:
    order = torch.where(landed, 2, left.int())
    return order.argsort(descending=True, stable=True)[:MOST_WEIGHTS].tolist()
