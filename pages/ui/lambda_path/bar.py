"""The λ path's bar: its button and grid, how far it is, and which settings it has."""

from collections.abc import Sequence

import streamlit as st

from core.lab.lambda_path.path import LINEAR, Grid
from core.runs import RunHistory
from core.runs.views import GOING
from core.spec import MAX_LANES, RunSpec, strength_text
from core.words import DATASETS, MODELS, PENALTIES, method_and_optimizer
from pages.ui import session
from pages.ui.duration import left, takes
from pages.ui.lambda_path import runs

STOPS = (1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0)
"""The ends of the range one can choose."""

CHOOSING = (
    "Trains the path with several seeds, the linear model with each third of its training images held out "
    "once, and takes the largest λ whose score is within one standard error of the best."
)

COUNTS = (("n", "λs, with 0", MAX_LANES), ("seeds", "Seeds", 3), ("epochs", "Epochs", 1000))
"""The grid's other values: name, label, most."""


def controls(grid: Grid, going: bool) -> None:
    """The button, and the grid."""
    with st.container(key="path_bar", horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.button(
            "Train the path",
            icon=":material/play_arrow:",
            type="primary",
            key="path_train",
            on_click=runs.start,
            disabled=going,
        )
        st.button(
            "Choose λ for me",
            icon=":material/check_circle:",
            key="path_choose",
            on_click=runs.choose,
            disabled=going,
            help=CHOOSING,
        )
        for name, label in (("low", "From λ"), ("high", "to λ")):
            _range_end(name, label, getattr(grid, name))
        for name, label, most in COUNTS:
            _count(name, label, getattr(grid, name), most)


def _range_end(name: str, label: str, now: float) -> None:
    st.session_state[f"path_{name}"] = now
    st.selectbox(
        label,
        sorted({*STOPS, now}),
        key=f"path_{name}",
        format_func=strength_text,
        on_change=_changed,
        args=(name,),
        width=130,
    )


def _count(name: str, label: str, now: int, most: int) -> None:
    st.session_state[f"path_{name}"] = now
    st.number_input(
        label,
        value=None,
        step=1,
        key=f"path_{name}",
        on_change=_changed,
        args=(name,),
        width=120,
        help=f"At most {most}.",
    )


def _changed(name: str) -> None:
    runs.set_grid(**{name: st.session_state[f"path_{name}"]})


def choice() -> None:
    """The other kind of path there is, and how long the chosen one takes."""
    expected = runs.seconds_expected()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if session.settings().model == "linear":
            st.button("Back to the CNN", key="path_cnn", on_click=runs.take, args=(RunSpec(),))
        else:
            st.button(
                "The linear model: the classical lasso path",
                key="path_linear",
                on_click=runs.take,
                args=(LINEAR,),
            )
        if expected is not None:
            st.caption(takes(expected))


def progress(own: Sequence[RunHistory]) -> None:
    """How far the path is, how long it takes, and the way to stop it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        mine = all(history.view.owner == session.owner() for history in own)
        st.button("Stop", icon=":material/stop:", key="path_stop", on_click=runs.stop, disabled=not mine)
        st.progress(runs.share(own), text=_progress_words(own))


def _progress_words(own: Sequence[RunHistory]) -> str:
    going = [history for history in own if history.view.state in GOING]
    if all(history.view.state == "queued" for history in going) and len(going) == len(own):
        return f"Waiting: place {min(history.view.position for history in going)} in the queue"
    each = "Third" if own[0].view.spec.fold else "Seed"
    seeds = f"{each} {len(own) - len(going) + 1} of {len(own)}: " if len(own) > 1 else ""
    return seeds + left(runs.share(own), runs.since(own), "training")


def about(spec: RunSpec, what: str, settings: str) -> None:
    """Which settings a path has, where they come from, and that Train live has bands of its own."""
    lane, default = spec.lanes[-1], RunSpec().epochs
    layers = ", ".join(name for name in spec.layer_names if name in lane.layers)
    st.caption(
        f"{what}: {DATASETS[spec.dataset].name}, {MODELS[spec.model].name}, "
        f"{PENALTIES[lane.penalty].name} on {layers}, {method_and_optimizer(lane.method, lane.optimizer)}, "
        f"{len(spec.lanes)} λs, {spec.epochs} epochs"
        # Over more epochs λ rises more slowly, and a network lives on at one that kills it here.
        + (
            f" (on Train live {default} unless set, with bands of their own)"
            if spec.epochs != default
            else ""
        )
        + f". {settings}"
    )
