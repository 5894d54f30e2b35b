"""What is L1? The penalty as a price on every weight: formula, picture, experiment, five times."""

import streamlit as st

from core.lessons.what_is_l1 import four_weights_figures as figures
from core.lessons.what_is_l1 import least_squares_figures
from core.lessons.what_is_l1.least_squares import mean_squared_error
from pages.ui.lesson import coloured, columns, page, picture, words
from pages.ui.what_is_l1.bill import bill_section
from pages.ui.what_is_l1.formulas import balance, quadratic
from pages.ui.what_is_l1.network import network_section

INTRO = (
    "A penalty that pushes weights to zero: at a moderate λ the network keeps those it needs. Whether "
    "that is good for anything is measured on *Does it deliver?*."
)


def slope_section() -> None:
    """|w| beside ½w²."""
    left, right = columns()
    with left:
        words(
            "Why |w| and not w²?",
            [r"\frac{d}{dw}|w| = \pm1\ \ (w \ne 0) \qquad \frac{d}{dw}\tfrac12w^2 = w"],
            "The slope is how hard a penalty pushes a weight towards zero. L1 pushes a tiny weight as hard "
            "as a large one. **L2**, the penalty with ½w², lets go: the smaller the weight, the weaker the "
            "push.",
            "Bring w close to 0. Which of the two still pushes?",
        )
    with right:
        picture(figures.price(), "what_is_l1_price", slider="weight w", start=35, height=400)


def step_section() -> None:
    """Soft threshold against plain shrinkage."""
    left, right = columns()
    with left:
        words(
            "One step: subtract or divide",
            [
                r"\text{L1:}\quad S_\tau(v) = \operatorname{sign}(v)\,\max(|v|-\tau,\,0)",
                r"\text{L2:}\quad \frac{v}{1+\tau}",
            ],
            "A step down the data loss brings a weight to v; then the penalty takes its share. L1 "
            "*subtracts* τ and stops at zero: the **soft threshold** S. L2 *divides*: small gets smaller, "
            "never zero on paper. In plain gradient descent τ is the learning rate times λ.",
            "Raise τ and count the weights that lie exactly on the zero line.",
        )
        st.caption("Source: Parikh & Boyd (2014), *Proximal Algorithms*.")
    with right:
        picture(figures.shrinkage(), "what_is_l1_shrinkage", slider="threshold τ", start=8)


def one_weight_section() -> None:
    """The parabola with a kink."""
    loss = mean_squared_error(0)
    limit = f"{loss.pull[0]:.3f}"
    left, right = columns()
    with left:
        words(
            "One weight: when is it exactly zero?",
            [
                rf"{coloured('data_loss', 'L(w)')} + {coloured('penalty', 'λ|w|')}",
                r"w = 0 \iff |L'(0)| \le \lambda",
            ],
            f"w₁ alone predicts the values of eight examples. At zero, the data loss pulls with |L′(0)| = "
            f"{limit}. If λ is at least that, the pull cannot lift the weight off zero. (The rule holds for "
            "a data loss with one valley, such as this parabola.)",
            f"Push λ past {limit}. Then do the same with L2.",
        )
    with right:
        drawing = least_squares_figures.one_weight(loss)
        picture(drawing, "what_is_l1_one_weight", slider="strength λ", start=10)


def two_weights_section() -> None:
    """Contours, diamond and circle."""
    loss = mean_squared_error(0, 1)
    left, right = columns()
    with left:
        words(
            "Two weights: why the corner wins",
            [quadratic(loss), balance()],
            "w₁ and w₂ predict the values of eight examples. On a contour the data loss is the same, on the "
            "diamond the penalty is. The solution is where they touch, and where the two arrows balance. A "
            "corner of the diamond lies on an axis: there, one weight is zero.",
            "Raise λ until the solution sticks to the axis, where w₂ = 0. Then switch to the circle: does it "
            "ever?",
        )
    with right:
        drawing = least_squares_figures.two_weights(loss)
        picture(drawing, "what_is_l1_two_weights", slider="strength λ", start=16, height=460)


with page("what_is_l1", INTRO):
    bill_section()
    slope_section()
    step_section()
    one_weight_section()
    two_weights_section()
    with st.container():
        network_section()
