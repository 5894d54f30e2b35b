"""The weights of a path over λ: the sum of each layer, and every weight of the first one."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.experiments import Trained
from core.figures.traces import Trace, line
from core.lab.lambda_path import path as lesson
from core.lab.lambda_path import weights_figures as figures
from core.lab.lambda_path.lasso import LassoPath, is_the_same, lasso_path
from core.lab.lambda_path.path import Path
from core.lab.lambda_path.words import norms_sentence
from core.spec import strength_text
from pages.ui.figure import figure

HEIGHT = 320

APART = " Where the dotted lines part from these, the run has not reached its optimum yet."

EVERY = -1
"""Of the units: all of them. (None is Streamlit's word for nothing chosen.)"""


def over_strengths(path: Path, run: Trained) -> None:
    """Two figures side by side: Σ|w|, and the weights one by one."""
    lasso = lasso_path() if is_the_same(run.spec) else None
    left, right = st.columns(2, gap="medium")
    with left:
        _head("norms", "The size of the weights over λ")
        norms(path, run, lasso)
    with right:
        one_by_one(path, run, lasso)


def _head(name: str, title: str) -> DeltaGenerator:
    """A heading with room for a choice beside it, as high with one as without."""
    row = st.container(
        key=f"path_head_{name}",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    )
    row.subheader(title, anchor=False, width="content")
    return row


def norms(path: Path, run: Trained, lasso: LassoPath | None) -> None:
    """Σ|w| of each layer; scikit-learn's and λ_max where they are known."""
    rows = lesson.norms(run)
    more: list[Trace] = []
    top = figures.norm_ceiling(rows) if len(rows) == 1 else 100.0
    at_most = lasso.strength_max if lasso else lesson.strength_max(run)
    if lasso:
        at = figures.places(lasso.strengths)
        more.append(line("scikit-learn's lasso", "ink", at, lasso.norms, dash="dash", width=1.6))
    if at_most is not None:
        more += figures.limit(figures.places((0.0, at_most))[1], top)
    end = f" From λ_max = {at_most:.3g} on, every penalised weight is zero at the optimum." if at_most else ""
    figure(
        figures.norms(path, rows, more),
        key="path_norms",
        height=HEIGHT,
        summary=f"{norms_sentence(path, rows)}{end}",
        table=[
            {"λ": strength_text(stop.strength), **{name: values[i] for name, values in rows.items()}}
            for i, stop in enumerate(path.stops)
        ],
    )


def one_by_one(path: Path, run: Trained, lasso: LassoPath | None) -> None:
    """A line per weight of the first layer, or of the unit that is chosen."""
    layer = next(iter(run.layers(0)))
    n_units = len(run.kernels(0))
    head = _head("weights", "Each weight over λ")
    if n_units == 0:
        st.caption(f"{layer} has too many weights to follow one by one.")
        return
    with head:
        unit = _chosen(n_units, layer)
    rows = lesson.weights(run, unit)
    more: Sequence[Trace] = ()
    if lasso and unit is not None:
        at = figures.places(lasso.strengths)
        more = [figures.joined("scikit-learn's", "ink", at, lasso.of_unit(unit), width=1.0, dash="dot")]
    left = [sum(row[i] != 0.0 for row in rows) for i in range(len(path.stops))]
    last = strength_text(path.stops[-1].strength)
    figure(
        figures.weights(path, layer, rows, more),
        key="path_weights",
        height=HEIGHT,
        summary=f"{len(rows)} weights of {layer}: {left[0]} are not zero at λ = 0, {left[path.knee]} at the "
        f"knee, {left[-1]} at λ = {last}.{APART if lasso else ''}",
        table=[
            {"λ": strength_text(s.strength), "not zero": n} for s, n in zip(path.stops, left, strict=True)
        ],
    )


def _chosen(n_units: int, layer: str) -> int | None:
    """Of a linear model one class, as 640 lines are no picture; of a convolution one filter, or all: None."""
    convolution = layer.startswith("conv")
    units = [*([EVERY] if convolution else []), *range(n_units)]
    if st.session_state.get("path_unit") not in units:
        st.session_state.path_unit = units[0]
    word = "filter" if convolution else "class"
    unit: int = st.selectbox(
        "Weights of",
        units,
        format_func=lambda i: f"all {n_units} filters" if i == EVERY else f"{word} {i}",
        key="path_unit",
        label_visibility="collapsed",
        width=180,
    )
    return None if unit == EVERY else unit
