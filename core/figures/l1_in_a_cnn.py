"""L1 in a CNN: the network to scale, zeros by target, the penalty rescaled away, and kernels."""

import math
from collections.abc import Collection, Sequence
from typing import Any

from core.figures.parts import Drawing, Figure, Frame, Trace, axis, dots, figure, line, note, numbers, role
from core.lessons import l1_in_a_cnn as lesson
from core.lessons.experiments import Trained
from core.lessons.l1_in_a_cnn import Layer

SIZES = (8, 12, 16, 20, 24, 28)
"""Images, in pixels a side."""

CENTRES = {"conv1": 55.0, "conv2": 200.0, "fc1": 620.0, "fc2": 1010.0}
"""Where each layer's square stands, in square roots of weights."""


def to_scale(targeted: Collection[str]) -> Drawing:
    """Each layer as a square whose area is its number of weights, at an image size that slides."""
    fig = figure(
        [],
        x=axis("", range=[-20, 1080], showgrid=False, showticklabels=False, ticks="", fixedrange=True)
        | {"zeroline": False, "showline": False},
        y=axis("", range=[-150, 660], scaleanchor="x", showgrid=False, showticklabels=False, ticks="")
        | {"zeroline": False, "showline": False, "fixedrange": True},
        margin={"l": 8, "r": 8, "t": 8, "b": 8, "autoexpand": False},
    )
    return Drawing(fig, frames=[_network_frame(size, targeted) for size in SIZES])


def _network_frame(size: int, targeted: Collection[str]) -> Frame:
    layers = lesson.network(size)
    total = sum(layer.weights for layer in layers)
    return Frame(
        label=f"{size} × {size} pixels",
        traces=[_square(layer, layer.name in targeted) for layer in layers],
        layout={"annotations": [_name(layer, total) for layer in layers]},
        summary=_network_summary(size, layers, targeted),
        table=[
            {
                "layer": layer.name,
                "weights": layer.weights,
                "share (%)": 100 * layer.weights / total,
                "biases": layer.biases,
                "each weight is used": f"{layer.places} times",
                "penalised": "yes" if layer.name in targeted else "no",
            }
            for layer in layers
        ],
    )


def _square(layer: Layer, targeted: bool) -> Trace:
    side = math.sqrt(layer.weights)
    return {
        "type": "bar",
        "name": layer.name,
        "showlegend": False,
        "x": [CENTRES[layer.name]],
        "y": numbers([side]),
        "width": side,
        "customdata": [layer.name],
        "marker": {
            "color": role(layer.name, 1.0 if targeted else 0.16),
            "line": {"color": role(layer.name), "width": 1.5},
        },
        "hovertemplate": f"{layer.name}: {layer.weights:,} weights<extra></extra>",
    }


def _name(layer: Layer, total: int) -> dict[str, Any]:
    share = 100 * layer.weights / total
    text = f"<b>{layer.name}</b><br>{layer.weights:,}<br>{share:.2g} %"
    return note(CENTRES[layer.name], -12, text, "ink", yanchor="top")


def _network_summary(size: int, layers: Sequence[Layer], targeted: Collection[str]) -> str:
    names = [layer.name for layer in layers if layer.name in targeted]
    held = lesson.share_percent(size, names)
    fc1 = lesson.share_percent(size, ["fc1"])
    chosen = (
        f"{' + '.join(names)}: at most {held:.3g} % of all weights can become zero" if names else "Nothing"
    )
    return f"{chosen}. With images of {size} × {size} pixels fc1 alone holds {fc1:.0f} %.".replace(
        "Nothing.", "Nothing is penalised: no zeros."
    )


def by_target(run: Trained) -> Drawing:
    """For each target the most zeros that are possible, and those that came."""
    names = list(lesson.TARGETS)
    bounds, zeros = lesson.predicted(), [run.zero_percent(i) for i in range(len(names))]
    fig = _rows(
        [
            _bars("possible: all targeted weights", names, bounds, "reference", 0.25),
            _bars("measured: exactly zero", names, zeros, "penalty", None),
        ],
        axis("of all weights", "%", range=[0, 118], tickvals=[0, 25, 50, 75, 100], fixedrange=True),
    )
    table = [
        {"target": name, "possible (%)": bound, "zeros (%)": zero, "test accuracy (%)": run.test_percent(i)}
        for i, (name, bound, zero) in enumerate(zip(names, bounds, zeros, strict=True))
    ]
    return Drawing(fig, lesson.targets_verdict(run), table=table)


def batch_norm(run: Trained) -> Drawing:
    """Σ|w| of the convolutions, by what is penalised."""
    names, conv = list(lesson.NORMALIZED_TARGETS), ("conv1", "conv2")
    norms = [lesson.layer_norm(run, i, conv) for i in range(len(names))]
    bars = _bars("Σ|w| of conv1 and conv2", names, norms, "penalty", None)
    fig = _rows([bars], axis("Σ|w| of conv1 and conv2", range=[0, 1.18 * max(norms)], fixedrange=True))
    table = [
        {
            "penalised": name,
            "Σ|w| of the convolutions": norms[i],
            "γ at zero": sum(int(run.layers(i)[bn]["zeros"]) for bn in ("bn1", "bn2")),
            "test accuracy (%)": run.test_percent(i),
        }
        for i, name in enumerate(names)
    ]
    return Drawing(fig, lesson.batch_norm_verdict(run), table=table)


