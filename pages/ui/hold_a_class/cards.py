"""Which cards a class has: those of the lesson that are ticked, and one that the lecturer makes."""

from typing import get_args

import streamlit as st

from core.classes.cards import READY, Card, Own
from core.classes.settings import CHOICES, FieldKind
from core.lessons.course.check import TOPICS
from core.refusals import SpecError
from core.words import METHODS, PENALTIES

KINDS = {
    "number": "a number",
    "choices": "one of several answers",
    "experiment": "a setting, which is trained",
}

FIELDS: dict[FieldKind, str] = {
    "strength": "λ",
    "layers": "the layers that are penalised",
    "method": "the method",
    "penalty": "the penalty",
}


def chosen() -> tuple[Card, ...]:
    """The cards that are ticked, in the order of the lesson."""
    claims = [name for name in READY if name.startswith("claim.")]
    some = st.multiselect(
        "Claims of *Does it deliver?*",
        claims,
        key="class_claims",
        format_func=lambda name: READY[name].title,
        placeholder="Choose claims",
    )
    questions = st.multiselect(
        "Questions of *Check yourself*, before and after",
        [*TOPICS],
        key="class_questions",
        format_func=lambda name: str(TOPICS[name]),
        placeholder="Choose questions",
    )
    before, after = ([READY[f"{moment}.{name}"] for name in questions] for moment in ("before", "after"))
    return (*before, *(READY[name] for name in some), *after)


def own_card() -> Card | None:
    """The card that the lecturer makes; None where there is none, or not one yet."""
    with st.expander("Make your own question"):
        question = st.text_input("Question", key="class_question", max_chars=200)
        kind = st.radio(
            "It asks for", [*KINDS], format_func=KINDS.__getitem__, key="class_kind", horizontal=True
        )
        told = {"question": question} | _answer(str(kind))
        if not question.strip():
            return None
        try:
            return Own.checked(told).card()
        except SpecError as refused:
            st.markdown(f":material/error: {refused}")
            return None


def _answer(kind: str) -> dict[str, object]:
    if kind == "experiment":
        return {"experiment": _experiment()}
    if kind == "choices":
        lines = st.text_area("Answers, one a line", key="class_choices").splitlines()
        choices = [line.strip() for line in lines if line.strip()]
        picked = st.selectbox("Right, if any is", choices, index=None, key="class_right")
        place = None if picked is None else choices.index(picked)
        return {"choices": choices or ["", ""], "right": place}
    columns = st.columns(4)
    unit = columns[0].text_input("Unit", "%", key="class_unit", max_chars=20)
    low = columns[1].number_input("From", value=0.0, format="%g", key="class_low")
    high = columns[2].number_input("To", value=100.0, format="%g", key="class_high")
    right = columns[3].number_input("Right, if known", value=None, format="%g", key="class_number")
    return {"unit": unit, "low": low, "high": high, "right": right}


def _experiment() -> dict[str, object]:
    columns = st.columns(3)
    field = columns[0].selectbox(
        "Left to students", get_args(FieldKind), format_func=FIELDS.__getitem__, key="class_field"
    )
    epochs = columns[1].number_input("Epochs", 1, 200, 30, key="class_epochs")
    seeds = columns[2].number_input("Seeds", 1, 3, 3, key="class_seeds")
    values = st.multiselect(
        "They choose from",
        CHOICES[field],
        CHOICES[field],
        format_func=_named,
        key=f"class_values_{field}",
    )
    return {"field": field, "values": values, "epochs": epochs, "seeds": seeds}


def _named(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    named = next((some[value] for some in (METHODS, PENALTIES) if value in some), None)  # type: ignore[index]
    return named.name if named else f"λ = {value:g}"
