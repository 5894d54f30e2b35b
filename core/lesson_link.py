"""A lesson as a link: the settings, and what of Train live is hidden, locked, said and asked.

Beside the settings' link: `hide=loss.kernels`, `lock=strength.layers`, `start=playing`, `say=` and `ask=`.
A lock is a courtesy: whoever opens the link can leave the lesson.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, get_args
from unicodedata import category

from pydantic import BeforeValidator, model_validator

from core import link
from core.refusals import Checked, SpecError, shown
from core.spec import RunSpec

PartKind = Literal[
    "formula",
    "optimality",
    "sentence",
    "clock",
    "loss",
    "accuracy",
    "zeros",
    "weights",
    "kernels",
    "layers",
    "numbers",
    "bands",
    "steps",
    "presets",
    "more",
]
"""What of Train live a lesson can hide."""

LockKind = Literal["strength", "layers", "method", "penalty", "dataset", "model", "seed"]
"""What a lesson can set for good."""

StartKind = Literal["paused", "playing"]

PARTS: tuple[PartKind, ...] = get_args(PartKind)
LOCKS: Mapping[LockKind, frozenset[str]] = MappingProxyType(
    {
        "strength": frozenset({"strength", "multipliers", "warmup"}),
        "layers": frozenset({"layers", "multipliers", "include_bias"}),
        "method": frozenset({"method"}),
        "penalty": frozenset({"penalty", "alpha"}),
        "dataset": frozenset({"dataset"}),
        "model": frozenset({"model"}),
        "seed": frozenset({"seed"}),
    }
)
"""The settings that each lock holds: with λ what makes it another one in a layer, or for a while."""

LESSON_FIELDS = ("hide", "lock", "start", "say", "ask")
"""The parameters that a lesson takes in a link beside its settings'."""

MOST_CHARS = 200
"""Of a sentence and of a question: both stand above a picture, on a phone too."""

CONTROLS = frozenset({"Cc", "Cs"})
"""Categories of characters that are no text, or cannot be sent."""

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what stands around them."""


def _line(value: Any) -> str:
    """Text as people write it on one line; what it would mean to Markdown or HTML stays text."""
    line = " ".join(value.split()) if isinstance(value, str) else None
    if line is None or len(line) > MOST_CHARS or any(map(_is_no_text, line)):
        raise ValueError(f"plain text of at most {MOST_CHARS} characters")
    return line


def _is_no_text(character: str) -> bool:
    return category(character) in CONTROLS or character in TURNING


Line = Annotated[str, BeforeValidator(_line)]


class Lesson(Checked):
    """One scene of Train live, and what is said and asked about it.

    Attributes:
        settings: what it trains; two lanes.
        hide: what is not drawn.
        lock: what is set by the lesson.
        start: whether it trains at once or waits at step 0.
        say: a sentence above it; may be empty.
        ask: a question above it; may be empty.
    """

    settings: RunSpec = RunSpec()
    hide: frozenset[PartKind] = frozenset()
    lock: frozenset[LockKind] = frozenset()
    start: StartKind = "paused"
    say: Line = ""
    ask: Line = ""

    @model_validator(mode="after")
    def _two_lanes(self) -> Self:
        if len(self.settings.lanes) != 2:
            raise ValueError(f"lanes must be 2 in a lesson, got '{len(self.settings.lanes)}'")
        return self

    def holds(self, field: str) -> bool:
        """Whether the lesson sets this field of the settings."""
        return any(field in LOCKS[name] for name in self.lock)

    def broken(self, before: RunSpec, after: RunSpec) -> list[LockKind]:
        """The locks that a change of the settings would break, in their order."""
        changed = {name for name in RunSpec.model_fields if getattr(before, name) != getattr(after, name)}
        mine, wanted = before.lanes[-1], after.lanes[-1]
        changed |= {name for name in type(mine).model_fields if getattr(mine, name) != getattr(wanted, name)}
        return [name for name, fields in LOCKS.items() if name in self.lock and fields & changed]


def to_link(lesson: Lesson) -> dict[str, str]:
    """The settings' link with the lesson's own parameters."""
    return link.to_link(lesson.settings) | parameters(lesson)


def parameters(lesson: Lesson) -> dict[str, str]:
    """The lesson's own parameters; `start` is always there, and says that it is a lesson."""
    some = {
        "hide": ".".join(name for name in PARTS if name in lesson.hide),
        "lock": ".".join(name for name in LOCKS if name in lesson.lock),
        "start": lesson.start,
        "say": lesson.say,
        "ask": lesson.ask,
    }
    return {name: text for name, text in some.items() if text}


def from_link(given: Mapping[str, str]) -> tuple[Lesson | None, str]:
    """The lesson of a link, and a sentence on what of it was left out, "" where all holds.

    None where the link is no lesson's. Settings that are refused leave nothing to hold or to play: the lesson
    says and asks, and waits.
    """
    if given.keys().isdisjoint(LESSON_FIELDS):
        return None, ""
    read, unknown, refused = _read(given)
    try:
        read["settings"] = link.from_link(given)
        lesson = Lesson.checked(read)
    except SpecError as error:
        refused = [f"The link's settings were not used: {error}"]
        said_alone = {name: read[name] for name in ("hide", "say", "ask") if name in read}
        lesson = Lesson.checked(said_alone)
    if unknown:
        names = " and ".join(shown(f"{name}={text}") for name, text in unknown.items())
        refused.append(f"Of the lesson's link {names} was not used: there is nothing of this name.")
    return lesson, next(iter(refused), "")


def _read(given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """What is well written, the names that nothing has, and the texts that are refused."""
    read: dict[str, Any] = {}
    unknown: dict[str, str] = {}
    refused: list[str] = []
    known: dict[str, tuple[str, ...]] = {"hide": PARTS, "lock": tuple(LOCKS)}
    for name, possible in known.items():
        names = [part for part in given.get(name, "").split(".") if part]
        read[name] = [part for part in names if part in possible]
        if lost := [part for part in names if part not in possible]:
            unknown[name] = ".".join(lost)
    if (start := given.get("start", "paused")) in get_args(StartKind):
        read["start"] = start
    else:
        unknown["start"] = start
    for name in ("say", "ask"):
        try:
            read[name] = getattr(Lesson.checked({name: given.get(name, "")}), name)
        except SpecError as error:
            refused.append(f"The link's {error}")
    return read, unknown, refused
