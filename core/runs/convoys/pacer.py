"""The thread that shows followers what is due."""

import logging
from threading import Event, RLock, Thread

from core.runs.convoys.convoys import SHORTEST_WAIT, Convoys

log = logging.getLogger(__name__)


class Pacer:
    """Looks who is due, again and again while anybody follows.

    Args:
        lock: guards the convoys.
        convoys: of this server.
    """

    def __init__(self, lock: RLock, convoys: Convoys) -> None:
        self._lock = lock
        self._convoys = convoys
        self._bell = Event()
        self._closing = Event()
        self._thread = Thread(target=self._work, name="convoys", daemon=True)
        convoys.heard = self._bell.set

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End; nothing is shown to a follower any more."""
        self._closing.set()
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5.0)

    def _work(self) -> None:
        wait: float | None = None
        while not self._closing.is_set():
            self._bell.wait(wait)
            self._bell.clear()
            # What comes within so short a time is shown together.
            self._closing.wait(SHORTEST_WAIT)
            try:
                with self._lock:
                    wait = self._convoys.advance()
            except Exception:
                # Without this thread no follower would ever be shown anything again.
                log.exception("followers could not be shown what is due")
                wait = SHORTEST_WAIT
