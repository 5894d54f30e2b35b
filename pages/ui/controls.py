"""The widgets that make a RunSpec: λ and the targeted layers at hand, the rest under "more"."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.refusals import SpecError
from core.spec import LAYERS, STRENGTHS, RunSpec, strength_text
from pages.ui import session, transport
from pages.ui.words import METHOD_SENTENCES, METHODS, MIXTURES, PENALTIES

SPEEDS = {5: "5 updates/s", 20: "20 updates/s", 60: "60 updates/s", 200: "200 updates/s", 0: "Full speed"}
DEFAULT_SPEED = 60

OPTIMIZERS = {"adam": "Adam", "sgd": "SGD with momentum"}


def strength_slider(disabled: bool) -> None:
    """λ in 1-3-10 steps; acts on a going run without restarting it."""
    stops = sorted({*STRENGTHS, _lane().strength})
    _seed("train_strength", _lane().strength)
    st.select_slider(
        "λ, the regularization strength",
        stops,
        format_func=strength_text,
        key="train_strength",
        on_change=_change_lane,
        args=("strength", "train_strength"),
        disabled=disabled,
        help="How hard the penalty pulls targeted weights towards zero. Move it while the network trains.",
    )


def layers_changed(layers: Any) -> None:
    """Target the layers switched on in the live view."""
    known = isinstance(layers, list) and all(name in LAYERS for name in layers)
    if not known:
        session.notice(f"layers must be some of {', '.join(LAYERS)}, got '{str(layers)[:40]}'.")
        return
    _apply(lambda spec: _with_lanes(spec, "layers", frozenset(layers)))


def speed_slider(disabled: bool) -> None:
    """How fast the run goes; takes effect at once."""
    st.session_state.setdefault("train_speed_now", DEFAULT_SPEED)
    _seed("train_speed", st.session_state.train_speed_now)
    st.select_slider(
        "Speed",
        list(SPEEDS),
        format_func=SPEEDS.__getitem__,
        key="train_speed",
        on_change=lambda: transport.set_speed(st.session_state.train_speed),
        disabled=disabled,
    )


def more(disabled: bool) -> None:
    """Everything that only a restart can change, and the speed."""
    speed_slider(disabled)
    left, right = st.columns(2)
    with left:
        _choice("Penalty R(w)", "penalty", PENALTIES, disabled)
        if _lane().penalty in MIXTURES:
            _number("α, the share of L1", "alpha", disabled, 0.0, 1.0, 0.1, "%.2g")
        _choice("Method", "method", METHODS, disabled)
        st.caption(METHOD_SENTENCES[_lane().method])
        _number("Learning rate η", "learning_rate", disabled, 1e-5, 1.0, 1e-3, "%.2g")
        _number("Warm-up (share of the run)", "warmup", disabled, 0.0, 1.0, 0.1, "%.2g")
        _number("Polish (share at the end)", "polish", disabled, 0.0, 0.9, 0.1, "%.2g")
        _toggle("Penalise biases too", "include_bias", disabled)
    with right:
        _choice("Optimizer", "optimizer", OPTIMIZERS, disabled)
        if _lane().optimizer == "sgd":
            _number("Momentum μ", "momentum", disabled, 0.0, 0.99, 0.1, "%.2g")
        _count("Seed", "seed", disabled, 0, 2**31 - 1)
        _count("Epochs", "epochs", disabled, 1, 1000)
        _count("Batch size", "batch_size", disabled, 1, 2048)
        _count("Training images (0 = all)", "train_size", disabled, 0, 60_000)
        _number("Wrong labels (share)", "label_noise", disabled, 0.0, 0.9, 0.1, "%.2g", of_run=True)


def _lane() -> Any:
    return session.settings().lanes[-1]


def _seed(key: str, value: Any) -> None:
    # The settings are the truth: a preset, a link or a refused value must move the widget too.
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _apply(edit: Callable[[RunSpec], RunSpec]) -> None:
    try:
        transport.change(edit(session.settings()))
    except SpecError as refused:
        session.notice(str(refused))


def _with_lanes(spec: RunSpec, field: str, value: Any) -> RunSpec:
    lane = spec.lanes[-1].changed(**{field: value})
    return RunSpec.checked(spec.model_dump() | {"lanes": (lane.without_penalty(), lane)})


def _change_lane(field: str, key: str) -> None:
    _apply(lambda spec: _with_lanes(spec, field, st.session_state[key]))


def _change_run(field: str, key: str) -> None:
    _apply(lambda spec: RunSpec.checked(spec.model_dump() | {field: st.session_state[key]}))


def _choice(label: str, field: str, texts: dict[str, str], disabled: bool) -> None:
    key = f"train_{field}"
    _seed(key, getattr(_lane(), field))
    st.selectbox(
        label,
        list(texts),
        format_func=texts.__getitem__,
        key=key,
        on_change=_change_lane,
        args=(field, key),
        disabled=disabled,
    )


def _number(
    label: str,
    field: str,
    disabled: bool,
    low: float,
    high: float,
    step: float,
    form: str,
    *,
    of_run: bool = False,
) -> None:
    key, source = f"train_{field}", session.settings() if of_run else _lane()
    _seed(key, getattr(source, field))
    st.number_input(
        label,
        low,
        high,
        step=step,
        format=form,
        key=key,
        on_change=_change_run if of_run else _change_lane,
        args=(field, key),
        disabled=disabled,
    )


def _count(label: str, field: str, disabled: bool, low: int, high: int) -> None:
    key = f"train_{field}"
    _seed(key, getattr(session.settings(), field))
    st.number_input(
        label, low, high, step=1, key=key, on_change=_change_run, args=(field, key), disabled=disabled
    )


def _toggle(label: str, field: str, disabled: bool) -> None:
    key = f"train_{field}"
    _seed(key, getattr(_lane(), field))
    st.toggle(label, key=key, on_change=_change_lane, args=(field, key), disabled=disabled)
