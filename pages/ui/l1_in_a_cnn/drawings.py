"""What the experiments of L1 in a CNN draw of their runs."""

from collections.abc import Sequence

import streamlit as st

from core.lessons.l1_in_a_cnn import results
from core.lessons.l1_in_a_cnn import results_figures as figures
from core.lessons.seeds import sampled, settled
from core.runs import RunHistory
from pages.ui.experiment.runs import trained
from pages.ui.l1_in_a_cnn.own import guessed
from pages.ui.lesson import picture


def possible() -> None:
    """What is possible, before it is measured."""
    picture(figures.by_target([]), "l1_in_a_cnn_possible", height=380)


def targets(histories: Sequence[RunHistory]) -> None:
    """The guess, zeros by target, and the sentence on biases."""
    runs = settled(trained(histories))
    if not runs:
        return
    said = results.guess_sentence(runs, guessed())
    if said:
        st.markdown(said)
    drawing = figures.by_target(runs)
    picture(drawing, "l1_in_a_cnn_targets", height=420)
    st.caption(sampled(drawing.summary, runs))
    st.markdown(f"**And the biases?** {results.biases_verdict(runs)} The textbook recipe penalises them.")


def batch_norm(histories: Sequence[RunHistory]) -> None:
    """Convolutions against normalizations as targets."""
    if runs := settled(trained(histories)):
        drawing = figures.batch_norm(runs)
        picture(drawing, "l1_in_a_cnn_batch_norm", height=320)
        st.caption(sampled(drawing.summary, runs))


def kernels(histories: Sequence[RunHistory]) -> None:
    """The kernels of three networks, of the first seed."""
    for run in trained(histories)[:1]:
        picture(figures.kernels(run), "l1_in_a_cnn_kernels", slider="network", start=1, height=330)
