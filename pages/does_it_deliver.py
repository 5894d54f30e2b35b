"""Does it deliver?: every claim about L1 as a card: predict, run, reveal."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.figures import does_it_deliver as figures
from core.lessons.does_it_deliver import CLAIMS, Claim
from core.lessons.does_it_deliver_results import Result
from core.lessons.experiments import Trained
from core.runs import RunHistory
from pages.ui.experiment import experiment, pressed
from pages.ui.figure import figure
from pages.ui.lesson import page

KINDS = {"advantage": "Advantages", "disadvantage": "Disadvantages", "myth": "Myths"}


def trained(histories: Sequence[RunHistory]) -> list[Trained]:
    """The histories whose every lane can be measured, as the lesson takes them."""
    whole = [h for h in histories if all(h.points) and all(frame is not None for frame in h.frames)]
    return [Trained(h.view.spec, h.points, [frame for frame in h.frames if frame]) for h in whole]


def predict(name: str, claim: Claim) -> None:
    """Ask for a guess, which is optional and fixed once the result has been asked for."""
    key, fixed = f"deliver_guess_{name}", pressed(name)
    # A widget's state goes when the reader opens another page: what was guessed stays.
    st.session_state.setdefault(key, st.session_state.get(f"deliver_kept_{name}"))
    st.markdown(f"**Predict** (if you like): {claim.question}")
    if claim.choices:
        guess = st.radio(
            "Your prediction", claim.choices, key=key, index=None, disabled=fixed, horizontal=True
        )
    else:
        guess = st.number_input(
            f"Your prediction ({claim.unit})",
            claim.low,
            claim.high,
            value=None,
            step=1.0,
            format="%g",
            key=key,
            disabled=fixed,
            placeholder=f"{claim.low:g} to {claim.high:g}",
            width=260,
        )
    st.session_state[f"deliver_kept_{name}"] = guess


def reveal(claim: Claim, result: Result, guess: Any, name: str) -> None:
    """The prediction beside the measurement, the figure, the honest sentence."""
    if isinstance(guess, str):
        hit = f" You said: **{guess}**." + (f" Measured: **{result.answer}**." if result.answer else "")
    elif guess is not None and not isinstance(result.answer, str):
        hit = f" You said **{guess:g} {claim.unit}**, measured **{result.answer:.3g} {claim.unit}**."
    else:
        hit = ""
    st.markdown(f"**Reveal.**{hit} {result.verdict}")
    figure(
        figures.comparison(result),
        key=f"deliver_figure_{name}",
        summary=f"{result.title}: "
        + "; ".join(f"{row.label} {row.mean:.3g} {result.unit}" for row in result.rows),
        height=figures.height(result),
        table=[
            {
                "what": row.label,
                f"mean ({result.unit})": row.mean,
                "standard deviation over seeds": row.spread,
            }
            for row in result.rows
        ],
    )


def card(name: str, claim: Claim) -> None:
    """One claim: what is said and what you think on the left, what happens on the right."""

    def words() -> None:
        st.subheader(f"“{claim.claim}”", anchor=name)
        predict(name, claim)
        st.caption(claim.setup)

    def draw(histories: Sequence[RunHistory]) -> None:
        runs = trained(histories)
        if runs:
            reveal(claim, claim.measure(runs), st.session_state.get(f"deliver_kept_{name}"), name)

    with st.container(border=True, key=f"deliver_card_{name}"):
        experiment(name, draw, words=words, reveal=True)


with page("Does it deliver?"):
    st.markdown(
        "Nine sentences from the textbook. **Predict**, press **Run it**, and compare: every number below is "
        "measured, "
        "yours as soon as you have run it."
    )
    names = {kind: [name for name, claim in CLAIMS.items() if claim.kind == kind] for kind in KINDS}
    for kind, title in KINDS.items():
        st.header(title, anchor=False)
        for each in names[kind]:
            card(each, CLAIMS[each])
