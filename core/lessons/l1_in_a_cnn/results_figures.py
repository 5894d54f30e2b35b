"""L1 in a CNN, trained: zeros by target, the penalty rescaled away, scales of channels, and kernels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.experiments import Trained, kinds_told
from core.figures.traces import (
    Drawing,
    Figure,
    Frame,
    Trace,
    axis,
    dots,
    figure,
    line,
    numbers,
    position,
    role,
)
from core.lessons.l1_in_a_cnn import layers
from core.lessons.l1_in_a_cnn import results as lesson
from core.lessons.seeds import Row, rows_of
from core.words import size_text


def by_target(runs: Sequence[Trained]) -> Drawing:
    """For each target the most zeros that are possible, and those that came, once there are runs."""
    names, bounds = list(layers.TARGETS), layers.predicted()
    possible = _Bars("possible: every penalised weight", "reference", 0.25, bounds)
    x = axis("of all weights", "%", range=[0, 118], tickvals=[0, 25, 50, 75, 100], fixedrange=True)
    if not runs:
        table = [{"target": name, "possible (%)": bound} for name, bound in zip(names, bounds, strict=True)]
        return Drawing(_rows(names, [possible], x), lesson.possible_sentence(), table=table)
    zeros, right = rows_of(names, runs, Trained.zero_percent), rows_of(names, runs, Trained.valid_percent)
    table = [
        {
            "target": name,
            "possible (%)": bounds[i],
            "zeros (%)": zeros[i].text(),
            "of all weights": kinds_told(runs, i),
            "zeros of its own (%)": Row(
                name, tuple(lesson.own_percent(run, i, layers.TARGETS[name].layers) for run in runs)
            ).text(),
            "validation accuracy (%)": right[i].text(),
        }
        for i, name in enumerate(names)
    ]
    means, texts = [row.mean for row in zeros], [row.text() for row in zeros]
    bars = [possible, _Bars("measured: exactly zero", "penalty", None, means, texts)]
    return Drawing(_rows(_right(right), bars, x), lesson.targets_verdict(runs), table=table)


def batch_norm(runs: Sequence[Trained]) -> Drawing:
    """Σ|w| of the convolutions and the channels that are off, by what is penalised."""
    names = list(layers.NORMALIZED_TARGETS)
    norms = rows_of(names, runs, lambda run, lane: lesson.layer_norm(run, lane, lesson.CONV))
    off, channels = rows_of(names, runs, lesson.channels_off), lesson.channels(runs[0])
    right = rows_of(names, runs, Trained.valid_percent)
    bars = [
        _Bars(
            "dead channels: γ = 0",
            "ink",
            None,
            [100 * row.mean / channels for row in off],
            [f"{row.text(0)} of {channels}" for row in off],
        ),
        _Bars(
            "Σ|w| of conv1 and conv2",
            "penalty",
            None,
            [100 * row.mean / max(each.mean for each in norms) for row in norms],
            [row.text(0) for row in norms],
        ),
    ]
    x = axis("of all channels; of the largest Σ|w|", "%", range=[0, 128], fixedrange=True)
    x["tickvals"] = [0, 25, 50, 75, 100]
    table = [
        {
            "penalised": name,
            "Σ|w| of the convolutions": norms[i].text(0),
            "dead channels": off[i].text(0),
            "of": channels,
            "validation accuracy (%)": right[i].text(),
        }
        for i, name in enumerate(names)
    ]
    return Drawing(_rows(_right(right), bars, x), lesson.batch_norm_verdict(runs), table=table)


def _right(rows: Sequence[Row]) -> list[str]:
    """Each lane's name with its validation accuracy below."""
    return [f"{row.label}<br>{row.text()} % right" for row in rows]


def rescaling(run: Trained, lane: int) -> Drawing:
    """Σ|w| of conv1 and conv2 while conv1 is divided by a factor and conv2 multiplied by it."""
    found = [lesson.rescaled(run, lane, factor) for factor in lesson.FACTORS]
    fig = figure(
        [
            line(name, name, lesson.FACTORS, [getattr(each, name) for each in found])
            for name in ("conv1", "conv2")
        ],
        x=axis("factor c", type="log", range=[-1.08, 2.08], tickvals=[0.1, 1, 10, 100]),
        y=axis("Σ|w| of the layer", type="log", dtick=1),
        margin={"l": 66, "r": 12, "t": 19, "b": 40, "autoexpand": False},
    )
    trained = lesson.rescaled(run, lane, 1.0)
    return Drawing(fig, frames=[_rescale_frame(each, trained) for each in found])


