"""What every symbol means and what it is now: in a row under the title, and on the symbols in formulas."""

import streamlit as st

from core.lessons.course.glossary import BY_PAGE, TERMS, measured, values
from core.runs import RunHistory, runs
from core.spec import RunSpec
from pages.ui import components, learner, session

_mount = components.component("glossary", "glossary/terms.js", "Terms", "glossary/glossary.css")


SLIDERS = {"λ": ("train_strength", "what_is_l1_strength")}
"""Keys of Streamlit's own sliders that move a term."""


def symbols(page: str) -> None:
    """The terms of a page, `page` being the stem of its file; every other one is known in its formulas."""
    now = current()
    terms = [
        {
            "term": term,
            "text": text,
            "now": now.get(term, ""),
            "here": term in BY_PAGE[page],
            "sliders": SLIDERS.get(term, ()),
        }
        for term, text in TERMS.items()
    ]
    _mount(key=f"glossary_{page}", data={"terms": terms})


def current() -> dict[str, str]:
    """What the symbols are on *Train live*, by term: as set, and as measured, with the step of that.

    λ is the one that both say: it may have been moved, or warm up, since the run was last measured.
    """
    history = _last_run()
    shown = history.view.spec if history else RunSpec()
    known = values(st.session_state.get("train_spec", shown))
    if history is None or not history.points[-1]:
        return known
    seen = measured(shown.lanes[-1].penalty, history.points[-1][-1], history.frames[-1])
    return known | seen | {"λ": f"set to {known['λ']}; {seen['λ']}"}


def _last_run() -> RunHistory | None:
    view = session.current()
    run = view.id if view else learner.recall("train_run")
    return runs().history(run, most=2) if isinstance(run, str) else None
