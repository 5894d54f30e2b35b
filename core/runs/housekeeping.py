"""What is to be done once a second, whatever goes wrong."""

import logging
from collections.abc import Callable
from threading import Event, Thread

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0


def keep_house(tick: Callable[[], None], closing: Event) -> Thread:
    """A thread, not yet started, that calls `tick` until `closing` is set."""

    def keep() -> None:
        while not closing.wait(TICK_SECONDS):
            try:
                tick()
            except Exception:
                # Without this thread no run would ever be stopped or started again.
                log.exception("housekeeping failed")

    return Thread(target=keep, name="runs-housekeeper", daemon=True)
