"""The parts that are drawn as figures: the fate of one weight, one update, one layer against the next."""

from typing import Any

import streamlit as st

from core.lab.inside_the_network import figures
from core.lab.inside_the_network.first_run import FIRST_WATCHED
from core.runs import Refused, RunView, runs
from core.runs.examples.answers import inside_answers
from core.runs.views import GOING
from core.spec import MODEL_LAYERS
from core.words import PENALTIES
from pages.ui import session
from pages.ui.inside_the_network.run import again, alone, hold_after_an_epoch, is_example, step, watch
from pages.ui.lesson import picture
from pages.ui.markdown import plain

FACTORS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
STEP_HELP = "Trains on so far, then holds: the next update is then shown here."
MOST_INDEX = 10_000_000
"""Larger than any layer; the training process says what a layer has."""


def lane_name(view: RunView, lane: int) -> str:
    """As the browser names it: "λ = 0", "yours, λ = 1e-3", or "yours, L2, λ = 1e-3"."""
    spec = view.spec.lanes[lane]
    if spec.penalty == "none" or spec.strength == 0.0:
        return "λ = 0"
    penalty = "" if spec.penalty == "l1" else f"{PENALTIES[spec.penalty].name}, "
    text = f"{penalty}λ = {figures.written(spec.strength)}"
    return text if lane == 0 else f"yours, {text}"


def _asked(view: RunView, question: str, **fields: Any) -> dict[str, Any] | str:
    """The answer, or the sentence that stands for it."""
    try:
        return runs().ask(session.owner(), view.id, question, **fields)
    except Refused as refused:
        return str(refused)


def _fate(view: RunView, lane: int, layer: str, index: int) -> dict[str, Any] | str:
    """What is known of a weight: noted by the training process, or kept with the example."""
    if not is_example(view):
        return _asked(view, "fate", lane=lane, layer=layer, index=index)
    known = inside_answers().fates[layer][lane]
    if known["index"] != index:
        return (
            f"In the example, number {known['index']} of {layer} was watched: choose it, or train again and "
            "watch yours."
        )
    return known


def _update(view: RunView, lane: int, layer: str, **fields: Any) -> dict[str, Any] | str:
    """The next update of a layer: worked out now, or kept with the example."""
    return (
        inside_answers().updates[layer][lane]
        if is_example(view)
        else _asked(view, "slow_motion", lane=lane, layer=layer, **fields)
    )


def _layer(view: RunView, key: str, first: str) -> str:
    names = [name for name in MODEL_LAYERS[view.spec.model] if not name.startswith("bn")]
    if st.session_state.get(key) not in names:
        st.session_state[key] = first if first in names else names[0]
    return st.segmented_control("Layer", names, key=key, required=True) or names[0]


