"""The λ slider with its bands and the buttons that jump into them; one sentence where none were measured."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import groupby
from types import MappingProxyType

import streamlit as st

from core.bands import NEARLY_ZERO, ZEROS_BEGIN, BandKind, Bands, Counted, Measurement, measurement
from core.figures.theme import PALETTES
from core.spec import STRENGTHS, RunSpec, strength_text
from core.words import DATASETS, MODELS, method_and_optimizer
from pages.ui import session, widgets
from pages.ui.train_live import lesson

LABELS: dict[BandKind, str] = {
    "too_weak": "too weak",
    "holds": "holds",
    "falls": "accuracy falls",
    "collapse": "collapse",
}
COLOURS: dict[BandKind, str] = {
    "too_weak": "border",
    "holds": "good",
    "falls": "penalty",
    "collapse": "alert",
}
"""What each band is called and which colour of the palette it has."""

JUMPS: dict[BandKind, tuple[str, str]] = {
    "holds": (
        "Holds",
        "The largest λ at which accuracy was still that of λ = 0, within a standard error, when trained at "
        "it from the start.",
    ),
    "falls": (
        "Falls",
        "The smallest λ at which accuracy was more than a standard error lower, when trained at it from the "
        "start.",
    ),
    "collapse": (
        "Collapse",
        "The smallest λ at which the network only guessed, when trained at it from the start.",
    ),
}
"""The buttons: what they say, and where they take λ."""

NOWHERE: dict[BandKind, str] = {
    "holds": "No λ of the slider was both strong enough and without a loss of accuracy.",
    "falls": "At no λ of the slider did accuracy fall before the network collapsed.",
    "collapse": "At no λ of the slider did the network collapse.",
}
"""What a button says that has nowhere to go."""

UNMEASURED = "What each λ does has not been measured for these settings."


def slider(set_strength: Callable[[float], None], disabled: bool) -> None:
    """λ in the stops of the spec and, where a link brought another one, that one too."""
    strength = session.settings().lanes[-1].strength
    stops = sorted({*STRENGTHS, strength})
    key = widgets.showing("train_strength", strength)
    disabled = disabled or lesson.held("strength")
    pulls = "How hard the penalty pulls the penalised weights to zero."
    # What is measured is what the bands show.
    known = "" if lesson.hides("bands") else f" {measured(session.settings())}"
    with st.container(key="train_lambda", gap=None):
        st.select_slider(
            "λ, the regularization strength",
            stops,
            # What a browser says that is no stop counts as this one.
            strength,
            format_func=strength_text,
            key=key,
            on_change=widgets.heard,
            args=("train_strength", key, set_strength),
            disabled=disabled,
            help=lesson.told("strength", f"{pulls}{known}"),
        )
        if not lesson.hides("bands"):
            show(stops, set_strength, disabled)


def show(stops: Sequence[float], set_strength: Callable[[float], None], disabled: bool) -> None:
    """Draw the bands of the settings on the screen under a slider with `stops`, and buttons that set λ."""
    spec = session.settings()
    found = measurement(spec)
    st.html(
        _style() + (strip(found, stops, spec.epochs) if found else f'<p class="bands-none">{UNMEASURED}</p>')
    )
    with st.container(key="train_jumps", horizontal=True, gap="small", width="content"):
        for kind, (label, help_text) in JUMPS.items():
            target = destination(spec, kind)
            where = why_not(spec, kind) if target is None else f"λ = {strength_text(target)}. {help_text}"
            st.button(
                label,
                key=f"train_jump_{kind}",
                type="tertiary",
                help=where if found is None else f"{where} {source(found, spec.epochs)}",
                on_click=_jump,
                args=(kind, set_strength),
                disabled=disabled or target is None,
            )


def _jump(kind: BandKind, set_strength: Callable[[float], None]) -> None:
    # Looked up again: the settings may have moved on in another tab, and a press can be forged.
    target = destination(session.settings(), kind)
    if target is None:
        session.notice(why_not(session.settings(), kind))
    else:
        set_strength(target)


def destination(spec: RunSpec, kind: BandKind) -> float | None:
    """The λ that a button goes to, or None: it goes nowhere."""
    found = measurement(spec)
    return found.bands.jump(kind, found.strengths) if found is not None else None


def why_not(spec: RunSpec, kind: BandKind) -> str:
    """Why a button goes nowhere."""
    return UNMEASURED if measurement(spec) is None else NOWHERE[kind]


def strip(found: Measurement, stops: Sequence[float], epochs: int) -> str:
    """The bands as HTML, for a run of so many epochs.

    Each reaches half-way to its neighbour's stop, so λ's thumb stands within one.
    """
    bands, spans = found.bands, []
    place = 0
    for kind, group in groupby(stops, bands.kind):
        n_stops = len(list(group))
        left, right = (_edge(each, len(stops)) for each in (place, place + n_stops))
        spans.append(_span(kind, left, right))
        place += n_stops
    text = escape(f"{sentence(bands)} {source(found, epochs)}")
    return f'<div class="bands" role="img" aria-label="{text}" title="{text}">{"".join(spans)}</div>'


def _edge(place: int, n_stops: int) -> float:
    return 100.0 * min(max((place - 0.5) / (n_stops - 1), 0.0), 1.0)


def _span(kind: BandKind, left: float, right: float) -> str:
    place = f"left:{left:.2f}%;width:{right - left:.2f}%"
    name = "".join(f"<span>{word}</span>" for word in LABELS[kind].rpartition(" ") if word.strip())
    return f'<b class="band band-{kind}" style="{place}">{name}</b>'


def _style() -> str:
    """The theme's colours for the stylesheet, for strip and buttons alike."""
    light, dark = PALETTES["light"], PALETTES["dark"]
    colours = (
        f"--band-{kind}:light-dark({getattr(light, colour)},{getattr(dark, colour)});"
        for kind, colour in COLOURS.items()
    )
    return f"<style>.st-key-train_lambda{{{''.join(colours)}}}</style>"


