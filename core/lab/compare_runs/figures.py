"""Runs over each other: each keeps its stroke through every chart; the baseline is a line at zero."""

from collections.abc import Mapping, Sequence
from typing import Any

from core import snapshots
from core.figures.traces import Drawing, Frame, Trace, axis, figure, line, numbers, off_by, role, upright
from core.lab.compare_runs.curves import TITLES, Compared, Curve, Metric, histogram, zero_percent
from core.words import percent, zeros_text

STROKES = (
    ("data_loss", "solid"),
    ("penalty", "solid"),
    ("conv2", "dash"),
    ("fc2", "dash"),
    ("ink", "dot"),
    ("conv1", "dot"),
)
"""Hue and dash of each run. The hues are those of the palette furthest apart; no layer and no term of the
loss is drawn on this page, so that a hue means a run here and nothing else."""

BAND = 0.18

MOST_DOTS = 60
"""Looks at the validation images that are dotted: of more, a line says as much."""


def over_steps(drawn: Sequence[Curve], metric: Metric, baseline: str = "") -> Drawing:
    """Curves of one metric by step; with a baseline they are differences from it."""
    name, unit = TITLES[metric]
    unit = "points" if baseline and unit == "%" else unit
    traces = [trace for curve in drawn for trace in (*_band(curve), _line(curve, metric))]
    words = f"{name} minus that of {baseline}" if baseline else name
    y = axis(words if not baseline else f"{name}: difference", unit, zeroline=bool(baseline), automargin=True)
    if unit == "%" and all(len(curve.steps) < 2 for curve in drawn):
        y["range"] = [0, 100]  # Around a single moment there is no scale to find.
    fig = figure(traces, x=axis("step", rangemode="tozero"), y=y, hovermode="x unified", shapes=_marks(drawn))
    rows = [
        {"run": curve.label, "last step": int(curve.steps[-1]), _head(name, unit): float(curve.values[-1])}
        | _spread(curve)
        for curve in drawn
        if len(curve.steps)
    ]
    return Drawing(fig, _sentence(words, unit, drawn), table=_same_keys(rows))


def two_histograms(left: Compared, right: Compared) -> Drawing:
    """Weights of two runs, a layer at each position of the slider."""
    frames = [_layer_frame(left, right, layer) for layer in _common_layers(left, right)]
    empty = figure([], x=axis("weight"), y=axis("weights", "% per 0.01"))
    blank = sorted({each.label for each in (left, right) if each.frame is None})
    if blank:
        return Drawing(empty, f"No numbers yet: {' and '.join(blank)}.")
    if not frames:
        return Drawing(empty, f"{left.label} and {right.label} have no layer in common.")
    return Drawing(empty, frames=frames)


def _layer_frame(left: Compared, right: Compared, layer: str) -> Frame:
    both = [(each, each.frame) for each in (left, right) if each.frame is not None]
    zeros = {each.label: zero_percent(frame, layer) for each, frame in both}
    kinds = {each.label: _kinds(each, frame, layer) for each, frame in both}
    told = {name: percent(share / 100.0) for name, share in zeros.items()}
    shares = "; ".join(f"{name}: {told[name]}{kinds[name] and f' ({kinds[name]})'}" for name in zeros)
    return Frame(
        at={"label": layer},
        traces=[_outline(each, frame, layer) for each, frame in both],
        summary=f"{layer}, weights that are not zero. Exactly zero, and not drawn: {shares}.",
        table=[
            {
                "run": each.label,
                "weights": frame.layers[layer].weights,
                "exactly zero (%)": zeros[each.label],
                "of all weights": kinds[each.label] or "–",
            }
            for each, frame in both
        ],
    )


def _kinds(each: Compared, frame: snapshots.Frame, layer: str) -> str:
    found = frame.layers[layer]
    return zeros_text(found.kinds.by_kind, found.weights, each.spec.lanes[each.lane].prune > 0.0)


def _outline(each: Compared, frame: snapshots.Frame, layer: str) -> Trace:
    edges, heights = histogram(frame, layer)
    colour, dash = STROKES[each.slot]
    steps = line(each.label, colour, edges, [*heights, heights[-1]], width=2, dash=dash)
    steps["line"]["shape"] = "hv"
    return steps | {"fill": "tozeroy", "fillcolor": role(colour, BAND)}


def _common_layers(left: Compared, right: Compared) -> list[str]:
    if left.frame is None or right.frame is None:
        return []
    return [name for name in left.frame.layers if name in right.frame.layers]


def _line(curve: Curve, metric: Metric) -> Trace:
    colour, dash = STROKES[curve.slot]
    drawn = line(curve.label, colour, curve.steps, curve.values, width=2, dash=dash, legendgroup=curve.label)
    if curve.error is not None:
        drawn = off_by(drawn, curve.error)
    if metric not in ("accuracy", "error") or curve.n_runs > 1 or len(curve.steps) > MOST_DOTS:
        return drawn
    # A look is rarer than a step: between two dots nobody has looked.
    return drawn | {"mode": "lines+markers", "marker": {"color": role(colour), "size": 5}}


def _marks(drawn: Sequence[Curve]) -> list[dict[str, Any]]:
    """A line in a run's hue where a person changed λ or layers while it trained."""
    return [upright(step, STROKES[curve.slot][0], width=1) for curve in drawn for step in curve.marks]


def _band(curve: Curve) -> list[Trace]:
    if curve.low is None or curve.high is None:
        return []
    colour, _ = STROKES[curve.slot]
    there_and_back = {"x": [*curve.steps, *curve.steps[::-1]], "y": [*curve.low, *curve.high[::-1]]}
    return [
        {
            "type": "scatter",
            "name": curve.label,
            "mode": "lines",
            "line": {"width": 0, "color": role(colour)},
            "fill": "toself",
            "fillcolor": role(colour, BAND),
            "hoverinfo": "skip",
            "showlegend": False,
            "legendgroup": curve.label,
            **{name: numbers(values) for name, values in there_and_back.items()},
        }
    ]


def _spread(curve: Curve) -> dict[str, float]:
    if curve.low is None or curve.high is None:
        return {}
    return {"smallest": float(curve.low[-1]), "largest": float(curve.high[-1])}


def _same_keys(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    keys = dict.fromkeys(key for row in rows for key in row)
    return [{key: row.get(key, "") for key in keys} for row in rows]


def _head(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def _sentence(words: str, unit: str, drawn: Sequence[Curve]) -> str:
    ended = [curve for curve in drawn if len(curve.steps)]
    if not ended:
        return f"{words}: no numbers yet."
    after = f" {unit}" if unit else ""
    last = "; ".join(f"{c.label}: {c.values[-1]:.3g}{after} at step {c.steps[-1]:,.0f}" for c in ended)
    return f"{words}, each at its own last step: {last}."
