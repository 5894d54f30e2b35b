"""Runs that begin in the middle of others: the same past, or the same moves with other settings."""

import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from threading import RLock
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from core.refusals import SpecError
from core.runs.board import Board
from core.runs.entries import Entry
from core.runs.live.hub import Feed
from core.runs.store.archive import Archive
from core.runs.store.store import Store
from core.runs.views import Origin, Refused, RunView
from core.snapshots import Event
from core.spec import Moved, RunSpec

UNKNOWN = "How this run began is not known, so it cannot be gone on from: start a new one."


class Branches:
    """A run is its spec and its moves; these two are what can be begun anew from them.

    Args:
        lock: guards the board.
        board: the runs in memory.
        archive: the runs in the store.
        store: what knows their origins and moves.
        clock: seconds that only go forward.
        make_feed: an empty feed for a run of these settings.
    """

    def __init__(
        self,
        lock: RLock,
        board: Board,
        archive: Archive,
        store: Store,
        clock: Callable[[], float],
        make_feed: Callable[[str, RunSpec], Feed],
    ) -> None:
        self._lock = lock
        self._board = board
        self._archive = archive
        self._store = store
        self._clock = clock
        self._make_feed = make_feed

    def moves(self, run: str) -> list[Moved]:
        """What was changed in a run while it went; nothing where that is not known."""
        past = self._past(run)
        return past[1] if past else []

    def branch(self, owner: str, run: str, step: Any, key: str, speed: int = 0) -> RunView:
        """A new run with the past of another up to a step, held there. The same key again is the same run.

        Raises:
            Refused: the run or its origin is not known, it was not shown at that step, or the owner has too
                many.
        """
        parent, past = self._board.get(run) or self._archive.entry(run, self._clock()), self._past(run)
        if parent is None or past is None:
            raise Refused(UNKNOWN)
        shown = parent.feed.shown or 0
        if isinstance(step, bool) or not isinstance(step, int) or not 0 <= step <= shown:
            raise Refused(f"step must be a whole number from 0 to {shown}, got '{step}'.")
        origin, moves = past
        moves = [each for each in moves if each.step <= step]
        with self._lock:
            made = self._board.by_key(owner, key)
            if made is None:
                made = self._entry(owner, origin.spec.after(moves), Origin(origin.spec, run, step), speed)
                made.moves, made.paused = moves, True
                # Before its past is written: who has too many leaves nothing behind.
                self._board.add(made, key)
                made.feed.adopt(parent.feed, step, [*_until(parent, step, made.id), _mark(made, run, step)])
                self._board.keep_moves(made)
                self._board.settle()
            return self._board.view(made)

    def again(self, owner: str, run: str, spec: RunSpec, key: str, speed: int = 0) -> RunView:
        """A new run with other settings in which the moves of another are made at the same steps.

        What moves change is taken from where the other began.

        Raises:
            Refused: the run or its origin is not known, these settings have no such lanes, or the owner has
                too many.
        """
        past = self._past(run)
        if past is None:
            raise Refused(UNKNOWN)
        origin, moves = past
        if len(spec.lanes) != len(origin.spec.lanes):
            raise Refused("The same moves need as many lanes as the run has that they were made in.")
        try:
            lanes = [lane.steered(begun) for lane, begun in zip(spec.lanes, origin.spec.lanes, strict=True)]
            begun = RunSpec.checked(spec.model_dump() | {"lanes": lanes})
            begun.after(moves)
        except SpecError as error:
            raise Refused(str(error)) from None
        with self._lock:
            made = self._board.by_key(owner, key)
            if made is None:
                made = self._entry(owner, begun, Origin(begun, planned=tuple(moves)), speed)
                self._board.add(made, key)
                self._board.settle()
            return self._board.view(made)

    def _past(self, run: str) -> tuple[Origin, list[Moved]] | None:
        entry = self._board.get(run)
        if entry is not None:
            # What has not started has no past but its settings.
            return entry.origin or Origin(entry.spec), list(entry.moves)
        try:
            return self._store.past(run)
        except SQLAlchemyError:
            return None

    def _entry(self, owner: str, spec: RunSpec, origin: Origin, speed: int) -> Entry:
        run = secrets.token_urlsafe(16)
        entry = Entry(run, owner, spec, self._make_feed(run, spec), time.time(), self._clock(), speed)
        entry.origin = origin
        return entry


def _until(parent: Entry, step: int, run: str) -> list[Event]:
    """What happened up to a step, as events of another run."""
    events = [each for each in parent.feed.picture(1)[2] if each.step <= step]
    own = ("resumed", "branched")
    return [each.model_copy(update={"run": run}) for each in events if each.kind not in own]


def _mark(entry: Entry, parent: str, step: int) -> Event:
    return Event(
        run=entry.id,
        lane=len(entry.spec.lanes) - 1,
        step=step,
        kind="branched",
        old=mark_of(parent),
        text=f"Branched at step {step:,}, the same run up to here: move λ or layers, then press Play.",
    )


def mark_of(run: str) -> str:
    """What names a run to those who know it already: who has its id may watch it."""
    return sha256(run.encode()).hexdigest()[:16]
