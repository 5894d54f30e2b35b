"""A line of the symbols a page uses: what each means, and what it is now; by pointer, keyboard or touch."""

from pathlib import Path

import streamlit as st

from core.lessons.glossary import BY_PAGE, TERMS, measured, values
from core.runs import runs
from pages.ui import session, shared

_mount = shared.component("glossary", Path(__file__).with_name("glossary.css"))


def symbols(page: str) -> None:
    """The terms of a page, `page` being the stem of its file."""
    now = current()
    terms = [{"term": term, "text": TERMS[term], "now": now.get(term, "")} for term in BY_PAGE[page]]
    _mount(key=f"glossary_{page}", data=shared.data("glossary") | {"terms": terms})


def current() -> dict[str, str]:
    """What the symbols are on *Train live*, by term; {} before the reader has been there."""
    if "train_spec" not in st.session_state:
        return {}
    run = session.current()
    history = runs().history(run.id, most=2) if run is not None else None
    if history is None or not history.points[-1]:
        return values(session.settings())
    frame = history.frames[-1]
    weights = sum(layer["weights"] for layer in frame["layers"].values()) if frame else 0
    return values(session.settings()) | measured(history.points[-1][-1], weights)
