"""The sections of Smaller model, from zeros to consequences: each one sentence, then the measurement."""

from collections.abc import Callable
from statistics import fmean

import streamlit as st

from core import words
from core.lab.smaller_model import figures
from core.lab.smaller_model.questions import (
    REFIT_UPDATES,
    accuracy,
    accuracy_text,
    dense_lane,
    lane_name,
    missing_rivals,
    once_refitted,
    percent,
    proof_sentence,
    pruned_lane,
    refit_sentence,
    right_row,
    stored,
    textbook_lane,
    times,
    with_error,
    with_point,
)
from core.lessons.seeds import OVER_SEEDS
from core.runs import Refused
from core.spec import PRUNE_ROUNDS
from pages.ui import menu
from pages.ui.lesson import columns, picture
from pages.ui.markdown import plain
from pages.ui.smaller_model import files
from pages.ui.smaller_model.subject import Subject

ALL_ZEROS = """All zeros: a file and a unit that is removed do not ask what made a weight zero. How many λ
selected, and how many are idle, stands on Train live and Inside the network."""

BOTH_STEPS = "Against the whole network, dense: first dead units are removed, then zeros are left out."


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
    how, small = stored(sizes)
    dense = dense_lane(subject.spec, subject.lane)
    with st.container(horizontal=True, key="smaller_numbers"):
        share = words.percent(full["zeros"] / full["weights"])
        st.metric("Weights exactly zero", share, border=True, help=ALL_ZEROS)
        fewer = f"{full['dense'] / small:,.1f}× smaller"
        st.metric(f"Compact, {how}", fewer, border=True, help=BOTH_STEPS)
        st.metric(
            "Multiply–adds left",
            words.percent(compact["multiply_adds"] / full["multiply_adds"]),
            border=True,
        )
        st.metric("Validation accuracy", percent(accuracy(proof)), border=True, help=accuracy_text(proof))
        if dense is not None and subject.has("rival_path") and accuracy(proof) is not None:
            path = subject.answer("rival_path")
            st.metric("… without penalty", percent(accuracy(path)), border=True, help=accuracy_text(path))
    if not subject.is_example and accuracy(proof) is not None and subject.lane:
        menu.mistakes(subject.run, subject.lane, "Which images does this lane get wrong?")


def storage(subject: Subject) -> None:
    """Bytes in every format."""
    left, right = columns()
    with left:
        st.header("Storage: yes", anchor=False)
        st.markdown(
            "**Zeros save bytes only in a format that leaves them out, and enough of them.** A dense file "
            "stores each zero in 4 bytes. gzip finds some of them. CSR pays 4 bytes for each non-zero's "
            "column, a bitmap one bit for each weight. The counting bound is what a format needs that knows "
            "only how many weights of each layer are zero, and keeps 4 bytes for every other number: one "
            "that packs values, or uses that zeros come in rows, can go below."
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
        if accuracy(proof) is not None:
            st.markdown(f"Validation accuracy before: {with_error(proof, 0)}; after: {with_error(proof, 1)}.")
    with right:
        picture(figures.units(proof), "smaller_units", height=300)


def speed(subject: Subject) -> None:
    """Multiply–adds and milliseconds."""
    proof = subject.answer("compact")
    left, right = columns()
    with left:
        st.header("Speed: from zeros only in large layers, nearly empty", anchor=False)
        st.markdown(
            "**A dense kernel multiplies by a zero as fast as by any number.** A CSR kernel skips zeros but "
            "looks up a place for each number: it wins where nearly all weights of a large layer are zero; "
            "on a small one it can lose even then. "
            "Removing whole units leaves a smaller dense network: faster as far as multiplications are what "
            "takes the time."
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
            "**Setting the smallest weights of an ordinary network to zero, all at once, needs no penalty.** "
            "A penalty has to beat that at the same number of zeros."
        )
        if not subject.has("rival"):
            st.markdown("This run has no lane without penalty, so there is no rival to prune.")
        else:
            rival = subject.answer("rival")
            paths["no penalty, pruned by size"] = with_point(subject.answer("rival_path"), rival)
            points["rival, equal zeros"] = (own, 100 * rival["accuracies"][1])
            st.markdown(
                f"At {own:.1f} % zeros: this lane {with_error(proof, 0)}, the rival {with_error(rival, 1)}, "
                f"of {proof['images']:,} validation images. {_once_refitted(subject)}"
            )
    with right:
        picture(figures.rivals(paths, points), "smaller_rivals")


def _once_refitted(subject: Subject) -> str:
    names = ("refit", "refit_rival")
    if not all(subject.asked(name) for name in names):
        return "Refitting moves both: press the button below."
    return once_refitted(*subject.refits(names).values())


def refit(subject: Subject) -> None:
    """The support trained on without penalty, for this lane and for its rivals."""
    if accuracy(subject.answer("compact")) is None:
        return
    images = subject.answer("compact")["images"]
    st.header("Refit the support", anchor=False)
    st.markdown(
        "**A penalty chooses which weights stay, and makes those too small.** Refitting trains "
        f"them on for {REFIT_UPDATES} updates without penalty; every zero stays. Whether the penalty chose "
        "better than size alone, the rivals tell, each with about as many zeros and refitted as long: a "
        "network without penalty whose smallest weights are set to zero at once, and one whose weights were "
        f"pruned in {PRUNE_ROUNDS} rounds while it trained. One of {images:,} validation images is "
        f"{100 / images:.2g} points: less than a few of them is chance."
    )
    place = st.empty()
    if not subject.asked("refit") and not place.button(
        "Refit this lane and its rivals", icon=":material/build:", key="smaller_refit"
    ):
        return
    names = {"refit": "this lane", "refit_rival": "no penalty, pruned at once"}
    pruned = pruned_lane(subject.spec, subject.lane)
    if pruned is not None:
        names["refit_pruned"] = lane_name(subject.spec, pruned)
    with st.spinner("Refitting …"):
        found = {names[name]: each for name, each in subject.refits(names).items()}
    place.empty()
    rows = [
        f"| {name} | {fmean(seed['zeros'][1] for seed in each):,.0f} | {right_row(each, 0).text()} % | "
        f"**{right_row(each, 1).text()} %** |"
        for name, each in found.items()
    ]
    st.markdown("\n".join(["| network | zeros | before | refitted |", "|---|---:|---:|---:|", *rows]))
    st.markdown(missing_rivals(subject.spec, subject.lane))
    own = found.pop(names["refit"])
    if found:
        st.markdown(refit_sentence(own, found, images))
    if len(own) > 1:
        st.caption(OVER_SEEDS)


def take_away(subject: Subject) -> None:
    """Files out and in."""
    onnx = subject.answer("onnx")
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Take it with you", anchor=False)
        st.markdown(
            "**safetensors holds the numbers, JSON the shape; neither can hold code.** ONNX Runtime has run "
            "the ONNX file on the validation images: its logits differ from the whole network's by at most "
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
            st.markdown("A model is tried on a run's validation images: train one first.")
        else:
            files.upload(subject)
