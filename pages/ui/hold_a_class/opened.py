"""The class that was opened in this tab: its code, and the links to its screens."""

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from core.classes import hall
from core.classes.cards import Card
from core.classes.hall import NoClassError
from core.runs import Refused, runs
from pages.ui import session


def open_class(cards: Sequence[Card]) -> None:
    """In a callback: open a class with these cards."""
    try:
        st.session_state.class_opened = hall(runs()).create(cards)
        st.session_state.class_refused = ""
    except Refused as refused:
        st.session_state.class_refused = str(refused)


def links() -> None:
    """The links to the screens of the class, once it is open; why it is not."""
    if refused := st.session_state.get("class_refused"):
        st.markdown(f":material/error: {refused}")
    found = st.session_state.get("class_opened") or _steered()
    if found is None:
        return
    code, secret = found
    with st.container(border=True, key="class_opened"):
        st.subheader(f"Your class is open: {code[:3]} {code[3:]}", anchor=False)
        st.markdown(
            "1. Open the **console** on the device that you steer with. Its link is the key to the class: "
            "show it to nobody.\n"
            "2. Open the **projector** on the screen that all see. In the same browser it takes your "
            "clicker's keys too; press ? there for the list.\n"
            "3. Phones join by the code or the QR on the projector.\n"
            "4. After the lecture print the **report**: its link is a key, too. It all ends after 24 hours."
        )
        with st.container(horizontal=True):
            console = f"./console#{code}.{secret}"
            st.link_button("Console", console, type="primary", icon=":material/tune:")
            st.link_button("Projector", f"./projector?c={code}", icon=":material/co_present:")
            st.link_button("Report", f"./report#{code}.{secret}", icon=":material/summarize:")
            st.link_button("A seat", f"./seat?c={code}", icon=":material/smartphone:")


def _steered() -> tuple[str, str] | None:
    """The class that this browser steers: its console has left a cookie with the key."""
    for name, secret in session.cookies().items():
        kind, _, code = name.partition("_")
        with suppress(NoClassError):
            if kind == "class" and hall(runs()).is_presenter(code, secret):
                return code, secret
    return None
