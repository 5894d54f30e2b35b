"""The pinned runs over each other: loss, accuracy and zeros by step, and the weights of two of them."""

import streamlit as st

from core.lab.compare_runs import curves, figures
from core.lab.compare_runs.pairs import pairs, told
from pages.ui import menu
from pages.ui.compare_runs import items
from pages.ui.figure import figure
from pages.ui.markdown import plain

HEIGHT = 280


def charts() -> None:
    """Loss, accuracy, zeros and weights of the pinned runs."""
    every = items.items()
    compared = items.compared(every)
    base = next((item.slot for item in every if item.baseline), None)
    baseline = next((each.label for each in compared if each.slot == base), "")
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="compare_views"):
        seeds = curves.has_siblings(compared)
        mean = seeds and st.toggle("Gather seeds: mean, smallest and largest", key="compare_mean")
        minus = bool(baseline) and st.toggle(f"Difference from {plain(baseline)}", key="compare_difference")
    with st.container(key="compare_charts"):
        for metric, drawn in _drawn(compared).items():
            by_step(compared, metric, drawn, mean, baseline if minus else "", items.chosen(every))
        by_seed(compared, baseline)
        histograms(compared)


def _drawn(compared: list[curves.Compared]) -> dict[curves.Metric, list[curves.Curve]]:
    """What there is of these runs; before there is anything, the charts that a run on labels will have."""
    weights = curves.n_weights(compared)
    found = {metric: curves.curves(compared, metric, weights) for metric in curves.TITLES}
    there = {metric: drawn for metric, drawn in found.items() if drawn}
    return there or {metric: [] for metric in ("loss", "accuracy", "zeros")}


def by_step(
    compared: list[curves.Compared],
    metric: curves.Metric,
    drawn: list[curves.Curve],
    mean: bool,
    baseline: str,
    chosen: items.Item,
) -> None:
    """One metric of the pinned runs; beside accuracies the way to the chosen run's mistakes."""
    if baseline:
        drawn = curves.difference(drawn, baseline)
    if mean:
        drawn = curves.gathered(compared, drawn)
    drawing = figures.over_steps(drawn, metric, baseline)
    with st.container(border=True, key=f"compare_chart_{metric}"):
        st.subheader(curves.TITLES[metric][0], anchor=False)
        figure(
            drawing.fig,
            key=f"compare_{metric}",
            summary=drawing.summary,
            table=drawing.table,
            height=HEIGHT,
        )
        if metric == "accuracy" and (off := curves.off_by_images(compared)):
            st.caption(off)
            _mistakes(compared, chosen)


def _mistakes(compared: list[curves.Compared], chosen: items.Item) -> None:
    """The way to the images that the chosen run gets wrong; nobody can be asked about an example."""
    if not chosen.is_example:
        label = next((each.label for each in compared if each.slot == chosen.slot), chosen.name)
        menu.mistakes(chosen.id, chosen.lane, f"Which images does “{plain(label)}” get wrong?")


def by_seed(compared: list[curves.Compared], baseline: str) -> None:
    """Where runs differ in the seed only: their differences from a reference, as pairs."""
    found = pairs(compared, baseline)
    if found is None:
        return
    with st.container(border=True, key="compare_pairs"):
        st.subheader("Pairs by seed", anchor=False)
        st.caption(plain(found.sentence))
        rows = [
            f"| {plain(row.label)} | {len(row.seeds)} | {told(row.accuracy)} | {told(row.selected)} |"
            for row in found.rows
        ]
        head = [
            "| runs | seeds | validation accuracy (points) | selected zeros (points) |",
            "|---|---:|---:|---:|",
        ]
        st.markdown("\n".join([*head, *rows]))


def run_choice(label: str, options: list[str], key: str) -> str:
    """One of the pinned runs; one that is pinned no longer gives way to the first."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    return str(st.selectbox(label, options, key=key))


def histograms(compared: list[curves.Compared]) -> None:
    """The weights of two runs, layer by layer."""
    if not compared:
        return
    with st.container(border=True, key="compare_chart_weights"):
        st.subheader("Weights of two runs", anchor=False)
        by_label = {each.label: each for each in compared}
        with st.container(horizontal=True, gap="small"):
            left = run_choice("One run", list(by_label), "compare_left")
            right = run_choice(
                "Another run", [label for label in by_label if label != left] or [left], "compare_right"
            )
        drawing = figures.two_histograms(by_label[left], by_label[right])
        figure(
            drawing.fig,
            key="compare_weights",
            summary=drawing.summary,
            frames=drawing.frames,
            slider="layer",
            height=HEIGHT - 74,
        )
