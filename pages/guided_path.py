"""Your way through the lesson: every stop with its tick, and every symbol in a sentence."""

from itertools import groupby

import streamlit as st

from core.lessons.glossary import TERMS
from core.lessons.guided_path import NAMES, PAGES, STOPS, Stop
from core.lessons.guided_path_progress import Progress
from pages.ui import guide
from pages.ui.glossary import current
from pages.ui.lesson import page

COLUMNS = 2


INTRO = (
    f"{len(STOPS)} small things to do, about 45 minutes. A strip on top of each page says what to do and "
    "ticks it off. Leave when you like: this browser remembers."
)


def head(now: Progress) -> None:
    """How far, and on."""
    begun = now.on or bool(now.done) or now.at != NAMES[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        label = "Go on" if begun else "Start"
        if st.button(label, type="primary", icon=":material/route:", key="guided_path_go"):
            guide.open_at(now.at)
        if begun:
            st.button("Start over", key="guided_path_again", on_click=guide.keep, args=(Progress(),))
        st.markdown(f"**{len(now.done)} of {len(NAMES)}** done", width="content")


def stops(now: Progress) -> None:
    """The list, page by page; each opens its page."""
    places = [(page_name, list(some)) for page_name, some in groupby(STOPS, key=lambda stop: stop.page)]
    half = -(-len(places) // COLUMNS)
    for column, part in zip(st.columns(COLUMNS, gap="large"), (places[:half], places[half:]), strict=True):
        with column:
            for page_name, some in part:
                with st.container(gap=None):
                    st.subheader(PAGES[page_name], anchor=False)
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
        guide.open_at(stop.name)


def glossary() -> None:
    """Every term with its sentence and, where it has one, its value."""
    st.header("Symbols and words", anchor="symbols")
    now = current()
    if now:
        st.caption("With their values on Train live.")
    known = {term: f" **{now[term]}**" if term in now else "" for term in TERMS}
    words = [f"**{term.replace('|', '&#124;')}**: {text}{known[term]}" for term, text in TERMS.items()]
    half = -(-len(words) // COLUMNS)
    for column, part in zip(st.columns(COLUMNS, gap="large"), (words[:half], words[half:]), strict=True):
        column.markdown("\n\n".join(part))


with page("Your way through the lesson", intro=INTRO):
    how_far = guide.progress()
    with st.container(key="guided_path", gap="medium"):
        head(how_far)
        stops(how_far)
    glossary()
