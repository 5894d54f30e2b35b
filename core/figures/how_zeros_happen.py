"""How zeros happen: paths of two weights by four methods, how high they hover, and what keeps a zero."""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from core.figures.parts import Drawing, Frame, Trace, axis, dots, figure, line, note, role
from core.lessons import how_zeros_happen as lesson
from core.lessons.how_zeros_happen import MethodName

NAMES: Mapping[MethodName, str] = {
    "textbook_sgd": "textbook, SGD",
    "textbook_adam": "textbook, Adam",
    "proximal": "proximal",
    "clip_and_kill": "clip and kill",
}
STRENGTHS = tuple(float(s) for s in np.linspace(0, 0.6, 31).round(2))
LATER = tuple(float(s) for s in np.linspace(0.4, 0.0, 21).round(2))
HALF_LIVES = (2.0, 5.0, 10.0, 20.0, 40.0, math.inf)
FLOOR = 1e-10
"""Where a logarithmic axis shows exact zeros."""

_SPAN = [-0.5, 0.72]


@cache
def four_methods() -> Drawing:
    """Two weights by each of the four methods, at a λ that slides."""
    return Drawing(_panels(tuple(NAMES)), frames=[_four_frame(strength) for strength in STRENGTHS])


@cache
def lowered() -> Drawing:
    """Proximal and clip and kill at λ = 0.4, which falls to a λ that slides after half of the updates."""
    methods: tuple[MethodName, ...] = ("proximal", "clip_and_kill")
    return Drawing(_panels(methods), frames=[_lowered_frame(methods, later) for later in LATER])


@cache
def hovering() -> Drawing:
    """Mean |w| against λ for a weight that should be zero, by SGD and Adam, at a momentum that slides."""
    adam = lesson.hover("textbook_adam")
    fig = figure(
        [
            line(
                "ηλ/(2−η), worked out for μ = 0",
                "penalty",
                lesson.HOVER_STRENGTHS,
                [lesson.hover_height(s, lesson.HOVER_RATE) for s in lesson.HOVER_STRENGTHS],
                width=2,
            ),
            dots("Adam, measured", "reference", lesson.HOVER_STRENGTHS, adam, symbol="square", size=9),
        ],
        x=axis("strength λ", type="log", range=[-2.1, 0.1], tickvals=[0.01, 0.1, 1], fixedrange=True),
        y=axis(
            "mean |w| while it hovers",
            type="log",
            range=[-4.4, -0.5],
            tickvals=[1e-4, 1e-3, 1e-2, 1e-1],
            ticktext=["0.0001", "0.001", "0.01", "0.1"],
            fixedrange=True,
        ),
        margin={"l": 66, "r": 12, "t": 19, "b": 40, "autoexpand": False},
    )
    return Drawing(fig, frames=[_hover_frame(momentum, adam) for momentum in lesson.MOMENTA])


@cache
def falling_rate() -> Drawing:
    """|w₂| of textbook SGD and of the proximal step while η halves ever so often."""
    fig = figure(
        [],
        x=axis("update", range=[0, lesson.DECAY_UPDATES]),
        y=axis(
            "|w₂|",
            type="log",
            range=[math.log10(FLOOR) - 0.3, 0.2],
            tickvals=[FLOOR, 1e-8, 1e-6, 1e-4, 1e-2, 1],
            ticktext=["exactly 0", "10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1"],
            fixedrange=True,
        ),
        margin={"l": 76, "r": 12, "t": 19, "b": 40, "autoexpand": False},
    )
    return Drawing(fig, frames=[_decay_frame(half_life) for half_life in HALF_LIVES])


@cache
def staying() -> Drawing:
    """Gradients of 120 batches on a weight at zero, and their average, against the band ±λ."""
    band = {
        "type": "rect",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": -lesson.STAY_STRENGTH,
        "y1": lesson.STAY_STRENGTH,
        "fillcolor": role("penalty", 0.14),
        "line": {"width": 0},
        "layer": "below",
    }
    fig = figure(
        [],
        x=axis("update", range=[0, lesson.STAY_UPDATES + 1]),
        y=axis("gradient of the data loss at w = 0", range=[-1.5, 1.5]),
        shapes=[band],
        annotations=[
            note(
                lesson.STAY_UPDATES, lesson.STAY_STRENGTH, "λ", "penalty", xanchor="right", yanchor="bottom"
            ),
            note(lesson.STAY_UPDATES, -lesson.STAY_STRENGTH, "−λ", "penalty", xanchor="right", yanchor="top"),
        ],
    )
    series = {
        f"momentum {momentum:g}": [_stay_frame(size, momentum) for size in lesson.BATCH_SIZES]
        for momentum in (0.0, 0.9)
    }
    return Drawing(fig, frames=series)


