"""L1 in PyTorch: the textbook recipe line by line, its bug, the exact version, and your run as code."""

import streamlit as st

from core.lessons import l1_in_pytorch as lesson
from core.script.source import listing as source
from pages.ui import session
from pages.ui.l1_in_pytorch import listing, your_run
from pages.ui.lesson import page
from pages.ui.markdown import plain


def as_code(text: str) -> str:
    """A line of code as a radio's label: Markdown keeps no-break spaces."""
    indent = len(text) - len(text.lstrip())
    return f"`{chr(160) * indent}{text.lstrip()}`"


def recipe() -> None:
    """The loop, each line beside its term."""
    listing.formula()
    st.header("Line by line", anchor=False)
    st.markdown(
        "The coloured lines are the formula; the grey ones would be there without a penalty. "
        "`model.parameters()` is **every** parameter: all layers, biases too."
    )
    listing.listing(lesson.RECIPE, "The textbook recipe")
    your_run.train_button("textbook_recipe", "pytorch_recipe")


def bug() -> None:
    """A guess, a hint, and a check."""
    st.header("Spot the bug", anchor=False)
    code, answer = st.columns([7, 6], gap="large")
    with code:
        guess = st.radio(
            "A well-known listing prints this network for 28 × 28 images. One line stops it at the first "
            "batch. Which?",
            list(lesson.REPLIES),
            index=None,
            format_func=lambda number: as_code(lesson.NETWORK[number]),
            key="pytorch_guess",
        )
    with answer:
        known = guess if guess in lesson.REPLIES else None
        if known is None:
            st.markdown("Press a line. Not sure? Take the hint, or run one batch and read the error.")
        else:
            icon = "check_circle" if known == lesson.BUG else "search"
            st.markdown(f":material/{icon}: {lesson.REPLIES[known]}")
        with st.expander("A hint", icon=":material/lightbulb:"):
            st.markdown(
                "Follow one image. `padding=1` keeps its height and width. What does each pooling do?"
            )
        if known == lesson.BUG:
            check(mend=True)
        elif st.toggle("Run one batch of 64 images through it", key="pytorch_ran"):
            check(mend=False)


def check(mend: bool) -> None:
    """What happens to a batch; with `mend`, for what the reader lets fc1 expect."""
    printed = "64 · 28 · 28"
    chosen: str | None = printed
    if mend:
        chosen = st.segmented_control(
            "Mend it: fc1 expects", list(lesson.PATCHES), default=printed, key="pytorch_patch"
        )
    way = lesson.walk(lesson.PATCHES[chosen or printed])
    listing.shapes(way)
    if way.error:
        st.markdown(f":material/error: {plain(way.error)}")
    else:
        st.markdown(":material/check_circle: 64 images go in, 64 × 10 numbers come out: it runs.")


def penalised() -> None:
    """What the listing's sum runs over."""
    st.header("What it penalises", anchor=False)
    counts = lesson.counts()
    biases = sum(each.biases for each in counts)
    total = biases + sum(each.weights for each in counts)
    st.markdown(
        f"The sum runs over {total:,} numbers. {biases} of them are biases: they multiply no input, so a "
        "zero bias saves next to nothing. The app leaves them out unless you ask (**Textbook recipe**, or "
        "**More → Penalise biases too**). Nearly all the others are in fc1."
    )
    listing.parameters(counts)


def exact() -> None:
    """The proximal version, and the trainer's own code."""
    st.header("Two lines make the zeros exact", anchor=False)
    st.latex(r"w = S(v, \tau) = v - \mathrm{clamp}(v, -\tau, \tau)", width="content")
    st.markdown(
        "The recipe makes next to **no** weight exactly zero (train it live and look): each update steps "
        "over it. "
        "Take the penalty out of the loss and shrink after the step: a weight within τ of zero lands on it."
    )
    listing.listing(lesson.PROXIMAL, "The proximal version, with what changed")
    st.code(lesson.SHRINK, wrap_lines=True)
    your_run.train_button("exact_zeros", "pytorch_exact")
    st.markdown("This is what the app runs, read from its source:")
    for tab, name in zip(st.tabs(list(lesson.SOURCES)), lesson.SOURCES.values(), strict=True):
        shown = source(name)
        tab.code(shown.text, wrap_lines=True)
        tab.caption(f"{shown.file}, line {shown.line}")


session.open_from_link()
with page("l1_in_pytorch"):
    for section in (recipe, bug, penalised, exact, your_run.your_run):
        with st.container():
            section()
