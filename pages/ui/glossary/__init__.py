"""What every symbol means and what it is now: in a row under the title, and on the symbols in formulas."""

from pathlib import Path

import streamlit as st

from core.lessons.glossary import BY_PAGE, TERMS, measured, values
from core.runs import RunHistory, runs
from core.spec import RunSpec
from pages.ui import learner, session, shared

_mount = shared.component("glossary", Path(__file__).with_name("glossary.css"))


def symbols(page: str) -> None:
    """The terms of a page, `page` being the stem of its file; every other one is known in its formulas."""
    now = current()
    terms = [
        {"term": term, "text": text, "now": now.get(term, ""), "here": term in BY_PAGE[page]}
        for term, text in TERMS.items()
    ]
    _mount(key=f"glossary_{page}", data=shared.data("glossary") | {"terms": terms})


def current() -> dict[str, str]:
    """What the symbols are on *Train live*, by term: in its settings, and in the reader's last run there."""
    history = _last_run()
    shown = history.view.spec if history else RunSpec()
    known = values(st.session_state.get("train_spec", shown))
    if history is None or not history.points[-1]:
        return known
    frame = history.frames[-1]
    return known | measured(history.points[-1][-1], frame["layers"] if frame else {})


def _last_run() -> RunHistory | None:
    view = session.current()
    run = view.id if view else learner.recall("train_run")
    return runs().history(run, most=2) if isinstance(run, str) else None
