"""L1 in PyTorch: the textbook recipe line by line, its bug, the exact version, and your run as code."""

from pathlib import Path

import streamlit as st

from core.lessons import l1_in_pytorch as lesson
from core.lessons.code import notebook, script
from core.lessons.recipe import as_started
from core.lessons.source import listing as source
from core.link import to_link
from core.refusals import SpecError
from core.runs import RunHistory, runs
from core.spec import PRESETS, RunSpec
from pages.ui import listing, session
from pages.ui.words import plain

TRAIN_LIVE = Path(__file__).with_name("train_live.py")
CHOICES = {
    "yours": "The run on Train live",
    "textbook_recipe": "Textbook recipe",
    "exact_zeros": "Exact zeros",
}


def as_code(text: str) -> str:
    """A line of code as a radio's label: Markdown keeps no-break spaces."""
    indent = len(text) - len(text.lstrip())
    return f"`{chr(160) * indent}{text.lstrip()}`"


def recipe() -> None:
    """The loop, each line beside its term."""
    st.header("Line by line", anchor=False)
    st.markdown(
        "The coloured lines are the formula; the grey ones would be there without a penalty. "
        "`model.parameters()` is **every** parameter: all layers, biases too."
    )
    listing.listing(lesson.RECIPE, "The textbook recipe")
    train_button("textbook_recipe", "pytorch_recipe")


def bug() -> None:
    """A guess, a hint, and a check."""
    st.header("Spot the bug", anchor=False)
    code, answer = st.columns([6, 5], gap="large")
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
        if guess in lesson.REPLIES:
            found = guess == lesson.BUG
            st.markdown(f":material/{'check_circle' if found else 'close'}: {lesson.REPLIES[guess]}")
        with st.expander("A hint", icon=":material/lightbulb:"):
            st.markdown(
                "Follow one image. `padding=1` keeps its height and width. What does each pooling do?"
            )
        check()


def check() -> None:
    """What happens to a batch, for three answers to what fc1 expects."""
    told = st.segmented_control(
        "Check it: fc1 expects", list(lesson.PATCHES), default="64 · 28 · 28", key="pytorch_patch"
    )
    way = lesson.walk(lesson.PATCHES[told if told in lesson.PATCHES else "64 · 28 · 28"])
    listing.shapes(way)
    if way.error:
        st.markdown(f":material/error: It stops at fc1. `{way.error}`")
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
        "zero bias saves nothing. The app leaves them out unless you ask (**More → Penalise biases too**). "
        "Nearly all the others are in fc1."
    )
    listing.parameters(counts)


def exact() -> None:
    """The proximal version, and the trainer's own code."""
    st.header("Two lines make the zeros exact", anchor=False)
    st.latex(r"w = S(v, \tau) = v - \mathrm{clamp}(v, -\tau, \tau)")
    st.markdown(
        "The recipe makes **no** weight exactly zero: each update steps over it. Take the penalty out of "
        "the loss and shrink after the step: a weight that is within τ of zero lands on it."
    )
    listing.listing(lesson.PROXIMAL, "The proximal version, with what changed")
    st.code(lesson.SHRINK, language="python")
    train_button("exact_zeros", "pytorch_exact")
    st.markdown("This is what the app runs, read from its source:")
    for tab, name in zip(st.tabs(list(lesson.SOURCES)), lesson.SOURCES.values(), strict=True):
        shown = source(name)
        tab.code(shown.text, language="python")
        tab.caption(f"{shown.file}, line {shown.line}")


def train_button(name: str, key: str) -> None:
    """Leave for Train live with a preset's settings."""
    if st.button("Train this live", icon=":material/play_circle:", key=key):
        train_live(PRESETS[name])


def train_live(spec: RunSpec) -> None:
    """Open Train live with these settings, ready to play."""
    session.forget_run()
    session.settle(spec)
    st.switch_page(TRAIN_LIVE, query_params=to_link(spec))


def own_run() -> tuple[RunSpec, tuple, RunHistory | None]:
    """The run on Train live as it started, with what was changed, or its settings when there is none."""
    view = session.current()
    history = runs().history(view.id) if view is not None else None
    if history is None:
        return session.settings(), (), None
    return *as_started(history.view.spec, history.events), history


def your_run() -> None:
    """A script and a notebook of a run."""
    st.header("Your run as code", anchor=False)
    st.markdown(
        "One file, with only what your run uses. It needs PyTorch and scikit-learn (torchvision for MNIST, "
        "Fashion-MNIST and CIFAR-10) and prints the numbers that you see in the app."
    )
    chosen = st.segmented_control(
        "Which run", list(CHOICES), default="yours", format_func=CHOICES.__getitem__, key="pytorch_which"
    )
    spec, changes, history = (PRESETS[chosen], (), None) if chosen in PRESETS else own_run()
    try:
        code, cells = script(spec, changes), notebook(spec, changes)
    except SpecError as refused:
        st.markdown(f":material/info: {plain(str(refused))}")
        return
    with st.container(horizontal=True, gap="small"):
        for label, data, kind in (("Script", code, "py"), ("Notebook", cells, "ipynb")):
            st.download_button(
                f"{label} (.{kind})",
                data,
                f"l1_run.{kind}",
                icon=":material/download:",
                key=f"pytorch_{kind}",
                on_click="ignore",
            )
        if st.button("Train it live", icon=":material/play_circle:", key="pytorch_train"):
            train_live(spec)
    if history is not None:
        compare(history)
    st.code(code, language="python", height=640)


def compare(history: RunHistory) -> None:
    """What the app says at the end of a finished run: the script's last lines say it too."""
    if history.view.state != "finished":
        return
    st.markdown("Your run ended with these numbers; the script's last lines are to say the same.")
    st.dataframe(
        [
            {
                "network": f"λ = {lane.strength:g}",
                "step": points[-1]["step"],
                "data loss": points[-1]["data_loss"],
                "penalty": points[-1]["penalty"],
                "train": points[-1]["train_accuracy"],
                "test": points[-1]["test_accuracy"],
                "exact zeros": sum(points[-1]["zeros"].values()),
            }
            for lane, points in zip(history.view.spec.lanes, history.points, strict=True)
            if points
        ],
        hide_index=True,
    )


session.open_from_link()
listing.style()
st.title("L1 in PyTorch", anchor=False)
listing.formula()
recipe()
bug()
penalised()
exact()
your_run()
