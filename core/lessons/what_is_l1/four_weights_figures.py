"""What is L1? What the weights cost as a bar, |w| beside ½w² with their slopes, and the two shrinkages."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from core.figures.traces import (
    Drawing,
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
from core.lessons.what_is_l1.four_weights import Bill, shrink, soft_threshold, worst_bargain

SUBSCRIPTS = "₁₂₃₄"
UNITS = {"mse": "squared units", "cross_entropy": "nats"}

NARROW = 0.07
"""The share of the axis below which a piece has room for a weight's number alone, on a phone."""

SAMPLE = (-1.6, -0.9, -0.55, -0.3, -0.1, 0.05, 0.2, 0.6, 1.3)
"""Nine weights to shrink: a few large ones, several small, as in a network."""


def weight_name(index: int) -> str:
    """w₁ to w₄, for an index from 0."""
    return f"w{SUBSCRIPTS[index]}"


def bill(yours: Bill, best: Bill) -> Drawing:
    """Two bars, yours and the shortest there is: data loss, and what each weight costs."""
    rows = {"yours": yours, "lowest": best}
    longest = _ceiling(1.12 * max(yours.total, best.total))
    prices = [_price(i, rows, NARROW * longest) for i in range(len(yours.weights))]
    fig = figure(
        [_segment("data loss", "data_loss", rows, [b.data_loss for b in rows.values()]), *prices],
        x=axis("total loss", UNITS[yours.kind], range=[0, longest]),
        y=axis(
            "",
            autorange="reversed",
            fixedrange=True,
            showgrid=False,
            tickfont={"size": 14, "color": role("ink")},
            # With the names: at a bar's end the tooltip of its last piece would cover it.
            tickvals=list(rows),
            ticktext=[f"{name} <b>{b.total:.3f}</b>" for name, b in rows.items()],
        ),
        barmode="stack",
        bargap=0.35,
        margin={"l": 108, "r": 12, "t": 6, "b": 40, "autoexpand": False},
    )
    lowest = f"The lowest total at λ = {yours.strength:g} is {best.total:.3f}, {_zeros(best)}."
    return Drawing(fig, f"{_verdict(yours)} {lowest}", table=_bill_table(rows))


@cache
def price() -> Drawing:
    """|w| and ½w² above, their slopes below, at a weight that slides."""
    w = np.linspace(-1.5, 1.5, 61)
    below = {"xaxis": "x", "yaxis": "y2", "showlegend": False}
    fig = figure(
        [
            line("|w|, L1", "penalty", [-1.5, 0, 1.5], [1.5, 0, 1.5], width=3),
            line("½w², L2", "penalty", w, w**2 / 2, dash="dot", width=3, shape="spline"),
            line("|w|, L1", "penalty", [-1.5, 0, 0, 1.5], [-1, -1, 1, 1], width=3, **below),
            line("½w², L2", "penalty", w, w, dash="dot", width=3, **below),
        ],
        x=axis("weight w", range=[-1.6, 1.6], anchor="y2"),
        y=axis("cost", domain=[0.56, 1], range=[-0.1, 1.6], nticks=4),
        yaxis2=axis("slope", domain=[0, 0.48], range=[-1.6, 1.6], tickvals=[-1, 0, 1]),
    )
    return Drawing(fig, frames=[_price_frame(float(w)) for w in np.linspace(-1.5, 1.5, 61).round(2)])


@cache
def shrinkage() -> Drawing:
    """The soft threshold beside plain shrinkage, on nine weights, at a threshold that slides."""
    fig = figure(
        [line("unchanged", "reference", [-2, 2], [-2, 2], dash="dash", width=2)],
        x=axis("weight before the step, v", range=[-2, 2]),
        y=axis("weight after the step", range=[-2, 2]),
    )
    return Drawing(fig, frames=[_shrinkage_frame(float(t)) for t in np.linspace(0, 1.5, 31).round(2)])


def _segment(name: str, colour: str, rows: dict[str, Bill], sizes: Iterable[float], **more: Any) -> Trace:
    """One piece of both bars."""
    seam = {"color": role("background"), "width": 1.5}
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": numbers(sizes),
        "y": list(rows),
        "marker": {"color": role(colour), "line": seam},
        "hovertemplate": name + " %{x:.3f}<extra></extra>",
        **more,
    }


def _price(index: int, rows: dict[str, Bill], narrow: float) -> Trace:
    sizes = [b.prices[index] for b in rows.values()]
    label = weight_name(index)
    words = {
        "text": [_label(index, size, narrow) for size in sizes],
        "textposition": "inside",
        "textangle": 0,
        "constraintext": "none",
    }
    look = {"insidetextanchor": "middle", "textfont": {"size": 14, "color": role("background")}}
    group = {"legendgroup": "penalty λ·Σ|w|", "showlegend": index == 0, "customdata": [index] * len(sizes)}
    hover = {"hovertemplate": f"λ·|{label}| %{{x:.3f}}<extra></extra>"}
    return _segment("penalty λ·Σ|w|", "penalty", rows, sizes, **words, **look, **group, **hover)


