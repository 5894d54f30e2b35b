"""λ path: one network at many λs; drag along it, and see what each λ leaves of the weights."""

from collections.abc import Sequence

import streamlit as st

from core.experiments import Trained
from core.lab.lambda_path.choice import with_choice
from core.lab.lambda_path.path import path
from core.lab.lambda_path.words import knee_and_cliff, whose
from core.runs import RunHistory, RunView
from core.runs.examples.histories import example
from core.runs.views import GOING
from pages.ui import menu, session
from pages.ui.experiment.runs import trained
from pages.ui.lab import lab_head
from pages.ui.lambda_path import bar, choosing, runs
from pages.ui.lambda_path.charts import over_strengths
from pages.ui.lambda_path.rivals import rivals
from pages.ui.lambda_path.view import lambda_path
from pages.ui.markdown import plain, unbroken
from pages.ui.ticking import ticking

OTHERS = ("compare_runs", "inside_the_network", "smaller_model")
"""Pages that take a run by its id."""

INSTRUCTION = (
    "Press **Train the path**: the same network starts from the same weights at many λs at once. "
    "Then drag along the path, and open any λ as a run on Train live."
)


def shown() -> None:
    """The path: the reader's own, or the example until there is one."""
    own, going = runs.own(), runs.going()
    knee = 0
    if going:
        bar.progress(own)
    drawn = trained([h for h in own if h.view.state not in GOING]) or trained(own)[:1]
    if drawn:
        view = next(h.view for h in own if h.view.spec == drawn[0].spec)
        bar.about(
            drawn[0].spec,
            "Your path" if not going else "Your path so far",
            "All but λ and epochs is as it was set on Train live.",
        )
        version = f"{len(drawn)}.{drawn[0].points[0][-1].step}"
        knee = explore(drawn, f"/api/runs/{view.id}/frames?latest=1", version, view)
    else:
        show_example()
    links(own, knee)


def show_example() -> None:
    """A path computed beforehand, of the kind of network on the screen."""
    name = runs.example_name()
    computed = example(name)
    if computed is not None:
        bar.about(
            computed.histories[0].view.spec,
            f"Example, computed on {computed.date}",
            "Yours takes its settings from Train live.",
        )
        explore(trained(computed.histories), f"/api/examples/{name}/frames", computed.date)


def explore(trained_runs: Sequence[Trained], frames: str, version: str, view: RunView | None = None) -> int:
    """Accuracy against zeros with each λ's weights, and the weights over λ; gives the lane of the knee.

    Args:
        trained_runs: one for each seed.
        frames: where the browser fetches them.
        version: another one makes it fetch them again.
        view: the run whose lanes other pages can look at; None for the example.
    """
    chosen = runs.chosen_by([run.spec for run in trained_runs])
    record, spec = (with_choice if chosen else path)(trained_runs), trained_runs[0].spec
    if chosen:
        choosing.said(record, trained_runs)
    lambda_path(
        record,
        whose=whose(record, trained_runs[0]),
        frames=frames,
        version=version,
        spec=spec,
        key="path_view",
        on_open=lambda: runs.leave(spec, st.session_state.path_view.open),
        on_look=(lambda: runs.look(view, st.session_state.path_view.look)) if view else None,
    )
    st.caption(unbroken(knee_and_cliff(record, [path([run]) for run in trained_runs])))
    over_strengths(record, trained_runs[0])
    if st.session_state.pop("path_leave", False):
        menu.go("train_live", session.link())
    if view and (page := st.session_state.pop("path_look", "")):
        menu.go(page, session.run_link(view))
    return record.choice.chosen if record.choice else record.knee


def links(own: Sequence[RunHistory], knee: int) -> None:
    """The other pages, with the path's run at its knee."""
    lane = {"lane": str(knee)} if knee else {}
    run = {"run": own[0].view.id} | lane if own else {}
    with st.container(horizontal=True, gap="medium"):
        menu.links(["train_live"], session.link())
        menu.links(OTHERS, run)


session.open_from_link()
# Before the sentence at the top, which may be about these.
grid = runs.grid()
is_going = runs.going()
with lab_head("lambda_path"):
    refused = session.take_notice()
    st.markdown(f":material/error: **{plain(refused)}**" if refused else INSTRUCTION)
bar.controls(grid, is_going)
if not is_going:
    # The bar that shows how far the path is takes this place.
    bar.choice()
ticking(shown, runs.going, around=runs.going, drawn_for=is_going)
if session.settings().model != "linear":
    rivals()
runs.write_link()
