"""How much and how often a browser may say something on a socket: what is more costs the sender, not us."""

import asyncio
import logging
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

BURST = 50
"""Messages at once."""

PER_SECOND = 20.0
"""Messages from then on: nobody moves a slider so fast."""

MOST_BYTES = 1_000_000
"""Of one message: what all widgets of a page say together is below 100 kB."""

TOO_MUCH = 1009
"""What a socket is closed with for a message that is too long."""


class Rates:
    """Middleware: takes messages of a socket no faster than that; closes one on which a message is too long.

    What is not taken waits in the network, so it is the sender that waits.
    """

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, a socket's messages in their time."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        bucket = Bucket(self._clock)

        async def receive_in_time() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            await asyncio.sleep(bucket.take())
            if len(message.get("bytes") or message.get("text") or "") <= MOST_BYTES:
                return message
            log.warning("Closed a socket (%s) on which a message was too long.", scope["path"])
            await send({"type": "websocket.close", "code": TOO_MUCH})
            return {"type": "websocket.disconnect", "code": TOO_MUCH}

        await self._app(scope, receive_in_time, send)


class Bucket:
    """BURST at once, then PER_SECOND."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._left = float(BURST)
        self._last = clock()

    def take(self) -> float:
        """Take one; the seconds to wait before it is there."""
        now = self._clock()
        self._left = min(BURST, self._left + PER_SECOND * (now - self._last)) - 1.0
        self._last = now
        return max(0.0, -self._left / PER_SECOND)
