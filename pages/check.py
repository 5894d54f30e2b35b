"""Check yourself: six questions before the lesson, six others after it, and then the answers to all."""

from typing import get_args

import streamlit as st

from core.lessons.course.check import QUESTIONS, TOPICS, Answers, Moment, complete, score
from pages.ui import menu
from pages.ui.check.answers import answer, answered, forget
from pages.ui.guided_path import strip
from pages.ui.lesson import page

TITLES: dict[Moment, str] = {"before": "Before the lesson", "after": "After the lesson"}

KEPT = "Your answers are kept. What is right you see after the lesson, with six other questions."


def form(moment: Moment) -> None:
    """The questions, all at once."""
    with st.form(f"check_{moment}_form", border=False):
        for name, question in QUESTIONS[moment].items():
            st.radio(
                f"**{question.ask}**",
                range(len(question.options)),
                index=None,
                format_func=question.options.__getitem__,
                key=f"check_{moment}_{name}",
            )
        label = "Keep my answers" if moment == "before" else "Show the answers"
        st.form_submit_button(label, type="primary", on_click=submit, args=(moment,))
    if st.session_state.pop("check_open", 0):
        st.markdown(":material/info: Answer all six. A guess will do.")


def submit(moment: Moment) -> None:
    """Keep the answers, if every question has one."""
    answers = {name: st.session_state.get(f"check_{moment}_{name}") for name in TOPICS}
    if complete(answers, moment):
        answer(moment, answers)
    else:
        st.session_state.check_open = 1


def reasons(moment: Moment, answers: Answers) -> None:
    """Each answer, right or wrong, and why."""
    for name, question in QUESTIONS[moment].items():
        right = answers[name] == question.right
        yours = question.options[answers[name]]
        icon = ":material/check_circle:" if right else ":material/close:"
        truth = "" if right else f" Right: **{question.options[question.right]}**."
        st.markdown(f"{icon} **{question.ask}**  \nYou: {yours}.{truth}  \n{question.because}")
        menu.links([question.where], {}, "See {}")


def section(moment: Moment, is_open: bool) -> None:
    """The questions, that they are answered, or what became of them once the lesson is over."""
    answers = answered(moment)
    result = "" if answers is None or not is_over else f": {score(moment, answers)} of {len(TOPICS)} right"
    with st.container(key=f"check_{moment}"), st.expander(f"**{TITLES[moment]}**{result}", expanded=is_open):
        if answers is None:
            form(moment)
            return
        if is_over:
            reasons(moment, answers)
        else:
            st.markdown(f":material/check_circle: {KEPT}")
        st.button("Answer again", key=f"check_again_{moment}", on_click=forget, args=(moment,))


before, after = (answered(moment) for moment in get_args(Moment))
is_over = after is not None
intro = "Six questions before the lesson, six others after it. Your answers are for you alone: guess."
if before is not None and after is not None:
    intro = f"Before **{score('before', before)}**, after **{score('after', after)}** of {len(TOPICS)} right."
with page("check", intro), st.container(key="check_page"):
    at = strip.progress().at
    second = is_over or at == "check_after" or (before is not None and at != "check_before")
    section("before", not second)
    section("after", second)
