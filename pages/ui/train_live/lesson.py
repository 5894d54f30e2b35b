"""The lesson that a link brings to Train live: what it hides and sets, what it says and asks, the way out."""

from html import escape

import streamlit as st

from core import lesson_link
from core.lesson_link import LESSON_FIELDS, Lesson, LockKind, PartKind
from core.refusals import SpecError
from core.spec import RunSpec
from pages.ui import session, transport

SET = "Set by the lesson."

NAMES: dict[LockKind, str] = {
    "strength": "λ",
    "layers": "layers",
    "method": "method",
    "penalty": "penalty",
    "dataset": "images",
    "model": "network",
    "seed": "seed",
}
"""What is locked, within a sentence."""

NOTHING = dict.fromkeys(LESSON_FIELDS, "")
"""What takes a lesson out of the link."""


def open_from_link() -> None:
    """As `session.open_from_link`, and on a session's first run the link's lesson: its scene, at once."""
    if "train_lesson" not in st.session_state:
        given = st.query_params.to_dict()
        # Of a link that is opened later the session does not take the settings either.
        lesson, said = lesson_link.from_link(given) if "train_spec" not in st.session_state else (None, "")
        # A newer run of the script may take over at any line from here: what is left to do is kept.
        st.session_state.train_lesson_opens = (lesson is not None and "run" not in given, said)
        st.session_state.train_lesson = lesson
    elif (lesson := now()) is not None:
        # The menu has emptied the link, and a reload needs it; what was not used of it goes.
        session.link_later(**NOTHING | lesson_link.parameters(lesson))
    session.open_from_link()
    starts, said = st.session_state.get("train_lesson_opens", (False, ""))
    if said:
        session.notice(session.take_notice() or said)
    if starts and lesson is not None and session.current() is None:
        transport.start(paused=lesson.start == "paused")
    st.session_state.pop("train_lesson_opens", None)


def now() -> Lesson | None:
    """The lesson that is shown; None where there is none, or no more."""
    lesson: Lesson | None = st.session_state.get("train_lesson")
    return lesson


def leave() -> None:
    """Show everything and set nothing: the settings and the run stay as they are."""
    st.session_state.train_lesson = None
    session.link_later(**NOTHING)


def hides(part: PartKind) -> bool:
    """Whether the lesson does not show a part."""
    return part in hidden()


def hidden() -> frozenset[PartKind]:
    """What the lesson does not show."""
    lesson = now()
    return lesson.hide if lesson else frozenset()


def held(field: str) -> bool:
    """Whether the lesson sets a field of the settings."""
    lesson = now()
    return lesson is not None and lesson.holds(field)


def told(field: str, help_text: str | None) -> str | None:
    """The help of a field's widget, which says so where the lesson sets it."""
    return f"{SET} {help_text or ''}".strip() if held(field) else help_text


def broken(spec: RunSpec) -> list[LockKind]:
    """What the lesson sets and these settings would change."""
    lesson = now()
    return lesson.broken(session.settings(), spec) if lesson else []


def kept(spec: RunSpec) -> RunSpec:
    """Settings that leave alone what the lesson sets: a widget's value can be forged.

    Raises:
        SpecError: they do not, in one sentence.
    """
    if locks := broken(spec):
        raise SpecError(f"Set by the lesson: {listed(locks)}. Leave the lesson to try another.")
    return spec


def listed(locks: list[LockKind]) -> str:
    """What is locked, in words."""
    *most, last = (NAMES[name] for name in locks)
    return f"{', '.join(most)} and {last}" if most else last


def box() -> None:
    """What the lesson says, asks and sets, and the way out of it; nothing where it does none."""
    lesson = now()
    if lesson is None or not (lesson.say or lesson.ask or lesson.hide or lesson.lock):
        return
    with st.container(key="train_lesson", gap=None):
        if lesson.say or lesson.ask:
            # In HTML: Markdown would make arrows, lists and links of what somebody wrote.
            lines = (("say", lesson.say), ("ask", lesson.ask))
            st.html(
                "".join(
                    f'<p class="lesson-{name}" dir="auto">{escape(text)}</p>' for name, text in lines if text
                )
            )
        with st.container(
            horizontal=True, vertical_alignment="center", gap="medium", key="train_lesson_foot"
        ):
            if lesson.lock:
                locks = [name for name in NAMES if name in lesson.lock]
                st.markdown(f":material/lock: Set by the lesson: {listed(locks)}.", width="content")
            st.button(
                "Leave the lesson and try for yourself",
                key="train_lesson_leave",
                type="tertiary",
                on_click=leave,
            )
