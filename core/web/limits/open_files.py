"""Files that are open: as many as the system allows, and nobody new shortly before they run out."""

import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from core.web_questions import sentence

log = logging.getLogger(__name__)

ENOUGH = 65_536
"""Files of 10,000 tabs: each has two sockets, and three files of a loop that Streamlit gives it."""

SPARE = 0.1
"""Share of the files that are left for those who are here: their figures, the database, the trainer."""

LOOK_SECONDS = 0.25
"""Between two counts: one of 1,000 files takes 0.3 ms."""

LOG_SECONDS = 60.0

FULL = "This server is full at the moment: try again in a minute."

TRY_AGAIN = 1013
"""What a socket is closed with by a server that is full."""

TABLES = (Path("/proc/self/fd"), Path("/dev/fd"))
"""Where a system lists a process's open files."""


def raise_limit() -> int:
    """Let this process open as many files as the system lets it, up to ENOUGH; the limit now, 0 for none."""
    if sys.platform == "win32":
        return 0
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return 0 if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def n_open() -> int:
    """How many files this process has open; 0 where nobody can say."""
    table = next((each for each in TABLES if each.is_dir()), None)
    return 0 if table is None else len(os.listdir(table))


class OpenFiles:
    """Middleware: refuses new pages and sockets, in a sentence, while hardly a file is left to open.

    Args:
        app: what is behind it.
        limit: how many files may be open; 0: any number.
        count: how many are.
        clock: seconds.
    """

    def __init__(
        self,
        app: ASGIApp,
        limit: int,
        count: Callable[[], int] = n_open,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._most = limit * (1.0 - SPARE)
        self._count = count
        self._clock = clock
        self._is_full = False
        self._next_look = self._next_line = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it in, or say that the server is full."""
        if not _is_new(scope) or not self._full():
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=TRY_AGAIN)(scope, receive, send)
        else:
            await sentence(FULL, 503, retry=True)(scope, receive, send)

    def _full(self) -> bool:
        now = self._clock()
        if self._most and now >= self._next_look:
            self._next_look = now + LOOK_SECONDS
            self._is_full = self._count() > self._most
            if self._is_full and now >= self._next_line:
                self._next_line = now + LOG_SECONDS
                log.warning(
                    "Nearly all of the files that may be open are: nobody new is let in. See `ulimit -n`."
                )
        return self._is_full


def _is_new(scope: Scope) -> bool:
    """Whether somebody comes who would stay: a page, a socket."""
    if scope["type"] == "websocket":
        return True
    return scope["type"] == "http" and "text/html" in HTTPConnection(scope).headers.get("accept", "")
