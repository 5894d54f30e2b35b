"""How zeros happen: how high a weight hovers, what a falling rate does to it, and what keeps a zero."""

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from core.figures.traces import (
    Drawing,
    Frame,
    axis,
    dots,
    figure,
    line,
    note,
    position,
    role,
)
from core.lessons.how_zeros_happen import two_weights as lesson

HALF_LIVES = (2.0, 5.0, 10.0, 20.0, 40.0, math.inf)
FLOOR = 1e-10
"""Where a logarithmic axis shows exact zeros."""


@cache
def hovering() -> Drawing:
    """Mean |w| against λ for a weight that should be zero, by SGD and Adam, at a momentum that slides."""
    adam = lesson.hover("textbook_adam")
    fig = figure(
        [
            line(
                "ηλ/(2−η), worked out for μ = 0",
                "penalty",
                lesson.HOVER_STRENGTHS,
                [lesson.hover_height(s, lesson.HOVER_RATE) for s in lesson.HOVER_STRENGTHS],
                width=2,
            ),
            dots("Adam, measured", "reference", lesson.HOVER_STRENGTHS, adam, symbol="square", size=9),
        ],
        x=axis("strength λ", type="log", range=[-2.1, 0.1], tickvals=[0.01, 0.1, 1], fixedrange=True),
        y=axis(
            "mean |w| while it hovers",
            type="log",
            range=[-4.4, -0.5],
            tickvals=[1e-4, 1e-3, 1e-2, 1e-1],
            ticktext=["0.0001", "0.001", "0.01", "0.1"],
            fixedrange=True,
        ),
        margin={"l": 66, "r": 12, "t": 19, "b": 40, "autoexpand": False},
    )
    return Drawing(fig, frames=[_hover_frame(momentum, adam) for momentum in lesson.MOMENTA])


@cache
def falling_rate() -> Drawing:
    """|w₂| of textbook SGD and of the proximal step while η halves ever so often."""
    fig = figure(
        [],
        x=axis("update", range=[0, lesson.DECAY_UPDATES]),
        y=axis(
            "|w₂|",
            type="log",
            range=[math.log10(FLOOR) - 0.3, 0.2],
            tickvals=[FLOOR, 1e-8, 1e-6, 1e-4, 1e-2, 1],
            ticktext=["exactly 0", "10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1"],
            fixedrange=True,
        ),
        margin={"l": 76, "r": 12, "t": 19, "b": 40, "autoexpand": False},
    )
    return Drawing(fig, frames=[_decay_frame(half_life) for half_life in HALF_LIVES])


@cache
def staying() -> Drawing:
    """Gradients of 120 batches on a weight at zero, and their average, against the band ±λ."""
    band = {
        "type": "rect",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": -lesson.STAY_STRENGTH,
        "y1": lesson.STAY_STRENGTH,
        "fillcolor": role("penalty", 0.14),
        "line": {"width": 0},
        "layer": "below",
    }
    fig = figure(
        [],
        x=axis("update", range=[0, 1.06 * lesson.STAY_UPDATES]),
        y=axis("gradient of the data loss at w = 0", range=[-1.5, 1.5]),
        shapes=[band],
        annotations=[
            note(1.02 * lesson.STAY_UPDATES, y, text, "penalty", xanchor="left")
            for y, text in ((lesson.STAY_STRENGTH, "λ"), (-lesson.STAY_STRENGTH, "−λ"))
        ],
    )
    series = {
        f"momentum {momentum:g}": [_stay_frame(size, momentum) for size in lesson.BATCH_SIZES]
        for momentum in (0.0, 0.9)
    }
    return Drawing(fig, frames=series)


