"""Values checked at the door, and refused in one sentence: the field, what it must be, what it was."""

import json
import math
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

SHOWN_CHARS = 40
MAX_JSON_CHARS = 20_000


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
    # Half a character, as JSON may hold, cannot be sent.
    text = " ".join(text.encode("utf-8", "replace").decode().split())
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
        # A field's own rule says what the field must be, and only that.
        expected = str(first["ctx"]["error"])
    else:
        template = _EXPECTED.get(first["type"], first["msg"])
        expected = template.format(**first.get("ctx", {}))
    return f"{shown(field)[1:-1]} must be {expected}, got {shown(first['input'])}."


def _finite(value: Any) -> Any:
    # Python counts True as 1; a person who wrote `true` for a number made a mistake.
    if isinstance(value, bool):
        raise ValueError("a number")
    if not _is_finite(value):
        raise ValueError("a finite number")
    return value


def _is_finite(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return True  # No number at all, or one too large: pydantic says so better.


def _whole(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("a whole number")
    return value


Number = Annotated[float, BeforeValidator(_finite), Field(allow_inf_nan=False)]
Count = Annotated[int, BeforeValidator(_whole)]


class Checked(BaseModel):
    """A frozen value that knows JSON and refuses what it is not in one sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def checked(cls, values: Any) -> Self:
        """Build from untrusted values.

        Raises:
            SpecError: one sentence that names the field, what it must be and what it was.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise SpecError(sentence(error)) from None

    def to_json(self) -> str:
        """Compact JSON with every field."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of `to_json`. Raises SpecError."""
        if len(text) > MAX_JSON_CHARS:
            raise SpecError(
                f"The settings must be at most {MAX_JSON_CHARS} characters of JSON, got {len(text)}."
            )
        try:
            # Editors on Windows begin a file with a mark that says it is UTF-8.
            values = json.loads(text.removeprefix("\ufeff"))
        except (ValueError, RecursionError):
            raise SpecError(f"The settings must be JSON, got {shown(text)}.") from None
        return cls.checked(values)
