"""How zeros happen in the real network: zeros over the updates, and the multiplications that are left."""

from collections.abc import Sequence

from core.figures.parts import Drawing, Figure, Trace, axis, figure, line, numbers, role
from core.lessons import how_zeros_happen_runs as lesson
from core.lessons.experiments import Trained
from core.lessons.how_zeros_happen_runs import Multiplications

LOOKS = {
    "textbook, SGD": ("reference", "dash"),
    "textbook, Adam": ("reference", "dot"),
    "proximal": ("penalty", "solid"),
    "proximal, momentum 0.9": ("penalty", "solid"),
    "proximal, no momentum": ("penalty", "dash"),
    "clip and kill": ("ink", "dashdot"),
    "proximal, all died": ("alert", "dot"),
}
"""A method's line."""


def zeros_by_method(run: Trained) -> Drawing:
    """Exact zeros of the four methods, over the updates."""
    table = [
        {
            "method": name,
            "exact zeros (%)": run.zero_percent(i),
            "test accuracy (%)": run.test_percent(i),
            "learning rate η": run.spec.lanes[i].learning_rate,
        }
        for i, name in enumerate(lesson.METHOD_LANES)
    ]
    fig = _curves(run, lesson.METHOD_LANES)
    return Drawing(fig, lesson.methods_verdict(run), table=table)


def zeros_by_batch(trained: Sequence[Trained]) -> Drawing:
    """Exact zeros by batch size, without and with momentum."""
    names = [f"{run.spec.batch_size} images" for run in trained][::-1]
    lanes = (("momentum 0.9", 1, None), ("no momentum", 0, 0.35))
    bars = [
        _bars(name, names, [run.zero_percent(lane) for run in trained][::-1], "penalty", opacity)
        | {"text": [f"{run.zero_percent(lane):.0f}" for run in trained][::-1], "hovertemplate": "%{x:.3~g} %"}
        for name, lane, opacity in lanes
    ]
    fig = figure(
        bars,
        x=axis("weights exactly zero", "%", range=[0, 108], fixedrange=True),
        y=axis("", fixedrange=True, showgrid=False, tickfont={"size": 14, "color": role("ink")}),
        barmode="group",
        bargap=0.28,
        legend={"traceorder": "reversed"},
        margin={"l": 96, "r": 12, "t": 8, "b": 40, "autoexpand": False},
    )
    table = [
        {
            "images in a batch": run.spec.batch_size,
            "momentum": run.spec.lanes[lane].momentum,
            "learning rate η": run.spec.lanes[lane].learning_rate,
            "exact zeros (%)": run.zero_percent(lane),
            "test accuracy (%)": run.test_percent(lane),
        }
        for run in trained
        for _, lane, _ in lanes
    ]
    return Drawing(fig, lesson.batches_verdict(trained), table=table)


def zeros_return(run: Trained, step: int | None) -> Drawing:
    """The same while λ falls at `step`; None before it did."""
    table = []
    for i, name in enumerate(lesson.RETURN_LANES):
        found = lesson.returned(run, i, step)
        table.append(
            {
                "network": name,
                "zeros before (%)": found.before,
                "fewest after (%)": found.lowest,
                "zeros now (%)": found.end,
                "test accuracy (%)": run.test_percent(i),
            }
        )
    fig = _curves(run, lesson.RETURN_LANES)
    if step is not None:
        stroke = {"color": role("penalty"), "width": 1.5, "dash": "dot"}
        mark = {"type": "line", "yref": "paper", "x0": step, "x1": step, "y0": 0, "y1": 1, "line": stroke}
        fig["layout"]["shapes"] = [mark]
    return Drawing(fig, lesson.return_verdict(run, step), table=table)


def multiplications(counted: Sequence[Multiplications]) -> Drawing:
    """Per layer all multiplications of one image, and those that a zero does not save."""
    names = [each.layer for each in counted][::-1]
    every = [each.every for each in counted][::-1]
    needed = [each.needed for each in counted][::-1]
    total, left = sum(every), sum(needed)
    fig = figure(
        [
            _bars("all weights", names, every, "reference", 0.35),
            _bars("weights that are not zero", names, needed, "penalty", None),
        ],
        x=axis("multiplications for one image", range=[0, 1.2 * max(every)], fixedrange=True),
        y=axis("", fixedrange=True, showgrid=False, tickfont={"size": 14, "color": role("ink")}),
        barmode="group",
        bargap=0.28,
        margin={"l": 62, "r": 12, "t": 8, "b": 40, "autoexpand": False},
    )
    table = [
        {"layer": each.layer, "all": each.every, "not zero": each.needed, "zero": each.every - each.needed}
        for each in counted
    ]
    summary = (
        f"Of {total:,} multiplications for one image {left:,} meet a weight that is not zero, "
        f"{100 * left / total:.1f} %. The others add exactly 0."
    )
    return Drawing(fig, summary, table=table)


def _curves(run: Trained, names: Sequence[str]) -> Figure:
    lines = []
    for i, name in enumerate(names):
        colour, dash = LOOKS[name]
        x, y = zip(*lesson.zero_share(run, i), strict=True)
        lines.append(line(name, colour, x, y, dash=dash, hovertemplate="%{y:.1f} %"))
    last = run.spec.epochs * max((p["step"] / p["epoch"] for p in run.points[0] if p["epoch"]), default=1.0)
    return figure(
        lines,
        x=axis("update", range=[0, last]),
        y=axis("weights exactly zero", "%", range=[-3, 103]),
        hovermode="x unified",
    )


def _bars(
    name: str, layers: Sequence[str], counts: Sequence[float], colour: str, opacity: float | None
) -> Trace:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": numbers(counts),
        "y": list(layers),
        "marker": {"color": role(colour, opacity), "line": {"color": role(colour), "width": 1}},
        "text": [f"{count:,}" for count in counts],
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        "textfont": {"color": role("ink"), "size": 13},
        "hovertemplate": "%{x:,}",
    }
