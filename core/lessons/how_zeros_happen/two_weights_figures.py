"""How zeros happen: the paths of two weights by four methods, and after λ has fallen."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from core.figures.traces import (
    Drawing,
    Frame,
    Trace,
    axis,
    figure,
    line,
    note,
    position,
    upright,
)
from core.lessons.how_zeros_happen import two_weights as lesson
from core.lessons.how_zeros_happen.two_weights import MethodName

NAMES: Mapping[MethodName, str] = {
    "textbook_sgd": "textbook, SGD",
    "textbook_adam": "textbook, Adam",
    "proximal": "proximal",
    "clip_and_kill": "clip and kill",
}
STRENGTHS = tuple(float(s) for s in np.linspace(0, 0.6, 31).round(2))
LATER = tuple(float(s) for s in np.linspace(0.4, 0.0, 21).round(2))

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
            domain=[0.0, 0.46] if i % 2 == 0 else [0.54, 1.0],
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
        at=position("λ", strength, f"{strength:.2f}"),
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
    if strength == 0.0:
        return f"{start}. Without λ nothing pulls to zero."
    if right == 0:
        return f"{start}. λ pulls too weakly to hold even w₂ at zero."
    return f"{start}, both textbook methods hover and make none."


def _lowered_frame(methods: Sequence[MethodName], later: float) -> Frame:
    first = LATER[0]
    walked = {method: lesson.lowered_path(method, first, later) for method in methods}
    aims = lesson.best(later)
    half = lesson.N_UPDATES // 2
    ends = {method: path[-1] for method, path in walked.items()}
    back = [f"w{'₁₂'[k]}" for k in (0, 1) if walked["proximal"][half][k] == 0.0 != ends["proximal"][k]]
    killed = [f"w{'₁₂'[k]}" for k in (0, 1) if ends["clip_and_kill"][k] == 0.0]
    proximal = f"{' and '.join(back)} left zero again" if back else "w₂ stays at zero"
    return Frame(
        at=position("λ", later, f"{first:.2f}, then {later:.2f}"),
        traces=[trace for i, path in enumerate(walked.values()) for trace in _panel(i, path, aims)],
        layout=_titles([f"<b>{NAMES[m]}</b>: {_count(int((end == 0).sum()))}" for m, end in ends.items()])
        | {
            "shapes": [
                upright(half, "penalty", xref=f"x{i + 1 if i else ''}", y1=0.93) for i in range(len(methods))
            ]
        },
        summary=f"{_lowered(first, later, half)} Proximal: {proximal}, w₁ is "
        f"{_plain(ends['proximal'][0])}. Clip and kill: {' and '.join(killed)}, killed, at 0 for ever.",
        table=[
            {"method": NAMES[m], "w₁ at the end": float(end[0]), "w₂ at the end": float(end[1])}
            for m, end in ends.items()
        ],
    )


def _lowered(first: float, later: float, half: int) -> str:
    if later == first:
        return f"λ stays at {first:.2f} after update {half}, too."
    return f"λ falls from {first:.2f} to {later:.2f} at update {half}."


def _plain(value: float) -> str:
    return "0" if value == 0.0 else f"{value:.2f}"
