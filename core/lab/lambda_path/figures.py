"""Figures of a λ path: accuracy against zeros with knee and cliff, and how the weights go to zero over λ."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal

from core.figures.traces import Figure, Trace, axis, dots, figure, line, note, role
from core.lab.lambda_path import words
from core.lab.lambda_path.path import Path, Stop
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

SYMBOLS = {"knee": "circle-open", "cliff": "diamond-open", "chosen": "star-open"}

MARKED: Place = (0.05, 0.14)
"""A label nearer than these to the knee's or the cliff's mark would lie on it."""

UNDER: Place = (0.21, 0.14)
"""A label to the right of the knee and nearer than these would lie on the line to its name, on a phone."""

RINGED = 18
"""Pixels across: a name beside a dot so large is clear of the ring that the browser puts around it."""

ROOM = 0.08
"""Of an axis, beyond the outermost points: for their labels."""


def accuracy(path: Path, across: Across) -> Figure:
    """Score on the validation images at every λ: a dot for its mean, a band over the seeds."""
    x = [place(stop, across) for stop in path.stops]
    traces = [_band(path, x), *_seeds(path, across), *_selected(path, across)]
    traces += [_curve(path, across), _names(path, across), _marks(path, x)]
    score = words.score_name(path)
    return figure(
        [*traces, _top(path, across)],
        x=_across(path, across),
        y=axis(f"{score} ({path.unit})", range=score_range(path), zeroline=False),
        xaxis2=_beyond(path, across),
        annotations=_labels(path, across),
        shapes=_within_one_error(path),
        margin={"l": 56, "r": 16, "t": 46, "b": 44, "autoexpand": False},
    )


def place(stop: Stop, across: Across) -> float:
    """Where a λ stands along the accuracy figure; no weights left stands at 1, as log has no 0."""
    return stop.zero_percent if across == "zeros" else max(1.0, stop.n_left)


def score_range(path: Path) -> Range:
    """Every score, with room for labels; accuracies share one axis, so that it stays while they rise."""
    if not path.in_degrees:
        return 0.0, 119.0
    scores = [score for stop in path.stops for score in stop.scores]
    low, high = min(scores), max(scores)
    room = max(1.0, ROOM * 1.5 * (high - low))
    return max(0.0, low - room), high + room


def near_range(path: Path) -> Range:
    """Scores up to NEAR worse than at λ = 0: where knee and cliff are."""
    low, high = score_range(path)
    start = path.stops[0].score
    if path.in_degrees:
        return low, min(high, start + NEAR)
    low = max(low, start - NEAR)
    # As much room for labels as the whole axis has, which also ends above 100 %.
    return low, 100.0 + (high / 100.0 - 1.0) * (100.0 - low)


def _curve(path: Path, across: Across) -> Trace:
    x = [place(stop, across) for stop in path.stops]
    return line(
        f"mean of the {_runs(path)}" if len(path.stops[0].scores) > 1 else "a dot per λ",
        "penalty",
        x,
        [stop.score for stop in path.stops],
        width=1.6,
        mode="lines+markers",
    ) | {
        "mode": "lines+markers",
        "cliponaxis": False,
        "marker": {"color": role("penalty"), "size": 11, "line": {"color": role("background"), "width": 1.5}},
        "customdata": list(range(len(path.stops))),
        "hovertext": [_told(path, stop) for stop in path.stops],
        "hovertemplate": f"%{{hovertext}} on the {path.images}<extra></extra>",
    }


def _names(path: Path, across: Across) -> Trace:
    x, y = [place(stop, across) for stop in path.stops], [stop.score for stop in path.stops]
    return dots("λ", "penalty", x, y) | {
        "mode": "markers+text",
        "marker": {"size": RINGED, "opacity": 0.0},
        "text": _told_apart(path, across),
        "textposition": _beside(path, across),
        "textfont": {"size": 12, "color": role("ink")},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "hovertemplate": None,
        "showlegend": False,
    }


def _told(path: Path, stop: Stop) -> str:
    return f"λ = {strength_text(stop.strength)}: {words.score_off(path, stop)}"


def _told_apart(path: Path, across: Across) -> list[str]:
    """Each dot's λ, where it touches nothing; knee and cliff have theirs already."""
    at = [_share(path, stop, across) for stop in path.stops]
    marked = [at[i] for i in path.named]
    under = [mark for mark in marked[:1] if _rises(mark)]
    labelled: list[Place] = []
    texts = []
    for i, (stop, here) in enumerate(zip(path.stops, at, strict=True)):
        free = not _near(here, labelled, APART) and not _near(here, marked, MARKED)
        free &= not any(here[0] > mark[0] for mark in under if _near(here, [mark], UNDER))
        texts.append(strength_text(stop.strength) if free and i not in path.named else "")
        if texts[-1]:
            labelled.append(here)
    return texts


