"""What a claim's experiment has shown: a row for what is compared, a dot for each seed, or a curve."""

from collections.abc import Sequence

from core.experiments import Trained
from core.figures.traces import GAP, Figure, Trace, axis, dots, figure, line, note, off_by, role
from core.lessons.does_it_deliver.disadvantages import NON_SMOOTH_LANES, PRECISION_STRENGTHS, above_lowest
from core.lessons.does_it_deliver.results import ACCURACY, Result
from core.spec import strength_text
from core.uncertainty import error_by_seeds

ROW_HEIGHT = 56
FRAME_HEIGHT = 92
CURVE_HEIGHT = 320
FLOOR = 1e-6
"""Where a logarithmic axis shows what is as low as it gets."""


def drawn(name: str, result: Result, runs: Sequence[Trained]) -> Figure:
    """The figure of a card: a curve where the claim is about one, else the rows of its result."""
    if name == "precision":
        return precision(runs)
    n_valid = runs[0].points[0][-1].score.n_valid
    return convergence(runs) if name == "non_smooth" else comparison(result, n_valid)


def precision(runs: Sequence[Trained]) -> Figure:
    """Validation accuracy against the share of exact zeros, a dot for each λ, a line for each seed."""
    lanes = range(len(PRECISION_STRENGTHS))
    # A gap between two seeds.
    zeros = [share for run in runs for share in (*(run.zero_percent(lane) for lane in lanes), GAP)]
    right = [share for run in runs for share in (*(run.valid_percent(lane) for lane in lanes), GAP)]
    errors = [error for run in runs for error in (*(run.valid_error(lane) for lane in lanes), GAP)]
    texts = [f"λ = {strength_text(strength)}" for strength in PRECISION_STRENGTHS]
    path = line("over λ", "penalty", zeros, right, mode="lines+markers", text=[*texts, ""] * len(runs))
    path |= {"mode": "lines+markers", "marker": {"size": 10, "color": role("penalty")}}
    path["hovertemplate"] = "%{text}: %{x:.3~g} % zeros, %{y:.3~g} % right<extra></extra>"
    return figure(
        [off_by(path, errors), _pruned(runs)],
        x=axis("weights exactly zero", "%", range=[-4, 108]),
        y=axis("validation accuracy", "%", range=[0, 118], tickvals=[0, 25, 50, 75, 100]),
        annotations=[_strength_note(lane, zeros[lane], right[lane], texts[lane]) for lane in lanes],
    )


def _pruned(runs: Sequence[Trained]) -> Trace:
    lanes = range(len(PRECISION_STRENGTHS), len(runs[0].points))
    zeros = [run.zero_percent(lane) for run in runs for lane in lanes]
    right = [run.valid_percent(lane) for run in runs for lane in lanes]
    errors = [run.valid_error(lane) for run in runs for lane in lanes]
    return off_by(dots("magnitude pruning, no penalty", "reference", zeros, right, size=9), errors)


def _strength_note(lane: int, zeros: float, right: float, text: str) -> dict[str, object]:
    """Above and below the curve in turn, to the left where the curve falls."""
    crowded = {"xanchor": "right", "xshift": -8} if zeros > 98.0 else {}
    return note(zeros, right, text, "ink", yshift=-16 if lane % 2 else 16, **crowded)


def convergence(runs: Sequence[Trained]) -> Figure:
    """The total loss above the lowest seen, over the updates, by method."""
    # The first two all but cover each other: the one below is wide.
    looks = (("reference", 7.0, "solid"), ("penalty", 2.4, "solid"), ("ink", 2.4, "dot"))
    above = above_lowest(runs[0])
    return figure(
        [
            line(
                name,
                colour,
                [point.step for point in runs[0].points[lane]],
                [max(value, FLOOR) for value in above[lane]],
                width=width,
                dash=dash,
            )
            for lane, (name, (colour, width, dash)) in enumerate(zip(NON_SMOOTH_LANES, looks, strict=True))
        ],
        x=axis("update"),
        y=axis(
            "total loss above the lowest",
            "nats",
            type="log",
            range=[-6.4, 0.6],
            tickvals=[FLOOR, 1e-4, 1e-2, 1],
            ticktext=["≤ 10⁻⁶", "0.0001", "0.01", "1"],
        ),
        margin={"l": 72, "r": 12, "t": 19, "b": 40, "autoexpand": False},
    )


def comparison(result: Result, n_valid: int) -> Figure:
    """The rows of a result from top to bottom, their means as bars and every seed as a dot.

    Args:
        result: what is drawn.
        n_valid: images that its accuracies were measured on, if it has any.
    """
    labels = [row.label for row in result.rows]
    several = any(len(row.values) > 1 for row in result.rows)
    means, seeds = _means(result, several), _seeds(result)
    if result.title == ACCURACY:
        means = off_by(means, [_error(row.values, n_valid) for row in result.rows], "x")
        each = [_error([value], n_valid) for row in result.rows for value in row.values]
        seeds = off_by(seeds, each, "x")
    top = max(1e-12, *(abs(value) for row in result.rows for value in row.values))
    low = min(0.0, *(value for row in result.rows for value in row.values))
    return figure(
        [means, seeds] if several else [means],
        x=axis(result.title, result.unit, range=[1.05 * low, 1.2 * top]),
        y={"categoryorder": "array", "categoryarray": labels[::-1], "automargin": True, "ticks": ""},
        margin={"l": 12, "r": 12, "t": 8, "b": 44, "autoexpand": True},
        bargap=0.45,
        showlegend=False,
    )


def _seeds(result: Result) -> Trace:
    seeds = dots("one seed", "ink", [v for row in result.rows for v in row.values], (), size=9)
    # Words, where `dots` expects numbers: the rows' names are the places on this axis.
    return seeds | {
        "y": [row.label for row in result.rows for _ in row.values],
        "hovertemplate": "%{x:.3~g}",
    }


def _error(percents: Sequence[float], n_valid: int) -> float:
    return 100.0 * error_by_seeds([each / 100.0 for each in percents], n_valid)


def _means(result: Result, several: bool) -> Trace:
    return {
        "type": "bar",
        "orientation": "h",
        "name": "mean" if several else "measured",
        "y": [row.label for row in result.rows],
        "x": [float(f"{row.mean:.4g}") for row in result.rows],
        "marker": {"color": role("penalty", 0.35), "line": {"color": role("penalty"), "width": 1}},
        "hovertemplate": "%{text}",
        "text": [result.written(row.mean) for row in result.rows],
        # Where seeds are drawn, their dots stand at the end of the bar.
        "textposition": "inside" if several else "outside",
        "insidetextanchor": "start",
        "cliponaxis": False,
        "textfont": {"color": role("ink"), "size": 14},
    }


def height(name: str, result: Result) -> int:
    """How tall a card's figure should be, in px."""
    if name in ("precision", "non_smooth"):
        return CURVE_HEIGHT
    return FRAME_HEIGHT + ROW_HEIGHT * len(result.rows)
