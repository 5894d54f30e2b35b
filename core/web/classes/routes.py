"""The routes of classes: join, answer, tempo, steer; asked a second time, each changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from core.classes import Hall
from core.classes.cards import read_cards
from core.classes.hall import HOURS, NoClassError, Written
from core.classes.keeping import PATIENCE
from core.classes.laboratory import links
from core.classes.state import FullError
from core.refusals import SpecError
from core.runs import Refused
from core.web.classes.asked import asked, dot, steering, tempo, whole
from core.web.classes.casting import GONE, Casting, dumps
from core.web.classes.pages import pages
from core.web.classes.qr import key, qr
from core.web.classes.throttle import Throttle
from core.web_questions import sentence

NO_CLASS = "There is no class with this code."
NO_COOKIE = "This page needs a cookie to know your seat again: allow it, and load the page again."
NOT_YOURS = "Only the lecturer can do this: open the console by its whole link."

Answer = Callable[[Request], Awaitable[Response]]


class ClassRoutes:
    """What the server answers about classes.

    Args:
        hall: what gives the classes.
        owner: who asks: None where a browser has no name yet.
        modules: the folder of the browser's modules.
    """

    def __init__(
        self, hall: Callable[[], Hall], owner: Callable[[HTTPConnection], str | None], modules: Path
    ) -> None:
        self._hall = hall
        self._owner = owner
        self._modules = modules
        self._casting = Casting(hall)
        self._throttle = Throttle()

    def routes(self, root: str) -> list[BaseRoute]:
        """Each by its whole path, under the app's own root."""
        asks: dict[str, Answer] = {
            "join": self._join,
            "answer": self._answer,
            "tempo": self._tempo,
            "steer": self._steer,
            "present": self._present,
            "link": self._link,
            "delete": self._delete,
        }
        one = f"{root}/api/class/{{code}}"
        return [
            Route(f"{root}/api/class", self._guarded(self._create), methods=["POST"]),
            *(Route(f"{one}/{name}", self._guarded(ask), methods=["POST"]) for name, ask in asks.items()),
            Route(one, self._guarded(self._state)),
            Route(f"{one}/qr", self._guarded(self._qr)),
            Route(f"{one}/dots", self._guarded(self._dots)),
            Route(f"{one}/plan", self._guarded(self._plan)),
            Route(f"{one}/report", self._guarded(self._report)),
            Route(f"{one}/summary", self._guarded(self._summary)),
            WebSocketRoute(f"{one}/live", self._live),
            *pages(root, self._modules),
        ]

    def _guarded(self, ask: Answer) -> Answer:
        async def answer(request: Request) -> Response:
            try:
                return await ask(request)
            except NoClassError:
                client = self._owner(request) or (request.client.host if request.client else "")
                await asyncio.sleep(self._throttle.wrong(client))
                return sentence(NO_CLASS, 404)
            except SpecError as error:
                return sentence(str(error), 400)
            except (FullError, Refused) as error:
                return sentence(str(error), 409)
            except PermissionError as error:
                return sentence(str(error), 403)

        return answer

    async def _create(self, request: Request) -> Response:
        cards = read_cards((await asked(request)).get("cards"))
        code, secret = await asyncio.to_thread(self._hall().create, cards)
        return self._with_secret(request, code, secret, {"code": code, "secret": secret})

    async def _join(self, request: Request) -> Response:
        code, owner = request.path_params["code"], self._known(request)
        _, written = self._hall().join(code, owner)
        await _kept(written)
        return self._told(code, owner)

    async def _answer(self, request: Request) -> Response:
        code, owner, told = request.path_params["code"], self._known(request), await asked(request)
        card, round_ = whole(told, "card"), whole(told, "round", 1)
        kept, written = self._hall().answer(code, owner, card, round_, told.get("value"))
        await _kept(written)
        return self._told(code, owner, became=kept)

    async def _tempo(self, request: Request) -> Response:
        code, owner = request.path_params["code"], self._known(request)
        self._hall().tempo(code, owner, tempo(await asked(request)))
        return self._told(code, owner)

    async def _steer(self, request: Request) -> Response:
        code, told = self._presented(request), await asked(request)
        card = whole(told, "card", 0)
        written = self._hall().steer(code, steering(told), whole(told, "at"), card, dot(told))
        await _kept(written)
        return self._told(code, "", console=True)

    async def _present(self, request: Request) -> Response:
        code, secret = request.path_params["code"], str((await asked(request)).get("secret", ""))
        if not self._hall().is_presenter(code, secret):
            raise PermissionError(NOT_YOURS)
        return self._with_secret(request, self._hall().get(code).code, secret, {})

    async def _link(self, request: Request) -> Response:
        """The key to the console and its picture: in the answer to a post, so in no address and in no log."""
        code, at = self._presented(request), str((await asked(request)).get("at", ""))
        secret = request.cookies[_cookie(code)]
        return _json({"secret": secret, "qr": key(at, code, secret).decode()})

    async def _delete(self, request: Request) -> Response:
        self._hall().delete(self._presented(request))
        return _json({})

    async def _state(self, request: Request) -> Response:
        code, console = request.path_params["code"], "console" in request.query_params
        if console:
            self._presented(request)
        return self._told(code, self._owner(request) or "", console=console)

    async def _qr(self, request: Request) -> Response:
        room = self._hall().get(request.path_params["code"])
        return Response(qr(request.query_params.get("at", ""), room.code), media_type="image/svg+xml")

    async def _summary(self, request: Request) -> Response:
        room = self._hall().get(self._presented(request))
        headers = {"Content-Disposition": f'attachment; filename="class-{room.code}.csv"'}
        text = await asyncio.to_thread(self._hall().summary, room)
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)

    async def _dots(self, request: Request) -> Response:
        """What opens each dot of the board in the laboratory."""
        room = self._hall().get(self._presented(request))
        return _json({"links": links(room.card.experiment)})

    async def _plan(self, request: Request) -> Response:
        """What the lecturer has planned to say, and for how long."""
        return _json(self._hall().plan(self._hall().get(self._presented(request))))

    async def _report(self, request: Request) -> Response:
        room = self._hall().get(self._presented(request))
        # Whoever asks first waits for the examples to be read: nobody else.
        return _json(await asyncio.to_thread(self._hall().report, room))

    async def _live(self, socket: WebSocket) -> None:
        code, console = socket.path_params["code"], "console" in socket.query_params
        await socket.accept()
        try:
            if console and not self._is_presenter(socket):
                await socket.close(code=1008)
                return
            # Who has no cookie has a socket of their own all the same: an embedded projector, say.
            owner = self._owner(socket) or f"nobody {id(socket)}"
            await self._casting.serve(socket, code, owner, console)
        except NoClassError:
            await socket.send_text(GONE)
            await socket.close()

    def _told(self, code: str, owner: str, *, console: bool = False, became: str = "") -> Response:
        """All that a screen has to know; `became` of the answer it sent."""
        texts = self._casting.texts(code, owner, console)
        body = f'{{"frames":[{",".join(texts)}],"became":{dumps(became)}}}'
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    def _known(self, request: Request) -> str:
        owner = self._owner(request)
        if not owner:
            raise PermissionError(NO_COOKIE)
        return owner

    def _is_presenter(self, connection: HTTPConnection) -> bool:
        code = self._hall().get(connection.path_params["code"]).code
        return self._hall().is_presenter(code, connection.cookies.get(_cookie(code), ""))

    def _presented(self, request: Request) -> str:
        """The code of a class whose lecturer asks. Raises NoClassError, PermissionError."""
        if not self._is_presenter(request):
            raise PermissionError(NOT_YOURS)
        return self._hall().get(request.path_params["code"]).code

    def _with_secret(self, request: Request, code: str, secret: str, told: dict[str, Any]) -> Response:
        answer = _json(told)
        secure = request.url.scheme == "https"
        seconds = int(3600 * HOURS)
        answer.set_cookie(_cookie(code), secret, seconds, secure=secure, httponly=True, samesite="strict")
        return answer


def _cookie(code: str) -> str:
    """The name of the cookie with a class's secret."""
    return f"class_{code}"


def _json(told: dict[str, Any]) -> JSONResponse:
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


async def _kept(written: Written) -> None:
    """Wait until it is in the database; one that does not answer keeps nobody waiting."""
    if not written.done():
        await asyncio.wait([asyncio.wrap_future(written)], timeout=PATIENCE)
