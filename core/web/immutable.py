"""What never changes is asked of the app once and then answered from memory, compressed, for everybody."""

import posixpath

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from core.web.answer import Told, Whole
from core.web.compressed import Body, Compressor

FOLDERS = ("/static/", "/assets/")
"""Where such files are: Streamlit's and ours."""


class ImmutableOnce:
    """Middleware: an answer that the app marks as immutable is asked for once, whatever the browser says.

    Requests for a part go to the app, which has the files.
    """

    def __init__(self, app: ASGIApp, compressor: Compressor) -> None:
        self._app = app
        self._compressor = compressor
        self._kept: dict[str, Whole] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or pass the request on."""
        if not _may_be_kept(scope):
            await self._app(scope, receive, send)
            return
        kept = self._kept.get(scope["path"])
        if kept is None:
            every = {name for name, _ in scope["headers"]} - {b"host"}
            told = await Told.of(self._app, scope, receive, without=every)
            if told.status != 200 or "immutable" not in told.headers.get("cache-control", ""):
                await told.pass_on(scope["method"], send)
                return
            kept = self._kept[scope["path"]] = told.whole(Body(told.body))
        await kept.send(self._compressor, scope, send)


def _may_be_kept(scope: Scope) -> bool:
    """Whether a request is for a whole file, under the one name it has: so no more is kept than there is."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    path = scope["path"]
    return (
        any(folder in path for folder in FOLDERS)
        and posixpath.normpath(path) == path
        and "range" not in Headers(scope=scope)
    )
