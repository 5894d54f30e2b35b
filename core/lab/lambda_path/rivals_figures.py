"""The λ path and its rivals in one figure: accuracy against zeros."""

from collections.abc import Sequence

from core.figures.traces import Drawing, Trace, axis, dots, figure, line, off_by
from core.lab.lambda_path import rivals as lesson
from core.lab.lambda_path.path import Path
from core.lab.lambda_path.rivals import Rival
from core.spec import strength_text

L1_PATH = "L1, the λ path, not refitted"

LOOKS = {
    lesson.L1_REFITTED: ("penalty", "diamond"),
    lesson.AT_ONCE: ("reference", "square-open"),
    lesson.IN_ROUNDS: ("reference", "circle"),
    lesson.L2_BEST: ("ink", "triangle-up"),
    lesson.STOPPED: ("ink", "square"),
}
"""Colour and symbol of each kind."""

LOWEST = 75.0
"""Percent right below which the path is not drawn: where networks guess is in the figure above."""


def rivals(path: Path, found: Sequence[Rival], said: str) -> Drawing:
    """L1's path as a line, its rivals as points, each the mean of its seeds.

    Args:
        path: of L1, without a refit.
        found: the rivals.
        said: what comes of it, in a sentence.
    """
    zeros = [stop.zero_percent for stop in path.stops]
    l1 = line(L1_PATH, "penalty", zeros, [stop.score for stop in path.stops])
    l1 |= _hover([f"L1, λ = {strength_text(stop.strength)}, not refitted" for stop in path.stops])
    traces = [off_by(l1, [stop.error for stop in path.stops])]
    for kind, (colour, symbol) in LOOKS.items():
        some = [each for each in found if each.kind == kind]
        x, y = [each.zero_percent for each in some], [each.row.mean for each in some]
        hover = _hover([f"{kind} ({each.label})" for each in some])
        marks = dots(kind, colour, x, y, size=15 if symbol.endswith("open") else 10, symbol=symbol) | hover
        traces.append(off_by(marks, [each.error for each in some]))
    table = [
        {
            "network": each.kind,
            "which": each.label,
            "zeros (%)": each.zero_percent,
            "right (%)": each.row.text(),
        }
        for each in found
    ]
    fig = figure(
        traces,
        x=axis("weights exactly zero", "%", range=[-3.0, 103.0]),
        y=axis("validation accuracy", "%", range=[LOWEST, 101.0]),
    )
    return Drawing(fig, said, table=table)


def _hover(names: Sequence[str]) -> Trace:
    template = "%{hovertext}: %{x:.3~g} % zeros, %{y:.3~g} % right<extra></extra>"
    return {"hovertext": list(names), "hovertemplate": template}
