"""What is L1? The penalty as a price on every weight: formula, picture, experiment, five times."""

from urllib.parse import urlencode

import streamlit as st

from core.figures import least_squares as least_squares_figures
from core.figures import what_is_l1 as figures
from core.lessons.least_squares import mean_squared_error
from core.link import to_link
from core.spec import LaneSpec, RunSpec
from pages.ui import shared
from pages.ui.bill import bill_section
from pages.ui.lesson import coloured, columns, page, picture, words

NETWORKS = {
    "Try it on the real network": RunSpec.beside_zero(LaneSpec(strength=3e-4)),
    "The same network with L2": RunSpec.beside_zero(LaneSpec(penalty="l2", strength=3e-3)),
}

INTRO = (
    "A penalty that pushes weights to zero: the network keeps those it needs. What that is good for, *Does "
    "it deliver?* measures."
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
            "*subtracts* τ and stops at zero: the **soft threshold** S. L2 *divides*: small stays small, but "
            "never zero. In plain gradient descent τ is the learning rate times λ.",
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
            f"w₁ alone predicts the eight values from above. At zero, the data loss pulls with |L′(0)| = "
            f"{limit}. If λ is larger, that pull cannot lift the weight off zero.",
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
            [_quadratic_formula(loss.hessian, loss.pull, loss.constant), _balance_formula()],
            "w₁ and w₂ predict the eight values. On a contour the data loss is the same, on the diamond the "
            "penalty is. The solution is where they touch, and where the two arrows balance. A corner of the "
            "diamond lies on an axis: there, one weight is zero.",
            "Raise λ until the solution sticks to the axis, where w₂ = 0. Then switch to the circle: does it "
            "ever?",
        )
    with right:
        drawing = least_squares_figures.two_weights(loss)
        picture(drawing, "what_is_l1_two_weights", slider="strength λ", start=16, height=460)


def network_section() -> None:
    """From two weights to a network."""
    st.header("And in a network?", anchor=False)
    st.markdown(
        "The same rule, for every weight at once: **a weight stays at zero when the data loss pulls it "
        "less than λ.** You saw it with one weight and with two. *During training* the optimizer lowers "
        "both terms. *During inference* the penalty is gone, and only weights that are not zero contribute."
    )
    with st.container(horizontal=True):
        for i, (label, spec) in enumerate(NETWORKS.items()):
            address = f"{shared.root()}/?{urlencode(to_link(spec))}"
            st.link_button(label, address, type="secondary" if i else "primary")


def _quadratic_formula(hessian, pull, constant: float) -> str:
    (a, b), (_, d) = hessian
    matrix = rf"\begin{{pmatrix}}{a:.3f}&{b:.3f}\\{b:.3f}&{d:.3f}\end{{pmatrix}}"
    vector = rf"\begin{{pmatrix}}{pull[0]:.3f}&{pull[1]:.3f}\end{{pmatrix}}"
    data = coloured("data_loss", "L(w)")
    return (
        rf"\begin{{aligned}}{data} =\ &\tfrac12\,w^\top\!{matrix}\,w\\ &- {vector}\,w + {constant:.3f}"
        r"\end{aligned}"
    )


def _balance_formula() -> str:
    data, penalty = coloured("data_loss", r"-\nabla L(w)"), coloured("penalty", r"\lambda s")
    signs = r"s_i = \operatorname{sign}(w_i) & w_i \ne 0 \\ |s_i| \le 1 & w_i = 0"
    return rf"{data} = {penalty},\ \begin{{cases}}{signs}\end{{cases}}"


with page("What is L1?", "what_is_l1", INTRO):
    bill_section()
    slope_section()
    step_section()
    one_weight_section()
    two_weights_section()
    with st.container():
        network_section()
