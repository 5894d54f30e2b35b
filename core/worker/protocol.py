"""The worker's input: one line of JSON to one checked command, or one sentence that says what is wrong."""

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.cost import MAX_STEP
from core.refusals import SpecError, shown
from core.spec import LIVE_FIELDS, Move, Moved, RunSpec

if TYPE_CHECKING:
    from core.worker.job import Job

MAX_LINE_BYTES = 1_048_576
MAX_RUN_CHARS = 200
MAX_ID_CHARS = 100
MAX_SPEED = 1e6
UNITS = ("update", "epoch")


class BadLineError(ValueError):
    """A line that is no command. `str()` is one sentence.

    Attributes:
        asked: the id and the run of a question, where it is one: who asked waits for a refusal.
    """

    def __init__(self, message: str, asked: tuple[str, str] | None = None) -> None:
        super().__init__(message)
        self.asked = asked


@dataclass(frozen=True)
class Start:
    """Begin a run, or go on with one.

    Attributes:
        run: its id.
        spec: its settings when it started.
        paused: whether it is held.
        speed: updates per second, 0 for as fast as possible.
        until: up to which step it has been shown; None for a run that begins.
        moves: what was changed in it up to there, in order; it makes them again.
        branch: whether that was shown of another run, so that it shows itself there.
        planned: what is to be changed when it comes to those steps.
        share: of the time; all runs of one share have together as much as those of another.
        twin: an equal run whose kept states it may go on from as well.
        followed: whether equal runs are shown what it shows, and may leave at any step that it was shown at.
    """

    run: str
    spec: RunSpec
    paused: bool
    speed: float
    until: int | None = None
    moves: tuple[Moved, ...] = ()
    branch: bool = False
    planned: tuple[Moved, ...] = ()
    share: str = ""
    twin: str = ""
    followed: bool = False


@dataclass(frozen=True)
class Ask:
    """A question about the weights of a run at a step; at None as they are, or were in the end.

    Attributes:
        twin: an equal run that is trained in its place, "" where it is trained itself or has ended.
    """

    run: str
    id: str
    question: str
    step: int | None
    fields: dict[str, Any]
    twin: str = ""


@dataclass(frozen=True)
class Withdraw:
    """Nobody waits for the answer to a question any more."""

    run: str
    id: str


@dataclass(frozen=True)
class Order(ABC):
    """What a run that has started is to do."""

    run: str

    @abstractmethod
    def obeyed_by(self, job: "Job") -> None:
        """Let the run do it. Raises SpecError when it cannot."""


@dataclass(frozen=True)
class ChangeLane(Order):
    """Change a lane between two updates."""

    lane: int
    move: Move

    def obeyed_by(self, job: "Job") -> None:
        """Make the move."""
        job.change(self.lane, self.move)


@dataclass(frozen=True)
class ChangeSpeed(Order):
    """Change how fast a run goes, in updates per second, 0 for as fast as possible."""

    speed: float

    def obeyed_by(self, job: "Job") -> None:
        """Set its speed."""
        job.set_speed(self.speed)


@dataclass(frozen=True)
class Step(Order):
    """Advance a run by one update or to the end of its epoch, then pause it."""

    unit: str

    def obeyed_by(self, job: "Job") -> None:
        """Let it make a step."""
        job.step(self.unit)


@dataclass(frozen=True)
class Pause(Order):
    """Hold a run."""

    def obeyed_by(self, job: "Job") -> None:
        """Pause it."""
        job.pause()


@dataclass(frozen=True)
class Resume(Order):
    """Let a run go on."""

    def obeyed_by(self, job: "Job") -> None:
        """Resume it."""
        job.resume()


@dataclass(frozen=True)
class Followed(Order):
    """Equal runs are shown what it shows from now on, or no longer."""

    value: bool

    def obeyed_by(self, job: "Job") -> None:
        """Keep the states at which it is shown, or let them go."""
        job.be_followed(self.value)


@dataclass(frozen=True)
class Stop(Order):
    """End a run."""

    def obeyed_by(self, job: "Job") -> None:
        """End it, and say that it was stopped."""
        job.end("stopped")


Command = Start | Ask | Withdraw | Order


@dataclass(frozen=True)
class Line:
    """A line of stdin: what it says, and its first characters, to show which one was wrong."""

    text: str
    command: Command | BadLineError


