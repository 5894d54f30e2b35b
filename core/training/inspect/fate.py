"""The fate of single weights: value, averaged gradient and λ at every moment the run is shown."""

from dataclasses import dataclass, field

from core.spec import LaneSpec
from core.training.groups import parts
from core.training.inspect.fields import Fields
from core.training.inspect.moment import Answer, Moment, QuestionError
from core.training.loop import Experiment

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
        gradient: averaged as the optimizer does it; None while it has no average. It is the data loss's,
            but for the textbook method the whole loss's.
        strength: the λ that acts on the weight now, 0 where nothing does.
    """

    step: int
    value: float
    gradient: float | None
    strength: float


@dataclass
class Watches:
    """The weights of one run that are watched."""

    points: dict[Place, list[Point]] = field(default_factory=dict)

    def watch(self, place: Place, experiment: Experiment) -> None:
        """Watch a weight from now on."""
        if place not in self.points:
            while len(self.points) >= MOST_WATCHED:
                del self.points[next(iter(self.points))]
            self.points[place] = [_point(experiment, place)]

    def look(self, experiment: Experiment) -> None:
        """Note every watched weight as it is now."""
        for place, points in self.points.items():
            point = _point(experiment, place)
            if experiment.lanes[place[0]].diverged:
                continue
            if points[-1].step == point.step:
                points.pop()
            points.append(point)
            if len(points) > MOST_POINTS:
                del points[1::2]


def _point(experiment: Experiment, place: Place) -> Point:
    index, layer, number = place
    lane = experiment.lanes[index]
    weight = lane.net.get_parameter(f"{layer}.weight")
    mean = lane.method.averaged_gradient(weight)
    acts = any(weight is each for target in lane.targets for each in parts(target))
    return Point(
        step=experiment.step,
        value=float(weight.detach().reshape(-1)[number]),
        gradient=None if mean is None else float(mean.reshape(-1)[number]),
        strength=_factor(lane.spec, layer) * experiment.strength(lane.spec) if acts else 0.0,
    )


def _factor(spec: LaneSpec, layer: str) -> float:
    return dict(spec.multipliers).get(layer, 1.0)  # type: ignore[call-overload, no-any-return]


def watch(moment: Moment, fields: Fields, watches: Watches) -> Answer:
    """Watch a weight; the answer is all that is known of it. Fields: `lane`, `layer`, `index`."""
    place = _place(moment, fields)
    if moment.experiment is None:
        raise QuestionError("A weight can be watched only while its run trains: start the run again.")
    watches.watch(place, moment.experiment)
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
        raise QuestionError("Nobody has watched this weight: click it while the run trains.")
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
        "gradients": [None if point.gradient is None else _short(point.gradient) for point in points],
        "strengths": [_short(point.strength) for point in points],
    }


def _short(value: float) -> float:
    return float(f"{value:.5g}")
