"""Inside the network: the fate of one weight, one update in sub-steps, and a layer scaled against the next.

The records are answers of the training process, see `core.training.inspect`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from core.figures.parts import Drawing, Frame, Trace, axis, dots, figure, line, numbers, role

Answer = Mapping[str, Any]

MOST_DRAWN = 24
"""Weights of an update that are drawn: more cannot be told apart."""

GAP = float("nan")
UPPER, LOWER = [0.56, 1.0], [0.0, 0.42]
ROOM = {"l": 64, "r": 12, "t": 10, "b": 40, "autoexpand": False}


def fate(answers: Sequence[Answer], names: Sequence[str], method: str) -> Drawing:
    """A weight over the steps: its value above, its averaged gradient between ±λ below.

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
        y=axis("value of the weight", domain=UPPER),
        yaxis2=axis("averaged gradient", domain=LOWER),
        margin=ROOM,
    )
    return Drawing(fig, summary=_why(own, method), table=_fate_table(answers, names))


def _value(answer: Answer, name: str, own: bool) -> Trace:
    colour, dash = ("ink", "solid") if own else ("reference", "dash")
    return line(name, colour, answer["steps"], answer["values"], dash=dash)


def _band(own: Answer) -> list[Trace]:
    low = [-strength for strength in own["strengths"]]
    edge = line("from −λ to λ", "penalty", own["steps"], low, width=1.5, yaxis="y2", showlegend=False)
    fill = {"fill": "tonexty", "fillcolor": role("penalty", 0.18), "yaxis": "y2"}
    return [edge, line("from −λ to λ", "penalty", own["steps"], own["strengths"], width=1.5, **fill)]


def _why(own: Answer, method: str) -> str:
    step, value, strength = own["steps"][-1], own["values"][-1], own["strengths"][-1]
    slope = own["gradients"][-1]
    if method == "textbook":
        return (
            f"Step {step:,}: the weight is {said(value)}. The textbook method adds λ|w| to the loss: the "
            "weight jumps to and fro across zero and does not stay there."
        )
    if value != 0.0:
        return _not_zero(step, value, slope, strength)
    if slope is None or strength == 0.0:
        return f"Step {step:,}: the weight is exactly 0."
    inside = abs(slope) <= strength
    sign, end = ("≤", "it stays at zero") if inside else (">", "it is about to leave zero")
    return (
        f"Step {step:,}: the weight is exactly 0. |averaged gradient| = {said(abs(slope))} {sign} λ = "
        f"{said(strength)}, so {end}."
    )


def _not_zero(step: int, value: float, slope: float | None, strength: float) -> str:
    text = f"Step {step:,}: the weight is {said(value)}."
    if slope is None or strength == 0.0:
        return f"{text} Nothing pulls it towards zero."
    return (
        f"{text} Where a weight is not zero, the data loss and λ = {said(strength)} pull equally hard in the "
        f"end; now its |averaged gradient| is {said(abs(slope))}."
    )


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


def slow_motion(answer: Answer) -> Drawing:
    """One update of some weights of a layer, with a slider over its numbered sub-steps."""
    made = {name: _some(answer[name]) for name in ("before", "gradient", "stepped", "after")}
    threshold = None if answer["threshold"] is None else _some(answer["threshold"])
    places = [str(index) for index in answer["indices"][:MOST_DRAWN]]
    x = axis(f"weight of {answer['layer']} (its number)", type="category", categoryarray=places, anchor="y2")
    # The numbers stand upright, and the title below them.
    x |= {"tickangle": -90, "title": x["title"] | {"standoff": 40}}
    fig = figure(
        [],
        x=x,
        y=axis(
            "value",
            domain=UPPER,
            range=_range(made["before"], made["stepped"], made["after"], threshold or []),
        ),
        yaxis2=axis("data gradient", domain=LOWER, range=_range(made["gradient"])),
        margin=ROOM | {"b": 84},
        barmode="overlay",
    )
    steps = _sub_steps(answer)
    frames: list[Frame] = [
        {"label": label, "summary": said, "traces": _moment(number, places, made, threshold)}
        for number, (label, said) in enumerate(steps, start=1)
    ]
    return Drawing(fig, frames=frames, table=_update_table(places, made, threshold))


def _range(*values: Sequence[float]) -> list[float]:
    """One that stays while the slider moves: symmetric, with some room."""
    most = 1.1 * max((abs(value) for some in values for value in some), default=0.0) or 1.0
    return [-most, most]


def _some(values: Sequence[float]) -> list[float]:
    return list(values[:MOST_DRAWN])


def _sub_steps(answer: Answer) -> list[tuple[str, str]]:
    shrink = (
        "This method has no shrink of its own: the penalty, if there is one, was part of the step."
        if answer["threshold"] is None
        else "Every weight is pulled towards zero by its threshold (the bar around zero) and stops at zero."
    )
    return [
        (
            "1 forward",
            f"The images of the batch go through the network: its data loss is {said(answer['loss'])}.",
        ),
        ("2 data gradient", "Backwards: how much the data loss rises when each weight grows a little."),
        ("3 step", "The optimizer moves every weight down its gradient."),
        ("4 shrink", shrink),
        (
            "5 landed on zero",
            f"Of {answer['weights']:,} weights of {answer['layer']}, {answer['landed']:,} landed on "
            f"exactly zero in this update and {answer['left']:,} left it; "
            f"{answer['zeros_before']:,} had been zero before.",
        ),
    ]


def _moment(
    number: int, places: list[str], made: Mapping[str, list[float]], threshold: list[float] | None
) -> list[Trace]:
    nothing = [GAP] * len(places)
    start = made["stepped"] if number >= 4 else made["before"]
    now = made["before"] if number < 3 else made["stepped"] if number == 3 else made["after"]
    landed = [
        0.0 if number == 5 and was != 0.0 and value == 0.0 else GAP
        for was, value in zip(made["before"], made["after"], strict=True)
    ]
    wide = threshold if threshold is not None and number >= 4 else nothing
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


def rescaled(answer: Answer) -> Drawing:
    """Σ|w| of each layer before and after one was divided and the next multiplied."""
    layers = list(answer["before"]["norms"])
    bars = [
        _bars(when, colour, layers, [answer[when]["norms"][name] for name in layers])
        for when, colour in (("before", "muted"), ("after", "penalty"))
    ]
    fig = figure(
        bars,
        x=axis("layer"),
        y=axis("Σ|w|", type="log", dtick=1, exponentformat="power"),
        barmode="group",
        margin=ROOM,
    )
    difference = said(answer["largest_difference"])
    first, second = answer["layers"]
    summary = (
        f"{first} ÷ {answer['factor']:g}, {second} × {answer['factor']:g}: the largest difference of a logit "
        f"on {answer['images']} test images is {difference}, the largest logit "
        f"{said(answer['largest_logit'])}."
    )
    table = [{"layer": name, **{bar["name"]: bar["y"][i] for bar in bars}} for i, name in enumerate(layers)]
    return Drawing(fig, summary=summary, table=table)


def said(value: float) -> str:
    """Three digits, 1e-3 rather than 0.001, as λ is written everywhere."""
    if value == 0.0:
        return "0"
    small = abs(value) < 1e-2
    mantissa, _, exponent = f"{value:.2e}".partition("e")
    text = f"{float(mantissa):g}e{int(exponent)}" if small else f"{value:.3g}"
    return "−" + text[1:] if text.startswith("-") else text
