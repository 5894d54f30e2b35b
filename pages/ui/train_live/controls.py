"""The widgets that make a RunSpec: λ and the targeted layers at hand, the rest under "more"."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core.link import RUN_FIELDS
from core.refusals import SpecError
from core.spec import LAYERS, MIXTURES, LaneSpec, LayerName, RunSpec
from core.words import CHOICES, LOSSES
from pages.ui import session, transport, widgets
from pages.ui.train_live import bands, edits, lesson

SPEEDS = {5: "5 updates/s", 20: "20 updates/s", 60: "60 updates/s", 200: "200 updates/s", 0: "Full speed"}

PRECISION_HELP = """bfloat16 keeps 8 binary digits instead of 24 in the passes through the network, never in
the weights or the proximal step: faster at 28 × 28 on a processor made for it, slower at 8 × 8."""

DATASET_HELP = """Handwritten digits, clothes or photographs, ten kinds each: the network names the kind,
and the data loss is cross-entropy. Rotated digits ask for a number instead, by how many degrees (−45° to
45°) each digit is turned: the data loss is the mean squared error. Both kinds of digits are built in; the
others are downloaded when the first run on one starts, or read from the data folder."""

MODEL_HELP = "The small network trains faster on a slow machine, above all on 28 × 28 images and larger."

FREEZE_HELP = """What is zero when this last share of the run begins stays zero, while λ pulls at the rest:
0.2 is the last fifth, 0 is never. Zeros stop coming and going with the noise of the batches."""

POLISH_HELP = """Freezes the zeros and refits the weights that are left, without penalty, over this last share
of the run: 0.2 is the last fifth, 0 is never. It takes back how much the penalty shrank them."""

BIAS_HELP = """A penalty by groups counts the bias of a filter or unit as a member of its group; the others
pull each bias on its own."""

MULTIPLIERS = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0)
MULTIPLIERS_SENTENCE = "λ by layer: what λ is multiplied by there. 1 is λ itself, 0 leaves the layer free."
MULTIPLIER_WIDTH = 140
FREE_HELP = "λ does not act on this layer: its switch under Layers is off."


def strength_slider(disabled: bool) -> None:
    """λ in 1-3-10 steps with its bands; acts on a going run without restarting it."""
    bands.slider(partial(_set, "strength"), disabled)


def layers_changed(layers: object) -> None:
    """Target the layers switched on in the live view."""
    if not isinstance(layers, list) or any(name not in LAYERS for name in layers):
        session.notice(f"layers must be some of {', '.join(LAYERS)}, got '{str(layers)[:40]}'.")
        return
    _apply(lambda spec: edits.with_lane(spec, "layers", frozenset(layers)))


def speed_slider(disabled: bool) -> None:
    """How fast the run goes; takes effect at once."""
    key = widgets.showing("train_speed", transport.speed_now())
    st.select_slider(
        "Speed",
        list(SPEEDS),
        transport.speed_now(),
        format_func=SPEEDS.__getitem__,
        key=key,
        on_change=widgets.heard,
        args=("train_speed", key, transport.set_speed),
        disabled=disabled,
    )


def more(disabled: bool) -> None:
    """Everything that only a restart can change, and the speed."""
    speed_slider(disabled)
    # It takes all images and finds its own step: a rate or a batch to set would be of no effect.
    on_all = _lane().method == "fista"
    left, right = st.columns(2)
    with left:
        _objective(on_all, disabled)
    with right:
        _course(on_all, disabled)


def _objective(on_all: bool, disabled: bool) -> None:
    """Images, network, penalty, and how it enters the update."""
    _choice("Images", "dataset", disabled, DATASET_HELP)
    _choice("Network", "model", disabled, MODEL_HELP)
    _choice("Penalty R(w)", "penalty", disabled)
    if _lane().penalty in MIXTURES:
        _number("α, the share of L1", "alpha", disabled, step=0.1)
    _choice("Method", "method", disabled)
    if not on_all:
        _number("Learning rate η", "learning_rate", disabled, step=1e-3)
    _number("Warm-up (share of the run)", "warmup", disabled, step=0.1)
    _number("Freeze zeros (share at the end)", "freeze", disabled, step=0.1, help_text=FREEZE_HELP)
    _number("Freeze and refit (share at the end)", "polish", disabled, step=0.1, help_text=POLISH_HELP)
    _toggle("Penalise biases too", "include_bias", disabled, BIAS_HELP)


def _course(on_all: bool, disabled: bool) -> None:
    """The optimizer, and how long and on what it trains."""
    if not on_all:
        _choice("Optimizer", "optimizer", disabled)
    if not on_all and _lane().optimizer == "sgd":
        _number("Momentum μ", "momentum", disabled, step=0.1)
    _choice("Precision", "precision", disabled, PRECISION_HELP)
    _number("Seed", "seed", disabled)
    _number("Epochs", "epochs", disabled)
    if not on_all:
        _number("Batch size", "batch_size", disabled)
    _number("Training images (0 = all)", "train_size", disabled)
    _number(LOSSES[session.settings().loss].noise, "label_noise", disabled, step=0.1)
    _multipliers(disabled)


def _multipliers(disabled: bool) -> None:
    """λ by layer: a factor for each layer of the network."""
    st.caption(MULTIPLIERS_SENTENCE)
    with st.container(horizontal=True, gap="small"):
        for name in session.settings().layer_names:
            now, setting = _lane().multiplier(name), f"train_multiplier_{name}"
            key = widgets.showing(setting, now)
            free = name not in _lane().layers
            st.selectbox(
                f"{name}: free" if free else f"{name}: λ ×",
                sorted({*MULTIPLIERS, now}),
                format_func="{:g}".format,
                key=key,
                on_change=widgets.heard,
                args=(setting, key, partial(_set_multiplier, name)),
                disabled=disabled or free or lesson.held("multipliers"),
                help=lesson.told("multipliers", FREE_HELP if free else None),
                width=MULTIPLIER_WIDTH,
            )


def _lane() -> LaneSpec:
    return session.settings().lanes[-1]


def _kinds(field: str) -> list[str]:
    """The kinds a field can be; of methods, FISTA is for the one network whose objective is convex."""
    is_linear = session.settings().model == "linear"
    return [kind for kind in CHOICES[field] if is_linear or kind != "fista"]


def _now(field: str) -> object:
    return getattr(session.settings() if field in RUN_FIELDS else _lane(), field)


def _apply(edit: Callable[[RunSpec], RunSpec]) -> None:
    try:
        transport.change(lesson.kept(edit(session.settings())))
    except SpecError as refused:
        session.notice(str(refused))


def _set_multiplier(name: LayerName, factor: float) -> None:
    factors = dict(_lane().multipliers) | {name: factor}
    _apply(lambda spec: edits.with_lane(spec, "multipliers", factors))


def _set(field: str, value: Any) -> None:
    if field == "model":
        _apply(lambda spec: edits.with_model(spec, value))
    elif field == "dataset":
        _apply(lambda spec: edits.with_dataset(spec, value))
    elif field in RUN_FIELDS:
        _apply(lambda spec: RunSpec.checked(spec.model_dump() | {field: value}))
    else:
        _apply(lambda spec: edits.with_lane(spec, field, value))


def _choice(label: str, field: str, disabled: bool, help_text: str | None = None) -> None:
    """A menu of the field's kinds, and below it what the chosen one does."""
    now, choices = _now(field), CHOICES[field]
    key = widgets.showing(f"train_{field}", now)
    st.selectbox(
        label,
        _kinds(field),
        format_func=lambda kind: choices[kind].label,
        key=key,
        on_change=widgets.heard,
        args=(f"train_{field}", key, partial(_set, field)),
        disabled=disabled or lesson.held(field),
        help=lesson.told(field, help_text),
    )
    if choices[now].caption:
        st.caption(choices[now].caption)


def _number(label: str, field: str, disabled: bool, *, step: float = 1, help_text: str | None = None) -> None:
    # No limits in the widget: what the spec refuses comes back as one sentence, and an emptied field too.
    key = widgets.showing(f"train_{field}", _now(field))
    st.number_input(
        label,
        value=None,
        step=step,
        format="%d" if step == 1 else "%.5g",
        key=key,
        on_change=widgets.heard,
        args=(f"train_{field}", key, partial(_set, field)),
        disabled=disabled or lesson.held(field),
        help=lesson.told(field, help_text),
    )


def _toggle(label: str, field: str, disabled: bool, help_text: str | None = None) -> None:
    key = widgets.showing(f"train_{field}", _now(field))
    st.toggle(
        label,
        key=key,
        on_change=widgets.heard,
        args=(f"train_{field}", key, partial(_set, field)),
        disabled=disabled or lesson.held(field),
        help=lesson.told(field, help_text),
    )
