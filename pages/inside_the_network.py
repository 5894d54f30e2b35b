"""Inside the network: the weights of two lanes side by side, what they see, say and get wrong."""

from contextlib import suppress
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from core.runs import RunView, runs
from core.spec import MODEL_LAYERS
from pages.ui import session
from pages.ui.inside import inside
from pages.ui.inside.parts import lane_name, rescale_part, update_part, weight_part
from pages.ui.inside.run import GOING, chosen, lanes_of, train_now
from pages.ui.words import plain

PARTS = {
    "weights": "Weights",
    "draw": "Draw a digit",
    "sees": "What it looks at",
    "mistakes": "Mistakes",
    "weight": "One weight",
    "update": "One update",
    "rescale": "Do it yourself",
}

FIGURES = {"weight": weight_part, "update": update_part, "rescale": rescale_part}

LINKS = {
    "train_live.py": ("Train live", ":material/play_circle:"),
    "smaller_model.py": ("Smaller model", ":material/compress:"),
}

TICK_SECONDS = 1.0

INSTRUCTION = (
    "Two copies of one network, after training without and with your penalty. **Look at their weights**, then "
    "**draw a digit** and compare what they say."
)


def head(view: RunView | None) -> None:
    """Title, what to do, and the way to a run."""
    with st.container(key="inside_head", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title("Inside the network", anchor=False, width="content")
        refused = session.take_notice()
        st.markdown(f":material/error: **{plain(refused)}**" if refused else INSTRUCTION)
    with st.container(key="inside_bar", horizontal=True, vertical_alignment="center", gap="small"):
        if view is None or view.state not in GOING:
            st.button(
                "Train one now" if view is None else "Train another one",
                icon=":material/play_arrow:",
                type="primary" if view is None else "secondary",
                key="inside_train",
                on_click=train_now,
                help="Digits, λ = 1e-3, 30 epochs: some seconds.",
            )
        if view is not None and len(view.spec.lanes) > 2:
            others = range(1, len(view.spec.lanes))
            st.selectbox(
                "Lane beside the first", others, index=len(others) - 1, key="inside_lane",
                format_func=lambda lane: lane_name(view, lane), width=220,
            )
        links(view)
        st.markdown(f":small[{said(view)}]", width="content")


def links(view: RunView | None) -> None:
    """The same run on the other pages."""
    run = {} if view is None else {"run": view.id}
    for file, (label, icon) in LINKS.items():
        if file == "train_live.py" and view is not None and len(view.spec.lanes) != 2:
            continue
        # A page that runs alone has no menu, so there is nothing to link to.
        with suppress(StreamlitPageNotFoundError):
            st.page_link(Path(__file__).with_name(file), label=label, icon=icon, query_params=run)


def said(view: RunView | None) -> str:
    """Which network this is, in a line."""
    if view is None:
        return "What you see was computed beforehand: the first layer's kernels after 40 epochs."
    return f"{plain(view.spec.dataset)}, {plain(view.spec.model)}, seed {view.spec.seed}: {view.state}"


def weight_clicked() -> None:
    """A weight was clicked in the view: show its fate. The value is from a browser."""
    click = st.session_state["inside_view"].weight
    view = runs().view(st.session_state.get("inside_run", ""))
    if view is None or not isinstance(click, dict):
        return
    layer, index = click.get("layer"), click.get("index")
    if layer in MODEL_LAYERS[view.spec.model] and type(index) is int and index >= 0:
        st.session_state.inside_layer, st.session_state.inside_index = layer, index
        st.session_state.inside_part = "weight"


def moment_chosen() -> None:
    """Another moment was chosen in the view."""
    step = st.session_state["inside_view"].step
    st.session_state.inside_step = step if type(step) is int and step >= 0 else None


def body() -> None:
    """The part on the screen; drawn again every second while the run goes."""
    view = chosen()
    lanes = lanes_of(view)
    part = st.session_state.get("inside_part") or "weights"
    steps = [] if view is None else runs().checkpoints.steps(view.id)
    inside(
        view, lanes, steps, part, on_weight=weight_clicked, on_step=moment_chosen, key="inside_view"
    )
    if view is not None and part in FIGURES:
        FIGURES[part](view, lanes)
    elif part in FIGURES:
        st.markdown(":material/info: Press **Train one now** first.")
    # The piece alone is redrawn: the page has to start and to end the ticking, and to rename its buttons.
    state = "" if view is None else view.state
    if state != st.session_state.get("inside_state", ""):
        st.session_state.inside_state = state
        st.rerun()


shown = chosen()
head(shown)
st.segmented_control(
    "Part", list(PARTS), key="inside_part", format_func=PARTS.__getitem__, label_visibility="collapsed", required=True,
    default="weights" if "inside_part" not in st.session_state else None,
)
# A run that makes its one update or epoch is held, as far as anybody can see.
stepping = st.session_state.get("inside_part") == "update"
ticking = shown is not None and (shown.state in ("queued", "running") or (shown.state == "paused" and stepping))
st.fragment(body, run_every=TICK_SECONDS if ticking else None)()
