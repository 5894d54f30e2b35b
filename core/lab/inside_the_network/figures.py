"""Inside the network: the fate of one weight, one update in sub-steps, and a layer scaled against the next.

The records are answers of the training process, see `core.inspect`.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from core.figures.traces import GAP, Drawing, Frame, Trace, axis, dots, figure, line, numbers, role

Answer = Mapping[str, Any]

MOST_DRAWN = 24
"""Weights of an update that are drawn: more cannot be told apart."""

UPPER, LOWER = [0.56, 1.0], [0.0, 0.42]
ROOM = {"l": 64, "r": 12, "t": 10, "b": 40, "autoexpand": False}


def fate(answers: Sequence[Answer], names: Sequence[str], method: str) -> Drawing:
    """A weight over the steps: its value above, data against penalty below.

    Args:
        answers: of the question `fate`, for the lane it is compared with and then yours; or yours alone.
        names: of the lanes.
        method: of your lane, as in its spec.
    """
    own = answers[-1]
    traces = [_value(answer, name, answer is own) for answer, name in zip(answers, names, strict=True)]
    zero = [0.0 if value == 0.0 else GAP for value in own["values"]]
    traces.append(dots("exactly 0", "ink", own["steps"], zero, size=8, symbol="circle-open"))
    traces += _band(own)
    slopes = [GAP if slope is None else slope for slope in own["gradients"]]
    traces.append(line("averaged gradient, yours", "data_loss", own["steps"], slopes, yaxis="y2"))
    fig = figure(
        traces,
        x=axis("step", anchor="y2"),
        y=axis("weight w", domain=UPPER),
        yaxis2=axis("averaged gradient", "loss per unit of w", domain=LOWER),
        margin=ROOM,
    )
    return Drawing(fig, summary=_why(own, method), table=_fate_table(answers, names))


def _value(answer: Answer, name: str, own: bool) -> Trace:
    colour, dash = ("ink", "solid") if own else ("reference", "dash")
    return line(name, colour, answer["steps"], answer["values"], dash=dash)


def _band(own: Answer) -> list[Trace]:
    name = "from −λ to λ" if own["rule"] in ("", "λ") else "the penalty's pull, both ways"
    high = [GAP if limit is None else limit for limit in own["limits"]]
    low = [-limit for limit in high]
    edge = line(name, "penalty", own["steps"], low, width=1.5, yaxis="y2", showlegend=False)
    fill = {"fill": "tonexty", "fillcolor": role("penalty", 0.18), "yaxis": "y2"}
    return [edge, line(name, "penalty", own["steps"], high, width=1.5, **fill)]


def _why(own: Answer, method: str) -> str:
    value, slope, limit = own["values"][-1], own["gradients"][-1], own["limits"][-1]
    text = f"Step {own['steps'][-1]:,}: the weight is {'exactly 0' if value == 0.0 else written(value)}."
    if method == "textbook":
        return (
            f"{text} The textbook method adds λ·R(w) to the loss and differentiates: nothing stops a weight "
            "at zero or keeps it there."
        )
    if own["ended"]:
        killed = "λ carried it across zero, and clip and kill keeps it there"
        return f"{text} {killed if method == 'clip_and_kill' else 'Zeros are frozen: it stays'} for ever."
    if value == 0.0:
        # No rule holds what spred has at zero by underflow.
        silent = method == "spred" or own["strengths"][-1] == 0.0
        return text if silent else f"{text}{_holds(slope, limit, own['rule'])}"
    if slope is None or own["strengths"][-1] == 0.0:
        return f"{text} Nothing pulls it towards zero."
    return (
        f"{text} Where a weight is not zero, the data loss and the penalty pull equally hard in the end; now "
        f"its |averaged gradient| is {written(abs(slope))} against {own['rule']} = {written(limit)}."
    )


def _holds(slope: float | None, limit: float | None, rule: str) -> str:
    """Whether a zero stays, on what is known: the next batch has its own say."""
    if slope is None or limit is None:
        return ""
    if limit == 0.0 != slope:
        return " Nothing holds it at zero: it leaves with the next gradient."
    who = "‖averaged gradient of its unit‖" if "√n" in rule else "|averaged gradient|"
    beyond = " beyond λα" if rule == "λ(1−α)√n" else ""
    sign, end = ("≤", "it stays at zero") if abs(slope) <= limit else (">", "it is about to leave zero")
    bound = f"{rule} = {written(limit)}" if limit else "0"
    return f" {who}{beyond} = {written(abs(slope))} {sign} {bound}, so {end}, on the gradients so far."


def _fate_table(answers: Sequence[Answer], names: Sequence[str]) -> list[dict[str, Any]]:
    own = answers[-1]
    every = max(1, len(own["steps"]) // 20)
    return [
        {
            "step": own["steps"][i],
            **{
                name: answer["values"][i]
                for answer, name in zip(answers, names, strict=True)
                if i < len(answer["values"])
            },
            "averaged gradient": "–" if own["gradients"][i] is None else own["gradients"][i],
            "λ": own["strengths"][i],
        }
        for i in range(0, len(own["steps"]), every)
    ]


VALUES = ("before", "stepped", "after", "threshold")
"""What an update's upper axis shows of a weight."""


