"""Values checked at the door: numbers that are numbers, and frozen values that refuse in one sentence."""

import json
import math
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.refusals import SpecError, sentence, shown

MAX_JSON_CHARS = 20_000


def _finite(value: Any) -> Any:
    # Python counts True as 1; a person who wrote `true` for a number made a mistake.
    if isinstance(value, bool):
        raise ValueError("must be a number")
    if not _is_finite(value):
        raise ValueError("must be a finite number")
    return value


def _is_finite(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return True  # No number at all, or one too large: pydantic says so better.


def _whole(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a whole number")
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
            values = json.loads(text)
        except (ValueError, RecursionError):
            raise SpecError(f"The settings must be JSON, got {shown(text)}.") from None
        return cls.checked(values)
