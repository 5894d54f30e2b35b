"""What the server answers beside Streamlit's pages: the live feed, frames, assets; cookie; start and end."""

import asyncio
import gc
import gzip
import importlib.metadata
import importlib.util
import re
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request, cookie_parser
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.lessons.registry import EXPERIMENTS
from core.runs import Runs, runs
from core.runs.examples import frames
from core.runs.viewer import Bell, Viewer
from core.web_questions import answered, sentence

OWNER_COOKIE = "owner"
_OWNER = re.compile(r"[\w-]{22}", re.ASCII)
_ONE_YEAR = 365 * 86_400

PLOTLY_PATH = f"/assets/plotly-{importlib.metadata.version('plotly')}.min.js"
"""Where the browser finds Plotly's script."""

REQUEST_GAP = 0.05
"""Seconds between two messages taken from one viewer: a flood costs the sender, not us."""


class Web:
    """Routes, middleware and lifespan to hand to `st.App`.

    Args:
        assets: folders of the browser's modules, by the name they are served under: /assets/<name>/.
        service: what gives the runs.
    """

    def __init__(self, assets: Mapping[str, Path], service: Callable[[], Runs] = runs) -> None:
        self._assets = assets
        self._service = service
        self._bell: Bell | None = None

    def routes(self) -> list[BaseRoute]:
        """The routes of the contract with the browser."""
        return [
            WebSocketRoute("/api/live", self._live),
            Route("/api/runs/{run}/frames", self._frames),
            Route("/api/runs/{run}/ask", self._ask, methods=["POST"]),
            Route("/api/examples/{name}/frames", _example_frames),
            Route("/api/health", self._health),
            Route(PLOTLY_PATH, self._plotly),
            *(
                Mount(f"/assets/{name}", _FreshFiles(directory=folder, check_dir=False))
                for name, folder in self._assets.items()
            ),
        ]

    def middleware(self) -> list[Middleware]:
        """The owner's cookie and the headers every answer carries."""
        return [Middleware(OwnerCookie), Middleware(SafeHeaders)]

    @asynccontextmanager
    async def lifespan(self, _app: Any) -> AsyncIterator[None]:
        """Open the runs; when the server ends, end the worker."""
        service = self._service()
        await asyncio.to_thread(service.open)
        await asyncio.to_thread(_plotly_zipped)
        # What is loaded by now stays: 200 polling viewers then see p95 45 ms instead of 470.
        gc.collect()
        gc.freeze()
        try:
            yield
        finally:
            await asyncio.to_thread(service.close)

    async def _live(self, socket: WebSocket) -> None:
        if not same_origin(socket.headers):
            await socket.close(code=1008)
            return
        await socket.accept()
        owner = socket.cookies.get(OWNER_COOKIE, "")
        viewer = Viewer(self._service(), self._the_bell(), owner, socket.send_text)
        pushing = asyncio.create_task(viewer.push())
        try:
            while (message := await socket.receive())["type"] == "websocket.receive":
                await viewer.watch(message.get("text"))
                await asyncio.sleep(REQUEST_GAP)
        except WebSocketDisconnect:
            pass
        finally:
            viewer.close()
            pushing.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect):
                await pushing

    def _the_bell(self) -> Bell:
        if self._bell is None:
            self._bell = Bell(self._service())
        return self._bell

    def _frames(self, request: Request) -> Response:
        entry = self._service().attach(request.path_params["run"])
        if entry is None:
            return JSONResponse({"message": "There is no such run."}, status_code=404)
        try:
            feed = entry.feed
            body = feed.latest() if "latest" in request.query_params else feed.frames()
        finally:
            self._service().detach(entry)
        return _zipped_json(body, "no-store")

    async def _ask(self, request: Request) -> Response:
        owner = request.cookies.get(OWNER_COOKIE, "")
        if not same_origin(request.headers) or _OWNER.fullmatch(owner) is None:
            return sentence("Only a page of this server may ask: load it again.", 403)
        return await answered(request, self._service().questions, owner)

    async def _health(self, _request: Request) -> Response:
        return JSONResponse({"ok": True, "worker": self._service().worker_state})

    def _plotly(self, request: Request) -> Response:
        headers = {"Cache-Control": f"public, max-age={_ONE_YEAR}, immutable", "Vary": "Accept-Encoding"}
        body = _plotly_zipped()
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
        else:
            body = gzip.decompress(body)
        return Response(body, media_type="text/javascript", headers=headers)


class OwnerCookie:
    """Gives a browser that loads a page without one a name only it knows: 128 random bits."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the cookie to the answer where it is missing."""
        if scope["type"] != "http" or not _wants_cookie(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        secure = "; Secure" if scope["scheme"] == "https" else ""
        cookie = (
            f"{OWNER_COOKIE}={secrets.token_urlsafe(16)}; HttpOnly; SameSite=Lax; Path=/; Max-Age={_ONE_YEAR}"
        )

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", cookie + secure)
            await send(message)

        await self._app(scope, receive, send_with_cookie)


class SafeHeaders:
    """Headers that cost nothing: no guessing of types, no run ids in links to elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers to the answer."""

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
            await send(message)

        await self._app(scope, receive, send_safe if scope["type"] == "http" else send)


class _FreshFiles(StaticFiles):
    """Files the browser asks about each time: an ETag answers with 304 while they are the same."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def same_origin(headers: Headers) -> bool:
    """Whether a page of this very host asks. No Origin is no browser, and nothing of ours."""
    origin, host = headers.get("origin", ""), headers.get("host", "")
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and host != "" and parts.netloc.lower() == host.lower()


def _example_frames(request: Request) -> Response:
    name = request.path_params["name"]
    body = frames(name) if name in EXPERIMENTS else None
    if body is None:
        return JSONResponse({"message": "There is no such example."}, status_code=404)
    return _zipped_json(body, "no-cache")


def _zipped_json(body: bytes, cache_control: str) -> Response:
    headers = {"Content-Encoding": "gzip", "Cache-Control": cache_control}
    return Response(body, media_type="application/json", headers=headers)


def _wants_cookie(headers: Headers) -> bool:
    known = cookie_parser(headers.get("cookie", "")).get(OWNER_COOKIE, "")
    return "text/html" in headers.get("accept", "") and _OWNER.fullmatch(known) is None


@cache
def _plotly_zipped() -> bytes:
    # Found without importing plotly, which would cost the server time and memory it does not need here.
    spec = importlib.util.find_spec("plotly")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    script = Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"
    return gzip.compress(script.read_bytes(), compresslevel=6)
