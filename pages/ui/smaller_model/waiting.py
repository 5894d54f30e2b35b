"""How far a run that trains has come; when it ends or is held, the page measures it."""

from functools import partial

import streamlit as st

from core.runs import RunView, runs
from pages.ui import session
from pages.ui.smaller_model import subject as subjects
from pages.ui.ticking import ticking


def trains(view: RunView | None) -> bool:
    """Whether a run's weights are about to change; of a held run they are not."""
    return view is not None and view.state in ("queued", "running")


def wait_for(run: str) -> None:
    """Show the run's progress until there is something to measure."""

    def going() -> bool:
        return trains(runs().view(run))

    ticking(partial(_progress, run), going, around=going, drawn_for=True)


def _progress(run: str) -> None:
    history = runs().history(run, most=2)
    if history is None:
        return
    mine = history.view.owner == session.owner()
    words = f"waiting: place {history.view.position}" if history.view.state == "queued" else "training"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.progress(history.share, text=f"This run is still {words}: {history.share:.0%}.")
        if mine and history.view.state == "running":
            st.button(
                "Hold it and measure",
                icon=":material/pause:",
                on_click=subjects.hold,
                args=(run,),
                key="smaller_hold",
            )
