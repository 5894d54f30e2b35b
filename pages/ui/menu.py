"""The menu: title, icon and group of every page, and the ways from one page to another."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from pages.ui import components

_mount = components.component("menu", "shared/menu.js", "Menu")

FOLDER = Path(__file__).resolve().parents[1]
HOME = "train_live"
"""The page under the app's bare address."""


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes:
        stem: of its file in `pages`, and its address.
        title: in the menu, at its head and in every sentence about it.
        icon: in the menu and beside links to it.
        group: the menu's heading above it.
    """

    stem: str
    title: str
    icon: str
    group: Literal["Lab", "Lesson", "Teach"]

    @property
    def file(self) -> Path:
        """Where Streamlit finds it."""
        return FOLDER / f"{self.stem}.py"


PAGES: Mapping[str, Page] = MappingProxyType(
    {
        page.stem: page
        for page in (
            Page("train_live", "Train live", ":material/play_circle:", "Lab"),
            Page("lambda_path", "λ path", ":material/show_chart:", "Lab"),
            Page("compare_runs", "Compare runs", ":material/stacked_line_chart:", "Lab"),
            Page("inside_the_network", "Inside the network", ":material/visibility:", "Lab"),
            Page("smaller_model", "Smaller model", ":material/compress:", "Lab"),
            Page("guided_path", "Your way through", ":material/route:", "Lesson"),
            Page("what_is_l1", "What is L1?", ":material/function:", "Lesson"),
            Page("how_zeros_happen", "How zeros happen", ":material/exposure_zero:", "Lesson"),
            Page("l1_in_a_cnn", "L1 in a CNN", ":material/layers:", "Lesson"),
            Page("l1_in_pytorch", "L1 in PyTorch", ":material/code:", "Lesson"),
            Page("does_it_deliver", "Does it deliver?", ":material/fact_check:", "Lesson"),
            Page("check", "Check yourself", ":material/quiz:", "Lesson"),
            Page("summary", "Your summary", ":material/description:", "Lesson"),
            Page("hold_a_class", "Hold a class", ":material/co_present:", "Teach"),
            Page("make_a_lesson", "Make a lesson", ":material/qr_code_2:", "Teach"),
        )
    }
)
"""Every page by its stem, in the menu's order."""


def navigation() -> Any:
    """Streamlit's menu of all pages; gives the page that is asked for."""
    groups = {
        group: [
            st.Page(page.file, title=page.title, icon=page.icon, default=page.stem == HOME) for page in pages
        ]
        for group, pages in groupby(PAGES.values(), key=lambda page: page.group)
    }
    return st.navigation(groups, position="top")


def closing() -> None:
    """Let a choice close the menu where it lies over the page, on a phone."""
    _mount(key="menu_closing", data={})


def links(stems: Iterable[str], query: Mapping[str, str], label: str = "{}") -> None:
    """A link to each of these pages, with `query` in its address; `label` has {} where the title comes."""
    for page in map(PAGES.__getitem__, stems):
        # A page that runs alone has no menu, so there is nothing to link to.
        with suppress(StreamlitPageNotFoundError):
            st.page_link(page.file, label=label.format(page.title), icon=page.icon, query_params=dict(query))


def mistakes(run: str, lane: int, label: str = "Which images?") -> None:
    """A link to the images that one of two lanes alone gets right: this one of a run, and its first."""
    links(["inside_the_network"], mistakes_link(run, lane), label)


def mistakes_link(run: str, lane: int) -> dict[str, str]:
    """What a link to *Inside the network* says for its part on mistakes."""
    return {"run": run, "lane": str(lane), "part": "mistakes"}


def go(stem: str, query: Mapping[str, str] = MappingProxyType({})) -> None:
    """Leave for a page, with `query` in its address; ends the script."""
    st.switch_page(PAGES[stem].file, query_params=dict(query))
