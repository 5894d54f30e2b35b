"""A connection that does not say what it wants is closed, and no other."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from core.web.limits import heads

PROTOCOLS = {"h11": H11Protocol, "httptools": HttpToolsProtocol}
HEAD_SECONDS = 0.5


class App:
    """Answers when it is let; a socket stands until it is closed."""

    def __init__(self):
        self.may_answer = asyncio.Event()

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await receive()
            return
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def served(app, protocol):
    config = uvicorn.Config(
        app,
        port=0,
        http=protocol,
        loop="asyncio",
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


SOCKET = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_half_a_request_is_given_up_and_a_whole_one_and_a_socket_are_not(name):
    protocol = type(name, (PROTOCOLS[name],), {})
    heads.install(protocol, HEAD_SECONDS)
    heads.install(protocol, 0.0)

    async def scene():
        app = App()
        async with asyncio.timeout(60), served(app, protocol) as port:
            writers = []

            async def asked(text):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writers.append(writer)
                writer.write(text)
                return reader

            socket = await asked(SOCKET)
            assert (await socket.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
            slow = await asked(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            # Later than those two, so that they have been looked at before.
            for text in (b"", b"GET / HTTP/1.1\r\nHost: x"):
                given_up = await asked(text)
                assert await given_up.read() == b""
            app.may_answer.set()
            assert (await slow.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
            assert not socket.at_eof()
            for writer in writers:
                writer.close()

    asyncio.run(scene())
