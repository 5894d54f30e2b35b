"""A lesson and its link are the same; of a link that is wrong in part the rest holds, with one sentence."""

from typing import get_args
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.lesson_link import (
    LESSON_FIELDS,
    LOCKS,
    MOST_CHARS,
    PARTS,
    Lesson,
    LockKind,
    StartKind,
    from_link,
    parameters,
    to_link,
)
from core.link import LINK_FIELDS, misnamed
from core.refusals import SpecError
from core.spec import LaneSpec, RunSpec
from tests.core.test_spec import LANES, LINKS, SPECS

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=MOST_CHARS).filter(
    lambda text: not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
TWO_LANES = st.builds(
    lambda spec, lanes: spec.model_copy(update={"lanes": lanes}), SPECS, st.tuples(LANES, LANES)
)
LESSONS = st.builds(
    Lesson,
    settings=TWO_LANES,
    hide=st.frozensets(st.sampled_from(PARTS)),
    lock=st.frozensets(st.sampled_from(list(LOCKS))),
    start=st.sampled_from(get_args(StartKind)),
    say=TEXTS,
    ask=TEXTS,
)
HOSTILE = ("<script>alert(1)</script>", "![x](http://e/y) [a](javascript:b)", "1. a -> b & c", "λ – 你好 🎓")


@given(LESSONS)
def test_a_lesson_is_its_link_also_as_an_address(lesson):
    link = to_link(lesson)
    assert from_link(link) == (lesson, "")
    assert from_link(dict(parse_qsl(urlencode(link), keep_blank_values=True))) == (lesson, "")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_as_it_was_written(text):
    lesson = Lesson(say=text, ask=text)
    assert (lesson.say, lesson.ask) == (text, text)
    assert from_link(to_link(lesson)) == (lesson, "")


def test_a_text_is_one_line():
    assert Lesson(ask=" Why\n\tis  it? ").ask == "Why is it?"


@pytest.mark.parametrize("text", ["a" * (MOST_CHARS + 1), "a\x00b", "a\ud800", "a\u202eb", 3])
def test_a_text_that_is_none_is_refused_in_one_sentence(text):
    with pytest.raises(SpecError, match=r"^say must be plain text of at most 200 characters, got .*\.$"):
        Lesson.checked({"say": text})


@pytest.mark.parametrize("fields", [{"hide": ["menu"]}, {"lock": ["epochs"]}, {"start": "soon"}, {"x": 1}])
def test_the_names_are_a_closed_set(fields):
    with pytest.raises(SpecError, match=" must be "):
        Lesson.checked(fields)


def test_a_lesson_has_the_lanes_of_train_live():
    with pytest.raises(SpecError, match="lanes must be 2 in a lesson, got '3'"):
        Lesson.checked({"settings": RunSpec(lanes=(LaneSpec(),) * 3)})


def test_settings_alone_are_no_lesson():
    assert from_link({"strength": "0.001", "run": "r"}) == (None, "")


def test_unknown_names_are_one_sentence_and_the_rest_holds():
    given = {"hide": "loss.<b>.menu", "lock": "epochs.strength", "start": "soon", "ask": "Why?", "seed": "3"}
    lesson, said = from_link(given)
    assert lesson == Lesson(
        settings=RunSpec(seed=3), hide=frozenset({"loss"}), lock=frozenset({"strength"}), ask="Why?"
    )
    assert said == (
        "Of the lesson's link 'hide=<b>.menu' and 'lock=epochs' and 'start=soon' was not used: "
        "there is nothing of this name."
    )


def test_a_text_that_is_refused_is_left_out_and_the_rest_holds():
    lesson, said = from_link({"say": "a" * 201, "ask": "Why?", "lock": "layers"})
    assert lesson == Lesson(ask="Why?", lock=frozenset({"layers"}))
    assert said.startswith("The link's say must be plain text")


@pytest.mark.parametrize("settings", [{"strength": "much"}, {"lanes": "3"}])
def test_settings_that_are_refused_leave_nothing_to_hold_or_to_play(settings):
    lesson, said = from_link(
        settings | {"hide": "loss", "lock": "strength", "start": "playing", "ask": "Why?"}
    )
    assert lesson == Lesson(hide=frozenset({"loss"}), ask="Why?")
    assert said.startswith("The link's settings were not used: ")


@given(
    LINKS,
    st.dictionaries(
        st.sampled_from(LESSON_FIELDS),
        st.text(max_size=300) | st.sampled_from(["loss", "strength.layers", "...", "playing"]),
    ),
)
@example({}, {"hide": "."})
def test_any_link_makes_a_lesson_and_at_most_one_sentence(settings, own):
    lesson, said = from_link(settings | own)
    assert (lesson is None) == (not own)
    assert said == "" or (said.endswith(".") and "\n" not in said and len(said) < 500)


def test_its_parameters_are_none_of_the_settings_and_are_not_taken_for_one():
    assert LINK_FIELDS.isdisjoint(LESSON_FIELDS)
    assert misnamed(dict.fromkeys(LESSON_FIELDS, "x")) == ""
    assert set(parameters(Lesson(hide={"loss"}, lock={"seed"}, say="a", ask="b"))) == set(LESSON_FIELDS)
    assert parameters(Lesson()) == {"start": "paused"}


def test_what_a_lock_holds_are_settings():
    known = {*RunSpec.model_fields, *LaneSpec.model_fields}
    assert set(LOCKS) == set(get_args(LockKind)) <= known
    assert all(name in fields <= known for name, fields in LOCKS.items())


def test_a_lock_holds_what_the_name_says_and_leaves_the_rest():
    lesson = Lesson(lock={"strength", "method"})
    before = lesson.settings

    def after(**fields):
        return RunSpec.beside_zero(before.lanes[-1].changed(**fields))

    assert lesson.broken(before, before) == []
    assert lesson.broken(before, after(layers=frozenset({"fc1"}))) == []
    assert lesson.broken(before, after(strength=0.5, method="textbook")) == ["strength", "method"]
    assert lesson.broken(before, after(multipliers={"fc1": 3.0})) == ["strength"], "λ by layer is another λ"
    assert lesson.holds("warmup")
    assert not lesson.holds("layers")