def _panels(methods: Sequence[MethodName]) -> dict[str, Any]:
    """Axes side by side, two in a row, with the same ranges."""
    rows = (len(methods) + 1) // 2
    axes: dict[str, Any] = {}
    for i in range(len(methods)):
        bottom = i // 2 == rows - 1
        low = 0.0 if bottom else 0.54
        top = 0.93 if rows == 1 else low + 0.39
        number = str(i + 1) if i else ""
        axes["xaxis" + number] = axis(
            "update" if bottom else "",
            domain=[0.0, 0.48] if i % 2 == 0 else [0.52, 1.0],
            anchor="y" + number,
            range=[0, lesson.N_UPDATES],
            fixedrange=True,
        )
        axes["yaxis" + number] = axis(
            "weight" if i % 2 == 0 else "",
            domain=[low, top],
            anchor="x" + number,
            range=_SPAN,
            tickvals=[-0.4, 0, 0.4],
            showticklabels=i % 2 == 0,
            zerolinewidth=2,
            fixedrange=True,
        )
    return figure([], x=axes.pop("xaxis"), y=axes.pop("yaxis"), **axes)


def _panel(i: int, walked: Any, aims: Any) -> list[Trace]:
    """Both weights of one panel, and where the lowest total has them."""
    where = {"xaxis": f"x{i + 1 if i else ''}", "yaxis": f"y{i + 1 if i else ''}", "showlegend": i == 0}
    steps = np.arange(len(walked))
    looks = (("w₁, useful", "ink"), ("w₂, hardly useful", "reference"))
    best = [
        line("lowest total", "penalty", [0, lesson.N_UPDATES], [a, a], width=1.5, dash="dot", **where)
        | {"showlegend": i == 0 and k == 0, "legendgroup": "best"}
        for k, a in enumerate(aims)
    ]
    return best + [
        line(name, colour, steps, walked[:, k], width=2, **where) for k, (name, colour) in enumerate(looks)
    ]


def _titles(texts: Sequence[str]) -> dict[str, Any]:
    rows = (len(texts) + 1) // 2
    return {
        "annotations": [
            note(
                0.0,
                1.0,
                text,
                "ink",
                xref=f"x{i + 1 if i else ''} domain",
                yref=f"y{i + 1 if i else ''} domain",
                xanchor="left",
                yanchor="bottom",
            )
            for i, text in enumerate(texts)
        ],
        "margin": {"l": 52, "r": 12, "t": 22 if rows == 2 else 8, "b": 40, "autoexpand": False},
    }


def _four_frame(strength: float) -> Frame:
    walked = {method: lesson.steady_path(method, strength) for method in NAMES}
    aims = lesson.best(strength)
    zeros = {method: int((path[-1] == 0.0).sum()) for method, path in walked.items()}
    panels = [_panel(i, path, aims) for i, path in enumerate(walked.values())]
    right = int((aims == 0.0).sum())
    return Frame(
        label=f"λ = {strength:.2f}",
        traces=[trace for panel in panels for trace in panel],
        layout=_titles([f"<b>{NAMES[m]}</b>: {_count(n)}" for m, n in zeros.items()]),
        summary=_four_summary(strength, right, zeros),
        table=[
            {
                "method": NAMES[method],
                "w₁ at the end": float(path[-1][0]),
                "w₂ at the end": float(path[-1][1]),
                "exact zeros": zeros[method],
            }
            for method, path in walked.items()
        ]
        + [
            {
                "method": "lowest total",
                "w₁ at the end": float(aims[0]),
                "w₂ at the end": float(aims[1]),
                "exact zeros": right,
            }
        ],
    )


def _count(zeros: int) -> str:
    return "no zero" if zeros == 0 else f"{zeros} zero{'s' if zeros > 1 else ''}"


def _four_summary(strength: float, right: int, zeros: Mapping[MethodName, int]) -> str:
    made = _count(zeros["proximal"])
    start = f"λ = {strength:.2f}: the lowest total has {_count(right)}, the proximal step makes {made}"
    if right == 0:
        return f"{start}. λ pulls too weakly to hold even w₂ at zero."
    hovers = f"{start}, both textbook methods hover and make none"
    if zeros["clip_and_kill"] > right:
        return f"{hovers}. Clip and kill also killed w₁, which should be {lesson.best(strength)[0]:.2f}."
    return f"{hovers}."


def _lowered_frame(methods: Sequence[MethodName], later: float) -> Frame:
    first = LATER[0]
    walked = {method: lesson.lowered_path(method, first, later) for method in methods}
    aims = lesson.best(later)
    half = lesson.N_UPDATES // 2
    ends = {method: path[-1] for method, path in walked.items()}
    back = [f"w{'₁₂'[k]}" for k in (0, 1) if walked["proximal"][half][k] == 0.0 != ends["proximal"][k]]
    proximal = f"{' and '.join(back)} left zero again" if back else "w₂ stays at zero"
    return Frame(
        label=f"λ = {first:g}, then {later:.2f}",
        traces=[trace for i, path in enumerate(walked.values()) for trace in _panel(i, path, aims)],
        layout=_titles([f"<b>{NAMES[m]}</b>: {_count(int((end == 0).sum()))}" for m, end in ends.items()])
        | {"shapes": [_mark(half, f"x{i + 1 if i else ''}") for i in range(len(methods))]},
        summary=f"λ falls from {first:g} to {later:.2f} at update {half}. Proximal: {proximal}, w₁ is "
        f"{_plain(ends['proximal'][0])}. Clip and kill: both stay at 0 for ever.",
        table=[
            {"method": NAMES[m], "w₁ at the end": float(end[0]), "w₂ at the end": float(end[1])}
            for m, end in ends.items()
        ],
    )


