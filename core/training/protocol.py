"""The worker's input: one line of JSON to one checked command, or one sentence that says what is wrong."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.refusals import SpecError
from core.spec import RunSpec

MAX_LINE_BYTES = 131_072
MAX_RUN_CHARS = 200
MAX_ID_CHARS = 100
MAX_STEP = 10**9
MAX_SPEED = 1e6
CHANGE_FIELDS = ("strength", "layers", "include_bias")
UNITS = ("update", "epoch")


class BadLineError(ValueError):
    """A line that is no command. `str()` is one sentence."""


@dataclass(frozen=True)
class Start:
    """Begin a run; speed is in updates per second, 0 for as fast as possible."""

    run: str
    spec: RunSpec
    paused: bool
    speed: float


@dataclass(frozen=True)
class ChangeLane:
    """Change fields of a lane's spec."""

    run: str
    lane: int
    fields: dict[str, Any]


@dataclass(frozen=True)
class ChangeSpeed:
    """Change how fast a run goes, in updates per second, 0 for as fast as possible."""

    run: str
    speed: float


@dataclass(frozen=True)
class Step:
    """Advance a run by one update or to the end of its epoch, then pause it."""

    run: str
    unit: str


@dataclass(frozen=True)
class Pause:
    """Hold a run."""

    run: str


@dataclass(frozen=True)
class Resume:
    """Let a run go on."""

    run: str


@dataclass(frozen=True)
class Stop:
    """End a run."""

    run: str


@dataclass(frozen=True)
class Ask:
    """A question about the weights of a run at a step; at None as they are, or were in the end."""

    run: str
    id: str
    question: str
    step: int | None
    fields: dict[str, Any]


Command = Ask | Start | ChangeLane | ChangeSpeed | Step | Pause | Resume | Stop


def parse(line: bytes) -> Command:
    """One line of stdin as a command. Raises BadLineError."""
    if len(line) > MAX_LINE_BYTES:
        raise BadLineError(f"A line must be at most {MAX_LINE_BYTES} bytes.")
    try:
        return _command(_object(line))
    except SpecError as error:
        raise BadLineError(str(error)) from None


def _object(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadLineError("A line must be JSON.") from None
    if not isinstance(value, dict):
        raise BadLineError('A line must be a JSON object, such as {"op": "pause", "run": "a"}.')
    return value


def _command(message: dict[str, Any]) -> Command:
    op = message.pop("op", None)
    if not isinstance(op, str) or op not in _READERS:
        raise BadLineError(f"op must be one of {', '.join(_READERS)}, got {shown(op)}.")
    run = message.pop("run", None)
    if not (isinstance(run, str) and 0 < len(run) <= MAX_RUN_CHARS and run.isprintable()):
        raise BadLineError(f"run must be 1 to {MAX_RUN_CHARS} printable characters, got {shown(run)}.")
    command = _READERS[op](run, message)
    if message:
        raise BadLineError(f"{op} must not have {shown(next(iter(message)))}.")
    return command


def _start(run: str, message: dict[str, Any]) -> Start:
    spec = RunSpec.checked(message.pop("spec", None))
    paused = message.pop("paused", False)
    if not isinstance(paused, bool):
        raise BadLineError(f"paused must be true or false, got {shown(paused)}.")
    return Start(run, spec, paused, _speed(message.pop("speed", 0)))


def _change(run: str, message: dict[str, Any]) -> ChangeLane | ChangeSpeed:
    if "speed" in message:
        return ChangeSpeed(run, _speed(message.pop("speed")))
    lane = message.pop("lane", None)
    if not isinstance(lane, int) or isinstance(lane, bool):
        raise BadLineError(f"lane must be the number of a lane, got {shown(lane)}.")
    fields = {name: message.pop(name) for name in CHANGE_FIELDS if name in message}
    if not fields:
        raise BadLineError(f"change must have speed or one of {', '.join(CHANGE_FIELDS)}.")
    return ChangeLane(run, lane, fields)


def _step(run: str, message: dict[str, Any]) -> Step:
    unit = message.pop("unit", "update")
    if unit not in UNITS:
        raise BadLineError(f"unit must be one of {', '.join(UNITS)}, got {shown(unit)}.")
    return Step(run, unit)


def _ask(run: str, message: dict[str, Any]) -> Ask:
    number, question, step = (message.pop(name, None) for name in ("id", "question", "step"))
    if not (isinstance(number, str) and 0 < len(number) <= MAX_ID_CHARS and number.isprintable()):
        raise BadLineError(f"id must be 1 to {MAX_ID_CHARS} printable characters, got {shown(number)}.")
    if not isinstance(question, str):
        raise BadLineError(f"question must be the name of one, got {shown(question)}.")
    if step is not None and (type(step) is not int or not 0 <= step <= MAX_STEP):
        raise BadLineError(f"step must be a whole number from 0 to {MAX_STEP}, got {shown(step)}.")
    fields = dict(message)
    message.clear()
    return Ask(run, number, question, step, fields)


def _speed(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadLineError(f"speed must be a number, got {shown(value)}.")
    # The comparison first: a huge whole number has no float.
    if not (0 <= value <= MAX_SPEED and math.isfinite(value)):
        raise BadLineError(f"speed must be from 0 to {MAX_SPEED:g} updates per second, got {shown(value)}.")
    return float(value)


_READERS: dict[str, Callable[[str, dict[str, Any]], Command]] = {
    "start": _start,
    "change": _change,
    "step": _step,
    "pause": lambda run, message: Pause(run),
    "resume": lambda run, message: Resume(run),
    "stop": lambda run, message: Stop(run),
    "ask": _ask,
}


def shown(value: Any) -> str:
    """A value as a sentence quotes it: in quotes, on one line, at most 40 characters."""
    text = " ".join((value if isinstance(value, str) else repr(value)).split())
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"