def _beside(path: Path, across: Across) -> list[str]:
    """Where each dot's λ stands: above it, unless the curve falls steeply there and would go through it."""
    at = [_share(path, stop, across) for stop in path.stops]
    steep = [False, *(here[1] - there[1] > there[0] - here[0] for here, there in pairwise(at))]
    # Below a steep curve on its left, as the right end of the figure is near; else above on its right.
    aside = ["middle left" if right > 0.85 else "top right" for right, _ in at]
    return [words if falls else "top center" for words, falls in zip(aside, steep, strict=True)]


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
    shape = line(
        f"{_runs(path)}, from worst to best", "penalty", [*x, *x[::-1]], [*high, *low[::-1]], width=0.0
    )
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
    return [dots(f"one {path.each}", "muted", x, y, size=5) | {"hoverinfo": "skip"}]


def _selected(path: Path, across: Across) -> list[Trace]:
    """The same scores over the zeros that λ selected: what lies between is cut off or idle."""
    kinds = [stop.kinds for stop in path.stops]
    known = [each["selected"] for each in kinds if each is not None]
    if across != "zeros" or len(known) < len(kinds):
        return []
    x, y = [100.0 * n / path.weights for n in known], [stop.score for stop in path.stops]
    thin = line("selected zeros only", "ink", x, y, width=1.2, dash="dot")
    return [thin | {"hoverinfo": "skip", "hovertemplate": None}]


def _runs(path: Path) -> str:
    return "thirds held out" if path.in_folds else "seeds"


def _within_one_error(path: Path) -> list[dict[str, Any]]:
    """A band across the figure: the best score, plus and minus its standard error."""
    if path.choice is None:
        return []
    best = path.stops[path.choice.best].score
    ends = {"x0": 0, "x1": 1, "y0": best - path.choice.error, "y1": best + path.choice.error}
    look = {"fillcolor": role("ink", 0.12), "line": {"width": 0}, "layer": "below"}
    return [{"type": "rect", "xref": "paper", "yref": "y", **ends, **look}]


def _marks(path: Path, x: Sequence[float]) -> Trace:
    named = list(path.named)
    ring = {"color": role("ink"), "width": 2.2}
    marks = dots("", "ink", [x[i] for i in named], [path.stops[i].score for i in named], size=17)
    symbols = [SYMBOLS[name.split(", ")[-1]] for name in path.named.values()]
    look = {"symbol": symbols, "size": 17, "color": role("ink")}
    return marks | {"marker": look | {"line": ring}, "hoverinfo": "skip", "showlegend": False}


def _labels(path: Path, across: Across) -> list[dict[str, Any]]:
    """Knee, cliff and choice by name, each with a thin line to its dot, towards the middle of the figure."""
    return [_label(path, i, word, across, below) for below, (i, word) in enumerate(path.named.items())]


def _label(path: Path, i: int, word: str, across: Across, below: int) -> dict[str, Any]:
    stop = path.stops[i]
    x, (right, up) = place(stop, across), _share(path, stop, across)
    # Right of a knee the curve falls, so there is room above it; else one under the other, or they would
    # touch where knee and cliff are close.
    away = -28 if _rises((right, up)) and not below else (40 + 32 * below) * (1 if up > 0.5 else -1)
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


def _rises(at: Place) -> bool:
    """Whether the first name, of a dot there, stands above it."""
    right, up = at
    return right < 0.5 < up


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
