"""Figures of a λ path: accuracy against zeros with knee and cliff, and how the weights go to zero over λ."""

import math
from collections.abc import Sequence
from typing import Any, Literal

from core.figures.parts import Figure, Trace, axis, dots, figure, line, note, role
from core.lessons.lambda_path import Path, Stop
from core.spec import strength_text

Across = Literal["zeros", "left"]
"""What lies along the accuracy figure: zeros in percent, or weights left on a log axis."""

Range = tuple[float, float]

TICKS = (0, 20, 40, 60, 80, 100)
NEAR = 10.0
"""Points of accuracy, or degrees."""

Place = tuple[float, float]
"""Shares of both axes, from the left and from below."""

APART: Place = (0.13, 0.08)
"""Labels nearer than these would touch on a phone."""

MARKED: Place = (0.05, 0.14)
"""A label nearer than these to the knee's or the cliff's mark would lie on it."""

ROOM = 0.08
"""Of an axis, beyond the outermost points: for their labels."""


def accuracy(path: Path, across: Across) -> Figure:
    """Score on the test images at every λ: a dot for its mean, a band over the seeds."""
    x = [place(stop, across) for stop in path.stops]
    traces = [_band(path, x), *_seeds(path, across), _curve(path, across), _marks(path, x)]
    score = "mean test error (°)" if path.in_degrees else "test accuracy (%)"
    return figure(
        [*traces, _top(path, across)],
        x=_across(path, across),
        y=axis(score, range=score_range(path), zeroline=False),
        xaxis2=_beyond(path, across),
        annotations=_labels(path, across),
        margin={"l": 56, "r": 16, "t": 46, "b": 44, "autoexpand": False},
    )


def place(stop: Stop, across: Across) -> float:
    """Where a λ stands along the accuracy figure; no weights left stands at 1, as log has no 0."""
    return stop.zero_percent if across == "zeros" else max(1.0, stop.n_left)


def score_range(path: Path) -> Range:
    """Every score, with room for labels; accuracies share one axis, so that it stays while they rise."""
    if not path.in_degrees:
        return 0.0, 113.0
    scores = [score for stop in path.stops for score in stop.scores]
    low, high = min(scores), max(scores)
    room = max(1.0, ROOM * 1.5 * (high - low))
    return max(0.0, low - room), high + room


def near_range(path: Path) -> Range:
    """Scores up to NEAR worse than at λ = 0: where knee and cliff are."""
    low, high = score_range(path)
    start = path.stops[0].score
    return (low, min(high, start + NEAR)) if path.in_degrees else (max(low, start - NEAR), high)


def _names(path: Path) -> list[str]:
    return [strength_text(stop.strength) for stop in path.stops]


def _curve(path: Path, across: Across) -> Trace:
    unit = path.unit
    x = [place(stop, across) for stop in path.stops]
    return line(
        "mean of the seeds" if len(path.stops[0].scores) > 1 else "a dot per λ",
        "penalty",
        x,
        [stop.score for stop in path.stops],
        width=1.6,
        mode="lines+markers+text",
    ) | {
        "mode": "lines+markers+text",
        "text": _told_apart(path, across),
        "textposition": "top center",
        "textfont": {"size": 12, "color": role("ink")},
        "cliponaxis": False,
        "marker": {"color": role("penalty"), "size": 11, "line": {"color": role("background"), "width": 1.5}},
        "customdata": list(range(len(path.stops))),
        "hovertext": _names(path),
        "hovertemplate": f"λ = %{{hovertext}}: %{{y:.3~g}} {unit} on the test images<extra></extra>",
    }


def _told_apart(path: Path, across: Across) -> list[str]:
    """Each dot's λ, where it touches nothing; knee and cliff have theirs already."""
    at = [_share(path, stop, across) for stop in path.stops]
    marked = [at[i] for i in (path.knee, path.cliff) if i is not None]
    labelled: list[Place] = []
    texts = []
    for i, (stop, here) in enumerate(zip(path.stops, at, strict=True)):
        free = not _near(here, labelled, APART) and not _near(here, marked, MARKED)
        texts.append(strength_text(stop.strength) if free and i not in (path.knee, path.cliff) else "")
        if texts[-1]:
            labelled.append(here)
    return texts


def _near(here: Place, others: Sequence[Place], apart: Place) -> bool:
    return any(all(abs(here[k] - other[k]) < apart[k] for k in (0, 1)) for other in others)


def _share(path: Path, stop: Stop, across: Across) -> Place:
    """Where a dot is in the figure."""
    low, high = score_range(path)
    x = place(stop, across)
    right = x / 100.0 if across == "zeros" else 1.0 - math.log10(x) / math.log10(path.weights)
    return right, (stop.score - low) / (high - low)


