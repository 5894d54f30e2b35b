"""The one door: what comes in, Streamlit's own routes included, passes here first, and every answer last."""

import logging
import time
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from core.web import policy
from core.web.hosting import Hosting
from core.web.origin import host_used, is_own
from core.web_questions import sentence

log = logging.getLogger(__name__)

LOG_SECONDS = 60.0
"""A page that is refused tries again for ever: no more than one line in so long."""

SHOWN_CHARS = 200
"""As much of a header is written into the log."""

READING = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing. A browser lets no foreign page read what they answer."""

SHUT = ("/_stcore/metrics", "/_stcore/agent/")
"""Of Streamlit's routes, what no page asks for: who comes how often, and how programs may drive the app. The
numbers for a machine are at /api/metrics."""

REFUSED = "Only a page of this server may ask: load it again."


class Door:
    """Middleware: refuses what a page of elsewhere asks, and adds to every answer what keeps it safe.

    Refused is every WebSocket handshake and every request that may change something whose Origin is not the
    host the browser used. Asked itself, Streamlit would let in every port of this machine, and look its
    own address up in the Internet first, while nobody else gets an answer.

    Args:
        app: what is behind it.
        hosting: what the operator says of where the app is served.
        clock: seconds, for how often a refusal is logged.
    """

    def __init__(self, app: ASGIApp, hosting: Hosting, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._hosting = hosting
        self._headers = policy.headers(hosting)
        self._clock = clock
        self._next_line = float("-inf")
        self._unsaid = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it in, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        scope = self._as_asked(scope)
        if scope["type"] == "http":
            send = self._safely(scope, send)
            if any(shut in scope["path"] for shut in SHUT):
                await PlainTextResponse("Not Found", status_code=404)(scope, receive, send)
                return
        if not _may_change(scope) or self._is_own(scope):
            await self._app(_without_origin(scope), receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            await sentence(REFUSED, 403)(scope, receive, send)

    def _as_asked(self, scope: Scope) -> Scope:
        """With the scheme that the browser used.

        Uvicorn does this too, but not for a proxy's IPv4 address on a socket for both kinds, which is
        what Streamlit listens on.
        """
        told = Headers(scope=scope).get("x-forwarded-proto", "").strip()
        if told not in ("http", "https") or not self._hosting.believes(scope["client"]):
            return scope
        return {**scope, "scheme": told if scope["type"] == "http" else told.replace("http", "ws")}

    def _safely(self, scope: Scope, send: Send) -> Send:
        added = self._headers
        if scope["scheme"] == "https":
            added = added | {"Strict-Transport-Security": policy.HSTS}

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(added)
            await send(message)

        return send_safe

    def _is_own(self, scope: Scope) -> bool:
        headers, behind_proxy = Headers(scope=scope), self._hosting.believes(scope["client"])
        own = is_own(headers, self._hosting, behind_proxy=behind_proxy)
        if not own:
            self._log(scope["path"], headers.get("origin", ""), host_used(headers, behind_proxy=behind_proxy))
        return own

    def _log(self, path: str, origin: str, host: str) -> None:
        self._unsaid += 1
        if self._clock() < self._next_line:
            return
        shown = [repr(each[:SHOWN_CHARS]) for each in (origin, host, path)]
        log.warning(
            "Refused a page of %s, as the browser called this server %s (%s; %d refused since the last "
            "such line). If it is the app's own page, the proxy must pass Host on, or X-Forwarded-Host "
            "from an address in FORWARDED_ALLOW_IPS; or name its address in SPARSITY_LAB_ORIGINS.",
            *shown,
            self._unsaid,
        )
        self._next_line, self._unsaid = self._clock() + LOG_SECONDS, 0


def _may_change(scope: Scope) -> bool:
    return scope["type"] == "websocket" or scope["method"] not in READING


def _without_origin(scope: Scope) -> Scope:
    """A handshake that was let in is not judged again by Streamlit, which knows no proxies."""
    if scope["type"] != "websocket":
        return scope
    return {**scope, "headers": [each for each in scope["headers"] if each[0] != b"origin"]}
