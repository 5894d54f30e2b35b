"""The bar of Train live: play, λ, single steps, reset and presets."""

from functools import partial

import streamlit as st

from core.refusals import SpecError
from core.runs import RunView
from core.spec import PRESETS as SPECS
from pages.ui import session, transport
from pages.ui.train_live import controls, lesson

MORE = "train_more"
"""The key of More: whether it is open."""

PRESETS = {
    "exact_zeros": ("Exact zeros", "Proximal Adam, λ = 1e-4: weights land exactly on zero."),
    "textbook_recipe": (
        "Textbook recipe",
        "Adam, η = 1e-3, λ = 1e-3 added to the loss, all weights and biases, 10 epochs.",
    ),
}


def bar(view: RunView | None, mine: bool) -> None:
    """The controls a lecturer reaches for: play and λ first."""
    locked = not mine
    with st.container(key="train_bar", horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(
            key="train_thumb", horizontal=True, vertical_alignment="bottom", gap="medium", width="stretch"
        ):
            _play_button(view, mine)
            controls.strength_slider(locked)
        with st.container(
            key="train_rest", horizontal=True, vertical_alignment="bottom", gap="small", width="content"
        ):
            if not lesson.hides("steps"):
                _steps(locked)
            st.button(
                "Reset to the same start",
                icon=":material/restart_alt:",
                key="train_reset",
                on_click=transport.reset,
                disabled=locked,
            )
            if not lesson.hides("presets"):
                _presets()
            if not lesson.hides("more"):
                _more(locked)


def _steps(locked: bool) -> None:
    for unit in ("update", "epoch"):
        st.button(
            f"1 {unit}",
            icon=":material/skip_next:",
            key=f"train_step_{unit}",
            help=f"Train one {unit}, then hold.",
            on_click=partial(transport.step, unit),
            disabled=locked,
        )


def _presets() -> None:
    for name, (label, help_text) in PRESETS.items():
        held = bool(lesson.broken(SPECS[name]))
        st.button(
            label,
            key=f"train_{name}",
            help=f"{lesson.SET} {help_text}" if held else help_text,
            on_click=_take_preset,
            args=(name,),
            disabled=held,
        )


def _take_preset(name: str) -> None:
    try:
        lesson.kept(SPECS[name])
    except SpecError as refused:
        session.notice(str(refused))
    else:
        transport.preset(name)


def _more(locked: bool) -> None:
    # Its two dozen widgets are two fifths of the page's work: built once somebody looks.
    more = st.popover("More", icon=":material/tune:", key=MORE, on_change="rerun")
    with more:
        if more.open:
            controls.more(locked)


def _play_button(view: RunView | None, mine: bool) -> None:
    """One button, one place: it says what the next press does."""
    state = view.state if view is not None else "none"
    if state == "running":
        st.button(
            "Pause", icon=":material/pause:", key="train_pause", on_click=transport.pause, disabled=not mine
        )
    elif state == "queued":
        st.button("Leave the queue", key="train_leave", on_click=transport.leave_queue, disabled=not mine)
    else:
        st.button(
            "Play",
            icon=":material/play_arrow:",
            type="primary",
            key="train_play",
            on_click=transport.play,
            disabled=not mine,
        )
