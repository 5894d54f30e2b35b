"""What can be done with one run: open, repeat, name, delete, take away; and with a file of settings."""

import re
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.lab.compare_runs.settings import lane_titles, moved, phrase, settings
from core.refusals import SpecError
from core.runs import RunHistory, runs
from core.runs.examples.histories import example_run
from core.runs.store.export import csv, parquet, read_settings, write_settings
from core.runs.store.shelf import MOST_NAME, can_be_name
from core.runs.views import GOING
from core.spec import RunSpec
from core.words import METHODS
from pages.ui import menu, session
from pages.ui.compare_runs import items
from pages.ui.compare_runs.acts import attempt, choose_lane, methods, rename
from pages.ui.markdown import plain

Export = Callable[[Sequence[tuple[str, RunHistory]]], bytes]
"""Makes a file of named histories."""

OTHERS = ("inside_the_network", "smaller_model", "lambda_path")
"""Pages that show the run in the link."""

MOST_EXPORTED = 2000
"""Moments of a run in an export: more than any run keeps."""


def panel(item: items.Item, every: list[items.Item]) -> None:
    """The chosen run and its actions."""
    with st.container(border=True, key="compare_panel"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            with st.container(width="stretch", gap="xsmall", key="compare_chosen"):
                st.subheader(plain(item.name), anchor=False)
                _settings(item.view.spec, item.lane)
                if item.moves:
                    st.caption(f"While it trained: {plain(moved(item.moves))}.")
            _lanes(item)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _open(item)
            _repeat(item)
            _links(item)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if item.mine:
                _rename(item)
                _delete(item)
            _exports(item, every)
            settings_file()


def _settings(spec: RunSpec, lane: int) -> None:
    st.caption(plain(" · ".join(phrase(field, word) for field, word in settings(spec, lane).items())))


def settings_file() -> None:
    """Bring settings back from a file and train them."""
    with st.popover("Use a settings file", icon=":material/upload_file:", type="tertiary"):
        # What has been trained leaves the field, which a new key empties.
        read = st.session_state.get("compare_started", 0.0)
        upload = st.file_uploader(
            "Settings, as saved here (JSON)", type=["json"], key=f"compare_upload_{read}"
        )
        if upload is None:
            return
        try:
            spec = read_settings(upload.getvalue())
        except SpecError as refused:
            st.markdown(f":material/error: {plain(str(refused))}")
            return
        _settings(spec, len(spec.lanes) - 1)
        st.button("Train these settings", key="compare_train_file", on_click=attempt, args=("train", spec))


def _lanes(item: items.Item) -> None:
    titles = lane_titles(item.view.spec)
    key = f"compare_lane_{item.id}"
    st.selectbox(
        "Lane",
        range(len(titles)),
        index=item.lane,
        format_func=titles.__getitem__,
        key=key,
        on_change=choose_lane,
        args=(item.id, key),
        width=240,
        disabled=len(titles) == 1,
    )


def _open(item: items.Item) -> None:
    whole = not item.is_example and session.can_show(item.view)
    label = "Open on Train live" if whole else "Train its settings"
    icon = ":material/play_circle:"
    st.button(label, icon=icon, type="primary", key="compare_open", on_click=attempt, args=("open", item.id))


def _links(item: items.Item) -> None:
    """The same run on the other pages; an example's settings are all there is of it."""
    if item.is_example:
        return
    menu.links(OTHERS, session.run_link(item.view))


def _repeat(item: items.Item) -> None:
    st.button(
        "Repeat with another seed",
        icon=":material/casino:",
        key="compare_seed",
        on_click=attempt,
        args=("another_seed", item.id),
    )
    for kind in methods(item.view.spec, item.lane):
        st.button(
            f"Repeat with {METHODS[kind].name}",
            key=f"compare_method_{kind}",
            help=METHODS[kind].caption,
            on_click=attempt,
            args=("another_method", item.id, kind),
        )


def _rename(item: items.Item) -> None:
    with st.popover("Rename", icon=":material/edit:", key=f"compare_rename_{item.id}"):
        key = f"compare_name_{item.id}"
        st.text_input(
            "Name",
            value=item.name if can_be_name(item.name) else "",
            max_chars=MOST_NAME,
            key=key,
            help="Empty names it by its settings.",
            on_change=lambda: rename(item.id, st.session_state[key] or ""),
        )
        if refused := st.session_state.pop("compare_refused_name", ""):
            st.markdown(f":material/error: {plain(refused)}")


def _delete(item: items.Item) -> None:
    # By its key another run's question is another one, and closed: a second press deletes nothing.
    with st.popover("Delete", icon=":material/delete:", key=f"compare_ask_{item.id}"):
        training = " It is still training and will be stopped." if item.view.state in GOING else ""
        st.markdown(
            f"Delete “{plain(item.name)}” with its curves?{training} You can take it back for a minute."
        )
        st.button("Delete it", key=f"compare_delete_{item.id}", on_click=attempt, args=("delete", item.id))


def _exports(item: items.Item, every: list[items.Item]) -> None:
    compared = items.compared(every)
    of_slot = {each.slot: each.id for each in every if each.slot is not None}
    named = [(each.label, of_slot[each.slot]) for each in compared]
    with st.popover("Download", icon=":material/download:"):
        st.caption("Histories of all pinned runs, a row for each moment of each lane; settings of this run.")
        for label, made, mime in (("CSV", csv, "text/csv"), ("Parquet", parquet, "application/octet-stream")):
            st.download_button(
                f"History ({label})",
                partial(_file, made, named),
                file_name=f"histories.{label.lower()}",
                mime=mime,
                key=f"compare_{label.lower()}",
                on_click="ignore",
            )
        st.download_button(
            "Settings (JSON)",
            write_settings(item.view.spec),
            file_name=f"{re.sub(r'[^A-Za-z0-9-]+', '_', item.name).strip('_') or 'run'}.json",
            mime="application/json",
            key="compare_json",
            on_click="ignore",
        )


def _file(made: Export, named: list[tuple[str, str]]) -> bytes:
    return made(_histories(named))


def _histories(named: list[tuple[str, str]]) -> list[tuple[str, RunHistory]]:
    found = [(label, example_run(run) or runs().history(run, MOST_EXPORTED)) for label, run in named]
    return [(label, history) for label, history in found if history is not None]
