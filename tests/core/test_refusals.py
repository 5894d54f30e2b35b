"""Values are checked at the door and refused in one sentence a person can act on."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from core.refusals import MAX_JSON_CHARS, SHOWN_CHARS, Checked, Count, Number, SpecError, shown
from core.runs.store.export import read_settings, write_settings
from core.spec import RunSpec

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


class Dose(Checked):
    """A value to be checked."""

    grams: Number = Field(default=1.0, gt=0.0, le=100.0)
    times: Count = Field(default=1, ge=1)
    names: tuple[str, ...] = Field(default=(), max_length=2)


@given(JSON | st.just(10**5000))
def test_what_was_refused_is_shown_on_one_short_line_in_quotes(value):
    text = shown(value)
    assert len(text) <= SHOWN_CHARS + 3
    assert len(text.splitlines()) <= 1
    assert text == "nothing" if value is None else text[0] == text[-1] == "'"


@pytest.mark.parametrize("value", ["\ud800", "a\udfffb", ["\ud800"]])
def test_half_a_character_can_be_sent(value):
    shown(value).encode("utf-8")


def test_a_settings_file_of_a_windows_editor_is_read():
    content = b"\xef\xbb\xbf" + write_settings(RunSpec(epochs=7))
    assert read_settings(content) == RunSpec(epochs=7)


def test_a_long_value_is_cut_and_says_so():
    assert shown("x" * SHOWN_CHARS) == "'" + "x" * SHOWN_CHARS + "'"
    assert shown("x" * (SHOWN_CHARS + 1)) == "'" + "x" * SHOWN_CHARS + "…'"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"grams": 0}, "grams must be greater than 0.0, got '0'."),
        ({"grams": 200.0}, "grams must be at most 100.0, got '200.0'."),
        ({"grams": "much"}, "grams must be a number, got 'much'."),
        ({"grams": True}, "grams must be a number, got 'True'."),
        ({"grams": float("inf")}, "grams must be a finite number, got 'inf'."),
        ({"grams": None}, "grams must be a number, got nothing."),
        ({"times": 0}, "times must be at least 1, got '0'."),
        ({"times": 1.5}, "times must be a whole number, got '1.5'."),
        ({"times": False}, "times must be a whole number, got 'False'."),
        ({"names": ["a", "b", "c"]}, "names must be at most 2 long, got '['a', 'b', 'c']'."),
        ({"names": 3}, "names must be a list, got '3'."),
        ({"colour": "red"}, "colour must be left out: there is no such setting, got 'red'."),
        ([], "The settings must be a set of named values, got '[]'."),
    ],
)
def test_a_refusal_names_the_field_what_it_must_be_and_what_it_was(values, sentence):
    with pytest.raises(SpecError) as refused:
        Dose.checked(values)
    assert str(refused.value) == sentence


@given(JSON | st.dictionaries(st.sampled_from(["grams", "times", "names", "other"]), JSON, max_size=3))
def test_anything_at_all_is_taken_or_refused_in_one_sentence(values: Any):
    try:
        taken = Dose.checked(values)
    except SpecError as refused:
        said = str(refused)
    else:
        assert Dose.from_json(taken.to_json()) == taken
        return
    assert len(said.splitlines()) == 1
    assert said.endswith(".")


@given(st.text(max_size=80))
def test_text_that_is_no_settings_is_refused(text):
    try:
        known = json.loads(text)
    except ValueError:
        with pytest.raises(SpecError, match="must be JSON"):
            Dose.from_json(text)
    else:
        if not isinstance(known, dict):
            with pytest.raises(SpecError, match=r"The settings must be"):
                Dose.from_json(text)


def test_a_text_that_is_too_long_or_too_deep_is_not_read():
    assert Dose.from_json("{}" + " " * (MAX_JSON_CHARS - 2)) == Dose()
    with pytest.raises(SpecError, match=f"at most {MAX_JSON_CHARS} characters"):
        Dose.from_json("{}" + " " * (MAX_JSON_CHARS - 1))
    with pytest.raises(SpecError, match="must be JSON"):
        Dose.from_json("[" * MAX_JSON_CHARS)
