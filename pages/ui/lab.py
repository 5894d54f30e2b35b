"""How the pages of the laboratory begin."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.ui.menu import PAGES


@contextmanager
def lab_head(stem: str) -> Iterator[None]:
    """A page's title; beside it stands what is written inside: what to do, or what went wrong."""
    with st.container(key="lab_head", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title(PAGES[stem].title, anchor=False, width="content")
        yield
