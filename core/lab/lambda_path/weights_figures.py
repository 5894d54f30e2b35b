"""Figures of a λ path over λ itself: how large the weights are, and each weight on its way to zero."""

import math
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from core.figures.traces import GAP, Figure, Trace, axis, figure, line, note, role
from core.lab.lambda_path.path import Path
from core.spec import strength_text

_MARGIN = {"l": 56, "r": 14, "t": 12, "b": 44, "autoexpand": False}

FEW = 100
"""More lines than these hide each other, unless one sees through them."""

_HOVER = {"hovertemplate": "λ = %{customdata}: %{y:.4~g}"}


def norms(path: Path, layers: Mapping[str, Sequence[float]], more: Sequence[Trace] = ()) -> Figure:
    """Σ|w| over λ: of one layer as it is, of several in percent of each at λ = 0."""
    at = places([stop.strength for stop in path.stops])
    alone = len(layers) == 1
    rows = {
        name: values if alone else [100.0 * v / (values[0] or 1.0) for v in values]
        for name, values in layers.items()
    }
    traces = [
        line(name, name, at, values)
        | {"mode": "lines+markers", "marker": {"color": role(name), "size": 7}, "customdata": _names(path)}
        | _HOVER
        for name, values in rows.items()
    ]
    y = axis("Σ|w|", "" if alone else "% of that at λ = 0", range=[0.0, norm_ceiling(rows)])
    beyond = [_free(at[1], v) for v in rows.values() if v[0] > norm_ceiling(rows)]
    more = [*more, *choice_line(path, norm_ceiling(rows))]
    return figure([*traces, *more], x=_over_strengths(path), y=y, margin=_MARGIN, annotations=beyond)


def norm_ceiling(rows: Mapping[str, Sequence[float]]) -> float:
    """The axis's upper end. A lone layer's Σ|w| at λ = 0 may be many times the next: it is only written."""
    first = 1 if len(rows) == 1 else 0
    return 1.12 * max(max(values[first:]) for values in rows.values()) or 1.0


def _free(x: float, values: Sequence[float]) -> dict[str, Any]:
    # Beside the line that comes down from there.
    return note(x, 1.0, f"↑ λ = 0: {values[0]:,.0f}", yref="paper", xanchor="left", xshift=8, yanchor="top")


def weights(path: Path, layer: str, rows: Sequence[Sequence[float]], more: Sequence[Trace] = ()) -> Figure:
    """The value of each weight over λ: a line each, all of one hue."""
    at = places([stop.strength for stop in path.stops])
    opacity = 0.9 if len(rows) <= FEW else 0.55
    trace = joined(f"{layer}, a line per weight", layer, at, rows, width=1.3, opacity=opacity)
    values = list(chain.from_iterable(rows))
    more = [*more, *choice_line(path, max(values), min(values))]
    return figure([trace, *more], x=_over_strengths(path), y=axis("weight w", zeroline=True), margin=_MARGIN)


def joined(name: str, colour: str, x: Sequence[float], rows: Sequence[Sequence[float]], **more: Any) -> Trace:
    """Many lines as one trace, with a gap after each: Plotly draws hundreds that way without delay."""
    gap = [GAP]
    xs = chain.from_iterable([*x, GAP] for _ in rows)
    return line(name, colour, xs, chain.from_iterable([*row, *gap] for row in rows), hoverinfo="skip", **more)


def limit(x: float, top: float) -> list[Trace]:
    """λ_max as a vertical line: from there on no weight is left at the optimum."""
    return [line("λ_max", "penalty", [x, x], [0.0, top], dash="dot", width=2.0)]


def choice_line(path: Path, top: float, bottom: float = 0.0) -> list[Trace]:
    """The chosen λ as a vertical line; none where none was chosen."""
    if path.choice is None:
        return []
    x = places([stop.strength for stop in path.stops])[path.choice.chosen]
    return [line("chosen λ", "ink", [x, x], [bottom, top], dash="longdash", width=1.6)]


def places(strengths: Sequence[float]) -> list[float]:
    """log₁₀ λ; λ = 0 stands one step before the smallest, as on a log axis it has no place."""
    logs = [math.log10(each) for each in strengths if each > 0.0]
    step = logs[1] - logs[0] if len(logs) > 1 else 1.0
    return [math.log10(each) if each > 0.0 else logs[0] - step for each in strengths]


def _over_strengths(path: Path) -> dict[str, Any]:
    at = places([stop.strength for stop in path.stops])
    every = 1 if len(at) <= 7 else 2
    shown = [i for i in range(len(at)) if i == 0 or (i - 1) % every == 0]
    step = at[-1] - at[-2]
    return axis(
        "λ, log scale, 0 set apart",
        range=[at[0] - 0.4 * step, at[-1] + 0.4 * step],
        tickvals=[at[i] for i in shown],
        ticktext=[_names(path)[i] for i in shown],
        zeroline=False,
    )


def _names(path: Path) -> list[str]:
    return [strength_text(stop.strength) for stop in path.stops]
