"""Train live: move λ and watch a CNN become sparse, beside the same network without penalty."""

from functools import partial

import streamlit as st

from core.runs import RunView, runs
from pages.ui import controls, session, transport
from pages.ui.glossary import symbols
from pages.ui.live_view import live_view
from pages.ui.words import plain, warning

PRESETS = {
    "exact_zeros": ("Exact zeros", "Proximal Adam, λ = 1e-4: weights land exactly on zero."),
    "textbook_recipe": (
        "Textbook recipe",
        "Adam 0.001, λ = 0.001 added to the loss, all parameters with biases, 10 epochs.",
    ),
}


INSTRUCTION = (
    "Press **Play**, then move **λ**: two copies of one network train on the same images, "
    "one without penalty and one with yours."
)


def head(view: RunView | None, mine: bool) -> None:
    """Title, and one line in one place: what went wrong, what to know, or what to do."""
    with st.container(key="train_head", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title("Train live", anchor=False, width="content")
        refused = session.take_notice()
        going = list(filter(session.can_show, runs().active(session.owner()))) if view is None else []
        if refused:
            st.markdown(f":material/error: **{plain(refused)}**")
        elif not mine:
            st.markdown(
                "You are watching someone else's run; its settings are theirs to move.", width="content"
            )
            st.button("Train my own copy", on_click=own_copy, key="train_offer")
        elif going:
            st.markdown("You have a run going.", width="content")
            st.button("Show it", on_click=session.show, args=(going[-1],), key="train_offer")
        elif transport.needs_restart(view):
            button = "Reset to the same start" if view.state in transport.ACTIVE else "Play"
            st.markdown(f":material/info: Your new settings start with **{button}**.")
        elif warned := warning(session.settings()):
            st.markdown(f":material/info: {warned}")
        else:
            st.markdown(INSTRUCTION)


def own_copy() -> None:
    """The same settings, as a run of one's own."""
    session.forget_run()
    transport.start()


def layers_switched() -> None:
    """A card's switch was used in the live view."""
    controls.layers_changed(st.session_state["train_live_view"].layers)


def play_button(view: RunView | None, mine: bool) -> None:
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


def bar(view: RunView | None, mine: bool) -> None:
    """The controls a lecturer reaches for: play and λ first."""
    locked = not mine
    with st.container(key="train_bar", horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(
            key="train_thumb", horizontal=True, vertical_alignment="bottom", gap="medium", width="stretch"
        ):
            play_button(view, mine)
            controls.strength_slider(locked)
        with st.container(
            key="train_rest", horizontal=True, vertical_alignment="bottom", gap="small", width="content"
        ):
            for unit in ("update", "epoch"):
                st.button(
                    f"1 {unit}",
                    icon=":material/skip_next:",
                    key=f"train_step_{unit}",
                    help=f"Train one {unit}, then hold.",
                    on_click=partial(transport.step, unit),
                    disabled=locked,
                )
            st.button(
                "Reset to the same start",
                icon=":material/restart_alt:",
                key="train_reset",
                on_click=transport.reset,
                disabled=locked,
            )
            for name, (label, help_text) in PRESETS.items():
                st.button(label, key=f"train_{name}", help=help_text, on_click=transport.preset, args=(name,))
            with st.popover("More", icon=":material/tune:"):
                controls.more(locked)


session.open_from_link()
session.write_link()
shown = session.current()
is_mine = shown is None or shown.owner == session.owner()
if shown is not None and is_mine and shown.state in transport.ACTIVE:
    transport.follow(shown)
head(shown, is_mine)
bar(shown, is_mine)
live_view(
    shown.id if shown is not None else None,
    shown.spec if shown is not None and not transport.needs_restart(shown) else session.settings(),
    editable=is_mine,
    key="train_live_view",
    state=shown.state if shown is not None else "",
    on_layers=layers_switched,
)
symbols("train_live")
