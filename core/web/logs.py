"""The server's log: each line with its time and how bad it is; what concerns a run names it."""

import logging
import time
from collections.abc import Callable
from threading import Lock

FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"

QUIET_SECONDS = 60.0
"""A complaint that says the same as one written less than so long ago is left out."""

MOST_KNOWN = 1000
"""Complaints that are remembered: who asks for a thousand runs that are none does not fill the memory."""


class NoRepeats(logging.Filter):
    """Leaves out what was just said: while a disk or a database is away, all who ask for it would say so.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._lock = Lock()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is news."""
        if record.levelno < logging.WARNING:
            return True
        now, line = self._clock(), (record.name, record.getMessage())
        with self._lock:
            if now - self._said.get(line, float("-inf")) < QUIET_SECONDS:
                return False
            self._said.pop(line, None)
            self._said[line] = now
            while len(self._said) > MOST_KNOWN:
                self._said.pop(next(iter(self._said)))
        return True


def write_log() -> None:
    """Write what this program says to the server's log from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORM))
    handler.addFilter(NoRepeats())
    for room in ("core", "pages"):
        logger = logging.getLogger(room)
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
