"""Smaller model: from zeros to consequences, measured on the spot."""

from contextlib import suppress
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from core.lessons.compare_settings import distinct
from core.lessons.smaller_model import lane_name
from core.runs import Refused, RunView, runs
from core.runs.example_answers import example_answers
from core.runs.views import GOING
from pages.ui import session
from pages.ui.lesson import page
from pages.ui.smaller import subject as subjects
from pages.ui.smaller.sections import sections
from pages.ui.words import plain

TICK_SECONDS = 1.0

LINKS = {
    "train_live.py": ("Train live", ":material/play_circle:"),
    "lambda_path.py": ("λ path", ":material/show_chart:"),
    "compare_runs.py": ("Compare runs", ":material/stacked_line_chart:"),
    "inside_the_network.py": ("Inside the network", ":material/visibility:"),
}
"""The other pages of the laboratory."""


def bar(view: RunView | None) -> None:
    """What to do first, and which lane is looked at."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="smaller_bar"):
        if view is not None:
            lanes(view)
        elif going := runs().active(session.owner()):
            st.button("Measure my run", key="smaller_mine", on_click=subjects.look_at, args=(going[-1].id,))
        if view is None or view.state not in GOING:
            st.button(
                "Train one now",
                icon=":material/play_arrow:",
                type="primary" if view is None else "secondary",
                key="smaller_train",
                on_click=subjects.train_one,
            )
        links(view)


def links(view: RunView | None) -> None:
    """The same run on the other pages."""
    run = {} if view is None else session.run_link(view)
    for file, (label, icon) in LINKS.items():
        if file == "train_live.py" and view is not None and len(view.spec.lanes) != 2:
            continue  # It shows two lanes, side by side.
        # A page that runs alone has no menu, so there is nothing to link to.
        with suppress(StreamlitPageNotFoundError):
            st.page_link(Path(__file__).with_name(file), label=label, icon=icon, query_params=run)


def lanes(view: RunView) -> None:
    """Which lane of the run is made smaller."""
    names = [lane_name(view.spec, lane) for lane in range(len(view.spec.lanes))]
    # Lanes that differ in something else still are two choices.
    names = distinct(names, [()] * len(names))
    st.session_state["smaller_lane"] = subjects.of_run(view).lane
    st.selectbox(
        "Lane to make smaller",
        range(len(names)),
        format_func=names.__getitem__,
        key="smaller_lane",
        on_change=lambda: session.choose_lane(st.session_state.smaller_lane),
        width=330,
    )


def waiting(run: str) -> None:
    """How far a run that trains has come; when it ends or is held, the page measures it."""
    history = runs().history(run, most=2)
    if history is None or history.view.state not in GOING or history.view.state == "paused":
        st.rerun()
        return
    mine = history.view.owner == session.owner()
    words = f"waiting: place {history.view.position}" if history.view.state == "queued" else "training"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.progress(history.share, text=f"This run is still {words}: {history.share:.0%}.")
        if mine and history.view.state == "running":
            st.button(
                "Hold it and measure",
                icon=":material/pause:",
                on_click=subjects.hold,
                args=(run,),
                key="smaller_hold",
            )


def measured(view: RunView | None) -> subjects.Subject | None:
    """The visitor's run where it can be measured; None where there is only the example.

    Why a run cannot be measured is said once, here, and not by each part of the page.
    """
    if view is None or view.state in ("queued", "running"):
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
        "**Storage: yes. Speed in a dense kernel: no. Removing whole units is what speeds up.**"
    )
    if notice := session.take_notice():
        st.markdown(f":material/error: {plain(notice)}")
    bar(view)
    subject = measured(view)
    if subject is not None:
        at = "" if subject.step is None else f", on the weights of step {subject.step:,}"
        st.markdown(f"Measured now{at}.")
        return subject
    if view is not None and view.state in ("queued", "running"):
        st.fragment(waiting, run_every=TICK_SECONDS)(view.id)
    kept = example_answers("smaller_model")
    st.markdown(f"Computed beforehand, on {kept.date} ({kept.machine}). Yours takes its place.")
    return subjects.of_example(kept)


with page("Smaller model"):
    with st.container(gap="small"):
        looked_at = head(session.looked_at())
    sections(looked_at)