def weight_part(view: RunView, lanes: tuple[int, ...]) -> None:
    """The fate of one weight: choose it, watch it, see why it stays where it is."""
    st.markdown(
        "**Fate of one weight.** Choose a weight here, or press one under *Weights*. It is noted in both "
        "lanes while the run trains. Under the proximal step with L1, a weight that is zero comes back only "
        "when the data loss pulls harder than λ."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        layer = _layer(view, "inside_layer", FIRST_WATCHED[0])
        st.session_state.setdefault("inside_index", FIRST_WATCHED[1])
        st.number_input("Number", 0, MOST_INDEX, step=1, key="inside_index", width=140)
        index = st.session_state.inside_index
        known = _fate(view, lanes[-1], layer, index)
        _watch_buttons(view, known=not isinstance(known, str))
    if isinstance(known, str):
        st.markdown(f":material/info: {plain(known)}")
    else:
        _fates(view, lanes, layer, index)


def _watch_buttons(view: RunView, *, known: bool) -> None:
    if not known and view.state in ("running", "paused") and view.owner == session.owner():
        st.button("Watch it from now on", key="inside_watch", on_click=_watch, args=(view,))
    st.button(
        "Train again and watch it",
        icon=":material/replay:",
        key="inside_again",
        on_click=_train_again,
        args=(view,),
        help="These settings and λ, from the same weights, slowly enough to follow.",
    )


def _fates(view: RunView, lanes: tuple[int, ...], layer: str, index: int) -> None:
    answers = [_fate(view, lane, layer, index) for lane in lanes]
    found = [
        (lane, answer) for lane, answer in zip(lanes, answers, strict=True) if not isinstance(answer, str)
    ]
    drawing = figures.fate(
        [answer for _, answer in found],
        [lane_name(view, lane) for lane, _ in found],
        view.spec.lanes[lanes[-1]].method,
    )
    picture(drawing, "inside_fate", height=420)


def _watch(view: RunView) -> None:
    try:
        watch(view, st.session_state.inside_layer, st.session_state.inside_index)
    except Refused as refused:
        session.notice(str(refused))


def _train_again(view: RunView) -> None:
    again(alone(view), st.session_state.inside_layer, st.session_state.inside_index)


def update_part(view: RunView, lanes: tuple[int, ...]) -> None:
    """One update in slow motion, both lanes side by side."""
    st.markdown(
        "**Slow motion.** The next update of a layer, made on a copy. Move the slider through its five "
        "sub-steps."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        layer = _layer(view, "inside_update_layer", "fc1")
        _update_buttons(view)
    if view.state == "paused" or is_example(view):
        _updates(view, lanes, layer)
    elif view.state == "running":
        st.markdown(":material/info: Press *Make this update*: the run then holds, and you can look.")
    else:
        st.markdown(":material/info: Slow motion needs a run that is held: start it with the button.")


def _update_buttons(view: RunView) -> None:
    mine = view.owner == session.owner()
    if view.state in ("running", "paused") and mine:
        for unit, label in (("update", "Make this update"), ("epoch", "Go to the end of the epoch")):
            st.button(label, key=f"inside_{unit}", on_click=step, args=(view.id, unit), help=STEP_HELP)
    elif view.state not in GOING or not mine:
        st.button(
            "Train again, hold after one epoch",
            icon=":material/replay:",
            type="primary",
            key="inside_hold",
            on_click=hold_after_an_epoch,
            args=(alone(view),),
        )


def _updates(view: RunView, lanes: tuple[int, ...], layer: str) -> None:
    own = _update(view, lanes[-1], layer)
    if isinstance(own, str):
        st.markdown(f":material/info: {plain(own)}")
        return
    # The other lane's same weights, so that the two can be compared.
    indices = own["indices"][: figures.MOST_DRAWN]
    answers = [*(_update(view, lane, layer, indices=indices) for lane in lanes[:-1]), own]
    drawn = [answer for answer in answers if not isinstance(answer, str)]
    columns = st.columns(len(lanes), gap="large")
    for column, lane, answer in zip(columns, lanes, answers, strict=True):
        with column:
            if isinstance(answer, str):
                st.markdown(f":material/info: {plain(answer)}")
                continue
            st.markdown(f"**{lane_name(view, lane)}**, the update after step {answer['step']:,}")
            picture(
                figures.slow_motion(answer, drawn),
                f"inside_update_{lane}",
                slider="sub-step",
                height=440,
                together="inside_update",
            )


def rescale_part(view: RunView, lanes: tuple[int, ...]) -> None:
    """One layer divided, the next multiplied: the same function, another penalty."""
    st.markdown(
        "**Rescale two layers.** Divide the first layer's weights and biases by a factor and multiply the "
        "second layer's weights by it: ReLU passes the factor on, and the outputs stay. An L1 penalty on the "
        "first layer alone gets as small as you like, and nothing has become simpler. One on both layers is "
        "smallest where both Σ|w| are equal."
    )
    factor = st.select_slider(
        "Factor", FACTORS, value=100.0, key="inside_factor", format_func=lambda f: f"{f:g}"
    )
    step_chosen = st.session_state.get("inside_step")
    answers = [_asked(view, "rescale", lane=lane, factor=factor, step=step_chosen) for lane in lanes]
    drawn = [answer for answer in answers if not isinstance(answer, str)]
    columns = st.columns(len(lanes), gap="large")
    for column, lane, answer in zip(columns, lanes, answers, strict=True):
        with column:
            st.markdown(f"**{lane_name(view, lane)}**")
            if isinstance(answer, str):
                st.markdown(f":material/info: {plain(answer)}")
            else:
                picture(figures.rescaled(answer, drawn), f"inside_rescale_{lane}", height=300)
                _penalties(answer, view.spec.lanes[lanes[-1]].strength)


def _penalties(answer: dict[str, Any], strength: float) -> None:
    first = answer["layers"][0]
    alone = [strength * answer[when]["norms"][first] for when in ("before", "after")]
    whole = [answer[when]["penalty"] for when in ("before", "after")]
    rows = {f"A penalty on {first} alone": alone}
    if whole[0] > 0.0:
        rows["This lane's own penalty"] = whole
    before_and_after = ((name, *map(figures.written, pair)) for name, pair in rows.items())
    st.markdown("  \n".join(f"{name}: {before} → **{after}**" for name, before, after in before_and_after))
