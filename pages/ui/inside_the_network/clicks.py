"""What is clicked in the view into a network; it comes from a browser, so it is checked."""

import streamlit as st

from core.runs import runs
from core.runs.examples.answers import INSIDE_RUN
from core.spec import MODEL_LAYERS
from pages.ui import learner


def weight_clicked() -> None:
    """A weight was clicked in the view: show its fate."""
    click = st.session_state["inside_view"].weight
    view = runs().view(st.session_state.get("inside_run", INSIDE_RUN))
    if view is None or not isinstance(click, dict):
        return
    layer, index = click.get("layer"), click.get("index")
    if layer in MODEL_LAYERS[view.spec.model] and type(index) is int and index >= 0:
        st.session_state.inside_layer, st.session_state.inside_index = layer, index
        st.session_state.inside_part = "weight"


def networks_asked() -> None:
    """The lanes have answered a drawing, or an image that was picked."""
    learner.did("ask_networks")


def moment_chosen() -> None:
    """Another moment was chosen in the view."""
    step = st.session_state["inside_view"].step
    st.session_state["inside_step"] = step if type(step) is int and step >= 0 else None
