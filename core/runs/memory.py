"""Every run there is, as it is now: those in memory, and behind them those of the store."""

from collections.abc import Callable
from threading import RLock

from core.runs.board import Board
from core.runs.entries import Entry
from core.runs.live import encoding
from core.runs.store.archive import Archive
from core.runs.views import Glance, RunHistory, RunView

SEEN_SECONDS = 5.0
"""A page that asks again and again for a run's curves does so more often than this."""


class Memory:
    """Looks runs up. Thread-safe.

    Args:
        lock: guards the board.
        board: the runs in memory.
        archive: the runs in the store, which may take its time.
        clock: seconds that only go forward.
    """

    def __init__(self, lock: RLock, board: Board, archive: Archive, clock: Callable[[], float]) -> None:
        self._lock = lock
        self._board = board
        self._archive = archive
        self._clock = clock

    def view(self, run: str) -> RunView | None:
        """A run as it is now; None when there is none."""
        with self._lock:
            entry = self._board.get(run)
            if entry is not None:
                return self._board.view(entry)
        return self._archive.view(run)

    def active(self, owner: str) -> list[RunView]:
        """An owner's runs that have not ended, oldest first."""
        with self._lock:
            return [self._board.view(entry) for entry in self._board.going() if entry.owner == owner]

    def glances(self, owner: str) -> list[Glance]:
        """An owner's runs that have not ended, in a line each, oldest first. Asking is no watching."""
        with self._lock:
            now = self._clock()
            own = [entry for entry in self._board.going() if entry.owner == owner]
            views = [self._board.view(entry) for entry in own]
            watched = [entry.watchers > 0 or now - entry.watched < SEEN_SECONDS for entry in own]
        pictures = [entry.feed.picture(1) for entry in own]
        return [
            Glance.of(view, list(encoding.points(points)), list(encoding.frames(frames)), seen)
            for view, (points, frames, _), seen in zip(views, pictures, watched, strict=True)
        ]

    def recent(self, owner: str) -> list[RunView]:
        """An owner's runs on the board, oldest first."""
        with self._lock:
            return [self._board.view(entry) for entry in self._board.of(owner)]

    def history(self, run: str, most: int) -> RunHistory | None:
        """A run's curves, thinned to about `most` moments, and its latest frames; None when there is none.

        Asking counts as watching.
        """
        entry = self._board.get(run)
        if entry is None:
            return self._archive.history(run, most)
        points, frames, events = entry.feed.picture(most)
        with self._lock:
            entry.watched = self._clock()
            view = self._board.view(entry)
        return RunHistory.of(view, encoding.points(points), encoding.frames(frames), events)

    def attach(self, run: str) -> Entry | None:
        """A run to watch; `detach` it after."""
        entry = self._board.get(run) or self._archive.entry(run, self._clock())
        if entry is not None:
            with self._lock:
                entry.watchers += 1
        return entry

    def detach(self, entry: Entry) -> None:
        """One watcher less."""
        with self._lock:
            entry.watchers -= 1
            entry.watched = self._clock()

    def drop(self, run: str) -> None:
        """Forget a run that is to be removed from the store."""
        with self._lock:
            self._board.drop(run)
        self._archive.drop(run)
