"""Hold a class: choose a lecture or cards, open it, have the links of its screens."""

import streamlit as st

from core.classes.cards import Card
from core.classes.guide.lectures import JOINING, LECTURES, Lecture
from core.classes.guide.notes import note
from core.classes.tally import measured
from core.lessons.course.glossary import TERMS
from pages.ui.hold_a_class import opened
from pages.ui.hold_a_class.cards import chosen, own_card
from pages.ui.lesson import page
from pages.ui.markdown import plain

INTRO = (
    "Everybody predicts on a phone, then the numbers are opened. Phones join by a code, without an account. "
    "You steer from a phone, a laptop or a clicker."
)


def lecture(name: str, plan: Lecture) -> None:
    """A lecture ready to open, with its plan."""
    with st.container(border=True, key=f"class_lecture_{name}"):
        st.subheader(f"{plan.minutes} minutes: {plan.title}", anchor=False)
        st.button(
            "Open this class",
            type="primary",
            icon=":material/co_present:",
            key=f"class_open_{name}",
            on_click=opened.open_class,
            args=(plan.cards,),
        )
        with st.expander("The plan, minute by minute"):
            st.markdown(f"**{JOINING} min** Phones join: the projector shows code and QR.")
            for card, minutes in plan.steps:
                st.markdown(f"**{minutes} min** {guide_text(card)}")
            st.markdown(explained(plan))


def guide_text(card: Card) -> str:
    """A card as the guide has it."""
    held, notes = measured(card), note(card)
    lines = [f"“{card.title}” {card.question}" if card.title else card.question]
    if notes.predict:
        lines.append(f"Ask while they predict: *{notes.predict}*")
    if notes.wrong:
        lines.append(f"Typical wrong answer: “{'”, “'.join(notes.wrong)}”")
    if held.said:
        lines.append(held.said)
    elif card.experiment:
        lines.append("The class's own experiment: every setting on offer is trained while they predict.")
    if notes.discuss:
        lines.append(f"Ask when they discuss: *{notes.discuss}*")
    if notes.terms:
        lines.append(f"Words to explain: {', '.join(notes.terms)}.")
    return "  \n".join(lines)


def explained(plan: Lecture) -> str:
    """The words that a lecture needs, a line each."""
    terms = dict.fromkeys(term for card in plan.cards for term in note(card).terms)
    return "**What the words mean**\n" + "".join(
        f"\n- **{plain(term)}** {plain(TERMS[term])}" for term in terms
    )


with page("hold_a_class", INTRO), st.container(key="class_page"):
    opened.links()
    st.header("Ready to open", anchor=False)
    left, right = st.columns(2, gap="large")
    for column, (key, plan) in zip((left, right), LECTURES.items(), strict=True):
        with column:
            lecture(key, plan)
    st.header("Your own selection", anchor=False)
    cards = chosen()
    own = own_card()
    st.button(
        "Open a class with these",
        type="primary",
        key="class_open_own",
        disabled=not cards and own is None,
        on_click=opened.open_class,
        args=((*cards, *([own] if own else [])),),
    )