def parse(line: bytes) -> Command:
    """One line of stdin as a command. Raises BadLineError."""
    if len(line) > MAX_LINE_BYTES:
        raise BadLineError(f"A line must be at most {MAX_LINE_BYTES} bytes.")
    try:
        message = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadLineError("A line must be JSON.") from None
    if not isinstance(message, dict):
        raise BadLineError('A line must be a JSON object, such as {"op": "pause", "run": "a"}.')
    op, run = message.pop("op", None), message.pop("run", None)
    if not isinstance(op, str) or op not in _READERS:
        raise BadLineError(f"op must be one of {', '.join(_READERS)}, got {shown(op)}.")
    _check_run("run", run)
    try:
        command = _READERS[op](run, message)
    except SpecError as error:
        raise BadLineError(str(error)) from None
    if message:
        raise BadLineError(f"{op} must not have {shown(next(iter(message)))}.")
    return command


def _start(run: str, message: dict[str, Any]) -> Start:
    spec = RunSpec.checked(message.pop("spec", None))
    paused, branch, followed = (
        _truth(name, message.pop(name, False)) for name in ("paused", "branch", "followed")
    )
    until = message.pop("until", None)
    if until is not None:
        _check_step("until", until)
    speed = _speed(message.pop("speed", 0))
    moves, planned = (_moves(name, message.pop(name, [])) for name in ("moves", "planned"))
    share = message.pop("share", "")
    if not (isinstance(share, str) and len(share) <= MAX_ID_CHARS and share.isprintable()):
        raise BadLineError(f"share must be at most {MAX_ID_CHARS} printable characters, got {shown(share)}.")
    twin = message.pop("twin", "")
    if twin != "":
        _check_run("twin", twin)
    return Start(run, spec, paused, speed, until, moves, branch, planned, share, twin, followed)


def _truth(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadLineError(f"{name} must be true or false, got {shown(value)}.")
    return value


def _moves(name: str, value: Any) -> tuple[Moved, ...]:
    if not isinstance(value, list):
        raise BadLineError(f"{name} must be a list, got {shown(value)}.")
    return tuple(Moved.checked(each) for each in value)


def _change(run: str, message: dict[str, Any]) -> ChangeLane | ChangeSpeed:
    if "speed" in message:
        return ChangeSpeed(run, _speed(message.pop("speed")))
    lane = message.pop("lane", None)
    if not isinstance(lane, int) or isinstance(lane, bool):
        raise BadLineError(f"lane must be the number of a lane, got {shown(lane)}.")
    fields = {name: message.pop(name) for name in LIVE_FIELDS if name in message}
    if not fields:
        raise BadLineError(f"change must have speed or one of {', '.join(LIVE_FIELDS)}.")
    return ChangeLane(run, lane, Move.checked(fields))


def _step(run: str, message: dict[str, Any]) -> Step:
    unit = message.pop("unit", "update")
    if unit not in UNITS:
        raise BadLineError(f"unit must be one of {', '.join(UNITS)}, got {shown(unit)}.")
    return Step(run, unit)


def _ask(run: str, message: dict[str, Any]) -> Ask:
    number, question, step = (message.pop(name, None) for name in ("id", "question", "step"))
    number, twin = _id(number), message.pop("twin", "")
    fields = dict(message)
    message.clear()
    try:
        if not isinstance(question, str):
            raise BadLineError(f"question must be the name of one, got {shown(question)}.")
        if step is not None:
            _check_step("step", step)
        if twin != "":
            _check_run("twin", twin)
    except BadLineError as error:
        raise BadLineError(str(error), asked=(number, run)) from None
    return Ask(run, number, question, step, fields, twin)


def _withdraw(run: str, message: dict[str, Any]) -> Withdraw:
    return Withdraw(run, _id(message.pop("id", None)))


def _id(value: Any) -> str:
    if not (isinstance(value, str) and 0 < len(value) <= MAX_ID_CHARS and value.isprintable()):
        raise BadLineError(f"id must be 1 to {MAX_ID_CHARS} printable characters, got {shown(value)}.")
    return value


def _check_run(name: str, value: Any) -> None:
    if not (isinstance(value, str) and 0 < len(value) <= MAX_RUN_CHARS and value.isprintable()):
        raise BadLineError(f"{name} must be 1 to {MAX_RUN_CHARS} printable characters, got {shown(value)}.")


def _check_step(name: str, value: Any) -> None:
    if type(value) is not int or not 0 <= value <= MAX_STEP:
        raise BadLineError(f"{name} must be a whole number from 0 to {MAX_STEP}, got {shown(value)}.")


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
    "followed": lambda run, message: Followed(run, _truth("value", message.pop("value", True))),
    "stop": lambda run, message: Stop(run),
    "ask": _ask,
    "withdraw": _withdraw,
}