COUNTED: Mapping[Counted, str] = MappingProxyType(
    {
        "selected": "selected zeros",
        "nearly": f"weights below {strength_text(NEARLY_ZERO)}, no zeros selected,",
    }
)
"""What the first band counts, within a sentence."""


def measured(spec: RunSpec) -> str:
    """What the strip shows and how it was measured, for the slider's help."""
    found = measurement(spec)
    return f"{sentence(found.bands)} {source(found, spec.epochs)}" if found is not None else UNMEASURED


def sentence(bands: Bands) -> str:
    """Where each band begins, for those who do not see the strip."""
    begins = {
        f"more than {ZEROS_BEGIN:.0%} {COUNTED[bands.counted]}": bands.effect,
        "accuracy falls": bands.falls,
        "the network collapses": bands.collapses,
    }
    begun = [
        f"{name} {'at no λ' if at is None else f'from {strength_text(at)}'}" for name, at in begins.items()
    ]
    return f"Measured: {'; '.join(begun)}. Below the first of these λ is called too weak."


def source(found: Measurement, epochs: int) -> str:
    """How the bands were measured: they hold for these settings only, not for runs of other `epochs`."""
    images = f"{found.train_size:,}" if found.train_size else "all"
    return (
        f"On {DATASETS[found.dataset].name}, {MODELS[found.model].name}, "
        f"{method_and_optimizer(found.method, found.optimizer)}: {len(found.seeds)} seeds, {found.epochs} "
        f"epochs, η = {found.learning_rate:g}, {images} training images, every layer penalised, λ from the "
        f"first update on{_rising(found)}. {_yours(found, epochs)}"
    )


def _yours(found: Measurement, epochs: int) -> str:
    # Over 200 epochs λ rises so slowly that the largest one on the slider kills nothing.
    yours = f" (yours: {epochs} epochs)" if epochs != found.epochs else ""
    return f"Longer or shorter runs{yours}, and a λ that is moved late, give other bands."


def _rising(found: Measurement) -> str:
    return f" (rising for {found.warmup:.0%})" if found.warmup else ""
