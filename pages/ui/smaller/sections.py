"""The sections of Smaller model, from zeros to consequences: each one sentence, then the measurement."""

from collections.abc import Callable

import streamlit as st

from core.figures import smaller_model as figures
from core.lessons.smaller_model import (
    REFIT_UPDATES,
    accuracy,
    dense_lane,
    lane_name,
    percent,
    proof_sentence,
    textbook_lane,
    times,
)
from core.runs import Refused
from pages.ui.lesson import columns, picture
from pages.ui.smaller import files
from pages.ui.smaller.subject import Subject
from pages.ui.words import plain


def sections(subject: Subject) -> None:
    """All of them, in order; one that cannot be answered says so and leaves the others alone."""
    for draw in (headline, storage, units, speed, pruning, rivals, refit, take_away):
        _safely(draw, subject)


def _safely(draw: Callable[[Subject], None], subject: Subject) -> None:
    with st.container():
        try:
            draw(subject)
        except Refused as refused:
            st.markdown(f":material/error: {plain(str(refused))}")


def headline(subject: Subject) -> None:
    """The consequences in four numbers."""
    sizes, proof = subject.answer("sizes"), subject.answer("compact")
    full, compact = sizes["full"], sizes["compact"]
    small = min(compact["csr"], compact["bitmap"])
    dense = dense_lane(subject.spec, subject.lane)
    with st.container(horizontal=True, key="smaller_numbers"):
        st.metric("Weights exactly zero", f"{100 * full['zeros'] / full['weights']:.0f} %", border=True)
        st.metric("Stored sparsely", f"{full['dense'] / small:.1f}× smaller", border=True)
        st.metric(
            "Multiply–adds left",
            f"{100 * compact['multiply_adds'] / full['multiply_adds']:.0f} %",
            border=True,
        )
        st.metric("Test accuracy", percent(accuracy(proof)), border=True)
        if dense is not None and subject.has("rival_path") and accuracy(proof) is not None:
            path = subject.answer("rival_path")
            st.metric("… without penalty", percent(path["accuracies"][0]), border=True)


def storage(subject: Subject) -> None:
    """Bytes in every format."""
    left, right = columns()
    with left:
        st.header("Storage: yes", anchor=False)
        st.markdown(
            "**Zeros save bytes as soon as the format leaves them out.** A dense file stores each zero in "
            "4 bytes. gzip finds some of them. CSR pays 4 bytes for each non-zero's column, a bitmap one bit "
            "for each weight. The information bound is the least that any format needs for where the "
            "non-zeros are, beside their values."
        )
    with right:
        drawing = figures.storage(subject.answer("sizes"), subject.answer("compact"))
        picture(drawing, "smaller_storage", height=380)


def units(subject: Subject) -> None:
    """Dead units removed, and the proof."""
    proof = subject.answer("compact")
    left, right = columns()
    with left:
        st.header("Dead units, really removed", anchor=False)
        st.markdown(
            "**A filter or unit that reads nothing, or that nobody reads, can go, and the function stays.** "
            "What a constant unit gave is folded into the next layer's biases."
        )
        st.markdown(proof_sentence(proof))
        if (right_answers := accuracy(proof, 1)) is not None:
            st.markdown(f"Test accuracy: {percent(accuracy(proof))} before, {percent(right_answers)} after.")
    with right:
        picture(figures.units(proof), "smaller_units", height=300)


def speed(subject: Subject) -> None:
    """Multiply–adds and milliseconds."""
    proof = subject.answer("compact")
    left, right = columns()
    with left:
        st.header("Speed: not from zeros", anchor=False)
        st.markdown(
            "**A dense kernel multiplies by a zero as fast as by any number**; a CSR kernel skips zeros but "
            "looks up a place for each number. Removing whole units leaves a smaller dense network, and that "
            "is what speeds up: as far as multiplications are what takes the time."
        )
        picture(figures.multiply_adds(subject.answer("sizes"), proof), "smaller_adds", height=210)
    with right:
        with st.spinner("Timing each network up to 30 times …"):
            latency = subject.answer("latency")
        for batch in (1, 256):
            picture(figures.latency(latency, batch, proof), f"smaller_latency_{batch}", height=210)
        repeats = times(latency, "dense", 1)["repeats"]
        st.markdown(
            f"Median and quartiles of up to {repeats} times on {latency['device']}; whoever trains on this "
            "machine meanwhile is part of the spread."
        )


