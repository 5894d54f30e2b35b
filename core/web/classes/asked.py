"""What is posted to a class: small JSON objects, checked; refusals are one sentence."""

import json
from typing import Any

from starlette.requests import Request

from core.classes.state import STEERING, TEMPOS, Dot, Steering, Tempo
from core.refusals import SpecError, shown

MOST_BODY_BYTES = 65_536


async def asked(request: Request) -> dict[str, Any]:
    """The object that was posted. Raises SpecError."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY_BYTES:
            raise SpecError(f"What is posted must be at most {MOST_BODY_BYTES // 1024} kB.")
    try:
        told = json.loads(body.decode("utf-8") or "{}")
    except (ValueError, RecursionError):
        raise SpecError("What is posted must be JSON.") from None
    if not isinstance(told, dict):
        raise SpecError(f"What is posted must be a JSON object, got {shown(told)}.")
    return told


def whole(told: dict[str, Any], name: str, default: int | None = None) -> int:
    """A whole number of it. Raises SpecError."""
    value = told.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise SpecError(f"{name} must be a whole number, got {shown(value)}.")
    return value


def steering(told: dict[str, Any]) -> Steering:
    """What the lecturer wants. Raises SpecError."""
    for each in STEERING:
        if told.get("do") == each:
            return each
    raise SpecError(f"do must be one of {', '.join(STEERING)}, got {shown(told.get('do'))}.")


def dot(told: dict[str, Any]) -> Dot | None:
    """A choice and a seed. Raises SpecError."""
    given = told.get("dot")
    if given is None:
        return None
    if isinstance(given, list) and len(given) == 2 and all(type(each) is int for each in given):
        return given[0], given[1]
    raise SpecError(f"dot must be a choice and a seed, got {shown(given)}.")


def tempo(told: dict[str, Any]) -> Tempo:
    """How it goes. Raises SpecError."""
    for each in TEMPOS:
        if told.get("tempo") == each:
            return each
    raise SpecError(f"tempo must be one of {', '.join(TEMPOS)}, got {shown(told.get('tempo'))}.")
