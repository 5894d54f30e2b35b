"""λ path: one network at many λs; drag along it, and see what each λ leaves of the weights."""

from collections.abc import Sequence
from pathlib import Path as File

import streamlit as st

from core.lessons.lambda_path import FALLEN, KEPT, LINEAR, Grid, path
from core.link import to_link
from core.runs import RunHistory
from core.runs.examples import example
from core.runs.views import GOING
from core.spec import MAX_LANES, RunSpec, strength_text
from pages.ui import path_runs, session
from pages.ui.experiment import trained
from pages.ui.lambda_path import lambda_path
from pages.ui.lambda_path.charts import over_strengths
from pages.ui.words import METHODS, PENALTIES, plain

TICK_SECONDS = 1.0
TRAIN_LIVE = File(__file__).with_name("train_live.py")
COMPARE = File(__file__).with_name("compare_runs.py")

STOPS = (1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0)

INSTRUCTION = (
    "Press **Train the path**: the same network starts from the same weights at many λs at once. "
    "Then drag along the path, and click a dot to open its λ on Train live."
)


def controls(grid: Grid, going: bool) -> None:
    """The button, and the grid."""
    with st.container(key="path_bar", horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.button(
            "Train the path",
            icon=":material/play_arrow:",
            type="primary",
            key="path_train",
            on_click=path_runs.start,
            disabled=going,
        )
        for name, label in (("low", "From λ"), ("high", "to λ")):
            st.session_state[f"path_{name}"] = getattr(grid, name)
            st.selectbox(
                label,
                sorted({*STOPS, getattr(grid, name)}),
                key=f"path_{name}",
                format_func=strength_text,
                on_change=changed,
                args=(name,),
                width=130,
            )
        for name, label, most in (
            ("n", "λs, with 0", MAX_LANES),
            ("seeds", "Seeds", 3),
            ("epochs", "Epochs", 1000),
        ):
            st.session_state[f"path_{name}"] = getattr(grid, name)
            st.number_input(
                label,
                value=None,
                step=1,
                key=f"path_{name}",
                on_change=changed,
                args=(name,),
                width=120,
                help=f"At most {most}.",
            )


def changed(name: str) -> None:
    """One of the grid's values."""
    path_runs.set_grid(**{name: st.session_state[f"path_{name}"]})


def about(spec: RunSpec, what: str) -> None:
    """Which settings a path has, and which other one there is to see."""
    lane = spec.lanes[-1]
    layers = ", ".join(name for name in spec.layer_names if name in lane.layers)
    optimizer = {"adam": "Adam", "sgd": "SGD"}[lane.optimizer]
    st.caption(
        f"{what}: {spec.dataset.replace('_', ' ')}, {spec.model.replace('_', ' ').replace('cnn', 'CNN')}, "
        f"{PENALTIES[lane.penalty].split(':')[0]} on {layers}, "
        f"{METHODS[lane.method].split(':')[0].lower()} with {optimizer}, {spec.epochs} epochs. "
        "Its settings come from Train live."
    )


def progress(own: Sequence[RunHistory]) -> None:
    """How far the path is, how long it takes, and the way to stop it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        mine = all(history.view.owner == session.owner() for history in own)
        st.button("Stop", icon=":material/stop:", key="path_stop", on_click=path_runs.stop, disabled=not mine)
        st.progress(path_runs.share(own), text=progress_words(own))


def progress_words(own: Sequence[RunHistory]) -> str:
    """What is going on, and for how long still."""
    going = [history for history in own if history.view.state in GOING]
    if all(history.view.state == "queued" for history in going) and len(going) == len(own):
        return f"Waiting: place {min(history.view.position for history in going)} in the queue"
    left = path_runs.seconds_left(own)
    seeds = f"Seed {len(own) - len(going) + 1} of {len(own)}: " if len(own) > 1 else ""
    return seeds + ("training" if left is None else f"about {max(1, round(left))} s left")


def shown() -> None:
    """The path: the reader's own, or the example until there is one."""
    own = path_runs.own()
    going = any(history.view.state in GOING for history in own)
    if going:
        progress(own)
    drawn = trained([h for h in own if h.view.state not in GOING]) or trained(own)[:1]
    name = "lambda_path_linear" if session.settings().model == "linear" else "lambda_path"
    computed = example(name)
    if drawn:
        ids = next(h.view.id for h in own if h.view.spec == drawn[0].spec)
        about(drawn[0].spec, "Your path" if not going else "Your path so far")
        explore(drawn, f"/api/runs/{ids}/frames?latest=1", f"{len(drawn)}.{drawn[0].points[0][-1]['step']}")
    elif computed is not None:
        about(computed.histories[0].view.spec, f"Example, computed on {computed.date}; yours takes its place")
        explore(trained(computed.histories), f"/api/examples/{name}/frames", computed.date)
    if going != st.session_state.get("path_ticking", False):
        # The page has to start and to end the ticking.
        st.session_state.path_ticking = going
        st.rerun()


def explore(runs_: Sequence, frames: str, version: str) -> None:
    """Accuracy against zeros, each λ's weights, the way to Train live, and the weights over λ."""
    record, spec = path(runs_), runs_[0].spec
    unit = "degree" if record.in_degrees else "point"
    lambda_path(
        record,
        frames=frames,
        version=version,
        spec=spec,
        key="path_view",
        on_open=lambda: path_runs.leave(spec, st.session_state.path_view.open),
    )
    st.caption(
        f"**Knee**: the largest λ whose mean score is within {KEPT:g} {unit} of that at λ = 0. "
        f"**Cliff**: the first λ after it that has lost more than {FALLEN:g}."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Open a λ as a run",
            range(len(record.stops)),
            index=record.knee,
            format_func=lambda i: f"λ = {strength_text(record.stops[i].strength)}",
            key="path_chosen",
            width=220,
        )
        st.button(
            "Open on Train live",
            icon=":material/open_in_new:",
            key="path_open",
            on_click=lambda: path_runs.leave(spec, st.session_state.path_chosen),
        )
    over_strengths(record, runs_[0])
    if st.session_state.pop("path_leave", False):
        st.switch_page(TRAIN_LIVE, query_params=to_link(session.settings()))


session.open_from_link()
grid_now = path_runs.grid()  # Before the sentence at the top, which may be about it.
mine = path_runs.own()
with st.container(key="path_page", horizontal=True, vertical_alignment="center", gap="medium"):
    st.title("λ path", anchor=False, width="content")
    refused = session.take_notice()
    st.markdown(f":material/error: **{plain(refused)}**" if refused else INSTRUCTION)
is_going = any(history.view.state in GOING for history in mine)
controls(grid_now, is_going)
expected = path_runs.seconds_expected()
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    if session.settings().model == "linear":
        st.button("Back to the CNN", key="path_cnn", on_click=path_runs.take, args=(RunSpec(),))
    else:
        st.button(
            "The linear model: the classical lasso path",
            key="path_linear",
            on_click=path_runs.take,
            args=(LINEAR,),
        )
    if expected is not None and not is_going:
        st.caption(f"Takes about {max(1, round(expected))} s here if nobody else trains.")
st.fragment(shown, run_every=TICK_SECONDS if is_going else None)()
path_runs.write_link()
with st.container(horizontal=True, gap="small"):
    # Buttons, for a page that runs alone has no other to link to.
    if st.button("Train live: one λ, step by step", icon=":material/play_circle:", key="path_to_train"):
        st.switch_page(TRAIN_LIVE, query_params=to_link(session.settings()))
    if COMPARE.exists() and st.button("Compare runs", icon=":material/compare:", key="path_to_compare"):
        st.switch_page(COMPARE)
