"""The bar of Inside the network: a run to train, its lane, the other pages, and which run it is."""

import streamlit as st

from core.lab.compare_runs.settings import lane_titles
from core.runs import RunView
from core.runs.examples.answers import INSIDE
from core.runs.examples.histories import example
from core.runs.views import GOING
from core.words import DATASETS, MODELS
from pages.ui import menu, session
from pages.ui.inside_the_network.run import is_example, lanes_of, train_now
from pages.ui.markdown import plain

OTHERS = ("train_live", "lambda_path", "compare_runs", "smaller_model")
"""The other pages of the laboratory."""


def bar(view: RunView) -> None:
    """One row; on a phone as many as it needs."""
    with st.container(key="inside_bar", horizontal=True, vertical_alignment="center", gap="small"):
        if view.state not in GOING:
            st.button(
                "Train one now" if is_example(view) else "Train another one",
                icon=":material/play_arrow:",
                type="primary" if is_example(view) else "secondary",
                key="inside_train",
                on_click=train_now,
                help="Digits, λ = 1e-3, 30 epochs: some seconds.",
            )
        if len(view.spec.lanes) > 2:
            st.session_state.inside_lane = lanes_of(view)[-1]
            st.selectbox(
                "Lane beside the first",
                range(1, len(view.spec.lanes)),
                key="inside_lane",
                format_func=lane_titles(view.spec).__getitem__,
                on_change=lambda: session.choose_lane(st.session_state.inside_lane),
                width=220,
            )
        _links(view)
        st.markdown(f":small[{_description(view)}]", width="content")


def _links(view: RunView) -> None:
    # The example has places of its own there.
    run = {} if is_example(view) else session.run_link(view)
    menu.links((stem for stem in OTHERS if stem != "train_live" or session.can_show(view)), run)


def _description(view: RunView) -> str:
    spec = view.spec
    what = f"{DATASETS[spec.dataset].name}; {MODELS[spec.model].label}"
    network = f"{what}; {spec.epochs} epochs; seed {spec.seed}"
    computed = example(INSIDE) if is_example(view) else None
    if computed is None:
        return f"{network}: {view.state}"
    return f"An example, trained beforehand on {computed.date}, {plain(computed.machine)} ({network})"
