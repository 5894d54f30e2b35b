"""Compare runs: your runs in a table, up to six of them over each other, and what else to try."""

import streamlit as st

from core.lab.compare_runs.settings import title
from core.runs import runs
from pages.ui import menu, session
from pages.ui.compare_runs import items
from pages.ui.compare_runs.acts import acted, presses, undo
from pages.ui.compare_runs.charts import charts
from pages.ui.compare_runs.panel import panel
from pages.ui.compare_runs.rows import rows
from pages.ui.compare_runs.table import runs_table
from pages.ui.lab import lab_head
from pages.ui.markdown import plain
from pages.ui.ticking import ticking

UNDO_TICK_SECONDS = 5.0

INSTRUCTION = (
    "**Pin** up to six runs to lay them over each other, and tick one as **baseline** to see what differs. "
    "Press a run's name to repeat, rename, delete or download it."
)
EXAMPLES = "These are examples, really trained beforehand: your own runs take their place."


def head(every: list[items.Item]) -> None:
    """Title, and what to do or what went wrong."""
    with lab_head("compare_runs"):
        notice = st.session_state.pop("compare_notice", "")
        st.markdown(f":material/error: **{plain(notice)}**" if notice else INSTRUCTION)
    if _deleted() or "compare_deleted" in st.session_state:
        ticking(undo_bar, _deleted, around=presses, seconds=UNDO_TICK_SECONDS)
    if not any(not item.is_example for item in every):
        st.caption(EXAMPLES)


def _deleted() -> bool:
    return runs().shelf.deleted(session.owner()) is not None


def undo_bar() -> None:
    """The way back for what was deleted, for a minute; then its place, so that nothing below moves."""
    deleted = runs().shelf.deleted(session.owner())
    with st.container(horizontal=True, vertical_alignment="center", key="compare_undo"):
        if deleted is None:
            st.markdown("Deleted for good.", width="content")
            return
        run, seconds = deleted
        view = runs().view(run)
        name = runs().shelf.marks(session.owner())[run].name or (title(view.spec) if view else "")
        st.markdown(f"Deleted “{plain(name)}”. It is kept for {seconds:.0f} s more.", width="content")
        st.button("Undo", icon=":material/undo:", on_click=undo, args=(run,), key="compare_undo_button")


def table() -> None:
    """The runs, with what is pressed in them."""
    every = items.items()
    chosen = items.chosen(every).id
    runs_table(rows(every, chosen), key=items.TABLE, on_act=acted, presses=presses())


session.link_now()
if st.session_state.pop("compare_go", False):
    menu.go("train_live", session.link())
items.take_in_hand()
shown = items.items()
head(shown)
# A press in the table redraws the table alone; what it did is all over the page.
ticking(table, items.going, around=presses)
panel(items.chosen(shown), shown)
ticking(charts, items.going)
