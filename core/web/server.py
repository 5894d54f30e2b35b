"""What the server answers beside Streamlit's pages: the live feed, frames, assets; cookie; start and end."""

import asyncio
import gc
import gzip
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.classes import Hall, hall
from core.registry import EXPERIMENTS
from core.runs import Runs, StartError, runs
from core.runs.examples.histories import frames
from core.runs.live.viewer import UNKNOWN_RUN, Bell, Viewer
from core.web.addresses import PLOTLY, PLOTLY_PATH, modules_path
from core.web.classes.routes import ClassRoutes
from core.web.compressed import Compressor
from core.web.door import REFUSED, Door
from core.web.handover import Handover
from core.web.health import Health
from core.web.hints import Hints
from core.web.hosting import Hosting
from core.web.immutable import ImmutableOnce
from core.web.limits.open_files import OpenFiles, raise_limit
from core.web.limits.rates import Rates
from core.web.limits.uploads import Uploads
from core.web.owner_cookie import OwnerCookie
from core.web_questions import answered, sentence, written

CANNOT_START = 3
"""The exit status of a server one of whose settings cannot be."""

_ONE_YEAR = 365 * 86_400

FOR_EVER = {"Cache-Control": f"public, max-age={_ONE_YEAR}, immutable"}

REQUEST_GAP = 0.05
"""Seconds between two messages taken from one viewer: a flood costs the sender, not us."""

MOST_DIGITS = 20
"""Of a sequence number."""

ZIPPED = 5
"""Level of gzip for a message that is asked for."""

NAME_HEADER = "Lab-Name"
"""A page says its name in it where its browser keeps no cookies."""


