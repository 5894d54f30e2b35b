"""How far a reader is on the guided path: what counts as done, and what is remembered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.lessons.guided_path import NAMES, STOPS, Stop

ENOUGH = 10.0
"""Epochs after which a run's curves tell what the stop is about; all 200 would be a long wait."""


@dataclass(frozen=True)
class Seen:
    """What can be known of a reader at this moment.

    Attributes:
        page: the page they look at.
        run_state, run_method: of the run on Train live, and of its last lane; "" without a run.
        run_epochs: how far that run is trained.
        values: of widgets by key, now; first: the same when the stop began.
        moved: whether the browser has seen the stop's control operated.
        revealed: experiments whose result the reader has asked for and seen.
        checks: which of "before" and "after" have been answered.
    """

    page: str = ""
    run_state: str = ""
    run_method: str = ""
    run_epochs: float = 0.0
    values: Mapping[str, Any] = field(default_factory=dict)
    first: Mapping[str, Any] = field(default_factory=dict)
    moved: bool = False
    revealed: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()


def is_done(stop: Stop, seen: Seen) -> bool:
    """Whether the reader has done what a stop asks for.

    started: a run is on Train live. trained: ENOUGH epochs of one by method `of`. changed: widget `of` has
    another value than when the stop began. moved: the browser saw the control come to `goal`. answered:
    widget `of` has a value within it. revealed: of experiment `of`. checked: `of` was answered. opened: the
    page was.
    """
    of = stop.of
    answers = {
        "started": seen.run_state not in ("", "queued"),
        "trained": seen.run_epochs >= ENOUGH and seen.run_method == of,
        "changed": of in seen.first and of in seen.values and seen.values[of] != seen.first[of],
        "moved": seen.moved,
        "answered": _within(seen.values.get(of), stop.goal),
        "revealed": of in seen.revealed,
        "checked": of in seen.checks,
        "opened": True,
    }
    return seen.page == stop.page and answers[stop.done]


def _within(value: Any, goal: tuple[float, float] | None) -> bool:
    return value is not None and (goal is None or goal[0] <= value <= goal[1])


@dataclass(frozen=True)
class Progress:
    """How far a reader is.

    Attributes:
        on: whether the strip is shown.
        at: name of the stop they are at.
        done: names of the stops they have done.
    """

    on: bool = False
    at: str = NAMES[0]
    done: frozenset[str] = frozenset()

    @classmethod
    def read(cls, kept: Any) -> "Progress":
        """From what `written` gave; stops that are no more, or anything else, are left out."""
        if not isinstance(kept, Mapping):
            return cls()
        at = kept.get("at")
        done = frozenset(name for name in NAMES if name in kept.get("done", ()))
        return cls(kept.get("on") is True, at if at in NAMES else NAMES[0], done)

    def written(self) -> dict[str, Any]:
        """As JSON can have it."""
        return {"on": self.on, "at": self.at, "done": [name for name in NAMES if name in self.done]}

    @property
    def stop(self) -> Stop:
        """Where they are."""
        return STOPS[NAMES.index(self.at)]

    @property
    def is_last(self) -> bool:
        """Whether no stop comes after."""
        return self.at == NAMES[-1]

    def ticked(self) -> "Progress":
        """The same with this stop done."""
        return replace(self, done=self.done | {self.at})

    def onward(self) -> "Progress":
        """At the next stop; after the last, off."""
        if self.is_last:
            return replace(self, on=False)
        return replace(self, at=NAMES[NAMES.index(self.at) + 1])

    def opened(self, name: str) -> "Progress":
        """At a stop of the reader's choice."""
        return replace(self, on=True, at=name)

    def left(self) -> "Progress":
        """Off; to be taken up again at the same stop."""
        return replace(self, on=False)
