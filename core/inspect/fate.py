"""The fate of single weights: value, averaged gradient and what stands against it, over the steps."""

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.inspect.fields import Fields
from core.inspect.moment import Answer, Moment, QuestionError
from core.maths.groups import Target, joined, parts
from core.maths.penalties import L1, PENALTIES
from core.spec import GROUP_PENALTIES, LaneSpec
from core.training.lane import Lane
from core.training.run import Run

MOST_WATCHED = 8
"""Weights of one run; the one watched longest goes when another is added."""

MOST_POINTS = 1000
"""Points of one weight; then every other one goes."""

Place = tuple[int, str, int]
"""A lane, a layer, and the number of the weight in the layer, row-major."""


@dataclass(frozen=True)
class Point:
    """One weight at one step.

    Attributes:
        strength: the λ that acts on the weight now, 0 where nothing does.
        tug: what pulls at it; None while there is no averaged gradient.
        ended: it is zero for ever, whatever the gradients are: killed, or frozen.
    """

    step: int
    value: float
    strength: float
    tug: "Tug | None"
    ended: bool


@dataclass(frozen=True)
class Tug:
    """Data against penalty, at one weight or at the unit whose weights are zero together.

    Attributes:
        data: the averaged gradient, as the method weighs it; of a unit its norm. It is the data loss's, but
            for the textbook method the whole loss's.
        limit: what the penalty has against it: a zero stays iff |data| is no more, on the gradients so far.
            Of a weight that is not zero λ times the slope of R.
        rule: the limit in letters.
    """

    data: float
    limit: float
    rule: str


@dataclass
class Watches:
    """The weights of one run that are watched."""

    points: dict[Place, list[Point]] = field(default_factory=dict)

    def watch(self, place: Place, run: Run) -> None:
        """Watch a weight from now on."""
        if place not in self.points:
            while len(self.points) >= MOST_WATCHED:
                del self.points[next(iter(self.points))]
            self.points[place] = [_point(run, place)]

    def look(self, run: Run) -> None:
        """Note every watched weight as it is now."""
        for place, points in self.points.items():
            point = _point(run, place)
            if run.lanes[place[0]].diverged:
                continue
            if points[-1].step == point.step:
                points.pop()
            points.append(point)
            if len(points) > MOST_POINTS:
                del points[1::2]


def _point(run: Run, place: Place) -> Point:
    index, layer, number = place
    lane = run.lanes[index]
    weight = lane.net.get_parameter(f"{layer}.weight")
    target, strength = lane.pull.times(run.strength(lane.spec)).on(weight)
    return Point(
        step=run.step,
        value=float(weight.detach().reshape(-1)[number]),
        strength=strength,
        tug=_tug(lane, target, strength, weight, number),
        ended=bool(lane.method.ended(weight).reshape(-1)[number]),
    )


def _tug(lane: Lane, target: Target, strength: float, weight: Tensor, number: int) -> Tug | None:
    gradients = [lane.method.pulling(part) for part in parts(target)]
    known = [each for each in gradients if each is not None]
    if len(known) < len(gradients):
        return None
    # A unit's weights are one row, its bias, where that is penalised, the last entry.
    unit, place = divmod(number, weight[0].numel())
    w, g = (joined(some).detach()[unit].flatten() for some in (parts(target), known))
    return tug(lane.spec, w, g, place, strength)


def tug(spec: LaneSpec, w: Tensor, g: Tensor, place: int, strength: float) -> Tug:
    """What pulls at one weight of a unit.

    Args:
        spec: whose penalty and method are in force.
        w: the unit's weights, in a row.
        g: their averaged gradients.
        place: of the weight in the row.
        strength: λ.
    """
    data, penalty = float(g[place]), PENALTIES[spec.penalty](alpha=spec.alpha)
    if float(w[place]) != 0.0:
        row = w.unsqueeze(0).requires_grad_()
        value = penalty.value(row)
        slope = float(torch.autograd.grad(value, row)[0][0, place]) if value.requires_grad else 0.0
        return Tug(data, strength * abs(slope), "λ" if spec.penalty == "l1" else "λ|∂R/∂w|")
    if spec.method == "clip_and_kill" or not penalty.corner:
        return Tug(data, 0.0, "0")
    own = {"l1": (1.0, "λ"), "group_lasso": (0.0, "0")}.get(spec.penalty, (spec.alpha, "λα"))
    alone = Tug(data, strength * own[0], own[1])
    if spec.penalty not in GROUP_PENALTIES or bool(w.any()) or abs(data) <= alone.limit:
        return alone
    # All are zero: the unit leaves zero as a whole, by what its gradients have beyond the share of L1.
    beyond = float(L1().prox(g, alone.limit).norm())
    share, rule = (1.0, "λ√n") if spec.penalty == "group_lasso" else (1.0 - spec.alpha, "λ(1−α)√n")
    return Tug(beyond, strength * share * math.sqrt(len(g)), rule)


def watch(moment: Moment, fields: Fields, watches: Watches) -> Answer:
    """Watch a weight; the answer is all that is known of it. Fields: `lane`, `layer`, `index`."""
    place = _place(moment, fields)
    if moment.run is None:
        raise QuestionError("A weight can be watched only while its run trains: start the run again.")
    watches.watch(place, moment.run)
    return known(place, watches)


def unwatch(moment: Moment, fields: Fields, watches: Watches) -> Answer:
    """Watch a weight no longer. Fields as for `watch`."""
    place = _place(moment, fields)
    watches.points.pop(place, None)
    return {"watched": len(watches.points)}


def fate(moment: Moment, fields: Fields, watches: Watches) -> Answer:
    """All that is known of a watched weight. Fields as for `watch`."""
    place = _place(moment, fields)
    if place not in watches.points:
        raise QuestionError(
            "This weight was not noted: train again and watch it, or watch it from now on while the run "
            "trains."
        )
    return known(place, watches)


def _place(moment: Moment, fields: Fields) -> Place:
    lane = fields.lane()
    sizes = {
        name.removesuffix(".weight"): parameter.numel()
        for name, parameter in moment.nets[lane].named_parameters()
        if name.endswith(".weight")
    }
    layer = fields.one_of("layer", tuple(sizes))
    index = fields.whole("index", 0, sizes[layer] - 1)
    fields.done()
    return lane, layer, index


def known(place: Place, watches: Watches) -> Answer:
    """All that is known of a watched weight."""
    points = watches.points[place]
    return {
        "lane": place[0],
        "layer": place[1],
        "index": place[2],
        "steps": [point.step for point in points],
        "values": [_short(point.value) for point in points],
        "gradients": [None if point.tug is None else _short(point.tug.data) for point in points],
        "limits": [None if point.tug is None else _short(point.tug.limit) for point in points],
        "strengths": [_short(point.strength) for point in points],
        "rule": "" if points[-1].tug is None else points[-1].tug.rule,
        "ended": points[-1].ended,
    }


def _short(value: float) -> float:
    return float(f"{value:.5g}")