def _band(path: Path, x: Sequence[float]) -> Trace:
    """From the worst seed to the best, closed into one outline."""
    low, high = ([f(stop.scores) for stop in path.stops] for f in (min, max))
    shape = line("seeds, from worst to best", "penalty", [*x, *x[::-1]], [*high, *low[::-1]], width=0.0)
    several = len(path.stops[0].scores) > 1
    fill = {"fill": "toself", "fillcolor": role("penalty", 0.18), "hoverinfo": "skip"}
    return shape | fill | {"visible": several, "showlegend": several}


def _seeds(path: Path, across: Across) -> list[Trace]:
    if len(path.stops[0].scores) < 2:
        return []
    x: list[float] = []
    for stop in path.stops:
        x += stop.zeros if across == "zeros" else [max(1.0, n) for n in stop.left]
    y = [each for stop in path.stops for each in stop.scores]
    return [dots("one seed", "muted", x, y, size=5) | {"hoverinfo": "skip"}]


def _marks(path: Path, x: Sequence[float]) -> Trace:
    chosen = [path.knee] + ([path.cliff] if path.cliff is not None else [])
    ring = {"color": role("ink"), "width": 2.2}
    marks = dots("", "ink", [x[i] for i in chosen], [path.stops[i].score for i in chosen], size=17)
    look = {"symbol": ["circle-open", "diamond-open"][: len(chosen)], "size": 17, "color": role("ink")}
    return marks | {"marker": look | {"line": ring}, "hoverinfo": "skip", "showlegend": False}


def _labels(path: Path, across: Across) -> list[dict[str, Any]]:
    """Knee and cliff by name, each with a thin line to its dot, towards the middle of the figure."""
    named = {"knee": path.knee} | ({} if path.cliff is None else {"cliff": path.cliff})
    return [_label(path, i, word, across, below) for below, (word, i) in enumerate(named.items())]


def _label(path: Path, i: int, word: str, across: Across, below: int) -> dict[str, Any]:
    stop = path.stops[i]
    x, (right, up) = place(stop, across), _share(path, stop, across)
    # Right of a knee the curve falls, so there is room above it; else one under the other, or they would
    # touch where knee and cliff are close.
    away = -28 if right < 0.5 < up and not below else (40 + 32 * below) * (1 if up > 0.5 else -1)
    look = {"showarrow": True, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": role("ink"), "standoff": 9}
    return note(
        # Plotly wants the exponent for a place on a log axis.
        math.log10(x) if across == "left" else x,
        stop.score,
        f"{word}: λ = {strength_text(stop.strength)}",
        "ink",
        **look,
        ax=34 if right < 0.5 else -34,
        ay=away,
        xanchor="left" if right < 0.5 else "right",
    )


def _across(path: Path, across: Across) -> dict[str, Any]:
    if across == "zeros":
        return axis("weights exactly zero", "%", range=[-4.0, 104.0], tickvals=list(TICKS), zeroline=False)
    decades = math.ceil(math.log10(path.weights))
    return axis(
        "weights left (not zero)",
        type="log",
        range=[math.log10(path.weights) + ROOM * decades, -ROOM],
        dtick=1,
        zeroline=False,
    )


def _beyond(path: Path, across: Across) -> dict[str, Any]:
    """The same places on the upper side: numbers of weights over percents, percents over numbers."""
    share = [1.0 - tick / 100.0 for tick in TICKS]
    if across == "zeros":
        title, where = "weights left", [float(tick) for tick in TICKS]
        words = [f"{round(each * path.weights):,}" for each in share]
    else:
        some = [zeros for zeros in (0.0, 90.0, 99.0, 99.9) if (1 - zeros / 100.0) * path.weights >= 1.0]
        title, where = "weights exactly zero (%)", [math.log10((1 - z / 100.0) * path.weights) for z in some]
        words = [f"{zeros:g}" for zeros in some]
        where = [10**each for each in where]
    return _across(path, across) | {
        **axis(title),
        "overlaying": "x",
        "side": "top",
        "tickvals": where,
        "ticktext": words,
        "showgrid": False,
        "matches": "x",
    }


def _top(path: Path, across: Across) -> Trace:
    """An axis shows only where something is drawn on it."""
    at = place(path.stops[0], across)
    return dots("", "ink", [at], [path.stops[0].score], size=1) | {
        "xaxis": "x2",
        "opacity": 0.0,
        "hoverinfo": "skip",
        "showlegend": False,
    }
