"""Your way through the lesson: every stop with its tick, and every symbol in a sentence."""

from itertools import accumulate, groupby

import streamlit as st

from core.lessons.course.glossary import TERMS
from pages.ui import menu
from pages.ui.glossary import current
from pages.ui.guided_path import strip
from pages.ui.guided_path.progress import Progress
from pages.ui.guided_path.stops import NAMES, STOPS, Stop
from pages.ui.lesson import page
from pages.ui.markdown import unbroken
from pages.ui.menu import PAGES

COLUMNS = 2


INTRO = (
    f"{len(STOPS)} small things to do, about 50 minutes. A strip on top of each page says what to do and "
    "ticks it off. Leave when you like: this browser remembers."
)


def head(now: Progress) -> None:
    """How far, and on."""
    begun = now.on or bool(now.done) or now.at != NAMES[0]
    with st.container(key="guided_path_head"):
        if now.is_over:
            st.markdown("You have been all the way through. Every step stays open to you.")
        strip.look_up("guided_path_head")
        _buttons(now, begun)


def _buttons(now: Progress, begun: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if now.is_over:
            menu.links(["summary"], {})
        elif st.button(
            "Go on" if begun else "Start", type="primary", icon=":material/route:", key="guided_path_go"
        ):
            strip.open_at(now.at)
        if begun:
            st.button("Start over", key="guided_path_again", on_click=strip.keep, args=(Progress(),))
        st.markdown(f"**{len(now.done)} of {len(NAMES)}** done", width="content")


def stops(now: Progress) -> None:
    """The list, page by page; each opens its page."""
    places = [(stem, list(some)) for stem, some in groupby(STOPS, key=lambda stop: stop.page)]
    # As many lines on the left as on the right, the pages' names counted.
    lines = list(accumulate(1 + len(some) for _, some in places))
    half = sum(line <= lines[-1] / COLUMNS for line in lines)
    for column, listed in zip(st.columns(COLUMNS, gap="large"), (places[:half], places[half:]), strict=True):
        with column:
            for stem, some in listed:
                with st.container(gap=None):
                    st.subheader(PAGES[stem].title, anchor=False)
                    for each in some:
                        row(each, now)


def row(stop: Stop, now: Progress) -> None:
    """One stop: its tick, its name; a press goes there."""
    done = stop.name in now.done
    pressed = st.button(
        f"**{stop.title}**" if stop.name == now.at else stop.title,
        icon=":material/check_circle:" if done else ":material/radio_button_unchecked:",
        type="tertiary",
        key=f"guided_path_{stop.name}",
        help="Done." if done else None,
    )
    if pressed:
        strip.open_at(stop.name)


def glossary() -> None:
    """Every term with its sentence and, where it has one, its value."""
    st.header("Symbols and words", anchor="symbols")
    now = current()
    if now:
        st.caption("With their values on Train live.")
    known = {term: f" **{now[term]}**" if term in now else "" for term in TERMS}
    words = [f"**{term.replace('|', '&#124;')}**: {text}{known[term]}" for term, text in TERMS.items()]
    half = -(-len(words) // COLUMNS)
    for column, listed in zip(st.columns(COLUMNS, gap="large"), (words[:half], words[half:]), strict=True):
        column.markdown(unbroken("\n\n".join(listed)))


with page("guided_path", INTRO):
    how_far = strip.progress()
    with st.container(key="guided_path", gap="medium"):
        head(how_far)
        stops(how_far)
    glossary()
