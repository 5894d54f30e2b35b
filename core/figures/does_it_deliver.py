"""What a claim's experiment has shown: a row for what is compared, a dot for each seed."""

from core.figures.parts import Figure, Trace, axis, dots, figure, role
from core.lessons.does_it_deliver_results import Result

ROW_HEIGHT = 56
FRAME_HEIGHT = 92


def comparison(result: Result) -> Figure:
    """The rows of a result from top to bottom, their means as bars and every seed as a dot."""
    labels = [row.label for row in result.rows]
    several = any(len(row.values) > 1 for row in result.rows)
    # Where seeds are drawn, their dots stand at the end of the bar.
    traces = [_means(result, "inside" if several else "outside")]
    if several:
        seeds = dots("one seed", "ink", [v for row in result.rows for v in row.values], (), size=9)
        # Words, where `dots` expects numbers: the rows' names are the places on this axis.
        seeds["y"] = [row.label for row in result.rows for _ in row.values]
        traces.append(seeds | {"hovertemplate": "%{x:.3~g}"})
    top = max(1e-12, *(abs(value) for row in result.rows for value in row.values))
    low = min(0.0, *(value for row in result.rows for value in row.values))
    return figure(
        traces,
        x=axis(result.title, result.unit, range=[1.05 * low, 1.2 * top]),
        y={"categoryorder": "array", "categoryarray": labels[::-1], "automargin": True, "ticks": ""},
        margin={"l": 12, "r": 12, "t": 8, "b": 44, "autoexpand": True},
        bargap=0.45,
        showlegend=False,
    )


def _means(result: Result, text_at: str) -> Trace:
    return {
        "type": "bar",
        "orientation": "h",
        "name": "mean",
        "y": [row.label for row in result.rows],
        "x": [float(f"{row.mean:.4g}") for row in result.rows],
        "marker": {"color": role("penalty", 0.35), "line": {"color": role("penalty"), "width": 1}},
        "hovertemplate": "%{x:.3~g}",
        "text": [f"{row.mean:.3g}" for row in result.rows],
        "textposition": text_at,
        "insidetextanchor": "start",
        "cliponaxis": False,
        "textfont": {"color": role("ink"), "size": 14},
    }


def height(result: Result) -> int:
    """How tall the figure should be, in px."""
    return FRAME_HEIGHT + ROW_HEIGHT * len(result.rows)
