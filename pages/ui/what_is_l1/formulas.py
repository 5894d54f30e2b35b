"""The longer formulas of What is L1?, with numbers, in the colours of data loss and penalty."""

from core.lessons.what_is_l1.four_weights import Bill
from core.lessons.what_is_l1.least_squares import Quadratic
from pages.ui.lesson import coloured


def total() -> str:
    """Data loss and penalty under braces."""
    data, penalty = coloured("data_loss", "L"), coloured("penalty", r"\lambda\sum_i|w_i|")
    return (
        rf"\text{{total loss}} = \underbrace{{{data}}}_{{\text{{data loss}}}} + "
        rf"\underbrace{{{penalty}}}_{{\text{{penalty}}}}"
    )


def bill(yours: Bill) -> str:
    """The total with the reader's numbers, in two steps so that it fits a phone."""
    sizes = " + ".join(f"{abs(w):g}" for w in yours.weights)
    data = coloured("data_loss", f"{yours.data_loss:.3f}")
    long = coloured("penalty", rf"{yours.strength:g}\,({sizes})")
    short = coloured("penalty", rf"{yours.strength:g}\cdot{yours.norm:g}")
    return (
        r"\begin{aligned}"
        rf"\text{{total}} &= {data} + {long}\\ &= {data} + {short} = \mathbf{{{yours.total:.3f}}}"
        r"\end{aligned}"
    )


def quadratic(loss: Quadratic) -> str:
    """A mean squared error of two weights, written out."""
    (a, b), (_, d) = loss.hessian
    matrix = rf"\begin{{pmatrix}}{a:.3f}&{b:.3f}\\{b:.3f}&{d:.3f}\end{{pmatrix}}"
    vector = rf"\begin{{pmatrix}}{loss.pull[0]:.3f}&{loss.pull[1]:.3f}\end{{pmatrix}}"
    data = coloured("data_loss", "L(w)")
    return (
        rf"\begin{{aligned}}{data} =\ &\tfrac12\,w^\top\!{matrix}\,w\\ &- {vector}\,w + {loss.constant:.3f}"
        r"\end{aligned}"
    )


def balance() -> str:
    """Where the pull of the data loss and that of the penalty are equal."""
    data, penalty = coloured("data_loss", r"-\nabla L(w)"), coloured("penalty", r"\lambda s")
    signs = r"s_i = \operatorname{sign}(w_i) & w_i \ne 0 \\ |s_i| \le 1 & w_i = 0"
    return rf"{data} = {penalty},\ \begin{{cases}}{signs}\end{{cases}}"
