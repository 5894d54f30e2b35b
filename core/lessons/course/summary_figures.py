"""Your summary: the zeros of the reader's last run, small enough for a corner of the sheet."""

from itertools import cycle

from core.experiments import Trained, zeros_told
from core.figures.traces import Drawing, axis, figure, line
from core.lessons.how_zeros_happen.network import zero_share
from core.spec import strength_text
from core.words import percent

HEIGHT = 190
LOOKS = (("penalty", "solid"), ("ink", "dash"), ("alert", "dot"))
"""Of the lanes with a penalty, in turn; λ = 0 is dashed and grey, as everywhere."""


def zeros(run: Trained) -> Drawing:
    """Exact zeros of each lane over the updates."""
    lines, ends, looks = [], [], cycle(LOOKS)
    for lane, spec in enumerate(run.spec.lanes):
        name = f"λ = {strength_text(spec.strength)}"
        colour, dash = next(looks) if spec.strength else ("reference", "dash")
        steps, shares = zip(*zero_share(run, lane), strict=True)
        lines.append(line(name, colour, steps, shares, dash=dash, hovertemplate="%{y:.3~g} %"))
        ends.append(f"{name}: {percent(shares[-1] / 100.0)}")
    fig = figure(
        lines,
        x=axis("update", fixedrange=True),
        y=axis("exactly zero", "%", range=[-3, 103], tickvals=[0, 50, 100], fixedrange=True),
        hovermode="x unified",
    )
    own = zeros_told([run], len(run.spec.lanes) - 1, "the last network")
    return Drawing(fig, f"Weights that are exactly zero: {'; '.join(ends)}.{own}")
