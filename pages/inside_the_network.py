"""Inside the network: the weights of two lanes side by side, what they see, say and get wrong."""

from contextlib import suppress
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from core.lessons.compare_settings import lane_titles
from core.runs import RunView, runs
from core.runs.examples import example
from core.runs.told import INSIDE, INSIDE_RUN
from core.spec import MODEL_LAYERS
from pages.ui import session
from pages.ui.inside import inside
from pages.ui.inside.parts import rescale_part, update_part, weight_part
from pages.ui.inside.run import GOING, chosen, is_example, lanes_of, train_now
from pages.ui.words import MODELS, plain

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
    "lambda_path.py": ("λ path", ":material/show_chart:"),
    "compare_runs.py": ("Compare runs", ":material/stacked_line_chart:"),
    "smaller_model.py": ("Smaller model", ":material/compress:"),
}

TICK_SECONDS = 1.0

INSTRUCTION = (
    "Two copies of one network, after training without and with your penalty. **Look at their weights**, "
    "then **draw a digit** and compare what they say."
)


def head(view: RunView) -> None:
    """Title, what to do, and the way to a run."""
    with st.container(key="inside_head", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title("Inside the network", anchor=False, width="content")
        refused = session.take_notice()
        st.markdown(f":material/error: **{plain(refused)}**" if refused else INSTRUCTION)
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
        links(view)
        st.markdown(f":small[{said(view)}]", width="content")


def links(view: RunView) -> None:
    """The same run on the other pages; the example has places of its own there."""
    run = {} if is_example(view) else session.run_link(view)
    for file, (label, icon) in LINKS.items():
        if file == "train_live.py" and len(view.spec.lanes) != 2:
            continue
        # A page that runs alone has no menu, so there is nothing to link to.
        with suppress(StreamlitPageNotFoundError):
            st.page_link(Path(__file__).with_name(file), label=label, icon=icon, query_params=run)


def said(view: RunView) -> str:
    """Which network this is, in a line."""
    spec = view.spec
    network = f"{plain(spec.dataset)}; {MODELS[spec.model]}; {spec.epochs} epochs; seed {spec.seed}"
    computed = example(INSIDE) if is_example(view) else None
    if computed is None:
        return f"{network}: {view.state}"
    return f"An example, trained beforehand on {computed.date}, {plain(computed.machine)} ({network})"


def weight_clicked() -> None:
    """A weight was clicked in the view: show its fate. The value is from a browser."""
    click = st.session_state["inside_view"].weight
    view = runs().view(st.session_state.get("inside_run", INSIDE_RUN))
    if view is None or not isinstance(click, dict):
        return
    layer, index = click.get("layer"), click.get("index")
    if layer in MODEL_LAYERS[view.spec.model] and type(index) is int and index >= 0:
        st.session_state.inside_layer, st.session_state.inside_index = layer, index
        st.session_state.inside_part = "weight"
        st.session_state.inside_clicked = True


def moment_chosen() -> None:
    """Another moment was chosen in the view."""
    step = st.session_state["inside_view"].step
    st.session_state["inside_step"] = step if type(step) is int and step >= 0 else None


def body() -> None:
    """The part on the screen; drawn again every second while the run goes."""
    if st.session_state.pop("inside_clicked", False):
        # The piece alone is redrawn: the choice of the part above it still has to be told.
        st.rerun()
    view = chosen()
    lanes = lanes_of(view)
    part = st.session_state.get("inside_part") or "weights"
    steps = runs().checkpoints.steps(view.id)
    inside(view, lanes, steps, part, on_weight=weight_clicked, on_step=moment_chosen, key="inside_view")
    if part in FIGURES:
        FIGURES[part](view, lanes)
    # The piece alone is redrawn: the page has to start and to end the ticking, and to rename its buttons.
    state = f"{view.id} {view.state}"
    if state != st.session_state.get("inside_state", state):
        st.session_state.inside_state = state
        st.rerun()
    st.session_state.inside_state = state


shown = chosen()
head(shown)
# Not by `default`: the widget would be another one, and start anew, once there is a state.
st.session_state.setdefault("inside_part", "weights")
st.segmented_control(
    "Part",
    list(PARTS),
    key="inside_part",
    format_func=PARTS.__getitem__,
    label_visibility="collapsed",
    required=True,
)
# A run that makes its one update or epoch is held, as far as anybody can see.
stepping = st.session_state.get("inside_part") == "update"
ticking = shown.state in ("queued", "running") or (shown.state == "paused" and stepping)
st.fragment(body, run_every=TICK_SECONDS if ticking else None)()
