"""Ended runs read back from the store, for whoever looks at them again."""

import logging
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from core.runs.config import Config
from core.runs.entries import Entry
from core.runs.examples.histories import example_run
from core.runs.live import encoding
from core.runs.live.hub import Feed
from core.runs.store.store import UNREADABLE, Store
from core.runs.store.writer import Writer
from core.runs.views import RunHistory, RunView

log = logging.getLogger(__name__)


class Archive:
    """Past runs; those somebody watches stay in memory."""

    def __init__(self, store: Store, writer: Writer, config: Config) -> None:
        self._store = store
        self._writer = writer
        self._config = config
        self._lock = Lock()
        self._entries: dict[str, Entry] = {}

    def view(self, run: str) -> RunView | None:
        """An example, or a run as the store knows it; None when it does not, or does not answer."""
        example = example_run(run)
        if example is not None:
            return example.view
        try:
            return self._store.view(run)
        except SQLAlchemyError as error:
            log.error("the store cannot be read: %s", error)
            return None

    def entry(self, run: str, now: float) -> Entry | None:
        """A run with its feed; takes as long as the store does (some 10 ms)."""
        with self._lock:
            if run in self._entries:
                return self._entries[run]
        view = self.view(run)
        if view is None:
            return None
        try:
            feed = self._feed(view)
        except UNREADABLE as error:
            log.error("the store cannot be read: %s", error)
            return None
        entry = Entry(view.id, view.owner, view.spec, feed, view.created, now, view.speed)
        entry.state, entry.reason, entry.ended = view.state, view.reason, now
        feed.set_status(entry.status(0, "", ""))
        with self._lock:
            return self._entries.setdefault(run, entry)

    def history(self, run: str, most: int) -> RunHistory | None:
        """A run's curves, thinned to about `most` moments, and its last frames; reads no more than that.

        An example's are few enough to come whole.
        """
        example = example_run(run)
        if example is not None:
            return example
        view = self.view(run)
        if view is None:
            return None
        try:
            points, frames = self._store.picture(run, most)
            latest = [encoding.unpacked(frames)] if frames is not None else []
            shown = encoding.points(map(encoding.unpacked, points)), encoding.frames(latest)
            return RunHistory.of(view, *shown, self._store.events(run))
        except UNREADABLE as error:
            log.error("the store cannot be read: %s", error)
            return None

    def drop(self, run: str) -> None:
        """Forget a run that is to be removed."""
        with self._lock:
            self._entries.pop(run, None)

    def forget(self, now: float) -> None:
        """Drop what nobody watches any more."""
        seconds = 60 * self._config.evict_minutes
        with self._lock:
            for entry in list(self._entries.values()):
                if entry.watchers:
                    entry.watched = now
                elif now - entry.watched > seconds:
                    del self._entries[entry.id]

    def _feed(self, view: RunView) -> Feed:
        feed = Feed(view.id, view.spec, self._writer, self._config.points_kept, self._config.frames_kept)
        example = example_run(view.id)
        if example is None:
            feed.restore(self._store.moments(view.id), self._store.events(view.id))
        else:
            feed.restore(_moments(example), example.events)
        return feed


def _moments(example: RunHistory) -> list[tuple[int, bytes, bytes | None]]:
    """An example's points, and its frames with the last of them, as a store has them."""
    points = [encoding.packed(map(encoding.point, moment)) for moment in zip(*example.points, strict=True)]
    frames = encoding.packed(map(encoding.frame, filter(None, example.frames)))
    return [(i, each, frames if i == len(points) - 1 else None) for i, each in enumerate(points)]
