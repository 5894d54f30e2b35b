"""Train live: move λ and watch a CNN become sparse, beside the same network without penalty."""

import streamlit as st

from core.runs import RunView, runs
from core.runs.views import GOING
from core.words import warning
from pages.ui import menu, session, transport
from pages.ui.glossary import symbols
from pages.ui.guided_path import strip
from pages.ui.hold_a_class import following
from pages.ui.lab import lab_head
from pages.ui.markdown import plain
from pages.ui.train_live import controls, lesson
from pages.ui.train_live.at_a_glance import at_a_glance
from pages.ui.train_live.bar import bar
from pages.ui.train_live.view import live_view

INSTRUCTION = (
    "Press **Play**, then move **λ**: two copies of one network train on the same images, "
    "one without penalty and one with yours."
)


WELCOME = (
    "**Sparsity Lab**: trained long enough with L1 regularization, a network can do without most of its "
    "weights. Press **Play**, then move **λ**."
)
"""What this is, why one should care, and where to begin."""


def head(view: RunView | None, mine: bool) -> None:
    """Title, and one line in one place: what went wrong, what to know, or what to do."""
    with lab_head("train_live"):
        refused = session.take_notice()
        if refused:
            st.markdown(f":material/error: **{plain(refused)}**")
        elif not mine:
            st.markdown(
                "You are watching someone else's run; its settings are theirs to move.", width="content"
            )
            st.button("Train my own copy", on_click=own_copy, key="train_offer")
        elif view is not None and (first := transport.in_its_way(view)):
            many = len(first) > 1
            sentence = "Other runs of yours come first." if many else "Another run of yours comes first."
            st.markdown(f":material/hourglass: {sentence}", width="content")
            button = f"Stop {'them' if many else 'it'} and start this one"
            st.button(button, on_click=transport.stop_others, key="train_instead")
        elif view is not None and transport.needs_restart(view):
            button = "Reset to the same start" if view.state in GOING else "Play"
            st.markdown(f":material/info: Your new settings start with **{button}**.", width="content")
            if moves := len(runs().branches.moves(view.id)):
                what = "the same move" if moves == 1 else f"the same {moves} moves"
                st.button(f"Start with {what}", key="train_same_moves", on_click=transport.same_moves)
        elif warned := warning(session.settings()):
            st.markdown(f":material/info: {warned}")
        elif lesson.now() is not None:
            pass  # It says what to do.
        elif view is None:
            st.markdown(WELCOME, width="content")
            if not strip.progress().on:
                menu.links(["guided_path"], {}, "New here? Begin with **{}**")
        elif not strip.progress().on:
            # Else the strip above says what to do.
            st.markdown(INSTRUCTION)


def own_copy() -> None:
    """The same settings, as a run of one's own."""
    session.forget_run()
    transport.start()


def layers_switched() -> None:
    """A card's switch was used in the live view."""
    controls.layers_changed(st.session_state["train_live_view"].layers)


def branched() -> None:
    """The reader has gone back in time and wants to go on from there."""
    transport.branch(st.session_state["train_live_view"].branch)


def mistakes_asked() -> None:
    """In the live view it was asked which images the lanes get wrong."""
    st.session_state.train_mistakes = True


lesson.open_from_link()
following.take()
shown = session.current()
is_mine = shown is None or shown.owner == session.owner()
if shown is not None and is_mine and shown.state in GOING:
    transport.follow(shown)
session.write_link()
if st.session_state.pop("train_mistakes", False) and shown is not None:
    menu.go("inside_the_network", menu.mistakes_link(shown.id, len(shown.spec.lanes) - 1))
following.strip()
head(shown, is_mine)
lesson.box()
at_a_glance()
bar(shown, is_mine)
live_view(
    shown.id if shown is not None else None,
    shown.spec if shown is not None and not transport.needs_restart(shown) else session.settings(),
    editable=is_mine and not lesson.held("layers"),
    held=lesson.told("layers", "") or "",
    hidden=lesson.hidden(),
    key="train_live_view",
    state=shown.state if shown is not None else "",
    on_layers=layers_switched,
    on_branch=branched,
    on_mistakes=mistakes_asked,
)
symbols("train_live")
