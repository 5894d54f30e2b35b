"""Make a lesson: tick what Train live shows, lock what stays, say and ask; a link, a QR, a frame come out."""

import streamlit as st

from core.lab.compare_runs.settings import phrase, settings
from core.spec import RunSpec
from pages.ui import menu, session
from pages.ui.lesson import page
from pages.ui.make_a_lesson.form import asked
from pages.ui.make_a_lesson.outcome import outcome
from pages.ui.markdown import plain

INTRO = (
    "One scene of Train live as a link: who opens it sees what you tick, with your settings, at once and "
    "without an account."
)


def described(spec: RunSpec) -> str:
    """The settings in words."""
    return plain(", ".join(phrase(field, word) for field, word in settings(spec, -1).items()))


session.open_from_link()
with page("make_a_lesson", INTRO), st.container(key="make_page"):
    left, right = st.columns([7, 5], gap="large")
    with left:
        st.header("What it trains", anchor=False)
        st.markdown(f"Your settings on Train live: {described(session.settings())}.")
        menu.links(["train_live"], session.link(), "Change them on **{}**")
        lesson = asked(session.settings())
    with right:
        if lesson is not None:
            outcome(lesson)
