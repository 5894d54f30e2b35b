"""λ path: one network at many λs; drag along it, and see what each λ leaves of the weights."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path as File

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from core.lessons.experiments import Trained
from core.lessons.lambda_path import FALLEN, KEPT, path
from core.runs import RunHistory, RunView
from core.runs.examples import example
from core.runs.views import GOING
from pages.ui import path_bar, path_runs, session
from pages.ui.experiment import trained
from pages.ui.lambda_path import lambda_path
from pages.ui.lambda_path.charts import over_strengths
from pages.ui.words import plain

TICK_SECONDS = 1.0
PAGES = File(__file__).parent
TRAIN_LIVE = PAGES / "train_live.py"
OTHERS = {
    "compare_runs": ("Compare runs", ":material/stacked_line_chart:"),
    "inside_the_network": ("Inside the network", ":material/visibility:"),
    "smaller_model": ("Smaller model", ":material/compress:"),
}
"""Pages that take a run by its id."""

INSTRUCTION = (
    "Press **Train the path**: the same network starts from the same weights at many λs at once. "
    "Then drag along the path, and click a dot to open its λ as a run on Train live."
)


def shown() -> None:
    """The path: the reader's own, or the example until there is one."""
    own = path_runs.own()
    going = any(history.view.state in GOING for history in own)
    knee = 0
    if going:
        path_bar.progress(own)
    drawn = trained([h for h in own if h.view.state not in GOING]) or trained(own)[:1]
    if drawn:
        view = next(h.view for h in own if h.view.spec == drawn[0].spec)
        path_bar.about(drawn[0].spec, "Your path" if not going else "Your path so far")
        version = f"{len(drawn)}.{drawn[0].points[0][-1]['step']}"
        knee = explore(drawn, f"/api/runs/{view.id}/frames?latest=1", version, view)
    else:
        show_example()
    links(own, knee)
    if going != st.session_state.get("path_ticking", False):
        # The page has to start and to end the ticking.
        st.session_state.path_ticking = going
        st.rerun()


def show_example() -> None:
    """A path computed beforehand, of the kind of network on the screen."""
    name = "lambda_path_linear" if session.settings().model == "linear" else "lambda_path"
    computed = example(name)
    if computed is not None:
        path_bar.about(
            computed.histories[0].view.spec, f"Example, computed on {computed.date}; yours takes its place"
        )
        explore(trained(computed.histories), f"/api/examples/{name}/frames", computed.date)


def explore(runs_: Sequence[Trained], frames: str, version: str, view: RunView | None = None) -> int:
    """Accuracy against zeros with each λ's weights, and the weights over λ; gives the lane of the knee.

    Args:
        runs_: one for each seed.
        frames: where the browser fetches them.
        version: another one makes it fetch them again.
        view: the run whose lanes other pages can look at; None for the example.
    """
    record, spec = path(runs_), runs_[0].spec
    unit = "degree" if record.in_degrees else "point"
    lambda_path(
        record,
        frames=frames,
        version=version,
        spec=spec,
        key="path_view",
        on_open=lambda: path_runs.leave(spec, st.session_state.path_view.open),
        on_look=(lambda: path_runs.look(view, st.session_state.path_view.look)) if view else None,
    )
    st.caption(
        f"**Knee**: the largest λ whose mean score is within {KEPT:g} {unit} of that at λ = 0. "
        f"**Cliff**: the first λ after it that has lost more than {FALLEN:g}."
    )
    over_strengths(record, runs_[0])
    if st.session_state.pop("path_leave", False):
        st.switch_page(TRAIN_LIVE, query_params=session.link())
    if view and (page := st.session_state.pop("path_look", "")):
        st.switch_page(PAGES / f"{page}.py", query_params=session.run_link(view))
    return record.knee


def links(own: Sequence[RunHistory], knee: int) -> None:
    """The other pages, with the path's run at its knee."""
    lane = {"lane": str(knee)} if knee else {}
    run = {"run": own[0].view.id} | lane if own else {}
    with st.container(horizontal=True, gap="medium"), suppress(StreamlitPageNotFoundError):
        # A page that runs alone has no menu, so there is nothing to link to.
        st.page_link(
            TRAIN_LIVE, label="Train live", icon=":material/play_circle:", query_params=session.link()
        )
        for name, (label, icon) in OTHERS.items():
            if (PAGES / f"{name}.py").exists():
                st.page_link(PAGES / f"{name}.py", label=label, icon=icon, query_params=run)


session.open_from_link()
# Before the sentence at the top, which may be about these.
grid = path_runs.grid()
is_going = any(history.view.state in GOING for history in path_runs.own())
with st.container(key="path_page", horizontal=True, vertical_alignment="center", gap="medium"):
    st.title("λ path", anchor=False, width="content")
    refused = session.take_notice()
    st.markdown(f":material/error: **{plain(refused)}**" if refused else INSTRUCTION)
path_bar.controls(grid, is_going)
if not is_going:
    # The bar that shows how far the path is takes this place.
    path_bar.choice()
st.fragment(shown, run_every=TICK_SECONDS if is_going else None)()
path_runs.write_link()