def _mark(x: float, xref: str) -> dict[str, Any]:
    stroke = {"color": role("penalty"), "width": 1.5, "dash": "dot"}
    ends = {"yref": "paper", "y0": 0, "y1": 0.93}
    return {"type": "line", "xref": xref, "x0": x, "x1": x, "line": stroke, **ends}


def _hover_frame(momentum: float, adam: Sequence[float]) -> Frame:
    sgd = lesson.hover("textbook_sgd", momentum)
    bounds = [lesson.hover_bound(s, lesson.HOVER_RATE, momentum) for s in lesson.HOVER_STRENGTHS]
    grown, adams = sgd[-1] / sgd[0], np.mean(adam) / lesson.HOVER_RATE
    return Frame(
        label=f"μ = {momentum:g}",
        traces=[
            line("ηλ/(1−μ), the bound", "penalty", lesson.HOVER_STRENGTHS, bounds, width=2, dash="dash"),
            dots("SGD, measured", "ink", lesson.HOVER_STRENGTHS, sgd, size=10),
        ],
        summary=f"η = {lesson.HOVER_RATE:g}, μ = {momentum:g}: a λ 100 times as large makes SGD hover "
        f"{grown:.0f} times as high. Adam hovers at about {adams:.2f}·η whatever λ is. Proximal, and "
        f"clip and kill: exactly 0.",
        table=[
            {"λ": s, "SGD": a, "ηλ/(1−μ)": b, "Adam": c, "proximal": d}
            for s, a, b, c, d in zip(
                lesson.HOVER_STRENGTHS,
                sgd,
                bounds,
                adam,
                lesson.hover("proximal", momentum),
                strict=True,
            )
        ],
    )


def _decay_frame(half_life: float) -> Frame:
    walked = {method: lesson.decayed(method, half_life) for method in ("textbook_sgd", "proximal")}
    steps = np.arange(lesson.DECAY_UPDATES + 1)
    names = {
        "textbook_sgd": ("textbook, SGD", "reference", "dash"),
        "proximal": ("proximal", "penalty", "solid"),
    }
    never = math.isinf(half_life)
    return Frame(
        label="never" if never else f"every {half_life:g} updates",
        traces=[
            line(names[m][0], names[m][1], steps, np.maximum(np.abs(w), FLOOR), dash=names[m][2])
            for m, w in walked.items()
        ],
        summary=_decay_summary(half_life, walked["textbook_sgd"], walked["proximal"]),
        table=[
            {
                "method": names[m][0],
                "|w₂| at the end": f"{abs(w[-1]):.3g}",
                "updates at exactly 0": int((w == 0.0).sum()),
            }
            for m, w in walked.items()
        ],
    )


def _decay_summary(half_life: float, textbook: Any, proximal: Any) -> str:
    rate = "η stays" if math.isinf(half_life) else f"η halves every {half_life:g} updates"
    zeros = np.flatnonzero(proximal == 0.0)
    hits = int((textbook == 0.0).sum())
    end = f"with the textbook method |w₂| ends at {abs(textbook[-1]):.1g} and {hits} updates were at 0"
    if len(zeros) == 0:
        return (
            f"{rate}: too fast. {end}, and the proximal step does not arrive either: {abs(proximal[-1]):.2f}."
        )
    return f"{rate}: {end}. The proximal step is at exactly 0 from update {zeros[0]} on."


def _stay_frame(batch_size: int, momentum: float) -> Frame:
    gradients = lesson.batch_gradients(batch_size)
    average = lesson.averaged(gradients, momentum)
    steps = np.arange(1, len(gradients) + 1)
    left = int((np.abs(average) > lesson.STAY_STRENGTH).sum())
    share = 100 * lesson.leaving_share(batch_size, momentum)
    images = "1 image" if batch_size == 1 else f"{batch_size} images"
    return Frame(
        label=images,
        traces=[
            dots("gradient of a batch", "data_loss", steps, gradients, size=7),
            line("averaged by momentum", "ink", steps, average, width=1.8),
        ],
        summary=f"Batches of {images}, μ = {momentum:g}: the averaged gradient is larger than λ = "
        f"{lesson.STAY_STRENGTH:g} in {left} of {len(average)} updates. "
        + ("The zero stays." if left == 0 else "Each time the weight leaves zero."),
        table=[
            {
                "images in a batch": batch_size,
                "momentum μ": momentum,
                "updates beyond λ": left,
                "of": len(average),
                "expected in the long run (%)": share,
            }
        ],
    )


def _plain(value: float) -> str:
    return "0" if value == 0.0 else f"{value:.2f}"
