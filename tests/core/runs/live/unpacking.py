"""What a browser makes of the live feed's messages."""

import zlib
from collections.abc import Awaitable, Callable


class Inflater:
    """Unpacks the messages of one connection in turn, as `pages/browser/live/socket/inflate.js` does."""

    def __init__(self) -> None:
        self._before = b""

    def text(self, packed: bytes) -> str:
        message = zlib.decompressobj(-zlib.MAX_WBITS, zdict=self._before).decompress(packed)
        self._before = message[-32_768:]
        return message.decode()


class Unpacking:
    """A viewer's connection that hands on what it got as text."""

    def __init__(self, take: Callable[[str], Awaitable[None]]) -> None:
        self.send_text = take
        self._take = take
        self._inflater = Inflater()

    async def send_bytes(self, data: bytes) -> None:
        await self._take(self._inflater.text(data))
