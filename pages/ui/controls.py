"""The widgets that make a RunSpec: λ and the targeted layers at hand, the rest under "more"."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core.link import RUN_FIELDS
from core.refusals import SpecError
from core.spec import LAYERS, MIXTURES, LayerName, RunSpec
from pages.ui import bands, edits, session, transport
from pages.ui.words import (
    METHOD_SENTENCES,
    METHODS,
    MODEL_SENTENCES,
    MODELS,
    PENALTIES,
    PENALTY_SENTENCES,
)

SPEEDS = {5: "5 updates/s", 20: "20 updates/s", 60: "60 updates/s", 200: "200 updates/s", 0: "Full speed"}
DEFAULT_SPEED = 60

PRECISIONS = {"float32": "float32", "bfloat16": "bfloat16: pays on 28 × 28"}
PRECISION_HELP = """bfloat16 keeps 3 digits instead of 7 in the passes through the network, never in the
weights or the proximal step: 1.7 times as fast at 28 × 28 on a processor made for it, slower at 8 × 8."""

DATASETS = {
    "digits": "Digits, 8 × 8: built in",
    "rotated_digits": "Rotated digits, 8 × 8: predict the angle",
    "mnist": "MNIST, 28 × 28: 12 MB, downloaded once",
    "fashion_mnist": "Fashion-MNIST, 28 × 28: 31 MB, downloaded once",
    "cifar10": "CIFAR-10, 32 × 32 in colour: 170 MB, downloaded once",
}
DATASET_HELP = """Handwritten digits, clothes or photographs, ten kinds each: the network names the kind,
and the data loss is cross-entropy. Rotated digits ask for a number instead, by how many degrees (−45° to
45°) each digit is turned: the data loss is the mean squared error. Both kinds of digits are built in; the
others are downloaded when the first run on one starts, or read from the data folder."""

MODEL_HELP = "The small network trains faster on a slow machine, above all on 28 × 28 images and larger."

WRONG = {"cross_entropy": "Wrong labels (share)", "mean_squared_error": "Wrong angles (share)"}

FREEZE_HELP = """What is zero when this last share of the run begins stays zero, while λ pulls at the rest:
0.2 is the last fifth, 0 is never. Zeros stop coming and going with the noise of the batches."""

POLISH_HELP = """Freezes the zeros and refits the weights that are left, without penalty, over this last share
of the run: 0.2 is the last fifth, 0 is never. It takes back how much the penalty shrank them."""

BIAS_HELP = """A penalty by groups counts the bias of a filter or unit as a member of its group; the others
pull each bias on its own."""

MULTIPLIERS = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0)
MULTIPLIERS_SENTENCE = "λ by layer: what λ is multiplied by there. 1 is λ itself, 0 leaves the layer free."
MULTIPLIER_WIDTH = 140

OPTIMIZERS = {"adam": "Adam", "sgd": "SGD with momentum"}


def strength_slider(disabled: bool) -> None:
    """λ in 1-3-10 steps with its bands; acts on a going run without restarting it."""
    bands.slider(partial(_set, "strength"), disabled)


def layers_changed(layers: Any) -> None:
    """Target the layers switched on in the live view."""
    known = isinstance(layers, list) and all(name in LAYERS for name in layers)
    if not known:
        session.notice(f"layers must be some of {', '.join(LAYERS)}, got '{str(layers)[:40]}'.")
        return
    _apply(lambda spec: edits.with_lane(spec, "layers", frozenset(layers)))


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
    # It takes all images and finds its own step: a rate or a batch to set would be of no effect.
    on_all = _lane().method == "fista"
    left, right = st.columns(2)
    with left:
        _objective(on_all, disabled)
    with right:
        _course(on_all, disabled)


def _objective(on_all: bool, disabled: bool) -> None:
    """Images, network, penalty, and how it enters the update."""
    _choice("Images", "dataset", DATASETS, disabled, DATASET_HELP)
    _choice("Network", "model", MODELS, disabled, MODEL_HELP)
    st.caption(MODEL_SENTENCES[session.settings().model])
    _choice("Penalty R(w)", "penalty", PENALTIES, disabled)
    st.caption(PENALTY_SENTENCES[_lane().penalty])
    if _lane().penalty in MIXTURES:
        _number("α, the share of L1", "alpha", disabled, step=0.1)
    _choice("Method", "method", _methods(), disabled)
    st.caption(METHOD_SENTENCES[_lane().method])
    if not on_all:
        _number("Learning rate η", "learning_rate", disabled, step=1e-3)
    _number("Warm-up (share of the run)", "warmup", disabled, step=0.1)
    _number("Freeze zeros (share at the end)", "freeze", disabled, step=0.1, help_text=FREEZE_HELP)
    _number("Freeze and refit (share at the end)", "polish", disabled, step=0.1, help_text=POLISH_HELP)
    _toggle("Penalise biases too", "include_bias", disabled, BIAS_HELP)


def _course(on_all: bool, disabled: bool) -> None:
    """The optimizer, and how long and on what it trains."""
    if not on_all:
        _choice("Optimizer", "optimizer", OPTIMIZERS, disabled)
    if not on_all and _lane().optimizer == "sgd":
        _number("Momentum μ", "momentum", disabled, step=0.1)
    _choice("Precision", "precision", PRECISIONS, disabled, PRECISION_HELP)
    _number("Seed", "seed", disabled)
    _number("Epochs", "epochs", disabled)
    if not on_all:
        _number("Batch size", "batch_size", disabled)
    _number("Training images (0 = all)", "train_size", disabled)
    _number(WRONG[session.settings().loss], "label_noise", disabled, step=0.1)
    _multipliers(disabled)


def _multipliers(disabled: bool) -> None:
    """λ by layer: a factor for each layer of the network."""
    st.caption(MULTIPLIERS_SENTENCE)
    with st.container(horizontal=True, gap="small"):
        for name in session.settings().layer_names:
            key, now = f"train_multiplier_{name}", _lane().multiplier(name)
            _seed(key, now)
            st.selectbox(
                f"{name}: λ ×",
                sorted({*MULTIPLIERS, now}),
                format_func="{:g}".format,
                key=key,
                on_change=_multiplier_changed,
                args=(name, key),
                disabled=disabled,
                width=MULTIPLIER_WIDTH,
            )


def _lane() -> Any:
    return session.settings().lanes[-1]


def _methods() -> dict[str, str]:
    """The methods that fit the network: FISTA is for the one whose objective is convex."""
    is_linear = session.settings().model == "linear"
    return {name: text for name, text in METHODS.items() if is_linear or name != "fista"}


def _now(field: str) -> Any:
    return getattr(session.settings() if field in RUN_FIELDS else _lane(), field)


def _seed(key: str, value: Any) -> None:
    # The settings are the truth: a preset, a link or a refused value must move the widget too. Written in
    # every run: a widget in a closed popover mounts later and takes only what the last run wrote.
    st.session_state[key] = value


def _apply(edit: Callable[[RunSpec], RunSpec]) -> None:
    try:
        transport.change(edit(session.settings()))
    except SpecError as refused:
        session.notice(str(refused))


def _multiplier_changed(name: LayerName, key: str) -> None:
    factors = dict(_lane().multipliers) | {name: st.session_state[key]}
    _apply(lambda spec: edits.with_lane(spec, "multipliers", factors))


def _change(field: str, key: str) -> None:
    _set(field, st.session_state[key])


def _set(field: str, value: Any) -> None:
    if field == "model":
        _apply(lambda spec: edits.with_model(spec, value))
    elif field == "dataset":
        _apply(lambda spec: edits.with_dataset(spec, value))
    elif field in RUN_FIELDS:
        _apply(lambda spec: RunSpec.checked(spec.model_dump() | {field: value}))
    else:
        _apply(lambda spec: edits.with_lane(spec, field, value))


def _choice(
    label: str, field: str, texts: dict[str, str], disabled: bool, help_text: str | None = None
) -> None:
    key = f"train_{field}"
    _seed(key, _now(field))
    st.selectbox(
        label,
        list(texts),
        format_func=texts.__getitem__,
        key=key,
        on_change=_change,
        args=(field, key),
        disabled=disabled,
        help=help_text,
    )


def _number(label: str, field: str, disabled: bool, *, step: float = 1, help_text: str | None = None) -> None:
    # No limits in the widget: what the spec refuses comes back as one sentence, and an emptied field too.
    key = f"train_{field}"
    _seed(key, _now(field))
    st.number_input(
        label,
        value=None,
        step=step,
        format="%d" if step == 1 else "%.5g",
        key=key,
        on_change=_change,
        args=(field, key),
        disabled=disabled,
        help=help_text,
    )


def _toggle(label: str, field: str, disabled: bool, help_text: str | None = None) -> None:
    key = f"train_{field}"
    _seed(key, _now(field))
    st.toggle(label, key=key, on_change=_change, args=(field, key), disabled=disabled, help=help_text)
