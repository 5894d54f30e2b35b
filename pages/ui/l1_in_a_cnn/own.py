"""What the reader of L1 in a CNN does: guess how many weights become zero, and ask their own network."""

import streamlit as st

from core.lessons.l1_in_a_cnn import results
from core.runs import Refused, runs
from pages.ui import learner, session
from pages.ui.experiment.runs import begun, own_results, pressed
from pages.ui.markdown import plain

TARGETS = "zeros_by_target"
"""The experiment that is guessed at."""

GUESS = "l1_in_a_cnn_guess"
"""Key of the guess's widget; the guess is kept under the same name."""


def guess() -> None:
    """Ask for a guess, which is optional and fixed once the result has been asked for."""
    # A widget's state goes when the reader opens another page: what was guessed stays.
    fixed = pressed(TARGETS)
    if fixed or GUESS not in st.session_state:
        st.session_state[GUESS] = guessed()
    st.number_input(
        "Your prediction (%)",
        0.0,
        100.0,
        value=None,
        step=1.0,
        format="%g",
        key=GUESS,
        disabled=fixed,
        placeholder="0 to 100",
        width=260,
    )


def guessed() -> float | None:
    """What the reader guessed when they asked for the result, on this visit or an earlier one."""
    kept = learner.recall(GUESS)
    return kept if isinstance(kept, float) and 0.0 <= kept <= 100.0 else None


def rescale_check() -> None:
    """Ask the reader's own network, all of it, as it is in the worker."""
    own = begun(own_results(TARGETS))
    asked = st.button("Rescale my own network by 100", disabled=not own, key="l1_in_a_cnn_rescale")
    if not own:
        st.caption("Run the experiment above first; then this asks your own network.")
    elif asked:
        try:
            answer = runs().ask(session.owner(), own[0].view.id, "rescale", lane=0, factor=100.0)
            st.markdown(results.rescale_sentence(answer))
        except Refused as refused:
            st.markdown(f":material/error: {plain(str(refused))}")