def rescaling(run: Trained, lane: int) -> Drawing:
    """Σ|w| of conv1 and conv2 while conv1 is divided by a factor and conv2 multiplied by it."""
    found = [lesson.rescaled(run, lane, factor) for factor in lesson.FACTORS]
    fig = figure(
        [
            line(name, name, lesson.FACTORS, [getattr(each, name) for each in found])
            for name in ("conv1", "conv2")
        ],
        x=axis("factor c", type="log", range=[-0.08, 2.08], tickvals=[1, 2, 5, 10, 20, 50, 100]),
        y=axis("Σ|w|", type="log", exponentformat="none", dtick=1),
        margin={"l": 66, "r": 12, "t": 19, "b": 40, "autoexpand": False},
    )
    return Drawing(fig, frames=[_rescale_frame(each, found[0]) for each in found])


def _rescale_frame(now: lesson.Rescaled, before: lesson.Rescaled) -> Frame:
    changed = "exactly" if now.change == 0.0 else f"up to {now.change:.0e} of the largest"
    return Frame(
        label=f"c = {now.factor:g}",
        traces=[
            dots(name, name, [now.factor], [getattr(now, name)], size=13, showlegend=False)
            for name in ("conv1", "conv2")
        ],
        summary=f"c = {now.factor:g}: Σ|w| of conv1 falls from {before.conv1:.3g} to {now.conv1:.3g}, and "
        f"the features are the same, {changed}. Penalise conv1 alone, and this is free.",
        table=[
            {"layer": "conv1", "Σ|w| before": before.conv1, "Σ|w| after": now.conv1},
            {"layer": "conv2", "Σ|w| before": before.conv2, "Σ|w| after": now.conv2},
        ],
    )


def kernels(run: Trained) -> Drawing:
    """The 32 kernels of conv1 by penalty, zeros hatched."""
    rows = [run.kernels(lane) for lane in range(len(lesson.GROUP_LANES))]
    limit = max(abs(w) for kernel in rows[0] for w in kernel)
    blank = {"showgrid": False, "zeroline": False, "showline": False, "showticklabels": False, "ticks": ""}
    fig = figure(
        [],
        x=axis("", range=[-0.7, 30.7], fixedrange=True, constrain="domain") | blank,
        y=axis("", range=[14.7, -0.7], scaleanchor="x", fixedrange=True, constrain="domain") | blank,
        margin={"l": 4, "r": 4, "t": 8, "b": 8, "autoexpand": False},
        hovermode="closest",
    )
    frames = [
        Frame(
            label=lesson.GROUP_LANES[lane],
            traces=[_mosaic(lesson.mosaic(rows[lane]), limit)],
            summary=lesson.groups_sentence(run, lane),
            table=_groups_table(run),
        )
        for lane in range(len(lesson.GROUP_LANES))
    ]
    return Drawing(fig, frames=frames)


def _mosaic(cells: Sequence[Sequence[float | None]], limit: float) -> Trace:
    return {
        "type": "heatmap",
        "name": "kernels",
        "z": [[None if w is None else float(f"{w:.3g}") for w in row] for row in cells],
        "text": [["╱" if w == 0.0 else "" for w in row] for row in cells],
        "texttemplate": "%{text}",
        "textfont": {"color": role("hatch"), "size": 12},
        "zmin": -limit,
        "zmax": limit,
        "colorscale": [[0, role("negative")], [0.5, role("neutral")], [1, role("positive")]],
        "showscale": False,
        "showlegend": False,
        "xgap": 1,
        "ygap": 1,
        "hoverongaps": False,
        "hovertemplate": "w = %{z:.3~g}<extra></extra>",
    }


def _groups_table(run: Trained) -> list[dict[str, Any]]:
    return [
        {
            "network": name,
            "filters off": run.dead(lane, "conv1"),
            "zeros in conv1": int(run.layers(lane)["conv1"]["zeros"]),
            "test accuracy (%)": run.test_percent(lane),
        }
        for lane, name in enumerate(lesson.GROUP_LANES)
    ]


def _rows(traces: list[Trace], x: dict[str, Any]) -> Figure:
    names = traces[0]["y"]
    return figure(
        traces,
        x=x,
        y=axis("", fixedrange=True, showgrid=False, tickfont={"size": 13, "color": role("ink")})
        | {"categoryorder": "array", "categoryarray": names[::-1]},
        barmode="group",
        bargap=0.3,
        margin={"l": 122, "r": 12, "t": 8, "b": 40, "autoexpand": False},
    )


def _bars(
    name: str, rows: Sequence[str], values: Sequence[float], colour: str, opacity: float | None
) -> Trace:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": numbers(values),
        "y": list(rows),
        "marker": {"color": role(colour, opacity), "line": {"color": role(colour), "width": 1}},
        "text": [f"{value:.3g}" for value in values],
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        "textfont": {"color": role("ink"), "size": 13},
        "hovertemplate": "%{x:.3~g}",
    }
