"""L1 in a CNN, trained: zeros by target, the penalty rescaled away, scales of channels, and kernels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.figures.parts import Drawing, Figure, Frame, Trace, axis, dots, figure, line, numbers, role
from core.lessons import l1_in_a_cnn as setup
from core.lessons import l1_in_a_cnn_runs as lesson
from core.lessons.experiments import Trained


def by_target(run: Trained | None) -> Drawing:
    """For each target the most zeros that are possible, and those that came; None: before it has run."""
    names, bounds = list(setup.TARGETS), setup.predicted()
    possible = _Bars("possible: every targeted weight", "reference", 0.25, bounds)
    x = axis("of all weights", "%", range=[0, 118], tickvals=[0, 25, 50, 75, 100], fixedrange=True)
    if run is None:
        table = [{"target": name, "possible (%)": bound} for name, bound in zip(names, bounds, strict=True)]
        return Drawing(_rows(names, [possible], x), lesson.possible_sentence(), table=table)
    zeros = [run.zero_percent(i) for i in range(len(names))]
    table = [
        {
            "target": name,
            "possible (%)": bounds[i],
            "zeros (%)": zeros[i],
            "zeros of its own (%)": lesson.own_percent(run, i, setup.TARGETS[name].layers),
            "test accuracy (%)": run.test_percent(i),
        }
        for i, name in enumerate(names)
    ]
    bars = [possible, _Bars("measured: exactly zero", "penalty", None, zeros)]
    return Drawing(_rows(_right(run, names), bars, x), lesson.targets_verdict(run), table=table)


def batch_norm(run: Trained) -> Drawing:
    """Σ|w| of the convolutions and the channels that are off, by what is penalised."""
    names = list(setup.NORMALIZED_TARGETS)
    norms = [lesson.layer_norm(run, i, lesson.CONV) for i in range(len(names))]
    off, channels = [lesson.channels_off(run, i) for i in range(len(names))], lesson.channels(run)
    bars = [
        _Bars(
            "channels off: γ = 0",
            "ink",
            None,
            [100 * n / channels for n in off],
            [f"{n} of {channels}" for n in off],
        ),
        _Bars(
            "Σ|w| of conv1 and conv2",
            "penalty",
            None,
            [100 * norm / max(norms) for norm in norms],
            [f"{norm:.3g}" for norm in norms],
        ),
    ]
    x = axis("of all channels; of the largest Σ|w|", "%", range=[0, 118], fixedrange=True)
    x["tickvals"] = [0, 25, 50, 75, 100]
    fig = _rows(_right(run, names), bars, x)
    return Drawing(fig, lesson.batch_norm_verdict(run), table=_norm_table(run, names))


def _norm_table(run: Trained, names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "penalised": name,
            "Σ|w| of the convolutions": lesson.layer_norm(run, i, lesson.CONV),
            "channels off": lesson.channels_off(run, i),
            "of": lesson.channels(run),
            "test accuracy (%)": run.test_percent(i),
        }
        for i, name in enumerate(names)
    ]


def _right(run: Trained, names: Sequence[str]) -> list[str]:
    """Each lane's name with its test accuracy below."""
    return [f"{name}<br>{run.test_percent(i):.1f} % right" for i, name in enumerate(names)]


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
    return Frame(
        label=f"c = {now.factor:g}",
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
        return f"c = 1, as trained: Σ|w| is {now.conv1:.3g} in conv1 and {now.conv2:.3g} in conv2."
    changed = "exactly" if now.change == 0.0 else f"up to {now.change:.0e} of the largest"
    return (
        f"c = {now.factor:g}: Σ|w| of conv1 falls from {before.conv1:.3g} to {now.conv1:.3g}, and the "
        f"features are the same, {changed}. Both layers together: {now.conv1 + now.conv2:.3g} instead of "
        f"{before.conv1 + before.conv2:.3g}."
    )


def kernels(run: Trained) -> Drawing:
    """The 32 kernels of conv1 by penalty, zeros hatched."""
    rows = [run.kernels(lane) for lane in range(len(setup.GROUP_LANES))]
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
            label=setup.GROUP_LANES[lane],
            traces=[_mosaic(lesson.mosaic(rows[lane]), limit)],
            summary=lesson.groups_sentence(run, lane),
            table=_groups_table(run),
        )
        for lane in range(len(setup.GROUP_LANES))
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
    found = [lesson.off(run, lane) for lane in range(len(setup.GROUP_LANES))]
    return [
        {
            "network": name,
            "filters of conv1 off": off.filters,
            "holes in the others": off.holes,
            "filters and units off, all layers": off.units,
            "of": off.of_units,
            "test accuracy (%)": run.test_percent(lane),
        }
        for lane, (name, off) in enumerate(zip(setup.GROUP_LANES, found, strict=True))
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
