"""How a setting is refused: one sentence that names the field, what it must be and what it was."""

from typing import Any

from pydantic import ValidationError

SHOWN_CHARS = 40


class SpecError(ValueError):
    """A setting was refused. `str()` is one sentence: the field, what it must be, what it was."""


def shown(value: Any) -> str:
    """A refused value in quotes: on one line and not longer than a reader needs to recognise it."""
    if value is None:
        return "nothing"
    try:
        text = value if isinstance(value, str) else repr(value)
    except ValueError:  # Python writes no whole number of more than 4,300 digits.
        text = "a number too long to write"
    text = " ".join(text.split())
    return f"'{text[:SHOWN_CHARS]}…'" if len(text) > SHOWN_CHARS else f"'{text}'"


_EXPECTED = {
    "greater_than": "greater than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "finite_number": "a finite number",
    "literal_error": "{expected}",
    "extra_forbidden": "left out: there is no such setting",
    "too_long": "at most {max_length} long",
    "too_short": "at least {min_length} long",
    "bool_type": "true or false",
}
_EXPECTED |= dict.fromkeys(("float_type", "float_parsing"), "a number")
_EXPECTED |= dict.fromkeys(
    ("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number"
)
_EXPECTED |= dict.fromkeys(("frozen_set_type", "tuple_type"), "a list")
_EXPECTED |= dict.fromkeys(("model_type", "model_attributes_type"), "a set of named values")


def sentence(error: ValidationError) -> str:
    """The first thing pydantic found wrong, for a person."""
    first = error.errors(include_url=False)[0]
    # A rule over several fields speaks for itself: of the whole, or of one lane, which has a number.
    if first["type"] == "value_error" and (not first["loc"] or isinstance(first["loc"][-1], int)):
        return str(first["ctx"]["error"]) + "."
    field = ".".join(str(part) for part in first["loc"]) or "The settings"
    if first["type"] == "value_error":
        expected = str(first["ctx"]["error"]).removeprefix("must be ")
    else:
        template = _EXPECTED.get(first["type"], first["msg"])
        expected = template.format(**first.get("ctx", {}))
    return f"{shown(field)[1:-1]} must be {expected}, got {shown(first['input'])}."
