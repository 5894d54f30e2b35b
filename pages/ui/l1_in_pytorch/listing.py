"""Listings as HTML: each line beside its term of the formula, in the colours of the loss charts."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.lessons.l1_in_pytorch import Count, Line, Walk

SIGNS = {"same": "", "gone": "−", "new": "+"}
SPOKEN = {"same": "", "gone": "taken out: ", "new": "new: "}
PIXELS = 2.6
"""Of the screen, for one of a feature map."""


def formula() -> None:
    """The subject in one line: two terms, two colours."""
    st.html(
        '<p class="code-formula">total loss = <b class="data">data loss</b> + '
        '<b class="penalty">λ · Σ|w|</b></p>'
    )


def listing(lines: Sequence[Line], label: str) -> None:
    """A listing; lines without a term stay grey."""
    rows = "".join(map(_row, lines))
    st.html(f'<ol class="code-lines" aria-label="{escape(label)}">{rows}</ol>')


def _row(line: Line) -> str:
    words, formula = line.code.lstrip(), escape(line.formula)
    indent = f"--indent:{len(line.code) - len(words)}"
    code = f'<code style="{indent}"><span>{escape(words)}</span></code>'
    sign = f'<i aria-hidden="true">{SIGNS[line.mark]}</i><span class="code-hidden">{SPOKEN[line.mark]}</span>'
    term = f'<span class="code-term">{formula}</span>' if formula else ""
    return f'<li class="{line.term} {line.mark}">{sign}{code}{term}</li>'


def shapes(walk: Walk) -> None:
    """An image's way through the network: maps to scale, with how many numbers there are."""
    cells = []
    for shape in walk.shapes:
        size = f"{shape.channels} × {shape.size} × {shape.size}" if shape.size > 1 else ""
        side = max(4, round(shape.size * PIXELS))
        box = f"width:{side}px;height:{side}px" if shape.size > 1 else "width:10px;height:90px"
        cells.append(
            f'<li><span class="code-map" style="{box}"></span><b>{shape.step}</b>'
            f"<span>{size or '&nbsp;'}</span><span>{shape.numbers:,}</span></li>"
        )
    st.html(f'<ol class="code-shapes" aria-label="What comes out of each step">{"".join(cells)}</ol>')


def parameters(counts: Sequence[Count]) -> None:
    """Where the parameters are: a bar for each layer, weights and biases in numbers."""
    total = sum(each.weights + each.biases for each in counts)
    rows = "".join(
        f"<tr><th scope='row'>{each.layer}</th><td>{each.weights:,}</td><td>{each.biases:,}</td>"
        f"<td class='code-bar'><span style='width:{100 * each.weights / total:.2f}%;"
        f"background:var(--sl-{each.layer})'></span></td><td>{100 * each.weights / total:.1f} %</td></tr>"
        for each in counts
    )
    weights, biases = sum(each.weights for each in counts), sum(each.biases for each in counts)
    st.html(
        "<table class='code-counts'><thead><tr><th scope='col'>layer</th><th scope='col'>weights</th>"
        "<th scope='col'>biases</th><th scope='col' class='code-bar'>share of all parameters</th>"
        "<th scope='col'><span class='code-hidden'>in percent</span></th></tr></thead>"
        f"<tbody>{rows}</tbody><tfoot><tr><th scope='row'>all</th><td>{weights:,}</td><td>{biases:,}</td>"
        f"<td class='code-bar'>{total:,} parameters</td><td></td></tr></tfoot></table>"
    )
