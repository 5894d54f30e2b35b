"""Smaller model: from zeros to consequences, measured on the spot."""

import streamlit as st

from core.runs import Refused, RunView
from core.runs.examples.answers import example_answers
from pages.ui import session
from pages.ui.lesson import page
from pages.ui.markdown import plain
from pages.ui.smaller_model import subject as subjects
from pages.ui.smaller_model.bar import bar
from pages.ui.smaller_model.sections import sections
from pages.ui.smaller_model.waiting import trains, wait_for


def measured(view: RunView | None) -> subjects.Subject | None:
    """The visitor's run where it can be measured; None where there is only the example.

    Why a run cannot be measured is said once, here, and not by each part of the page.
    """
    if view is None or trains(view):
        return None
    subject = subjects.of_run(view)
    try:
        subject.answer("sizes")
    except Refused as refused:
        st.markdown(f":material/error: {plain(str(refused))}")
        return None
    return subject


def head(view: RunView | None) -> subjects.Subject:
    """What to do, the run, and what is looked at: it, or the example meanwhile."""
    st.markdown(
        "Press **Train one now**, or come from Train live with a run: then see what its zeros are good for. "
        "**Storage: yes. Speed in a dense kernel: no. With dead units removed: it depends, see below.**"
    )
    if notice := session.take_notice():
        st.markdown(f":material/error: {plain(notice)}")
    bar(view)
    subject = measured(view)
    if subject is not None:
        at = "" if subject.step is None else f", on the weights of step {subject.step:,}"
        st.markdown(f"Measured now{at}.")
        return subject
    if view is not None and trains(view):
        wait_for(view.id)
    kept = example_answers("smaller_model")
    st.markdown(f"Computed beforehand, on {kept.date} ({kept.machine}). Yours takes its place.")
    return subjects.of_example(kept)


with page("smaller_model"):
    with st.container(gap="small"):
        looked_at = head(session.looked_at())
    sections(looked_at)
