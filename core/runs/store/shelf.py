"""An owner's runs as a list to keep in order: names, pins, the baseline, deleting and taking that back."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from core.checkpoints import Checkpoints, NotKeptError
from core.refusals import shown
from core.runs.examples.histories import example_run
from core.runs.memory import Memory
from core.runs.steering import Steering
from core.runs.store.marks import Mark
from core.runs.store.store import Store
from core.runs.views import GOING, Refused, RunView

log = logging.getLogger(__name__)

MOST_LISTED = 50
"""Runs that are read from the store for a list, the newest; older ones are there by their id."""

MOST_PINNED = 6
"""Runs in one figure: more strokes cannot be told apart."""

UNDO_SECONDS = 60.0
"""A deleted run is really removed after so long."""

MOST_NAME = 40

JOINER = "\u200d"
"""Joins emoji to one, and counts as not printable."""

NOT_SAVED = "This could not be saved at the moment: try again."


def can_be_name(name: str) -> bool:
    """Whether a run can be called this; charts take < and > for markup."""
    return len(name) <= MOST_NAME and name.replace(JOINER, "").isprintable() and not {"<", ">"} & {*name}


@dataclass(frozen=True)
class Listed:
    """A run in an owner's list, with what the owner says about it."""

    view: RunView
    mark: Mark


