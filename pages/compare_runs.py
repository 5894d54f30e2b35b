"""Compare runs: your runs in a table, up to six of them over each other, and what else to try."""

from pathlib import Path

import streamlit as st

from core.figures import compare_runs as figures
from core.lessons import compare_runs as lesson
from core.runs import runs
from core.runs.views import GOING
from pages.ui import comparing, session
from pages.ui.compare_acts import acted, attempt
from pages.ui.compare_panel import panel
from pages.ui.compare_rows import rows
from pages.ui.figure import figure
from pages.ui.runs_table import runs_table
from pages.ui.words import plain

TRAIN_LIVE = Path(__file__).with_name("train_live.py")
TICK_SECONDS = 1.0
UNDO_TICK_SECONDS = 5.0
HEIGHT = 280

INSTRUCTION = (
    "**Pin** up to six runs to lay them over each other, and tick one as **baseline** to see what differs. "
    "Press a run's name to repeat, rename, delete or download it."
)
EXAMPLES = "These are examples, really trained beforehand: your own runs take their place."


def head(every: list[comparing.Item]) -> None:
    """Title, and what to do or what went wrong."""
    with st.container(key="compare_head", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title("Compare runs", anchor=False, width="content")
        said = st.session_state.pop("compare_notice", "")
        st.markdown(f":material/error: **{plain(said)}**" if said else INSTRUCTION)
    undo()
    if not any(not item.is_example for item in every):
        st.caption(EXAMPLES)


def undo() -> None:
    """The way back for what was deleted, for a minute."""
    if runs().shelf.deleted(session.owner()) is not None:
        st.fragment(_undo_bar, run_every=UNDO_TICK_SECONDS)()


def _undo_bar() -> None:
    deleted = runs().shelf.deleted(session.owner())
    if deleted is None:
        st.rerun()
    run, seconds = deleted
    view = runs().view(run)
    name = runs().shelf.marks(session.owner())[run].name or (comparing.title(view.spec) if view else "")
    with st.container(horizontal=True, vertical_alignment="center", key="compare_undo"):
        st.markdown(f"Deleted “{plain(name)}”. It is kept for {seconds:.0f} s more.", width="content")
        st.button("Undo", icon=":material/undo:", on_click=_undo, args=(run,), key="compare_undo_button")
    if st.session_state.pop("compare_undone", False):
        st.rerun()


def _undo(run: str) -> None:
    attempt("undo", run)
    st.session_state.compare_undone = True


def table() -> None:
    """The runs, with what is pressed in them."""
    if st.session_state.get("compare_acts", 0) != st.session_state.get("compare_seen", 0):
        # A press in a fragment redraws the fragment alone; what it did is all over the page.
        st.session_state.compare_seen = st.session_state.get("compare_acts", 0)
        st.rerun()
    every = comparing.items()
    going = any(item.view.state in GOING for item in every)
    presses = st.session_state.get("compare_acts", 0)
    runs_table(rows(every, comparing.chosen(every).id), key=comparing.TABLE, on_act=acted, presses=presses)
    # The page has to start and to end the ticking.
    if going != st.session_state.get("compare_ticking", False):
        st.session_state.compare_ticking = going
        st.rerun()


def charts() -> None:
    """Loss, accuracy, zeros and weights of the pinned runs."""
    every = comparing.items()
    compared = comparing.compared(every)
    base = next((item.slot for item in every if item.baseline), None)
    baseline = next((each.label for each in compared if each.slot == base), "")
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="compare_views"):
        seeds = lesson.has_siblings(compared)
        mean = seeds and st.toggle("Gather seeds: mean, smallest and largest", key="compare_mean")
        minus = bool(baseline) and st.toggle(f"Difference from {plain(baseline)}", key="compare_difference")
    with st.container(key="compare_charts"):
        for metric in ("loss", "accuracy", "error", "zeros"):
            by_step(compared, metric, mean, baseline if minus else "")
        histograms(compared)


def by_step(compared: list[lesson.Compared], metric: lesson.Metric, mean: bool, baseline: str) -> None:
    """One metric of the pinned runs."""
    drawn = lesson.curves(compared, metric, lesson.n_weights(compared))
    if metric == "error" and not drawn:
        return
    if baseline:
        drawn = lesson.difference(drawn, baseline)
    if mean:
        drawn = lesson.gathered(compared, drawn)
    drawing = figures.over_steps(drawn, metric, baseline)
    with st.container(border=True, key=f"compare_chart_{metric}"):
        st.subheader(lesson.TITLES[metric][0], anchor=False)
        figure(
            drawing.fig,
            key=f"compare_{metric}",
            summary=drawing.summary,
            table=drawing.table,
            height=HEIGHT,
        )


def run_choice(label: str, options: list[str], key: str) -> str:
    """One of the pinned runs; one that is pinned no longer gives way to the first."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    return str(st.selectbox(label, options, key=key))


def histograms(compared: list[lesson.Compared]) -> None:
    """The weights of two runs, layer by layer."""
    if not compared:
        return
    with st.container(border=True, key="compare_chart_weights"):
        st.subheader("Weights of two runs", anchor=False)
        by_label = {each.label: each for each in compared}
        with st.container(horizontal=True, gap="small"):
            left = run_choice("One run", list(by_label), "compare_left")
            right = run_choice(
                "Another run", [label for label in by_label if label != left] or [left], "compare_right"
            )
        drawing = figures.two_histograms(by_label[left], by_label[right])
        figure(
            drawing.fig,
            key="compare_weights",
            summary=drawing.summary,
            frames=drawing.frames,
            slider="layer",
            height=HEIGHT - 74,
        )


if st.session_state.pop("compare_go", False):
    st.switch_page(TRAIN_LIVE, query_params=st.query_params.to_dict())
if st.session_state.get("compare_ticking") is None:
    st.session_state.compare_ticking = False
comparing.take_in_hand()
shown = comparing.items()
every_second = TICK_SECONDS if st.session_state.compare_ticking else None
head(shown)
st.fragment(table, run_every=every_second)()
panel(comparing.chosen(shown), shown)
st.fragment(charts, run_every=every_second)()
