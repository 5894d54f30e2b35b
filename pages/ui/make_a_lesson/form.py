"""What is ticked and written: from widgets to a lesson."""

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from core.lesson_link import LOCKS, MOST_CHARS, PARTS, Lesson, LockKind, PartKind, StartKind
from core.refusals import SpecError
from core.spec import RunSpec, strength_text
from core.words import DATASETS, METHODS, MODELS, PENALTIES
from pages.ui.markdown import plain

SHOWN: Mapping[str, Mapping[PartKind, str]] = MappingProxyType(
    {
        "Numbers and words": {
            "formula": "Formula with its numbers",
            "optimality": "How near the optimum",
            "sentence": "What just happened",
            "clock": "Going back in time",
            "numbers": "Numbers as a table",
        },
        "Pictures": {
            "loss": "Loss",
            "accuracy": "Accuracy",
            "zeros": "Exact zeros",
            "weights": "Weights",
            "kernels": "Kernels",
            "layers": "Layers and their switches",
        },
        "Controls": {
            "bands": "Bands under λ",
            "steps": "1 update, 1 epoch",
            "presets": "Both presets",
            "more": "More",
        },
    }
)
"""What Train live shows, by where it stands."""

STARTS: Mapping[StartKind, str] = MappingProxyType(
    {"playing": "It plays at once", "paused": "It waits at step 0"}
)


def settings_words(spec: RunSpec) -> Mapping[LockKind, str]:
    """What can be locked, each as it is now."""
    lane = spec.lanes[-1]
    layers = ", ".join(name for name in spec.layer_names if name in lane.layers) or "none"
    return {
        "strength": f"λ: {strength_text(lane.strength)}",
        "layers": f"Layers: {layers}",
        "method": f"Method: {METHODS[lane.method].name}",
        "penalty": f"Penalty: {PENALTIES[lane.penalty].name}",
        "dataset": f"Images: {DATASETS[spec.dataset].name}",
        "model": f"Network: {MODELS[spec.model].name}",
        "seed": f"Seed: {spec.seed}",
    }


def asked(spec: RunSpec) -> Lesson | None:
    """The lesson that the widgets say; None where a text is refused, which is said."""
    st.header("What stands above it", anchor=False)
    say = _text("say", "A sentence", "Watch the zeros of conv2.")
    ask = _text("ask", "A question", "Which layer loses most weights, and why?")
    st.header("What they see", anchor=False)
    hide = _hidden()
    st.header("What is locked", anchor=False)
    st.markdown("A lock is a courtesy, not a right: everybody can leave the lesson and try for themselves.")
    lock = _locked(spec)
    st.header("How it begins", anchor=False)
    start = _start()
    _keep()
    told = {"settings": spec, "hide": hide, "lock": lock, "start": start, "say": say, "ask": ask}
    try:
        return Lesson.checked(told)
    except SpecError as refused:
        st.markdown(f":material/error: {plain(str(refused))}")
        return None


def _hidden() -> list[PartKind]:
    ticked: dict[PartKind, bool] = {}
    with st.container(key="make_parts"):
        for column, (place, parts) in zip(st.columns(len(SHOWN)), SHOWN.items(), strict=True):
            with column, st.container(gap="small"):
                st.markdown(f"**{place}**")
                for part, label in parts.items():
                    ticked[part] = st.checkbox(label, key=_kept(f"show_{part}", True))
    return [part for part in PARTS if not ticked[part]]


def _locked(spec: RunSpec) -> list[LockKind]:
    words, ticked = settings_words(spec), dict[LockKind, bool]()
    columns = st.columns(2)
    for place, name in enumerate(LOCKS):
        with columns[2 * place // len(LOCKS)]:
            ticked[name] = st.checkbox(plain(words[name]), key=_kept(f"lock_{name}", False))
    return [name for name in LOCKS if ticked[name]]


def _start() -> str:
    return st.radio(
        "How it begins",
        [*STARTS],
        format_func=STARTS.__getitem__,
        key=_kept("start", "playing"),
        horizontal=True,
        label_visibility="collapsed",
    )


def _text(name: str, label: str, example: str) -> str:
    return st.text_input(label, key=_kept(name, ""), max_chars=MOST_CHARS, placeholder=example) or ""


def _kept(name: str, default: object) -> str:
    """The key of a widget that has, after a visit to another page, what it had: Streamlit forgets it."""
    key = f"make_{name}"
    st.session_state.setdefault(key, st.session_state.get("make_kept", {}).get(key, default))
    return key


def _keep() -> None:
    keys = [key for key in st.session_state if str(key).startswith("make_") and key != "make_kept"]
    st.session_state.make_kept = {key: st.session_state[key] for key in keys}
