"""Signs of life, from a thread beside the one that trains: a long turn has them too, a deadlock has none."""

import os
import sys
import threading
import time
from collections.abc import Callable
from threading import Thread

from core.worker.inbox import Inbox
from core.worker.job import Emit

BEAT_SECONDS = 1.0

LEAST_WORK = 0.001
"""Of the processor's seconds, since the last beat: a thread that is stuck has none, one at work a thousand
times as many, and still ten times where it shares the processor with a hundred others."""


class Pulse:
    """Beats each second while the thread that trains waits for orders, or works.

    It works if it has used the processor: an export or a heavy update may take a minute in which no turn
    comes to its end, but not one in which nothing is done.

    Args:
        inbox: of the thread that trains.
        emit: writes a line.
        worked: the processor's seconds which that thread has used up to now.
    """

    def __init__(self, inbox: Inbox, emit: Emit, worked: Callable[[], float]) -> None:
        self._inbox = inbox
        self._emit = emit
        self._worked = worked
        self._before = 0.0

    def start(self) -> None:
        """Beat from now on, until the input is over: then nobody waits for it."""
        Thread(target=self._beat_on, name="pulse", daemon=True).start()

    def look(self) -> None:
        """Beat, if there is a reason to."""
        worked = self._worked()
        if self._inbox.waiting or worked - self._before >= LEAST_WORK:
            self._before = worked
            self._emit("alive", {"worked": round(worked, 3)})

    def _beat_on(self) -> None:
        try:
            while not self._inbox.over.is_set():
                self.look()
                self._inbox.over.wait(BEAT_SECONDS)
        except BrokenPipeError:
            # Nobody reads: the thread that trains would end at its next line.
            os._exit(0)


def worked_by(thread: Thread | None = None) -> Callable[[], float]:
    """What tells the processor's seconds of a thread, of the main one if none is given.

    Where the system tells none of another thread, it is all of the process but those of who asks.
    """
    if sys.platform != "linux":
        return lambda: time.process_time() - time.thread_time()
    ident = (thread or threading.main_thread()).ident
    assert ident is not None
    clock = time.pthread_getcpuclockid(ident)
    return lambda: time.clock_gettime(clock)