def _rescale_frame(now: lesson.Rescaled, before: lesson.Rescaled) -> Frame:
    return Frame(
        at=position("c", now.factor, f"{now.factor:g}"),
        traces=[
            dots(name, name, [now.factor], [getattr(now, name)], size=13, showlegend=False)
            for name in ("conv1", "conv2")
        ],
        summary=_rescale_summary(now, before),
        table=[
            {"layer": "conv1", "Σ|w| before": before.conv1, "Σ|w| after": now.conv1},
            {"layer": "conv2", "Σ|w| before": before.conv2, "Σ|w| after": now.conv2},
        ],
    )


def _rescale_summary(now: lesson.Rescaled, before: lesson.Rescaled) -> str:
    if now.factor == 1.0:
        return (
            f"c = 1, as trained: Σ|w| is {size_text(now.conv1)} in conv1 and {size_text(now.conv2)} in conv2."
        )
    least = 2 * math.sqrt(before.conv1 * before.conv2)
    changed = "exactly" if now.change == 0.0 else f"up to {now.change:.0e} of the largest"
    return (
        f"c = {now.factor:g}: Σ|w| of conv1 goes from {size_text(before.conv1)} to {size_text(now.conv1)}, "
        f"and the features are the same, {changed}. Both layers together: "
        f"{size_text(now.conv1 + now.conv2)} instead of {size_text(before.conv1 + before.conv2)}; "
        f"the least is {size_text(least)}, at c = {math.sqrt(before.conv1 / before.conv2):.2g}."
    )


def kernels(run: Trained) -> Drawing:
    """The 32 kernels of conv1 by penalty, zeros hatched."""
    rows = [run.kernels(lane) for lane in range(len(layers.GROUP_LANES))]
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
            at={"label": layers.GROUP_LANES[lane]},
            traces=[_mosaic(lesson.mosaic(rows[lane]), limit)],
            summary=lesson.groups_sentence(run, lane),
            table=_groups_table(run),
        )
        for lane in range(len(layers.GROUP_LANES))
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
    found = [lesson.off(run, lane) for lane in range(len(layers.GROUP_LANES))]
    return [
        {
            "network": name,
            "dead filters of conv1": off.filters,
            "holes in the others": off.holes,
            "dead filters and units, all layers": off.units,
            "of": off.of_units,
            "validation accuracy (%)": run.valid_percent(lane),
        }
        for lane, (name, off) in enumerate(zip(layers.GROUP_LANES, found, strict=True))
    ]


@dataclass(frozen=True)
class _Bars:
    """Bars of one kind: legend, colour's role, opacity, lengths, and what stands at their ends."""

    name: str
    colour: str
    opacity: float | None
    values: Sequence[float]
    texts: Sequence[str] = ()


def _rows(names: Sequence[str], bars: Sequence[_Bars], x: dict[str, Any]) -> Figure:
    """A row of bars for each name, the first on top; so are a row's bars."""
    return figure(
        [_trace(names, each) for each in bars],
        x=x,
        y=axis("", fixedrange=True, showgrid=False, tickfont={"size": 13, "color": role("ink")})
        | {"categoryorder": "array", "categoryarray": list(names)[::-1]},
        barmode="group",
        bargap=0.3,
        margin={"l": 122, "r": 12, "t": 8, "b": 40, "autoexpand": False},
    )


def _trace(names: Sequence[str], bars: _Bars) -> Trace:
    return {
        "type": "bar",
        "orientation": "h",
        "name": bars.name,
        "x": numbers(bars.values),
        "y": list(names),
        "marker": {
            "color": role(bars.colour, bars.opacity),
            "line": {"color": role(bars.colour), "width": 1},
        },
        "text": list(bars.texts) or [f"{value:.3g}" for value in bars.values],
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        "textfont": {"color": role("ink"), "size": 13},
        "hovertemplate": "%{x:.3~g}",
    }
