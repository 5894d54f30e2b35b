"""An answer of the app taken in whole, and sent on compressed, or not at all to who has it already."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.web.compressed import Body, Coding, Compressor, accepted

TEXTS = ("text/", "application/javascript", "application/json", "image/svg+xml")
"""Types that are worth compressing: fonts and pictures are compressed already."""

OF_THE_FILE = (b"content-length", b"etag", b"last-modified")
"""Headers that are ours to say."""


@dataclass(frozen=True)
class Whole:
    """A body, and the headers it comes with but those that depend on how it is sent."""

    body: Body
    headers: Headers

    @property
    def is_text(self) -> bool:
        """Whether compressing it is worth it."""
        return self.headers.get("content-type", "").startswith(TEXTS)

    @property
    def etag(self) -> str:
        """Weak, because it names the content in whatever coding."""
        return f'W/"{self.body.digest[:16]}"'

    async def send(self, compressor: Compressor, scope: Scope, send: Send) -> None:
        """Answer a GET or HEAD with it, as the browser likes it best."""
        asked = Headers(scope=scope)
        headers = MutableHeaders(raw=list(self.headers.raw))
        headers["ETag"] = self.etag
        body, status = b"", 304
        if self.is_text:
            headers.add_vary_header("Accept-Encoding")
        if not _has_it(asked.get("if-none-match", ""), self.etag):
            coding: Coding = accepted(asked.get("accept-encoding", "")) if self.is_text else "identity"
            if coding != "identity":
                headers["Content-Encoding"] = coding
            body, status = await _coded(compressor, self.body, coding), 200
            headers["Content-Length"] = str(len(body))
        await send({"type": "http.response.start", "status": status, "headers": headers.raw})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class Told:
    """What the app tells."""

    def __init__(self) -> None:
        self._start: Message = {}
        self.body = b""

    @classmethod
    async def of(cls, app: ASGIApp, scope: Scope, receive: Receive, without: Collection[bytes]) -> "Told":
        """What it tells to a GET without some of the browser's headers."""
        headers = [each for each in scope["headers"] if each[0] not in without]
        told = cls()
        await app({**scope, "method": "GET", "headers": headers}, receive, told._take)
        return told

    async def _take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self.body += message.get("body", b"")

    @property
    def status(self) -> int:
        """Its status."""
        return int(self._start["status"])

    @property
    def headers(self) -> Headers:
        """Its headers, as they came."""
        return Headers(raw=self._start["headers"])

    def whole(self, body: Body) -> Whole:
        """It, with this body."""
        kept = [each for each in self._start["headers"] if each[0] not in OF_THE_FILE]
        return Whole(body, Headers(raw=kept))

    async def pass_on(self, method: str, send: Send) -> None:
        """Send it as it came."""
        await send(self._start)
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else self.body})


async def _coded(compressor: Compressor, body: Body, coding: Coding) -> bytes:
    """In a thread what takes time, here what does not."""
    known = compressor.known(body, coding)
    return known if known is not None else await asyncio.to_thread(compressor.of, body, coding)


def _has_it(if_none_match: str, etag: str) -> bool:
    """Whether the browser has this content already."""
    return any(each.strip() in ("*", etag) for each in if_none_match.split(","))