class Shelf:
    """Keeps the lists. Not for the event loop: the store may take its time.

    Args:
        store: where marks and ended runs are.
        memory: the runs as they are now.
        steering: stops one that is deleted while it goes.
        weights: their files, which stay for pinned runs and go with removed ones.
        now: seconds since 1970 that only go forward; a test brings its own.
    """

    def __init__(
        self,
        store: Store,
        memory: Memory,
        steering: Steering,
        weights: Checkpoints,
        now: Callable[[], float],
    ) -> None:
        self._store = store
        self._memory = memory
        self._steering = steering
        self._weights = weights
        self._now = now
        self._removed = 0.0

    def listed(self, owner: str) -> list[Listed]:
        """An owner's runs that are not deleted, newest first: the newest MOST_LISTED and what is pinned."""
        try:
            views = {view.id: view for view in self._store.listed(owner, MOST_LISTED)}
        except SQLAlchemyError as error:
            log.error("the store cannot be read: %s", error)
            views = {}
        # Memory is up to a second ahead of the store.
        views |= {view.id: view for view in self._memory.recent(owner)}
        marks = self.marks(owner)
        for run in {run for run, mark in marks.items() if mark.pinned} - views.keys():
            if (view := self._memory.view(run)) is not None and view.owner == owner:
                views[run] = view
        both = [Listed(view, marks.get(run, Mark())) for run, view in views.items()]
        kept = [each for each in both if each.mark.deleted is None]
        return sorted(kept, key=lambda each: each.view.created, reverse=True)

    def marks(self, owner: str) -> dict[str, Mark]:
        """All that an owner says, by run, examples included; empty when the store cannot be read."""
        try:
            return self._store.marks.of(owner)
        except SQLAlchemyError as error:
            log.error("the store cannot be read: %s", error)
            return {}

    def rename(self, owner: str, run: str, name: str) -> None:
        """Call a run something; "" calls it by its settings again. Raises Refused."""
        name = name.strip()
        if not can_be_name(name):
            raise Refused(
                f"A name must be at most {MOST_NAME} characters that can be seen, < and > not among them, "
                f"got {shown(name)}."
            )
        self._own(owner, run)
        self._say(owner, run, name=name)

    def pin(self, owner: str, run: str, pinned: bool) -> None:
        """Lay a run into the figures, or take it out. Raises Refused: not there, or MOST_PINNED are."""
        view = self._known(run)
        marks = self.marks(owner)
        others = [mark for other, mark in marks.items() if mark.pinned and other != run]
        if pinned and sum(mark.deleted is None for mark in others) >= MOST_PINNED:
            raise Refused(f"{MOST_PINNED} runs are pinned, more cannot be told apart: take one off first.")
        last = max((mark.pinned or 0.0 for mark in others), default=0.0)
        self._say(owner, run, pinned=max(self._now(), last + 1e-3) if pinned else 0.0)
        if view.owner == owner:
            self._keep_weights(run, pinned)

    def set_baseline(self, owner: str, run: str, baseline: bool) -> None:
        """Compare the others with this run, or with none. Raises Refused."""
        self._known(run)
        self._say(owner, run, baseline=baseline)

    def delete(self, owner: str, run: str) -> None:
        """Delete a run, which stops it; `undo` takes that back for UNDO_SECONDS. Raises Refused."""
        if self._own(owner, run).state in GOING:
            self._steering.stop(owner, run)
        self._say(owner, run, deleted=self._now())

    def delete_all(self, owner: str) -> None:
        """Delete an owner's runs and all that is kept of them; nothing takes that back. Raises Refused."""
        for view in self._memory.active(owner):
            self._steering.stop(owner, view.id)
        try:
            runs = {*self._store.people.runs(owner), *(view.id for view in self._memory.recent(owner))}
            self._store.people.forget(owner)
            for run in runs:
                self._store.marks.say(owner, run, deleted=self._now() - UNDO_SECONDS)
        except SQLAlchemyError as error:
            log.error("the store cannot be written: %s", error)
            raise Refused(NOT_SAVED) from None
        # What is on its way to the store comes before the next look at what is to go.
        self._removed = self._now()

    def undo(self, owner: str, run: str) -> None:
        """Take a deletion back. Raises Refused: it is too late, or not this owner's run."""
        if self._memory.view(run) is None:
            raise Refused("It is too late: this run has been removed.")
        self._own(owner, run)
        mark = self.marks(owner).get(run, Mark())
        if mark.deleted is not None and self._now() - mark.deleted >= UNDO_SECONDS:
            raise Refused("It is too late: this run has been removed.")
        pins = [each for each in self.marks(owner).values() if each.pinned and each.deleted is None]
        full = {"pinned": 0.0} if mark.pinned and len(pins) >= MOST_PINNED else {}
        self._say(owner, run, deleted=None, **full)

    def deleted(self, owner: str) -> tuple[str, float] | None:
        """The run deleted last that can be brought back, and for how many seconds more."""
        left = {
            run: mark.deleted + UNDO_SECONDS - self._now()
            for run, mark in self.marks(owner).items()
            if mark.deleted is not None
        }
        last = max(left, key=left.__getitem__, default=None)
        return (last, left[last]) if last is not None and left[last] > 0.0 else None

    def tick(self) -> None:
        """Really remove what was deleted more than UNDO_SECONDS ago."""
        moment = self._now()
        if abs(moment - self._removed) < UNDO_SECONDS / 12:
            return
        self._removed = moment
        try:
            due = self._store.marks.deleted_before(moment - UNDO_SECONDS)
            for run in due:
                self._memory.drop(run)
                self._weights.forget(run)
            if due:
                self._store.remove(due)
        except SQLAlchemyError as error:
            log.error("deleted runs cannot be removed: %s", error)

    def _keep_weights(self, run: str, kept: bool) -> None:
        try:
            self._weights.pin(run, kept)
        except NotKeptError as error:
            # The pin is about the curves: they stay, whatever becomes of the weights.
            log.warning("run %s: %s", run, error)

    def _own(self, owner: str, run: str) -> RunView:
        view = self._memory.view(run)
        if view is None:
            raise Refused("There is no such run.")
        if view.owner != owner:
            raise Refused("This run is someone else's: only who started it can change it.")
        return view

    def _known(self, run: str) -> RunView:
        example = example_run(run)
        view = self._memory.view(run) if example is None else example.view
        if view is None:
            raise Refused("There is no such run.")
        return view

    def _say(self, owner: str, run: str, **fields: Any) -> None:
        try:
            self._store.marks.say(owner, run, **fields)
        except SQLAlchemyError as error:
            log.error("the store cannot be written: %s", error)
            raise Refused(NOT_SAVED) from None
