"""Inside the network: the weights of two lanes side by side, what they see, say and get wrong."""

import streamlit as st

from core.runs import RunView, runs
from pages.ui import session
from pages.ui.inside_the_network.bar import bar
from pages.ui.inside_the_network.clicks import moment_chosen, networks_asked, weight_clicked
from pages.ui.inside_the_network.run import chosen, lanes_of
from pages.ui.inside_the_network.sections import rescale_part, update_part, weight_part
from pages.ui.inside_the_network.view import inside
from pages.ui.lab import lab_head
from pages.ui.markdown import plain
from pages.ui.ticking import ticking

PARTS = {
    "weights": "Weights",
    "draw": "Draw a digit",
    "sees": "What it looks at",
    "mistakes": "Mistakes",
    "weight": "One weight",
    "update": "One update",
    "rescale": "Rescale two layers",
}

FIGURES = {"weight": weight_part, "update": update_part, "rescale": rescale_part}

INSTRUCTION = (
    "Two copies of one network, one trained without and one with your penalty. **Look at their weights**, "
    "then **draw a digit** and compare what they say."
)


def head(view: RunView) -> None:
    """Title, what to do, and the way to a run."""
    with lab_head("inside_the_network"):
        refused = session.take_notice()
        st.markdown(f":material/error: **{plain(refused)}**" if refused else INSTRUCTION)
    bar(view)


def body() -> None:
    """The part on the screen; drawn again every second while the run goes."""
    view, part = chosen(), shown_part()
    if view.state == "queued":
        # There is nothing to ask yet: said once, and not by every part of the view.
        st.markdown(f"This run waits at place {view.position} in the queue: its weights show once it trains.")
        return
    lanes = lanes_of(view)
    steps = runs().checkpoints.steps(view.id)
    inside(
        view,
        lanes,
        steps,
        part,
        on_weight=weight_clicked,
        on_step=moment_chosen,
        on_asked=networks_asked,
        key="inside_view",
    )
    if part in FIGURES:
        FIGURES[part](view, lanes)


def take_part_from_link() -> None:
    """Show the part that a link asks for, once: from then on the reader's choice counts."""
    if asked := st.query_params.get("part"):
        session.link_later(part="")
        if asked in PARTS:
            st.session_state.inside_part = asked


def shown_part() -> str:
    """The key of the part on the screen."""
    return st.session_state.get("inside_part") or "weights"


def going() -> bool:
    """Whether what is on the screen changes by itself."""
    # A run that makes its one update or epoch is held, as far as anybody can see.
    state, stepping = chosen().state, shown_part() == "update"
    return state in ("queued", "running") or (state == "paused" and stepping)


def around(view: RunView) -> tuple[str, str, str]:
    """What the bar depends on, and the part, which a click on a weight changes."""
    return view.id, view.state, shown_part()


take_part_from_link()
looked_at = chosen()
head(looked_at)
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
ticking(body, going, lambda: around(chosen()), drawn_for=around(looked_at))
