"""How far a reader is on the guided path: what counts as done, and what is remembered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pages.ui.guided_path.stops import NAMES, STOPS, Stop

ENOUGH = 10.0
"""Epochs after which a run's curves tell what the stop is about; all 200 would be a long wait."""


@dataclass(frozen=True)
class Seen:
    """What can be known of a reader at this moment, and of what they have done since the stop began.

    Attributes:
        page: the page they look at.
        played: whether they have set a run on Train live going, since.
        is_new: whether the run there has been started since; run_method: of its last lane.
        run_epochs: how far that run is trained.
        values: of widgets by key, now; first: the same when the stop began.
        asked: whether the networks have answered a drawing or a picked image, since.
        moved: whether the browser has seen the stop's control operated.
        revealed: experiments whose result the reader has asked for and seen, since.
        checks: which of "before" and "after" have been answered, since.
    """

    page: str = ""
    played: bool = False
    is_new: bool = False
    run_method: str = ""
    run_epochs: float = 0.0
    values: Mapping[str, Any] = field(default_factory=dict)
    first: Mapping[str, Any] = field(default_factory=dict)
    asked: bool = False
    moved: bool = False
    revealed: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()


def is_done(stop: Stop, seen: Seen) -> bool:
    """Whether the reader has done what a stop asks for, since it began: what was there before does not count.

    started: a run has been set going. trained: ENOUGH epochs of one by method `of`. changed: widget `of` has
    another value. moved: the browser saw the control come to `goal`. answered: widget `of` has got a value
    within it. asked: the networks have answered a drawing. revealed: of experiment `of`. checked: `of` was
    answered. finished: only Finish does it.
    """
    of = stop.of
    changed = of in seen.first and of in seen.values and seen.values[of] != seen.first[of]
    answers = {
        "started": seen.played and seen.run_epochs > 0.0,
        "trained": seen.is_new and seen.run_epochs >= ENOUGH and seen.run_method == of,
        "changed": changed,
        "moved": seen.moved,
        "answered": changed and _within(seen.values[of], stop.goal),
        "asked": seen.asked,
        "revealed": of in seen.revealed,
        "checked": of in seen.checks,
        "finished": False,
    }
    return seen.page == stop.page and answers[stop.done]


def is_begun(stop: Stop, seen: Seen) -> bool:
    """Whether there is something to watch: the run that the stop asks for is on the screen, or it is done."""
    if stop.done == "trained":
        return seen.page == stop.page and seen.is_new and seen.run_method == stop.of
    return is_done(stop, seen)


def _within(value: Any, goal: tuple[float, float] | None) -> bool:
    return value is not None and (goal is None or goal[0] <= value <= goal[1])


@dataclass(frozen=True)
class Progress:
    """How far a reader is.

    Attributes:
        on: whether the strip is shown.
        at: name of the stop they are at.
        done: names of the stops they have done.
        since: when they came to the stop they are at, in seconds since 1970.
    """

    on: bool = False
    at: str = NAMES[0]
    done: frozenset[str] = frozenset()
    since: float = 0.0

    @classmethod
    def read(cls, kept: Any) -> "Progress":
        """From what `written` gave; stops that are no more, or anything else, are left out."""
        if not isinstance(kept, Mapping):
            return cls()
        at = kept.get("at")
        done = frozenset(name for name in NAMES if name in kept.get("done", ()))
        since = kept.get("since")
        now = cls(kept.get("on") is True, at if at in NAMES else NAMES[0], done)
        return replace(now, since=float(since)) if isinstance(since, int | float) else now

    def written(self) -> dict[str, Any]:
        """As JSON can have it."""
        done = [name for name in NAMES if name in self.done]
        return {"on": self.on, "at": self.at, "done": done, "since": self.since}

    @property
    def stop(self) -> Stop:
        """Where they are."""
        return STOPS[NAMES.index(self.at)]

    @property
    def is_last(self) -> bool:
        """Whether no stop comes after."""
        return self.at == NAMES[-1]

    @property
    def is_over(self) -> bool:
        """Whether every stop is done."""
        return len(self.done) == len(NAMES)

    def ticked(self) -> "Progress":
        """The same with this stop done."""
        return replace(self, done=self.done | {self.at})

    def finished(self) -> "Progress":
        """The last stop done, and off."""
        return replace(self.ticked(), on=False)

    def opened(self, name: str, now: float) -> "Progress":
        """At a stop of the reader's choice, which begins now."""
        return replace(self, on=True, at=name, since=now)

    @property
    def following(self) -> str:
        """The name of the next stop; of the last, its own."""
        return NAMES[min(NAMES.index(self.at) + 1, len(NAMES) - 1)]

    def left(self) -> "Progress":
        """Off; to be taken up again at the same stop."""
        return replace(self, on=False)
