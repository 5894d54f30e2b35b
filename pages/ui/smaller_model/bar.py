"""The bar of Smaller model: which lane is looked at, a run to train, and the way to the other pages."""

import streamlit as st

from core.lab.compare_runs.settings import distinct
from core.lab.smaller_model.questions import lane_name
from core.runs import RunView, runs
from core.runs.views import GOING
from pages.ui import menu, session
from pages.ui.smaller_model import subject as subjects

OTHERS = ("train_live", "lambda_path", "compare_runs", "inside_the_network")
"""The other pages of the laboratory."""


def bar(view: RunView | None) -> None:
    """What to do first, and which lane is looked at."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="smaller_bar"):
        if view is not None:
            _lanes(view)
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
        _links(view)


def _links(view: RunView | None) -> None:
    run = {} if view is None else session.run_link(view)
    is_fit = view is None or session.can_show(view)
    menu.links((stem for stem in OTHERS if stem != "train_live" or is_fit), run)


def _lanes(view: RunView) -> None:
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
