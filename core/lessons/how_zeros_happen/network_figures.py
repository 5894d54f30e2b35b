"""How zeros happen in the real network: zeros over the updates, and the multiplications that are left."""

from collections.abc import Sequence

from core.experiments import Trained, kinds_told
from core.figures.traces import GAP, Drawing, Figure, Trace, axis, figure, line, numbers, role, upright
from core.lessons.how_zeros_happen import network as lesson
from core.lessons.how_zeros_happen.network import Multiplications
from core.lessons.seeds import Row, rows_of, settled

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


def zeros_by_method(runs: Sequence[Trained]) -> Drawing:
    """Exact zeros of the methods, over the updates; the sentence and the table are means over the seeds."""
    done = settled(runs)
    zeros, right = (
        rows_of(lesson.METHOD_LANES, done, of) for of in (Trained.zero_percent, Trained.valid_percent)
    )
    table = [
        {
            "method": name,
            "exact zeros (%)": zeros[i].text(),
            "of all weights": kinds_told(done, i),
            "validation accuracy (%)": right[i].text(),
            "learning rate η": runs[0].spec.lanes[i].learning_rate,
        }
        for i, name in enumerate(lesson.METHOD_LANES)
    ]
    return Drawing(_curves(runs, lesson.METHOD_LANES), lesson.methods_verdict(done), table=table)


def zeros_by_batch(groups: Sequence[Sequence[Trained]]) -> Drawing:
    """Exact zeros by batch size, without and with momentum, of the groups of `by_batch`."""
    names = [f"{group[0].spec.batch_size} images" for group in groups]
    labels = ("no momentum", "momentum 0.9")
    zeros, right = (
        [rows_of(labels, group, of) for group in groups]
        for of in (Trained.zero_percent, Trained.valid_percent)
    )
    bars = [
        _bars(labels[lane], names[::-1], [rows[lane].mean for rows in zeros][::-1], "penalty", opacity)
        | {"text": [rows[lane].text(0) for rows in zeros][::-1], "hovertemplate": "%{x:.3~g} %"}
        for lane, opacity in ((1, None), (0, 0.35))
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
            "images in a batch": group[0].spec.batch_size,
            "epochs": group[0].spec.epochs,
            "momentum": group[0].spec.lanes[lane].momentum,
            "learning rate η": group[0].spec.lanes[lane].learning_rate,
            "exact zeros (%)": zeros[i][lane].text(),
            "of all weights": kinds_told(group, lane),
            "validation accuracy (%)": right[i][lane].text(),
        }
        for i, group in enumerate(groups)
        for lane in (1, 0)
    ]
    return Drawing(fig, lesson.batches_verdict(groups), table=table)


def zeros_return(runs: Sequence[Trained], steps: Sequence[int | None]) -> Drawing:
    """The same while λ falls in each run at its step; None before it did."""
    done = settled(runs)
    at = [step for run, step in zip(runs, steps, strict=True) if any(run is each for each in done)]
    right = rows_of(lesson.RETURN_LANES, done, Trained.valid_percent)
    table = []
    for i, name in enumerate(lesson.RETURN_LANES):
        found = lesson.returns(done, i, at)
        before, lowest, mean, end = (
            Row("", tuple(getattr(each, moment) for each in found)).text()
            for moment in ("before", "lowest", "mean", "end")
        )
        table.append(
            {
                "network": name,
                "zeros before (%)": before,
                "fewest after (%)": lowest,
                "mean after (%)": mean,
                "zeros now (%)": end,
                "validation accuracy (%)": right[i].text(),
            }
        )
    fig = _curves(runs, lesson.RETURN_LANES)
    fell = sorted({step for step in steps if step is not None})
    if fell:
        fig["layout"]["shapes"] = [upright(step, "penalty") for step in fell]
    return Drawing(fig, lesson.return_verdict(done, at), table=table)


def multiplications(counted: Sequence[Multiplications]) -> Drawing:
    """Per layer all multiplications of one image, and those that no zero saves, mean over the seeds."""
    names = [each.layer for each in counted][::-1]
    every = [each.every for each in counted][::-1]
    needed = [each.needed.mean for each in counted][::-1]
    left = Row("", tuple(map(sum, zip(*(each.needed.values for each in counted), strict=True))))
    total = sum(every)
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
        {
            "layer": each.layer,
            "all": each.every,
            "not zero": each.needed.text(0),
            "zero": round(each.every - each.needed.mean),
        }
        for each in counted
    ]
    share = Row("", tuple(100 * each / total for each in left.values))
    summary = (
        f"Of {total:,} multiplications for one image {round(left.mean):,} meet a weight that is not zero, "
        f"{share.text()} %. The others add exactly 0."
    )
    return Drawing(fig, summary, table=table)


def _curves(runs: Sequence[Trained], names: Sequence[str]) -> Figure:
    """A line for each lane and seed; those of a lane are one trace, with a gap between two seeds."""
    lines = []
    for i, name in enumerate(names):
        colour, dash = LOOKS[name]
        moments = [moment for run in runs for moment in (*lesson.zero_share(run, i), (GAP, GAP))]
        x, y = zip(*moments[:-1], strict=True)
        hover = f"{name}: %{{y:.1f}} %<extra></extra>"
        lines.append(line(name, colour, x, y, dash=dash, width=1.8, hovertemplate=hover))
    per_epoch = max((p.step / p.epoch for p in runs[0].points[0] if p.epoch), default=1.0)
    return figure(
        lines,
        x=axis("update", range=[0, runs[0].spec.epochs * per_epoch]),
        y=axis("weights exactly zero", "%", range=[-3, 103]),
        hovermode="closest",
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
        "text": [f"{round(count):,}" for count in counts],
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        "textfont": {"color": role("ink"), "size": 13},
        "hovertemplate": "%{x:,}",
    }
