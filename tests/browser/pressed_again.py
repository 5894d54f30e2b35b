"""A page of Streamlit's to press: something large comes back after three presses; one has two halves."""

import time

import streamlit as st

from pages.ui import whole_callbacks

LARGE = "large " * 4_000

whole_callbacks.install()


def another() -> None:
    """Take in a press."""
    st.session_state.presses += 1


def slowly() -> None:
    """Take in a press in two halves, as Reset does."""
    st.session_state.half = True
    time.sleep(1.5)
    st.session_state.half = False


presses = st.session_state.setdefault("presses", 0)
st.button("Press", on_click=another)
st.button("Press slowly", on_click=slowly)
st.text(f"after {presses}")
if presses in (0, 3):
    st.text(LARGE)
if st.session_state.get("half"):
    st.session_state.seen_half_done = True
st.text("seen half done" if st.session_state.get("seen_half_done") else "seen whole")
