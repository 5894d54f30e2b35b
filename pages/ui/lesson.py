"""How a lesson page is made: sections of formula and words on the left, a picture to move on the right."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.figures.theme import PALETTES
from core.figures.traces import Drawing
from core.lessons.course.glossary import BY_PAGE
from core.link import to_link
from core.spec import RunSpec
from pages.ui.components import HERE
from pages.ui.figure import figure
from pages.ui.glossary import symbols
from pages.ui.markdown import unbroken
from pages.ui.menu import PAGES


@contextmanager
def page(stem: str, intro: str = "") -> Iterator[None]:
    """A lesson page with its title, and the symbols that the glossary has of it; the sections go inside.

    Args:
        stem: of the page.
        intro: a sentence or two in Markdown, under the title.
    """
    with st.container(key="lesson_page", gap="large"):
        with st.container(gap="small"):
            st.title(PAGES[stem].title, anchor=False)
            if intro:
                st.markdown(intro)
            if stem in BY_PAGE:
                symbols(stem)
        yield


def columns() -> list[DeltaGenerator]:
    """Room for the words and, wider, for the picture; one below the other on a phone."""
    return st.columns([5, 7], gap="large")


def words(title: str, formulas: Sequence[str], text: str, experiment: str) -> None:
    """The left side of a section: formula first, then a few words, then what to try."""
    st.header(title, anchor=False)
    for formula in formulas:
        st.latex(formula)
    st.markdown(unbroken(text))
    st.markdown(unbroken(f":material/science: **Try it.** {experiment}"))


def picture(
    drawing: Drawing,
    key: str,
    *,
    slider: str = "",
    start: int = 0,
    height: int = 340,
    on_click: Callable[[], None] | None = None,
    together: str = "",
) -> None:
    """The right side of a section: the drawing with its slider, see `pages.ui.figure`."""
    figure(
        drawing.fig,
        key=key,
        summary=drawing.summary,
        table=drawing.table,
        frames=drawing.frames,
        slider=slider,
        start=start,
        height=height,
        on_click=on_click,
        together=together,
    )


def live_address(spec: RunSpec) -> str:
    """Where Train live has these settings, ready to play."""
    return f"{HERE}/?{urlencode(to_link(spec))}"


def coloured(role: str, latex: str) -> str:
    """LaTeX in the colour of a role of the theme in force, such as "data_loss" or "penalty"."""
    palette = PALETTES["dark" if st.context.theme.type == "dark" else "light"]
    return rf"\textcolor{{{getattr(palette, role)}}}{{{latex}}}"
