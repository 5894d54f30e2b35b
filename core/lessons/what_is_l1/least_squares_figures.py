"""Least squares of one and two weights under L1 or L2, at a λ that slides: where the minimum goes."""

from functools import cache
from typing import Any

import numpy as np

from core.figures.traces import (
    Drawing,
    Frame,
    Trace,
    arrow,
    axis,
    dots,
    figure,
    line,
    position,
    role,
)
from core.lessons.what_is_l1.least_squares import Penalty, Quadratic, penalty_pull, solution

STRENGTHS = tuple(float(s) for s in np.linspace(0, 2, 41).round(2))
NAMES: dict[Penalty, str] = {"l1": "L1: λ·|w|", "l2": "L2: λ·½w²"}
SHAPES: dict[Penalty, str] = {"l1": "L1: diamond", "l2": "L2: circle"}

ARROW = 0.42
"""Length of an arrow, in units of w, for a pull of 1."""

DIAMOND = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 0))

LEVELS = (0.35, 0.75, 1.3, 2.0)
"""Contours drawn always, as losses above the lowest."""


@cache
def one_weight(loss: Quadratic) -> Drawing:
    """The parabola, the penalty and their sum; the minimum as a dot."""
    # Zero is among them: there |w| has its corner.
    w = np.linspace(-0.8, 2.6, 69).round(2)
    parabola = np.array([loss.value([x]) for x in w])
    fig = figure(
        [line("data loss", "data_loss", w, parabola, shape="spline")],
        x=axis("weight w₁", range=[-0.8, 2.6]),
        y=axis("loss", "squared units", range=[-0.12, 5]),
    )
    series = {
        name: [_one_frame(loss, penalty, s, w, parabola) for s in STRENGTHS]
        for penalty, name in NAMES.items()
    }
    return Drawing(fig, frames=series)


@cache
def two_weights(loss: Quadratic) -> Drawing:
    """Contours of the loss, the penalty's shape through the solution, and the two pulls on it."""
    centre = solution(loss, "l1", 0.0)
    low = loss.value(centre)
    contours = [_closed("data loss", loss.contour(low + level), width=1.2) for level in LEVELS]
    fig = figure(
        [*contours, dots("no penalty", "reference", *centre[:, None], size=10)],
        x=axis("weight w₁", range=[-1.0, 2.2], zerolinewidth=2),
        y=axis("weight w₂", range=[-1.05, 1.6], scaleanchor="x", zerolinewidth=2),
    )
    series = {name: _two_frames(loss, penalty) for penalty, name in SHAPES.items()}
    return Drawing(fig, frames=series)


def _one_frame(loss: Quadratic, penalty: Penalty, strength: float, w: Any, parabola: Any) -> Frame:
    size, shape = (np.abs(w), "linear") if penalty == "l1" else (w**2 / 2, "spline")
    best = solution(loss, penalty, strength)
    lowest = loss.value(best) + strength * float(np.abs(best[0]) if penalty == "l1" else best[0] ** 2 / 2)
    return Frame(
        at=position("λ", strength, f"{strength:.2f}"),
        traces=[
            line("penalty", "penalty", w, strength * size, shape=shape),
            line("total", "ink", w, parabola + strength * size, width=3, shape=shape),
            dots("minimum of the total", "ink", best, [lowest], size=14),
        ],
        summary=_one_summary(loss, penalty, strength, float(best[0])),
        table=[{"λ": strength, "minimum at w₁": float(best[0]), "total there": lowest}],
    )


def _one_summary(loss: Quadratic, penalty: Penalty, strength: float, best: float) -> str:
    slope = float(loss.pull[0])
    if penalty == "l2":
        return (
            f"L2 at λ = {strength:.2f}: the minimum is at w₁ = {best:.3f}. It comes closer, never to 0, "
            "while the data loss pulls."
        )
    if best == 0.0:
        return (
            f"λ = {strength:.2f} is more than {slope:.3f}, the pull of the data loss at 0: "
            f"the minimum is exactly at w₁ = 0."
        )
    return (
        f"λ = {strength:.2f} is less than {slope:.3f}, the pull of the data loss at 0: "
        f"the minimum is at w₁ = {best:.3f}."
    )


def _two_frames(loss: Quadratic, penalty: Penalty) -> list[Frame]:
    path = np.array([solution(loss, penalty, strength) for strength in STRENGTHS])
    return [_two_frame(loss, penalty, s, path[: i + 1]) for i, s in enumerate(STRENGTHS)]


def _two_frame(loss: Quadratic, penalty: Penalty, strength: float, path: Any) -> Frame:
    w, pull = path[-1], penalty_pull(loss, penalty, strength)
    # A hair above: at λ = 0 the contour is a point, and rounding may put it below the lowest loss.
    level = loss.value(w) + 1e-12
    return Frame(
        at=position("λ", strength, f"{strength:.2f}"),
        traces=[
            _closed("data loss", loss.contour(level), width=2.6),
            _shape(penalty, w),
            line("the way here", "ink", *path.T, width=2, dash="dot"),
            arrow("pull of the data loss", "data_loss", w, w - ARROW * pull),
            arrow("pull of the penalty", "penalty", w, w + ARROW * pull),
            dots("solution", "ink", *w[:, None], size=14),
        ],
        summary=_two_summary(loss, penalty, strength, w),
        table=_two_table(w, pull),
    )


def _closed(name: str, curve: Any, *, width: float) -> Trace:
    """A contour; only the one through the solution, the widest, stands in the legend."""
    more = {"hoverinfo": "skip", "legendgroup": name, "showlegend": width > 2}
    return line(name, "data_loss", *curve.T, width=width, shape="spline") | more


def _shape(penalty: Penalty, w: Any) -> Trace:
    """All weights that cost as much as `w`."""
    if penalty == "l1":
        corners, bend = np.array(DIAMOND) * float(np.abs(w).sum()), "linear"
    else:
        angles = np.linspace(0, 2 * np.pi, 61)
        corners, bend = np.stack([np.cos(angles), np.sin(angles)], axis=1) * float(np.hypot(*w)), "spline"
    shape = line("same penalty", "penalty", *corners.T, width=2, hoverinfo="skip", shape=bend)
    return shape | {"fill": "toself", "fillcolor": role("penalty", 0.16)}


def _two_summary(loss: Quadratic, penalty: Penalty, strength: float, w: Any) -> str:
    place = f"w = ({w[0]:.3f}, {w[1]:.3f})".replace("0.000", "0")
    if strength == 0.0:
        return f"Without a penalty the solution is {place}, the lowest data loss."
    if penalty == "l2":
        return f"L2 at λ = {strength:.2f}: {place}. The pulls balance away from the axes: no zero."
    stuck = [i for i in (0, 1) if w[i] == 0.0]
    pulls = np.abs(loss.gradient(w))
    if not stuck:
        return f"λ = {strength:.2f}: {place}. Both pulls are λ strong in each direction, so they balance."
    if len(stuck) == 1:
        return (
            f"λ = {strength:.2f}: {place}. The data loss pulls w₂ with {pulls[1]:.3f}, less than λ: "
            f"w₂ sticks at exactly 0."
        )
    return f"λ = {strength:.2f}: {place}. Neither weight is pulled harder than λ: both are exactly 0."


def _two_table(w: Any, pull: Any) -> list[dict[str, Any]]:
    return [
        {
            "weight": name,
            "solution": float(w[i]),
            "pull of the data loss": float(-pull[i]),
            "pull of the penalty": float(pull[i]),
        }
        for i, name in enumerate(("w₁", "w₂"))
    ]
