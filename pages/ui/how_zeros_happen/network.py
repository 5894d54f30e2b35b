"""The real network on How zeros happen: batches and momentum, the methods, inference, a λ that falls."""

from collections.abc import Sequence

import streamlit as st

from core.lessons.how_zeros_happen import network as lesson
from core.lessons.how_zeros_happen import network_figures as figures
from core.lessons.seeds import sampled
from core.runs import RunHistory
from core.spec import strength_text
from pages.ui.experiment.offer import experiment, later
from pages.ui.experiment.runs import measured, trained
from pages.ui.lesson import coloured, columns, picture
from pages.ui.markdown import unbroken

METHODS = "zeros_by_method"
"""The experiment whose networks are also looked at in inference."""


def batches() -> None:
    """Batch size and momentum."""
    experiment("zeros_by_batch", _draw_batches, words=_batch_words)


def four_methods() -> None:
    """The methods of the two weights, in the network."""
    experiment(METHODS, _draw_methods, words=_method_words)


def inference() -> None:
    """What each weight contributes, and what is left to multiply."""
    penalty = coloured("penalty", r"\lambda\sum_i |w_i|")
    left, right = columns()
    with left:
        st.header("During training, during inference", anchor=False)
        st.latex(rf"\text{{training:}}\quad {coloured('data_loss', 'L')} + {penalty}")
        st.latex(r"\text{inference:}\quad z = \sum_i w_i x_i = \sum_{w_i \ne 0} w_i x_i")
        st.markdown(
            "*During training* every weight counts: it pays λ|w|, and the gradient is worked out for a zero, "
            "too, because it may come back. *During inference* the penalty is gone, and a zero weight adds 0 "
            "· x = 0 to every sum. Here you see it for the proximal network with momentum, from above."
        )
        st.markdown(":material/science: **Try it.** Which layer has most zeros, and which saves most work?")
    with right:
        if runs := measured(METHODS):
            counted = lesson.multiplications(runs, lesson.PROXIMAL)
            picture(figures.multiplications(counted), "how_zeros_multiplications", height=300)
        else:
            later()


def all_dead() -> None:
    """A λ that falls when there is nothing left to come back."""
    experiment("zeros_return", _draw_return, words=_return_words)


def _batch_words() -> None:
    plain, momentum = lesson.EXPERIMENTS["zeros_by_batch"].specs[0].lanes
    st.header("Batches and momentum in the real network", anchor=False)
    st.markdown(
        "You saw it with one weight: a larger batch has less noise, momentum averages some of it away, and "
        "a zero leaves less often. Does that make more zeros? Now the standard CNN on digits with the "
        "proximal step: three batch sizes, about as many updates each, so the larger batches see more "
        f"images, without momentum (η = {plain.learning_rate:g}) and with (μ = {momentum.momentum:g}, η = "
        f"{momentum.learning_rate:g}). {lesson.reach_sentence(plain, momentum)}"
    )
    st.markdown(":material/science: **Try it.** What does the batch change, what the momentum?")


def _draw_batches(histories: Sequence[RunHistory]) -> None:
    if groups := lesson.by_batch(trained(histories)):
        drawing = figures.zeros_by_batch(groups)
        picture(drawing, "how_zeros_batches", height=300)
        _caption(sampled(drawing.summary, groups[0], tells_accuracy=False))


def _method_words() -> None:
    _, adam, sgd, *_ = lesson.EXPERIMENTS[METHODS].specs[0].lanes
    st.header("The methods in the real network", anchor=False)
    st.markdown(
        "You saw them with two weights. Now with the standard CNN, the proximal step "
        "without momentum and with it: same start, same batches, same λ. The "
        f"SGD networks step equally far, η/(1 − μ) = {sgd.learning_rate:g}; Adam has η = "
        f"{adam.learning_rate:g}."
    )
    st.markdown(
        ":material/science: **Try it.** How many exact zeros do the two textbook methods make? Which of the "
        "other three makes most?"
    )


def _draw_methods(histories: Sequence[RunHistory]) -> None:
    if runs := trained(histories):
        drawing = figures.zeros_by_method(runs)
        picture(drawing, "how_zeros_network", height=340)
        _caption(sampled(drawing.summary, runs))


def _return_words() -> None:
    living, _, deadly = (lane.strength for lane in lesson.EXPERIMENTS["zeros_return"].specs[0].lanes)
    st.header("Unless all have died", anchor=False)
    st.markdown(
        "In a network there is one exception: **a whole network that is dead**, all of its weights zero. No "
        "image passes, and next to no gradient: it stays dead even at a λ far below; at λ near 0 it may "
        "start anew. A dead unit of a living network may come back sooner. "
        f"Halfway λ falls to {strength_text(lesson.LOWERED)} in three networks: two had "
        f"λ = {strength_text(living)}, by the proximal step and by clip and kill; one had "
        f"λ = {strength_text(deadly)} in full from the first update on, without warm-up, which kills it."
    )


def _draw_return(histories: Sequence[RunHistory]) -> None:
    ready = [history for history in histories if trained([history])]
    if not ready:
        return
    steps = [
        next((event.step for event in history.events if event.kind == "change"), None) for history in ready
    ]
    drawing = figures.zeros_return(trained(ready), steps)
    picture(drawing, "how_zeros_return", height=340)
    _caption(sampled(drawing.summary, trained(ready)))


def _caption(said: str) -> None:
    if said:
        st.caption(unbroken(said))
