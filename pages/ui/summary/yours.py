"""All that is the reader's: to take to another browser, and to delete."""

from urllib.parse import urljoin

import streamlit as st

from core.runs import Refused, runs
from core.runs.handovers import SECONDS
from pages.ui import session
from pages.ui.components import HERE
from pages.ui.markdown import plain

TAKE = (
    "Your runs, answers and progress open in another browser as well, the one at the lectern, say. "
    "This browser keeps them."
)
ONCE = (
    f"Open it there within {SECONDS / 60:g} minutes. It works once, for whoever opens it: give it to nobody."
)
USED = "The link was used, or its time is over."
DELETE = (
    "All your runs with their curves and weights, your answers and your progress are deleted at once, for "
    "good: nobody can bring them back. What trains is stopped."
)
DELETED = "Everything of yours was deleted."


def yours() -> None:
    """Both, each behind a question."""
    with st.container(horizontal=True, key="summary_yours"):
        with st.popover("Take it to another browser", icon=":material/devices:", key="summary_take"):
            _take()
        with st.popover("Delete everything of mine", icon=":material/delete_forever:", key="summary_forget"):
            st.markdown(DELETE)
            st.button("Delete everything of mine", key="summary_forget_all", type="primary", on_click=_forget)
    if said := st.session_state.pop("summary_said", ""):
        st.markdown(plain(said))


def _take() -> None:
    st.markdown(TAKE)
    st.button("Make a link", key="summary_link", on_click=_offer)
    token = st.session_state.get("summary_token", "")
    if not token:
        return
    if runs().handovers.is_open(token):
        st.code(urljoin(str(st.context.url), f"{HERE}/api/handover#{token}"), language=None, wrap_lines=True)
        st.markdown(ONCE)
    else:
        st.markdown(USED)


def _offer() -> None:
    st.session_state.summary_token = runs().handovers.offer(session.own_name())


def _forget() -> None:
    try:
        runs().forget(session.owner())
    except Refused as refused:
        st.session_state.summary_said = str(refused)
        return
    for key in list(st.session_state):
        if key not in session.WHO:
            del st.session_state[key]
    st.query_params.clear()
    st.session_state.summary_said = DELETED
