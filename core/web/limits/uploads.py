"""Uploads: Streamlit keeps each in memory until its tab is gone; here the oldest of too many go before."""

from collections import OrderedDict
from collections.abc import Iterator

from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = "/_stcore/upload_file/"
"""Where Streamlit takes uploads: then comes the tab, then the file."""

OF_A_TAB = 16_000_000
"""Bytes: three of the largest files. The page reads a file when it comes."""

OF_ALL = 200_000_000
"""Bytes of all tabs together."""

AT_LEAST = 100_000
"""Bytes that an upload counts: it has a name and a place in a list, too."""

OF_A_BODY = (b"content-length", b"content-type", b"transfer-encoding")


class Uploads:
    """Middleware: deletes the oldest uploads of a tab, and of all, once they are too many.

    What Streamlit has deleted by itself is still counted here, but it is older than what it would keep.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: OrderedDict[str, int] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; after an upload delete what is too much."""
        if scope["type"] != "http" or FOLDER not in scope["path"] or scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        taken = _Taken(receive, send)
        try:
            await self._app(scope, taken.receive, taken.send)
        finally:
            if taken.well:
                self._kept.pop(scope["path"], None)
                self._kept[scope["path"]] = max(taken.n_bytes, AT_LEAST)
        for path in list(self._surplus(scope["path"])):
            del self._kept[path]
            await self._delete(scope, path)

    def _surplus(self, newest: str) -> Iterator[str]:
        """What has to go, the oldest first, after an upload."""
        tab = newest.rpartition("/")[0]
        own, total = 0, 0
        for path, n_bytes in reversed(self._kept.items()):
            is_own = path.rpartition("/")[0] == tab
            total += n_bytes
            own += n_bytes * is_own
            if path != newest and (total > OF_ALL or (is_own and own > OF_A_TAB)):
                yield path

    async def _delete(self, scope: Scope, path: str) -> None:
        """As the page does that takes a file back; with the token of the one that has just come."""
        headers = [each for each in scope["headers"] if each[0] not in OF_A_BODY]
        asked = {**scope, "method": "DELETE", "path": path, "raw_path": path.encode(), "headers": headers}
        await self._app(asked, _nothing, _ignored)


class _Taken:
    """How much came, and whether it was taken."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.n_bytes = 0
        self.well = False

    async def receive(self) -> Message:
        message = await self._receive()
        self.n_bytes += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.well = message["status"] < 300
        await self._send(message)


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _ignored(_message: Message) -> None:
    pass
