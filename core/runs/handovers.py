"""Taking one's runs to another browser: a link that works once, within ten minutes."""

import secrets
from collections.abc import Callable
from threading import Lock

SECONDS = 600.0
"""A link works for so long."""

MOST = 10_000
"""Links that are kept; then the oldest go."""


class Handovers:
    """Links that were made and not yet used. In memory alone: a restart of the server ends them.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._offered: dict[str, tuple[str, float]] = {}

    def offer(self, name: str) -> str:
        """A new token for a browser's name; the one before ends."""
        token = secrets.token_urlsafe(16)
        with self._lock:
            others = {each: kept for each, kept in self._offered.items() if kept[0] != name}
            self._offered = dict(list(others.items())[-MOST + 1 :]) | {token: (name, self._clock() + SECONDS)}
        return token

    def take(self, token: str) -> str | None:
        """The name that a token stands for, once; None where it was taken, is too old, or never was."""
        with self._lock:
            name, until = self._offered.pop(token, ("", 0.0))
        return name if self._clock() < until else None

    def is_open(self, token: str) -> bool:
        """Whether it can still be taken."""
        with self._lock:
            return token in self._offered and self._clock() < self._offered[token][1]
