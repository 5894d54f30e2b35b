"""Connections on which no request comes: they are closed, where uvicorn would hold them for ever."""

from asyncio import AbstractEventLoop, Transport
from functools import wraps
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 30.0
"""From a connection to the end of its first request's head. A browser that connects ahead comes again."""


def install(protocol: Any = AutoHTTPProtocol, seconds: float = HEAD_SECONDS) -> None:
    """Give a connection so long to say what it wants.

    Relies on uvicorn's internals: a protocol has a `cycle` once a head is whole, and hands the transport of a
    socket on to another one. Once; later calls do nothing.
    """
    before = protocol.connection_made
    if hasattr(before, "__wrapped__"):
        return

    @wraps(before)
    def made(self: Any, transport: Any) -> None:
        before(self, transport)
        loop: AbstractEventLoop = self.loop
        loop.call_later(seconds, _give_up, self, transport)

    protocol.connection_made = made


def _give_up(protocol: Any, transport: Transport) -> None:
    is_its_own = transport.get_protocol() is protocol
    if is_its_own and protocol.cycle is None and not transport.is_closing():
        transport.close()
