"""The first experiment of *What is L1?*: eight examples, four weights, and what they cost."""

import streamlit as st

from core.lessons.what_is_l1 import four_weights as lesson
from core.lessons.what_is_l1 import four_weights_figures as figures
from pages.ui.lesson import coloured, columns, picture, words
from pages.ui.what_is_l1 import formulas

LOSSES: dict[lesson.LossKind, str] = {
    "cross_entropy": "Cross-entropy: predict a class",
    "mse": "Mean squared error: predict a number",
}
LOSS_FORMULAS: dict[lesson.LossKind, str] = {
    "cross_entropy": r"\frac1n\sum_{\text{examples}}-\ln p(\text{right class})",
    "mse": r"\frac1n\sum_{\text{examples}}(\text{prediction}-\text{value})^2",
}
STRENGTHS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0)
FIRST_WEIGHTS = (1.2, 0.6, 0.5, -0.4)
LIMIT = 6.0
"""The sliders' range of a weight, either way: the best weights of every λ on offer lie within."""


@st.fragment
def bill_section() -> None:
    """The total loss with the reader's own weights in it."""
    left, right = columns()
    with left:
        words(
            "A price on every weight",
            [formulas.total()],
            "L1 adds the sizes |w| of all weights, times **λ**, the *regularization strength*, to the loss "
            "you know. Every weight pays λ for each unit of its size, so it has to earn its price.",
            "Move λ and the weights, or press a weight in your bar to set it to zero. How short can you make "
            "the bar?",
        )
        kind = st.radio("Which data loss?", LOSSES, format_func=LOSSES.get, key="what_is_l1_loss")
        st.latex(rf"{coloured('data_loss', 'L')} = {LOSS_FORMULAS[kind]}")
        with st.popover("The eight examples"):
            rows = lesson.examples()
            st.caption(
                "A class is 1 where the value is above 0, but for two labels that are wrong on purpose."
            )
            st.table({name: [f"{x:g}".replace("-", "−") for x in column] for name, column in rows.items()})
    with right:
        strength, weights = _sliders()
        _answer(lesson.bill(kind, weights, strength), lesson.best(kind, strength))


def _sliders() -> tuple[float, list[float]]:
    """λ and the four weights."""
    strength = st.select_slider("λ, the price of one unit of |w|", STRENGTHS, 0.1, key="what_is_l1_strength")
    weights = []
    with st.container(key="what_is_l1_weights"):
        for i, column in enumerate(st.columns(lesson.N_WEIGHTS)):
            st.session_state.setdefault(_key(i), FIRST_WEIGHTS[i])
            weights.append(column.slider(figures.weight_name(i), -LIMIT, LIMIT, step=0.05, key=_key(i)))
    return strength, weights


def _answer(yours: lesson.Bill, lowest: lesson.Bill) -> None:
    """The formula with the reader's numbers, the two bars, and what they show."""
    st.latex(formulas.bill(yours))
    picture(figures.bill(yours, lowest), "what_is_l1_bill", height=170, on_click=_bar_clicked)
    with st.container(horizontal=True):
        st.button("Show the best weights", on_click=_set_weights, args=(lowest.weights,))
        st.button("Back to the first weights", on_click=_set_weights, args=(FIRST_WEIGHTS,))


def _key(index: int) -> str:
    return f"what_is_l1_w{index}"


def _set_weights(weights: tuple[float, ...]) -> None:
    for i, w in enumerate(weights):
        st.session_state[_key(i)] = round(min(max(w, -LIMIT), LIMIT), 2)


def _bar_clicked() -> None:
    """A weight's piece of the bar was clicked: that weight goes to zero."""
    click = st.session_state["what_is_l1_bill"].click
    index = click.get("customdata") if isinstance(click, dict) else None
    if isinstance(index, int) and index in range(lesson.N_WEIGHTS):
        st.session_state[_key(index)] = 0.0
