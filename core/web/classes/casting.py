"""News of classes on their way to sockets: encoded once for all, at most four times a second each."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from core.classes import Hall, views
from core.classes.codes import seat_of
from core.classes.hall import NoClassError
from core.classes.state import Class

GAP = 0.25
"""Seconds between two messages to a socket."""

BEAT_SECONDS = 4.0
"""A socket is told the counts again where there was no news for so long: who hears nothing is cut off."""

MOST_SOCKETS = 2
"""Of one browser in one class; the next closes the oldest."""

TICK = 1
"""The place of the counts among the texts."""

GONE = '{"gone":true}'
"""The class is over."""


@dataclass
class Cast:
    """What of a class all sockets get.

    Attributes:
        scene, tick: the texts.
        fresh: whether they are made of the newest state.
        news: set and replaced by another at every change.
    """

    scene: str = ""
    tick: str = ""
    fresh: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Casting:
    """The sockets of all classes. On the event loop alone, but for `told`, which any thread may call."""

    def __init__(self, hall: Callable[[], Hall]) -> None:
        self._hall = hall
        self._casts: dict[str, Cast] = {}
        self._sockets: dict[tuple[str, str], list[WebSocket]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def texts(self, code: str, owner: str, console: bool) -> list[str]:
        """All that one browser is told: the scene, the counts, its own. Raises NoClassError."""
        hall = self._hall()
        room = hall.get(code)
        cast = self._made(room.code)
        if console:
            told: dict[str, Any] = {"console": views.console(room) | {"here": self._present(room)}}
        else:
            told = {"own": hall.own(room, owner)}
        return [cast.scene, cast.tick, dumps(told)]

    def _present(self, room: Class) -> int:
        """How many seats are connected: no projector, and no console, though its browser may have a seat."""
        owners = (owner for code, owner in self._sockets if code == room.code)
        return sum(seat_of(room.code, owner) in room.seats for owner in owners)

    async def serve(self, socket: WebSocket, code: str, owner: str, console: bool) -> None:
        """Tell a socket all that it has to know until it goes. Raises NoClassError."""
        code = self._hall().get(code).code
        # A lecturer's browser may have a projector and a seat as well: the console takes no socket of theirs.
        holder = f"console of {owner}" if console else owner
        await self._admit(socket, code, holder)
        pushing = asyncio.create_task(self._push(socket, code, owner, console))
        try:
            while (await socket.receive())["type"] == "websocket.receive":
                await asyncio.sleep(GAP)  # Nothing is asked here: a flood costs the sender.
        except WebSocketDisconnect:
            pass
        finally:
            self._leave(socket, code, holder)
            pushing.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await pushing

    async def _admit(self, socket: WebSocket, code: str, owner: str) -> None:
        self._listen()
        theirs = self._sockets.setdefault((code, owner), [])
        theirs.append(socket)
        for oldest in theirs[:-MOST_SOCKETS]:
            with suppress(RuntimeError, WebSocketDisconnect):
                await oldest.close(code=4001)

    def _leave(self, socket: WebSocket, code: str, owner: str) -> None:
        theirs = self._sockets[code, owner]
        theirs.remove(socket)
        if not theirs:
            del self._sockets[code, owner]

    async def _push(self, socket: WebSocket, code: str, owner: str, console: bool) -> None:
        told: list[str] = []
        while True:
            cast = self._cast(code)
            news = cast.news
            try:
                texts = self.texts(code, owner, console)
            except NoClassError:
                self._casts.pop(code, None)
                await socket.send_text(GONE)
                return
            for text in texts:
                if text not in told:
                    await socket.send_text(text)
            told = texts
            await asyncio.sleep(GAP)
            while not await _rung(news):
                await socket.send_text(texts[TICK])

    def _made(self, code: str) -> Cast:
        room = self._hall().get(code)
        cast = self._cast(room.code)
        if not cast.fresh:
            cast.scene, cast.tick = dumps(self._hall().scene(room)), dumps(self._hall().tick(room))
            cast.fresh = self._loop is not None
        return cast

    def _cast(self, code: str) -> Cast:
        return self._casts.setdefault(code, Cast())

    def _listen(self) -> None:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._hall().listeners.append(self._told)

    def _told(self, code: str) -> None:
        """There is news of a class; from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._ring, code)

    def _ring(self, code: str) -> None:
        cast = self._cast(code)
        cast.fresh = False
        rung, cast.news = cast.news, asyncio.Event()
        rung.set()


async def _rung(news: asyncio.Event) -> bool:
    """Whether there was news before it was time for a beat."""
    with suppress(TimeoutError):
        async with asyncio.timeout(BEAT_SECONDS):
            return await news.wait()
    return False


def dumps(told: Any) -> str:
    """Compact JSON."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