def _hover_frame(momentum: float, adam: Sequence[float]) -> Frame:
    sgd = lesson.hover("textbook_sgd", momentum)
    bounds = [lesson.hover_bound(s, lesson.HOVER_RATE, momentum) for s in lesson.HOVER_STRENGTHS]
    grown, adams = sgd[-1] / sgd[0], np.mean(adam) / lesson.HOVER_RATE
    return Frame(
        at=position("μ", momentum, f"{momentum:g}"),
        traces=[
            line("ηλ/(1−μ), the bound", "penalty", lesson.HOVER_STRENGTHS, bounds, width=2, dash="dash"),
            dots("SGD, measured", "ink", lesson.HOVER_STRENGTHS, sgd, size=10),
        ],
        summary=f"η = {lesson.HOVER_RATE:g}, μ = {momentum:g}: a λ 100 times as large makes SGD hover "
        f"{grown:.0f} times as high. Adam hovers at about {adams:.2f}·η whatever λ is, as there is no other "
        f"gradient. Proximal, and clip and kill: exactly 0.",
        table=[
            {"λ": s, "SGD": a, "ηλ/(1−μ)": b, "Adam": c, "proximal": d}
            for s, a, b, c, d in zip(
                lesson.HOVER_STRENGTHS,
                sgd,
                bounds,
                adam,
                lesson.hover("proximal", momentum),
                strict=True,
            )
        ],
    )


def _decay_frame(half_life: float) -> Frame:
    walked = {method: lesson.decayed(method, half_life) for method in ("textbook_sgd", "proximal")}
    steps = np.arange(lesson.DECAY_UPDATES + 1)
    names = {
        "textbook_sgd": ("textbook, SGD", "reference", "dash"),
        "proximal": ("proximal", "penalty", "solid"),
    }
    never = math.isinf(half_life)
    return Frame(
        at={"label": "never" if never else f"every {half_life:g} updates"},
        traces=[
            line(names[m][0], names[m][1], steps, np.maximum(np.abs(w), FLOOR), dash=names[m][2])
            for m, w in walked.items()
        ],
        summary=_decay_summary(half_life, walked["textbook_sgd"], walked["proximal"]),
        table=[
            {
                "method": names[m][0],
                "|w₂| at the end": f"{abs(w[-1]):.3g}",
                "updates at exactly 0": int((w == 0.0).sum()),
            }
            for m, w in walked.items()
        ],
    )


def _decay_summary(half_life: float, textbook: Any, proximal: Any) -> str:
    rate = "η stays" if math.isinf(half_life) else f"η halves every {half_life:g} updates"
    zeros = np.flatnonzero(proximal == 0.0)
    hits = int((textbook == 0.0).sum())
    end = f"with the textbook method |w₂| ends at {_short(abs(textbook[-1]))} and {hits} updates were at 0"
    if len(zeros) == 0:
        return (
            f"{rate}, too fast: {end}, and the proximal step does not arrive either: {abs(proximal[-1]):.2f}."
        )
    return f"{rate}: {end}. The proximal step is at exactly 0 from update {zeros[0]} on."


def _short(value: float) -> str:
    return f"{value:.1g}".replace("e-0", "e-")


def _stay_frame(batch_size: int, momentum: float) -> Frame:
    gradients = lesson.batch_gradients(batch_size)
    average = lesson.averaged(gradients, momentum)
    steps = np.arange(1, len(gradients) + 1)
    left = int((np.abs(average) > lesson.STAY_STRENGTH).sum())
    share = 100 * lesson.leaving_share(batch_size, momentum)
    images = "1 image" if batch_size == 1 else f"{batch_size} images"
    return Frame(
        at={"label": images, "value": batch_size},
        traces=[
            dots("gradient of a batch", "data_loss", steps, gradients, size=7),
            line("averaged by momentum", "ink", steps, average, width=1.8),
        ],
        summary=f"Batches of {images}, μ = {momentum:g}: the averaged gradient is larger than λ = "
        f"{lesson.STAY_STRENGTH:g} in {left} of {len(average)} updates. "
        + ("The zero stays." if left == 0 else "In each of them a weight at zero would leave it."),
        table=[
            {
                "images in a batch": batch_size,
                "momentum μ": momentum,
                "updates beyond λ": left,
                "of": len(average),
                "expected in the long run (%)": share,
            }
        ],
    )
