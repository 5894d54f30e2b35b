"""Train live opened from a class: it takes its settings from the lecturer until the reader leaves."""

import streamlit as st

from core.classes import hall
from core.classes.codes import read_code
from core.classes.hall import NoClassError
from core.classes.laboratory import followed
from core.runs import runs
from core.spec import RunSpec
from pages.ui import session, transport
from pages.ui.ticking import ticking

SECONDS = 3.0
"""Between two looks at the class: a hall may have hundreds of laboratories open."""

PARAMETER = "class"
"""What the address calls the code."""

SET = "The lecturer sets λ, layers and the rest."
ALONE = "The lecturer sets nothing at the moment."

OPEN = "Question {} is open: answer it"


def take() -> None:
    """At the top of Train live: what the class has newly set becomes the settings, of a going run too."""
    code = _code()
    now = (code, _wanted(code)) if code else None
    before = st.session_state.get("class_followed")
    if now is not None and now[1] is not None and now != before:
        transport.change(now[1])
    # Last: what a newer run of the script cuts short is taken by that one.
    st.session_state.class_followed = now


def strip() -> None:
    """One line on whom this page follows, with the way out; it looks at the class every few seconds."""
    code = _code()
    if code:
        ticking(
            lambda: _draw(code),
            going=lambda: PARAMETER not in st.session_state.get("link_wanted", {}),
            around=lambda: _wanted(code),
            drawn_for=st.session_state.class_followed[1],
            seconds=SECONDS,
        )


def leave() -> None:
    """In a callback: follow no more. The settings stay as they are."""
    session.link_later(**{PARAMETER: ""})


def _draw(code: str) -> None:
    told = f"You follow class **{code[:3]} {code[3:]}**. {ALONE if _wanted(code) is None else SET}"
    question = _asked(code)
    with st.container(key="class_strip", horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/co_present: {told}", width="content")
        if question is not None:
            st.link_button(
                OPEN.format(question + 1), f"./seat?c={code}", type="primary", icon=":material/smartphone:"
            )
        st.button("Leave and try for yourself", key="class_leave", on_click=leave)


def _code() -> str:
    return read_code(st.query_params.get(PARAMETER, ""))


def _asked(code: str) -> int | None:
    """The card that waits for answers; None where none does."""
    try:
        room = hall(runs()).get(code)
    except NoClassError:
        return None
    return room.at if room.phase == "predict" and not room.paused else None


def _wanted(code: str) -> RunSpec | None:
    try:
        return followed(hall(runs()).get(code))
    except NoClassError:
        return None