def _label(index: int, size: float, narrow: float) -> str:
    if size == 0.0:
        return ""
    return weight_name(index) if size >= narrow else str(index + 1)


def _verdict(yours: Bill) -> str:
    """Which weight the reader had better drop."""
    found = worst_bargain(yours)
    if found is None:
        return "Each of your weights is at zero or earns its price."
    name, saved = weight_name(found.index), found.price - found.earned
    if found.earned <= 0:
        return f"{name} does harm: at zero, your total would be {saved:.3f} lower."
    return (
        f"{name} is not worth its price: it costs {found.price:.3f} and lowers the data loss by "
        f"{found.earned:.3f}. At zero, your total would be {saved:.3f} lower."
    )


def _zeros(best: Bill) -> str:
    zeros = [weight_name(i) for i, w in enumerate(best.weights) if w == 0.0]
    return f"with {' = '.join(zeros)} = 0" if zeros else "with no weight at zero"


def _bill_table(rows: dict[str, Bill]) -> list[dict[str, Any]]:
    names = [weight_name(i) for i in range(len(rows["yours"].weights))]
    return [
        {
            "weights": name,
            **dict(zip(names, b.weights, strict=True)),
            "Σ|w|": b.norm,
            "data loss": b.data_loss,
            "penalty": b.penalty,
            "total": b.total,
        }
        for name, b in rows.items()
    ]


def _ceiling(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 5, 7 times a power of ten: an axis that rarely moves."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(power * next(m for m in (1, 1.5, 2, 3, 5, 7, 10) if m * power >= value))


def _price_frame(w: float) -> Frame:
    l1, slope = abs(w), float(np.sign(w))
    below = {"yaxis": "y2", "showlegend": False}
    ring = {"size": 13, "showlegend": False}
    kinked = w == 0.0
    return Frame(
        at=position("w", w, _signed(w)),
        traces=[
            dots("|w|, L1", "ink", [w], [l1], size=13, showlegend=False),
            dots("½w², L2", "ink", [w], [w**2 / 2], symbol="circle-open", **ring),
            dots("|w|, L1", "ink", [w], [slope], size=0 if kinked else 13, **below),
            dots("½w², L2", "ink", [w], [w], symbol="circle-open", yaxis="y2", **ring),
        ],
        summary=_kink() if kinked else _slopes(w),
        table=[
            {"penalty": "|w|", "cost": l1, "slope": "−1 to 1" if kinked else slope},
            {"penalty": "½w²", "cost": w**2 / 2, "slope": w},
        ],
    )


def _slopes(w: float) -> str:
    times = 1 / abs(w)
    how = "as hard as" if times == 1 else f"{times:.3g} times as hard as" if times > 1 else "less hard than"
    slopes = f"the slope of |w| is {_signed(float(np.sign(w)), 0)}, that of ½w² is {_signed(w)}"
    return f"At w = {_signed(w)} {slopes}: L1 pushes {how} L2."


def _kink() -> str:
    return (
        "At w = 0 |w| has a kink: its slope may be anything from −1 to 1: times λ, enough to hold the "
        "weight there while the data loss pulls with at most λ. ½w² is flat and holds nothing."
    )


def _shrinkage_frame(threshold: float) -> Frame:
    soft, plain = soft_threshold(SAMPLE, threshold), shrink(SAMPLE, threshold)
    zeros = int((soft == 0.0).sum())
    corners = [-2.0, -threshold, threshold, 2.0]
    return Frame(
        at=position("τ", threshold, f"{threshold:.2f}"),
        traces=[
            line("soft threshold, L1", "penalty", corners, soft_threshold(corners, threshold), width=3),
            line(
                "plain shrinkage, L2",
                "penalty",
                [-2, 2],
                shrink([-2, 2], threshold),
                dash="dot",
                width=3,
            ),
            dots("nine weights after L2", "ink", SAMPLE, plain, symbol="circle-open", size=10),
            dots("nine weights after L1", "ink", SAMPLE, soft, size=11),
        ],
        summary=f"With τ = {threshold:.2f} the soft threshold sets {zeros} of these 9 weights to exactly 0; "
        f"plain shrinkage sets none of them.",
        table=[
            {"v": before, "soft threshold": float(a), "plain shrinkage": float(b)}
            for before, a, b in zip(SAMPLE, soft, plain, strict=True)
        ],
    )


def _signed(value: float, digits: int = 2) -> str:
    return f"{value + 0.0:.{digits}f}".replace("-", "−")
