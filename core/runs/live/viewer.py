"""One viewer of the live feed: asks for a run, gets its news at its own pace."""

import asyncio
import json
import re
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from core.runs.entries import Entry
from core.runs.live.encoding import Sent, dumps
from core.runs.service import Runs

SLOWEST, FASTEST = 1.0, 5.0
"""Messages a second a viewer may ask for."""

MAX_REQUEST_CHARS = 1000

BEAT_SECONDS = 3.0
"""A viewer of a run that goes hears something in each such time: one who does not has lost the connection."""

STILL = dumps({"type": "still"})
"""There is no news."""

UNKNOWN_RUN = "This run is not known here: it may have been deleted."


class BadRequestError(ValueError):
    """A viewer's message is not what it must be; `str()` is one sentence."""


RUN = re.compile(r"[\w.-]{1,64}", re.ASCII)
"""Ids of runs, and of examples."""


@dataclass(frozen=True)
class Watch:
    """What a viewer asks for: a run, from a sequence number on, at most `rate` messages a second.

    Attributes:
        name: of the viewer, where the browser keeps no cookie that would say it.
    """

    run: str
    since: int
    rate: float
    name: str = ""

    @classmethod
    def parse(cls, text: str | None) -> "Watch":
        """Read a viewer's message. Raises BadRequestError."""
        if text is None or len(text) > MAX_REQUEST_CHARS:
            raise BadRequestError(f"A message must be text of at most {MAX_REQUEST_CHARS} characters.")
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            raise BadRequestError("A message must be JSON.") from None
        if not isinstance(values, dict) or values.get("op") != "watch":
            raise BadRequestError('A message must be an object with op "watch".')
        run, since, rate = values.get("run"), values.get("since", 0), values.get("rate", 4)
        if not (isinstance(run, str) and RUN.fullmatch(run)):
            raise BadRequestError("run must be the id of a run.")
        if type(since) is not int or since < 0:
            raise BadRequestError("since must be a whole number from 0.")
        if type(rate) not in (int, float) or rate != rate:
            raise BadRequestError("rate must be a number.")
        name = values.get("name", "")
        if not isinstance(name, str):
            raise BadRequestError("name must be the name that the page was given.")
        return cls(run, since, float(min(max(rate, SLOWEST), FASTEST)), name)


class Bell:
    """Wakes the viewers of a run in the event loop when another thread has news of it."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._loop = asyncio.get_running_loop()
        self._lock = Lock()
        self._rung: set[str] = set()
        self._waiting: dict[str, set[asyncio.Future[bool]]] = {}
        runs.listeners.append(self.ring)

    def close(self) -> None:
        """Listen no more."""
        self._runs.listeners.remove(self.ring)

    def ring(self, run: str) -> None:
        """There is news of a run. From any thread."""
        with self._lock:
            first = not self._rung
            self._rung.add(run)
        if first and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def wait(self, run: str) -> asyncio.Future[bool]:
        """Done at the next news of a run. To be called, and awaited, in the loop."""
        future: asyncio.Future[bool] = self._loop.create_future()
        waiting = self._waiting.setdefault(run, set())
        waiting.add(future)
        future.add_done_callback(lambda _: self._forget(run, future))
        return future

    def _wake(self) -> None:
        with self._lock:
            rung, self._rung = self._rung, set()
        for run in rung & self._waiting.keys():
            for future in self._waiting[run]:
                wake(future)

    def _forget(self, run: str, future: asyncio.Future[bool]) -> None:
        waiting = self._waiting.get(run, set())
        waiting.discard(future)
        if not waiting:
            self._waiting.pop(run, None)


class Socket(Protocol):
    """A viewer's connection: updates go out packed, a refusal and that there is no news as text."""

    async def send_bytes(self, data: bytes) -> None:
        """Send a packed message."""

    async def send_text(self, data: str) -> None:
        """Send JSON."""


class Viewer:
    """One connection. `watch` what it asks for while `push` runs as a task; `close` at the end.

    Memory is bounded however slow the connection is: `push` makes a message only when the one before
    is gone, and then one of everything since.
    """

    def __init__(self, runs: Runs, bell: Bell, owner: str, socket: Socket) -> None:
        self._runs = runs
        self._bell = bell
        self._owner = owner
        self._socket = socket
        self._before: Sent | None = None
        self._entry: Entry | None = None
        self._since = 0
        self._gap = 1.0
        self._nap: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def watch(self, text: str | None) -> None:
        """Take a message of the viewer; answers one that cannot be with one sentence."""
        try:
            wanted = Watch.parse(text)
            entry = await asyncio.to_thread(self._runs.attach, wanted.run)
            if entry is None:
                raise BadRequestError(UNKNOWN_RUN)
        except BadRequestError as error:
            await self._socket.send_text(dumps({"type": "error", "message": str(error)}))
            return
        self.close()
        self._owner = self._owner or self._runs.names.owner_named(wanted.name) or ""
        self._entry, self._since, self._gap = entry, wanted.since, 1.0 / wanted.rate
        wake(self._nap)

    async def push(self) -> None:
        """Send news whenever there is some, at most at the rate asked for, and a word while there is none."""
        loop = asyncio.get_running_loop()
        while True:
            entry = self._entry
            mine = entry is not None and entry.owner == self._owner
            news = entry.feed.sent(self._since, mine, self._before) if entry else None
            if news is None:
                self._nap = self._bell.wait(entry.id) if entry else loop.create_future()
                if await self._woken(BEAT_SECONDS if entry and entry.going else None):
                    await self._socket.send_text(STILL)
                continue
            self._since, self._before = news
            self._nap = loop.create_future()
            await self._socket.send_bytes(self._before.packed)
            await self._woken(self._gap)

    async def _woken(self, seconds: float | None) -> bool:
        """Wait for the end of the nap, which is after so long at the latest: whether it was that."""
        if seconds is None:
            return await self._nap
        timer = asyncio.get_running_loop().call_later(seconds, wake, self._nap, True)
        late = await self._nap
        timer.cancel()
        return late

    def close(self) -> None:
        """Watch nothing any more."""
        entry, self._entry = self._entry, None
        if entry is not None:
            self._runs.detach(entry)


def wake(future: asyncio.Future[bool], late: bool = False) -> None:
    """Make a future done, if it is not."""
    if not future.done():
        future.set_result(late)
