"""Does it deliver?: every claim about L1 as a card: predict, run, reveal."""

from collections.abc import Sequence

import streamlit as st

from core.experiments import Trained
from core.lessons.does_it_deliver import figures
from core.lessons.does_it_deliver.claims import CLAIMS, Claim
from core.lessons.l1_in_a_cnn.results_figures import kernels
from core.lessons.seeds import sampled
from core.runs import RunHistory
from pages.ui import learner
from pages.ui.experiment.offer import experiment
from pages.ui.experiment.runs import pressed, trained
from pages.ui.figure import figure
from pages.ui.lesson import page, picture
from pages.ui.markdown import unbroken

KINDS = {"advantage": "Advantages", "disadvantage": "Disadvantages", "myth": "Myths and half-truths"}


def predict(name: str, claim: Claim) -> None:
    """Ask for a guess, which is optional and fixed once the result has been asked for."""
    key, fixed = f"deliver_guess_{name}", pressed(name)
    # A widget's state goes when the reader opens another page: what was guessed stays, until another day.
    if fixed or key not in st.session_state:
        st.session_state[key] = possible(claim, learner.recall(key))
    st.markdown(f"**Predict** (if you like): {claim.question}")
    if claim.choices:
        st.radio("Your prediction", claim.choices, key=key, index=None, disabled=fixed, horizontal=True)
    else:
        st.number_input(
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


def possible(claim: Claim, guess: object) -> str | float | None:
    """A guess that was kept, if it can still be one."""
    if isinstance(guess, float):
        return guess if not claim.choices and claim.low <= guess <= claim.high else None
    return guess if isinstance(guess, str) and guess in claim.choices else None


def reveal(name: str, claim: Claim, runs: Sequence[Trained]) -> None:
    """The prediction beside the measurement, the honest sentence, the figure."""
    result, guess = claim.measure(runs), learner.recall(f"deliver_guess_{name}")
    if isinstance(guess, str):
        hit = f" You said: **{guess}**." + (f" Measured: **{result.answer}**." if result.answer else "")
    elif guess is not None and not isinstance(result.answer, str):
        measured = f"{result.written(result.answer)} {claim.unit}"
        hit = f" You said **{guess:g} {claim.unit}**, measured **{measured}**."
    else:
        hit = ""
    st.markdown(unbroken(f"**Reveal.**{hit} {result.verdict}"))
    figure(
        figures.drawn(name, result, runs),
        key=f"deliver_figure_{name}",
        summary=f"{result.title}: "
        + "; ".join(f"{row.label}: {result.written(row.mean)} {result.unit}" for row in result.rows)
        + ".",
        height=figures.height(name, result),
        table=[
            {
                "what": row.label,
                f"mean ({result.unit})": row.mean,
                "standard error": row.error,
            }
            for row in result.rows
        ],
    )
    if said := sampled(result.verdict, runs, result.tells_accuracy):
        st.caption(unbroken(said))
    if name == "interpretability":
        picture(kernels(runs[0]), "deliver_kernels", slider="network", start=1, height=300)


def card(name: str, claim: Claim) -> None:
    """One claim: what is said and what you think on the left, what happens on the right."""

    def words() -> None:
        st.subheader(f"“{claim.claim}”", anchor=name)
        predict(name, claim)
        st.caption(unbroken(claim.setup))

    def draw(histories: Sequence[RunHistory]) -> None:
        runs = trained(histories)
        if runs:
            reveal(name, claim, runs)

    with st.container(border=True, key=f"deliver_card_{name}"):
        experiment(name, draw, words=words, reveal=True, guess=f"deliver_guess_{name}")


INTRO = (
    f"What people say of L1, in {len(CLAIMS)} sentences. **Predict**, press **Run it**, and compare: every "
    "number below is measured, yours as soon as you have run it."
)
with page("does_it_deliver", INTRO):
    names = {kind: [name for name, claim in CLAIMS.items() if claim.kind == kind] for kind in KINDS}
    for kind, title in KINDS.items():
        st.header(title, anchor=False)
        for each in names[kind]:
            card(each, CLAIMS[each])