class Web:
    """Routes, middleware and lifespan to hand to `st.App`.

    Args:
        modules: the folder of the browser's modules.
        compressed: a folder to keep what was compressed in.
        service: what gives the runs.
        hosting: where the app is served.
    """

    def __init__(
        self,
        modules: Path,
        compressed: Path,
        service: Callable[[], Runs] = runs,
        hosting: Hosting | None = None,
    ) -> None:
        self._modules = modules
        self._hosting = hosting or _hosting()
        self._compressor = Compressor(compressed)
        self._service = service
        self._bell: Bell | None = None

    def routes(self, base: str = "") -> list[BaseRoute]:
        """The routes of the contract with the browser, under the folder that Streamlit has its own under."""
        # Each by its whole path: one mount for all would keep the rest of the folder from Streamlit.
        root = f"/{base.strip('/')}".rstrip("/")
        health, handover = Health(self._service), Handover(self._service, modules_path(self._modules))
        return [
            WebSocketRoute(f"{root}/api/live", self._live),
            Route(f"{root}/api/runs/{{run}}/news", self._news),
            Route(f"{root}/api/runs/{{run}}/frames", self._frames),
            Route(f"{root}/api/runs/{{run}}/ask", self._ask, methods=["POST"]),
            Route(f"{root}/api/runs/{{run}}/files", self._files, methods=["POST"]),
            Route(f"{root}/api/examples/{{name}}/frames", _example_frames),
            Route(f"{root}/api/handover", handover.ask),
            Route(f"{root}/api/handover", handover.take, methods=["POST"]),
            Route(f"{root}/api/health", health.health),
            Route(f"{root}/api/metrics", health.metrics),
            *ClassRoutes(self._hall, self._asking, self._modules).routes(root),
            Route(f"{root}{PLOTLY_PATH}", _plotly),
            Mount(f"{root}{modules_path(self._modules)}", _LastingFiles(directory=self._modules)),
        ]

    def middleware(self) -> list[Middleware]:
        """The door, the limits, what is kept in memory, hints in pages and the owner's cookie."""
        return [
            Middleware(Door, hosting=self._hosting),
            Middleware(OpenFiles, limit=raise_limit()),
            Middleware(Rates),
            Middleware(Uploads),
            Middleware(ImmutableOnce, compressor=self._compressor),
            Middleware(Hints, compressor=self._compressor, modules=self._modules),
            Middleware(OwnerCookie, service=self._service),
        ]

    @asynccontextmanager
    async def lifespan(self, _app: Any) -> AsyncIterator[None]:
        """Open the runs; when the server ends, end the worker."""
        try:
            service = self._service()
            await asyncio.to_thread(service.open)
            await asyncio.to_thread(self._hall().open)
        except (StartError, ValueError) as refused:
            _cannot_start(refused)
        # What is loaded by now stays: 200 polling viewers then see p95 45 ms instead of 470.
        gc.collect()
        gc.freeze()
        try:
            yield
        finally:
            self._compressor.close()
            await asyncio.to_thread(self._hall().close)
            await asyncio.to_thread(service.close)

    def _hall(self) -> Hall:
        return hall(self._service())

    async def _live(self, socket: WebSocket) -> None:
        await socket.accept()
        viewer = Viewer(self._service(), self._the_bell(), self._asking(socket), socket)
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

    def _news(self, request: Request) -> Response:
        """One message of the live feed, for who gets no socket; 204 when there is no news."""
        given = request.query_params.get("since", "0")
        if not (given.isascii() and given.isdigit() and len(given) < MOST_DIGITS):
            return _refusal("since must be a whole number from 0.", 400)
        entry = self._service().attach(request.path_params["run"])
        if entry is None:
            return _refusal(UNKNOWN_RUN, 404)
        try:
            news = entry.feed.update(int(given), entry.owner == self._asking(request))
        finally:
            self._service().detach(entry)
        if news is None:
            return Response(status_code=204, headers={"Cache-Control": "no-store"})
        return _zipped_json(gzip.compress(news[1].encode(), ZIPPED), "no-store")

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
        owner = self._asking(request)
        if not owner:
            return sentence(REFUSED, 403)
        return await answered(request, self._service().questions, owner)

    async def _files(self, request: Request) -> Response:
        owner = self._asking(request)
        if not owner:
            return sentence(REFUSED, 403)
        service = self._service()
        return await written(request, service.questions, service.checkpoints, owner)

    def _asking(self, asking: HTTPConnection) -> str:
        """Who asks, by the cookie, or by the name a page was given whose browser keeps none; "": nobody."""
        names = self._service().names
        return names.owner(asking.cookies) or names.owner_named(asking.headers.get(NAME_HEADER, "")) or ""


def _hosting() -> Hosting:
    try:
        return Hosting.from_environment()
    except ValueError as refused:
        _cannot_start(refused)


def _cannot_start(refused: Exception) -> NoReturn:
    """Say why in a line and end. Raised, it would be a hundred; nothing was started that had to be ended."""
    print(refused, file=sys.stderr, flush=True)
    os._exit(CANNOT_START)


class _LastingFiles(StaticFiles):
    """Files whose address changes when they do; what is written beside them for people is none of them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if not path.endswith((".js", ".css")):
            raise HTTPException(404)
        return await super().get_response(path, scope)

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update(FOR_EVER)
        return response


def _example_frames(request: Request) -> Response:
    name = request.path_params["name"]
    body = frames(name) if name in EXPERIMENTS else None
    if body is None:
        return JSONResponse({"message": "There is no such example."}, status_code=404)
    return _zipped_json(body, "no-cache")


def _refusal(message: str, status: int) -> Response:
    """What a viewer on the socket would be told."""
    said = {"type": "error", "message": message}
    return JSONResponse(said, status_code=status, headers={"Cache-Control": "no-store"})


def _zipped_json(body: bytes, cache_control: str) -> Response:
    headers = {"Content-Encoding": "gzip", "Cache-Control": cache_control}
    return Response(body, media_type="application/json", headers=headers)


def _plotly(_request: Request) -> Response:
    return FileResponse(PLOTLY, media_type="text/javascript", headers=FOR_EVER)
