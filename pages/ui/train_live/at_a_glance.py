"""The reader's runs that have not ended, a line each: shown, stopped, thrown away."""

from functools import partial

import streamlit as st

from core.lab.compare_runs.settings import title
from core.registry import PAGE_OF
from core.runs import Refused, runs
from core.runs.store.marks import Mark
from core.runs.views import Glance
from core.words import percent
from pages.ui import menu, session, transport
from pages.ui.experiment.runs import ids, of
from pages.ui.markdown import plain
from pages.ui.ticking import ticking

TICK_SECONDS = 2.0

STATES = {"running": "training", "paused": "paused", "queued": "waiting"}

THROW_AWAY_HELP = "Stops it and takes it off your list. Compare runs brings it back within a minute."


def others() -> list[Glance]:
    """The reader's going runs, those on this screen among them, once there is one that is not."""
    glances = runs().glances(session.owner())
    return glances if any(each.view.id != session.shown_run() for each in glances) else []


def at_a_glance() -> None:
    """A line for each of the reader's going runs; nothing while the screen shows the only one."""
    ticking(_lines, lambda: bool(others()), _which, seconds=TICK_SECONDS)


def _which() -> tuple[tuple[str, str], ...]:
    return tuple((each.view.id, each.view.state) for each in others())


def _lines() -> None:
    # An empty container would still take a row's distance.
    if listed := others():
        marks = runs().shelf.marks(session.owner())
        with st.container(key="train_glance", gap=None):
            for each in listed:
                _line(each, marks.get(each.view.id, Mark()).name)


def _line(each: Glance, name: str) -> None:
    run = each.view.id
    with st.container(
        horizontal=True, vertical_alignment="center", gap="medium", key=f"glance_{run}", width="stretch"
    ):
        st.markdown(_said(each, name), width="content")
        if run != session.shown_run():
            _show(each)
        st.button("Stop", key=f"glance_stop_{run}", type="tertiary", on_click=transport.stop, args=(run,))
        st.button(
            "Throw away",
            key=f"glance_delete_{run}",
            type="tertiary",
            on_click=_throw_away,
            args=(run,),
            help=THROW_AWAY_HELP,
        )


def _said(each: Glance, name: str) -> str:
    view = each.view
    called = plain(name or title(view.spec))
    here = ", on this screen" if view.id == session.shown_run() else ""
    words = [f"**{called}**{here}: {STATES[view.state]}"]
    if each.zeros is not None:
        words += [f"epoch {each.epoch:.3g} of {view.spec.epochs}", f"{percent(each.zeros)} exact zeros"]
    return ", ".join(words)


def _show(each: Glance) -> None:
    """The way to the page that shows it."""
    view, name = each.view, of(each.view.id)
    if name is not None:
        menu.links([PAGE_OF[name]], {name: ".".join(ids(name))})
    elif session.can_show(view):
        st.button("Show", key=f"glance_show_{view.id}", type="tertiary", on_click=partial(session.show, view))
    else:
        menu.links(["lambda_path"], {"path": view.id})


def _throw_away(run: str) -> None:
    try:
        runs().shelf.delete(session.owner(), run)
    except Refused as refused:
        session.notice(str(refused))
        return
    session.let_go(run)
    if run == session.shown_run():
        session.forget_run()