def slow_motion(answer: Answer, beside: Sequence[Answer] = ()) -> Drawing:
    """One update of some weights of a layer, with a slider over its numbered sub-steps.

    Its axes have room for the updates that are drawn beside it.
    """
    made = {name: _some(answer[name]) for name in ("before", "gradient", "stepped", "after")}
    every = (answer, *beside)
    threshold = None if answer["threshold"] is None else _some(answer["threshold"])
    reach = _reach(answer)
    places = [str(index) for index in answer["indices"][:MOST_DRAWN]]
    x = axis(f"weight of {answer['layer']} (its number)", type="category", categoryarray=places, anchor="y2")
    # The numbers stand upright, and the title below them.
    x |= {"tickangle": -90, "title": x["title"] | {"standoff": 40}}
    fig = figure(
        [],
        x=x,
        y=axis(
            "weight w",
            domain=UPPER,
            range=_range(*(_some(each[name] or []) for each in every for name in VALUES), reach or []),
        ),
        yaxis2=axis(
            "data gradient",
            "loss per unit of w",
            domain=LOWER,
            range=_range(*(_some(each["gradient"]) for each in every)),
        ),
        margin=ROOM | {"b": 84},
        barmode="overlay",
    )
    steps = _sub_steps(answer)
    frames: list[Frame] = [
        {"at": {"label": label}, "summary": summary, "traces": _moment(number, places, made, reach)}
        for number, (label, summary) in enumerate(steps, start=1)
    ]
    return Drawing(fig, frames=frames, table=_update_table(places, made, threshold))


def _range(*values: Sequence[float]) -> list[float]:
    """One that stays while the slider moves: symmetric, with some room."""
    most = 1.1 * max((abs(value) for some in values for value in some), default=0.0) or 1.0
    return [-most, most]


def _some(values: Sequence[float]) -> list[float]:
    return list(values[:MOST_DRAWN])


STEPS = {
    "textbook": "The optimizer moves every weight down the gradient of data loss and penalty together.",
    "spred": "The optimizer moves both factors of every weight, which decay with λ: the weight is u·v.",
    "fista": "From the point that momentum looks ahead to, one step down the data gradient.",
}
"""What the step of a method does, where it is not the data loss alone."""

STEPS_DOWN = (
    "The optimizer moves every weight down its gradient; Adam and momentum, down the average of its last "
    "ones, which may point the other way."
)

STOPS = "is pulled towards zero by its threshold (the bar around zero) and stops at zero"
SHRINKS = {
    "l1": f"Every weight {STOPS}.",
    "l2": "Every weight is divided by 1 + its threshold: it gets smaller and does not stop at zero.",
    "elastic_net": (
        f"Every weight {STOPS}, then is divided: α = {{alpha:g}} of the threshold pulls, 1 + {{rest:g}} of "
        "it divides."
    ),
    "group_lasso": (
        "The {members} weights of a unit shrink together, by √{members} times their thresholds: a unit "
        "within that is zero as a whole."
    ),
    "sparse_group_lasso": (
        f"Every weight {STOPS}, by α = {{alpha:g}} of it. Then the {{members}} weights of a unit shrink "
        "together, by √{members} times {rest:g} of their thresholds: a unit within that is zero as a whole."
    ),
}
"""How far a threshold goes, by penalty."""

KILLED = (
    "λ moves every weight by ηλ times the slope that the penalty had before the update (the bar around zero)."
)


def _shrink(answer: Answer) -> str:
    if answer["method"] in ("textbook", "spred"):
        return "This method has no shrink of its own: the penalty, if there is one, was part of the step."
    if answer["threshold"] is None:
        return "λ is 0 for this layer in this update: nothing shrinks."
    if answer["method"] == "clip_and_kill":
        dies = "" if answer["penalty"] == "l2" else " Whom that carries across zero is zero for ever."
        return KILLED + dies
    share = answer["alpha"]
    return SHRINKS[answer["penalty"]].format(alpha=share, rest=1.0 - share, members=answer["members"])


def _reach(answer: Answer) -> list[float] | None:
    """How far from zero a weight may be and still be stopped there on its own."""
    if answer["threshold"] is None:
        return None
    alone = {"l1": 1.0, "elastic_net": answer["alpha"], "sparse_group_lasso": answer["alpha"]}
    share = 1.0 if answer["method"] == "clip_and_kill" else alone.get(answer["penalty"], 0.0)
    return [share * width for width in _some(answer["threshold"])] if share else None


