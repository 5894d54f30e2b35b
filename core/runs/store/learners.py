"""What the lesson remembers of each owner: how far they are, what they predicted and answered."""

import json
import logging
import time
from collections.abc import Mapping
from threading import Lock
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from core.runs.store.store import Store

log = logging.getLogger(__name__)

MOST_CHARS = 4_000
"""Of one value as JSON: progress of all stops takes 600."""


MOST_WAITING = 10_000
"""Values kept for a database that does not answer; then the oldest go."""


class Learners:
    """Small values by owner and name. A database in trouble is tried again and costs the page nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._waiting: dict[tuple[str, str], tuple[str, float]] = {}

    def kept(self, owner: str) -> Mapping[str, Any]:
        """Everything remembered of an owner, by name; as far as the store answers."""
        try:
            rows = self._store.kept(owner)
        except SQLAlchemyError as error:
            log.error("the store cannot be read: %s", error)
            rows = {}
        with self._lock:
            rows |= {name: text for (whose, name), (text, _) in self._waiting.items() if whose == owner}
        return {name: json.loads(value) for name, value in rows.items()}

    def keep(self, owner: str, name: str, value: Any) -> None:
        """Remember a value, in place of the one under this name.

        Raises:
            ValueError: the value is not JSON, or longer than MOST_CHARS.
        """
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
        if len(text) > MOST_CHARS:
            raise ValueError(f"{name} must have at most {MOST_CHARS} characters, got {len(text)}.")
        with self._lock:
            in_trouble = bool(self._waiting)
            self._waiting.pop((owner, name), None)
            self._waiting[owner, name] = text, time.time()
            for oldest in list(self._waiting)[:-MOST_WAITING]:
                del self._waiting[oldest]
        if not in_trouble:
            self.tick()

    def forget(self, owner: str) -> None:
        """Forget what waits to be written of an owner."""
        with self._lock:
            for key in [key for key in self._waiting if key[0] == owner]:
                del self._waiting[key]

    def tick(self) -> None:
        """Write what waits."""
        with self._lock:
            waiting = dict(self._waiting)
        for (owner, name), (text, changed) in waiting.items():
            try:
                self._store.keep(owner, name, text, changed)
            except SQLAlchemyError as error:
                log.error("the store cannot be written, and is tried again: %s", error)
                return
            with self._lock:
                if self._waiting.get((owner, name)) == (text, changed):
                    del self._waiting[owner, name]
