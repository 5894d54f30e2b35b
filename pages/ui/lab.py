"""What the pages of the laboratory share: their names in menu and links, and how they begin."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

PAGES = Path(__file__).resolve().parents[1]

LABS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "train_live": ("Train live", ":material/play_circle:"),
        "lambda_path": ("λ path", ":material/show_chart:"),
        "compare_runs": ("Compare runs", ":material/stacked_line_chart:"),
        "inside_the_network": ("Inside the network", ":material/visibility:"),
        "smaller_model": ("Smaller model", ":material/compress:"),
    }
)
"""Title and icon of each page, by the stem of its file, in the menu's order."""


@contextmanager
def lab_head(stem: str) -> Iterator[None]:
    """A page's title; beside it stands what is written inside: what to do, or what went wrong."""
    with st.container(key="lab_head", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title(LABS[stem][0], anchor=False, width="content")
        yield


def lab_links(stems: Iterable[str], link: Mapping[str, str]) -> None:
    """A link to each of these pages, with `link` as its query."""
    for stem in stems:
        title, icon = LABS[stem]
        # A page that runs alone has no menu, so there is nothing to link to.
        with suppress(StreamlitPageNotFoundError):
            st.page_link(PAGES / f"{stem}.py", label=title, icon=icon, query_params=dict(link))