def _sub_steps(answer: Answer) -> list[tuple[str, str]]:
    of_all = answer["method"] == "fista"
    step = STEPS.get(answer["method"], STEPS_DOWN)
    return [
        (
            "1 forward",
            f"{'All images' if of_all else 'The images of the batch'} go through the network: the data loss "
            f"is {written(answer['loss'])}.",
        ),
        ("2 data gradient", "Backwards: how much the data loss rises when each weight grows a little."),
        ("3 step", step),
        ("4 shrink", _shrink(answer)),
        (
            "5 landed on zero",
            f"Of {answer['weights']:,} weights of {answer['layer']}, {answer['landed']:,} landed on "
            f"exactly zero in this update and {answer['left']:,} left it; "
            f"{answer['zeros_before']:,} had been zero before.",
        ),
    ]


def _moment(
    number: int, places: list[str], made: Mapping[str, list[float]], reach: list[float] | None
) -> list[Trace]:
    nothing = [GAP] * len(places)
    start = made["stepped"] if number >= 4 else made["before"]
    now = made["before"] if number < 3 else made["stepped"] if number == 3 else made["after"]
    landed = [
        0.0 if number == 5 and was != 0.0 and value == 0.0 else GAP
        for was, value in zip(made["before"], made["after"], strict=True)
    ]
    wide = reach if reach is not None and number >= 4 else nothing
    return [
        _bars("threshold", "penalty", places, [2 * width for width in wide], base=[-width for width in wide]),
        _ways(places, start, now),
        _dots("weight", "ink", places, now),
        _dots("landed on exactly 0", "penalty", places, landed, size=15, symbol="circle-open"),
        _bars("data gradient", "data_loss", places, made["gradient"] if number >= 2 else nothing, yaxis="y2"),
    ]


def _bars(name: str, colour: str, places: list[str], heights: list[float], **more: Any) -> Trace:
    base = {"base": numbers(more.pop("base"))} if "base" in more else {}
    marker = {"color": role(colour, 0.35), "line": {"color": role(colour), "width": 1}}
    head = {"type": "bar", "name": name, "x": places, "y": numbers(heights), "marker": marker}
    return {**head, **base, "hovertemplate": "%{y:.3~g}", **more}


def _dots(name: str, colour: str, places: list[str], values: list[float], **more: Any) -> Trace:
    return dots(name, colour, (), values, **more) | {"x": places}


def _ways(places: list[str], start: list[float], end: list[float]) -> Trace:
    x = [place for place in places for _ in range(3)]
    y = [each for pair in zip(start, end, strict=True) for each in (*pair, GAP)]
    return line("its way", "muted", (), y, width=1.6) | {"x": x, "hoverinfo": "skip", "hovertemplate": None}


def _update_table(
    places: list[str], made: Mapping[str, list[float]], threshold: list[float] | None
) -> list[dict[str, Any]]:
    pulled = ["–"] * len(places) if threshold is None else threshold
    rows = zip(places, made["before"], made["gradient"], made["stepped"], pulled, made["after"], strict=True)
    names = ("weight", "before", "data gradient", "after the step", "threshold", "after the shrink")
    return [dict(zip(names, row, strict=True)) for row in rows]


def rescaled(answer: Answer, beside: Sequence[Answer] = ()) -> Drawing:
    """Σ|w| of each layer before and after one was divided and the next multiplied.

    Its axis has room for the answers that are drawn beside it.
    """
    norms = [
        n for each in (answer, *beside) for when in ("before", "after") for n in each[when]["norms"].values()
    ]
    drawn = [math.log10(norm) for norm in norms if norm > 0.0] or [0.0]
    layers = list(answer["before"]["norms"])
    bars = [
        _bars(when, colour, layers, [answer[when]["norms"][name] for name in layers])
        for when, colour in (("before", "muted"), ("after", "penalty"))
    ]
    fig = figure(
        bars,
        x=axis("layer"),
        y=axis(
            "Σ|w| of the layer",
            type="log",
            dtick=1,
            range=[math.floor(min(drawn) - 0.3), max(drawn) + 0.1],
        ),
        barmode="group",
        margin=ROOM,
    )
    difference = written(answer["largest_difference"])
    first, second = answer["layers"]
    summary = (
        f"{first} ÷ {answer['factor']:g}, {second} × {answer['factor']:g}: the largest difference of a logit "
        f"on {answer['images']} validation images is {difference}, the largest logit "
        f"{written(answer['largest_logit'])}."
    )
    table = [{"layer": name, **{bar["name"]: bar["y"][i] for bar in bars}} for i, name in enumerate(layers)]
    return Drawing(fig, summary=summary, table=table)


def written(value: float) -> str:
    """Three digits, 1e-3 rather than 0.001, as λ is written everywhere."""
    if value == 0.0:
        return "0"
    small = abs(value) < 1e-2
    mantissa, _, exponent = f"{value:.2e}".partition("e")
    text = f"{float(mantissa):g}e{int(exponent)}" if small else f"{value:.3g}"
    return "−" + text[1:] if text.startswith("-") else text
