"""The cookie with a browser's name: given with the first page, kept for a year."""

import asyncio
from collections.abc import Callable, Mapping

from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.runs import Runs
from core.runs.store.owners import KEY, UNSIGNED, Names, owner_of

_ONE_YEAR = 365 * 86_400


class OwnerCookie:
    """Gives a browser that loads a page without a name one that only it knows."""

    def __init__(self, app: ASGIApp, service: Callable[[], Runs]) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the cookie to the answer where it is missing."""
        name = await self._wanted(scope) if scope["type"] == "http" else None
        if name is None:
            await self._app(scope, receive, send)
            return
        cookie = cookie_with(name, self._service().names, scope)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_cookie)

    async def _wanted(self, scope: Scope) -> str | None:
        """The name to give, if any."""
        headers = Headers(scope=scope)
        if scope["method"] != "GET" or "text/html" not in headers.get("accept", ""):
            return None
        cookies, names = cookie_parser(headers.get("cookie", "")), self._service().names
        name = names.held(cookies)
        if name is not None:
            # Who came over http before keeps the name.
            is_kept = scope["scheme"] != "https" or cookies.get(names.cookies[0]) == name
            return None if is_kept else name
        return await asyncio.to_thread(self._named_before, cookies, names)

    def _named_before(self, cookies: Mapping[str, str], names: Names) -> str | None:
        """A new name; the old one where the database knows a key of before there were signatures.

        None while it cannot be asked: a new name now would take the old one's runs away.
        """
        key = cookies.get(UNSIGNED, "")
        try:
            known = KEY.fullmatch(key) is not None and self._service().knows(owner_of(key))
        except SQLAlchemyError:
            return None
        return names.issue(key if known else "")


def cookie_with(name: str, names: Names, scope: Scope) -> str:
    """What sets a name, for the page that asks.

    In another site's frame a browser takes a cookie over https alone, and keeps it for that site's frames.
    """
    secure, plain = names.cookies
    rules = f"HttpOnly; Path=/; Max-Age={_ONE_YEAR}"
    if scope["scheme"] != "https":
        return f"{plain}={name}; {rules}; SameSite=Lax"
    headers = Headers(scope=scope)
    framed = headers.get("sec-fetch-dest") == "iframe" and headers.get("sec-fetch-site") == "cross-site"
    return f"{secure}={name}; {rules}; Secure; {'SameSite=None; Partitioned' if framed else 'SameSite=Lax'}"
