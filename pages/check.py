"""Check yourself: six questions before and after the lesson, each with its reason."""

from typing import get_args

import streamlit as st

from core.lessons.check import QUESTIONS, Answers, Moment, complete, score
from core.lessons.guided_path import PAGES
from pages.ui import guide, learner
from pages.ui.lesson import page

TITLES: dict[Moment, str] = {"before": "Before the lesson", "after": "After the lesson"}


def answered(moment: Moment) -> Answers | None:
    """What the reader said; None before they have."""
    kept = learner.recall(f"check_{moment}")
    return kept if isinstance(kept, dict) and complete(kept) else None


def form(moment: Moment) -> None:
    """The questions, all at once."""
    with st.form(f"check_{moment}_form", border=False):
        for name, question in QUESTIONS.items():
            st.radio(
                f"**{question.ask}**",
                range(len(question.options)),
                index=None,
                format_func=question.options.__getitem__,
                key=f"check_{moment}_{name}",
            )
        st.form_submit_button("Show the answers", type="primary", on_click=submit, args=(moment,))
    if st.session_state.pop("check_open", 0):
        st.markdown(":material/info: Answer all six. A guess will do.")


def submit(moment: Moment) -> None:
    """Keep the answers, if every question has one."""
    answers = {name: st.session_state.get(f"check_{moment}_{name}") for name in QUESTIONS}
    if complete(answers):
        learner.keep(f"check_{moment}", answers)
        st.session_state.check_fresh = moment
    else:
        st.session_state.check_open = 1


def again(moment: Moment) -> None:
    """Forget the answers."""
    learner.keep(f"check_{moment}", None)


def reasons(moment: Moment, answers: Answers) -> None:
    """Each answer, right or wrong, and why."""
    for name, question in QUESTIONS.items():
        right = answers[name] == question.right
        yours = question.options[answers[name]]
        icon = ":material/check_circle:" if right else ":material/close:"
        truth = "" if right else f" Right: **{question.options[question.right]}**."
        st.markdown(
            f"{icon} **{question.ask}**  \nYou: {yours}.{truth}  \n{question.because} "
            f"See *{PAGES[question.where]}*."
        )
    if moment == "after":
        st.button("Answer again", key="check_again", on_click=again, args=(moment,))


def section(moment: Moment, is_open: bool) -> None:
    """The questions, or what became of them."""
    answers = answered(moment)
    said = "" if answers is None else f": {score(answers)} of {len(QUESTIONS)} right"
    with st.container(key=f"check_{moment}"), st.expander(f"**{TITLES[moment]}**{said}", expanded=is_open):
        if answers is None:
            form(moment)
        else:
            reasons(moment, answers)


before, after = (answered(moment) for moment in get_args(Moment))
fresh = st.session_state.get("check_fresh")
said = "Six questions, twice. Your answers are for you alone: guess."
if before is not None and after is not None:
    said = f"Before **{score(before)}**, after **{score(after)}** of {len(QUESTIONS)}."
is_second = before is not None and (fresh != "before" or guide.progress().at == "check_after")
with page("Check yourself", intro=said), st.container(key="check_page"):
    section("before", not is_second)
    section("after", is_second)