def pruning(subject: Subject) -> None:
    """Prune at ε, and the fair rival."""
    if accuracy(subject.answer("compact")) is None:
        st.header("Pruned afterwards", anchor=False)
        st.markdown("This run tells angles: pruning and refitting are shown for labels.")
        return
    lane = textbook_lane(subject.spec, subject.lane)
    left, right = columns()
    with left:
        st.header("Prune at ε: the textbook's zeros", anchor=False)
        st.markdown(
            "**Near zero is not zero: somebody has to choose ε.** Every weight |w| < ε of the lane "
            f"“{lane_name(subject.spec, lane)}” is set to zero. Move ε to the right: where does it break?"
        )
        if subject.spec.lanes[lane].method != "textbook":
            st.markdown("This run has no textbook lane; “Train one now” trains one beside the others.")
    with right:
        picture(figures.pruned(subject.answer("path")), "smaller_pruned", slider="bound ε", start=0)


def rivals(subject: Subject) -> None:
    """Right answers at equal zeros: the lane, and a network without penalty pruned by magnitude."""
    sizes, proof = subject.answer("sizes")["full"], subject.answer("compact")
    if accuracy(proof) is None:
        return
    lane = textbook_lane(subject.spec, subject.lane)
    own = 100 * sizes["zeros"] / sizes["weights"]
    paths = {"prune this lane" if lane == subject.lane else "textbook lane, pruned": subject.answer("path")}
    points = {"this lane as it is": (own, 100 * float(accuracy(proof) or 0.0))}
    left, right = columns()
    with left:
        st.header("The fair rival at equal zeros", anchor=False)
        st.markdown(
            "**Setting the smallest weights of an ordinary network to zero needs no penalty at all.** A "
            "penalty has to beat that at the same number of zeros."
        )
        if not subject.has("rival"):
            st.markdown("This run has no lane without penalty, so there is no rival to prune.")
        else:
            rival = subject.answer("rival")
            paths["no penalty, pruned by size"] = subject.answer("rival_path")
            points["rival, equal zeros"] = (own, 100 * rival["accuracies"][1])
            st.markdown(
                f"At {own:.1f} % zeros: this lane {percent(accuracy(proof))}, the rival "
                f"{percent(rival['accuracies'][1])}."
            )
    with right:
        picture(figures.rivals(paths, points), "smaller_rivals")


def refit(subject: Subject) -> None:
    """The support trained on without penalty, for this lane and for its rival."""
    if accuracy(subject.answer("compact")) is None:
        return
    images = subject.answer("compact")["images"]
    st.header("Refit the support", anchor=False)
    st.markdown(
        "**A penalty finds which weights matter, and makes those that stay too small.** Refitting trains "
        f"them on for {REFIT_UPDATES} updates without penalty; every zero stays. One of {images:,} test "
        f"images is {100 / images:.2g} points: less than a few of them is chance."
    )
    place = st.empty()
    if not subject.asked("refit") and not place.button(
        "Refit this lane and its rival", icon=":material/build:", key="smaller_refit"
    ):
        return
    names = {"refit": "this lane", "refit_rival": "no penalty, pruned to equal zeros"}
    with st.spinner("Refitting …"):
        found = {name: subject.answer(name) for name in names if subject.has(name)}
    place.empty()
    rows = [
        f"| {names[name]} | {each['zeros'][1]:,} | {percent(each['accuracies'][0])} | "
        f"**{percent(each['accuracies'][1])}** |"
        for name, each in found.items()
    ]
    st.markdown("\n".join(["| network | zeros | before | refitted |", "|---|---:|---:|---:|", *rows]))


def take_away(subject: Subject) -> None:
    """Files out and in."""
    onnx = subject.answer("onnx")
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Take it with you", anchor=False)
        st.markdown(
            "**safetensors holds the numbers, JSON the shape; neither can hold code.** ONNX Runtime has run "
            "the ONNX file on the test images: its logits differ from the whole network's by at most "
            f"**{onnx['largest_difference']:.2g}**."
        )
        if subject.is_example:
            st.markdown("Train one, and its files are here.")
        else:
            files.downloads(subject)
    with right:
        st.header("Load a model back", anchor=False)
        st.markdown("**What comes back is checked first: names, sizes and shapes before any number.**")
        if subject.is_example:
            st.markdown("A model is tried on a run's test images: train one first.")
        else:
            files.upload(subject)
