"""Proxies as people have them before the app: that know Streamlit's socket alone, that strip a folder."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
OF_AN_UPGRADE = ("upgrade", "connection", "sec-websocket-key", "sec-websocket-version")


class Proxy:
    """What stands before the server.

    Attributes:
        url: where a browser finds the app behind it.
        hole: whether all that comes is swallowed for now, as by a Wi-Fi between two rooms: nothing is closed.
        sockets: which paths may become one; a request for another goes on as a plain one, as nginx's does.
    """

    def __init__(self, upstream: str, strip: str = "", sockets: str = "/") -> None:
        self.url = ""
        self.hole = False
        self.sockets = sockets
        self.open: list[asyncio.StreamWriter] = []
        self._strip = strip
        self._upstream = urlsplit(upstream)

    async def serve(self) -> asyncio.Server:
        """Listen on a free port."""
        server = await asyncio.start_server(self._handle, "127.0.0.1", 0)
        self.url = f"http://localhost:{server.sockets[0].getsockname()[1]}{self._strip}"
        return server

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.append(writer)
        await self._over_the_hole()
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1")
            first, *headers = head.removesuffix("\r\n\r\n").split("\r\n")
            method, path, _ = first.split(" ")
            if not path.startswith(self._strip):
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                await writer.drain()
            else:
                inner = path.removeprefix(self._strip) or "/"
                kept = "\r\n".join([f"{method} {inner} HTTP/1.1", *self._headers(headers, inner)])
                upstream = await asyncio.open_connection(self._upstream.hostname, self._upstream.port)
                self.open.append(upstream[1])
                upstream[1].write(f"{kept}\r\n\r\n".encode("latin1"))
                await asyncio.gather(self._pipe(reader, upstream[1]), self._pipe(upstream[0], writer))
        writer.close()

    def _headers(self, headers: list[str], path: str) -> list[str]:
        names = [header.partition(":")[0].lower() for header in headers]
        if "upgrade" in names and path.startswith(self.sockets):
            return headers
        kept = [each for name, each in zip(names, headers, strict=True) if name not in OF_AN_UPGRADE]
        return [*kept, "Connection: close"]

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                await self._over_the_hole()
                writer.write(data)
                await writer.drain()
        writer.close()

    async def _over_the_hole(self) -> None:
        while self.hole:
            await asyncio.sleep(0.02)


@contextmanager
def standing(proxy: Proxy) -> Iterator[Proxy]:
    """Let it stand, in a thread of its own: where Playwright runs, no other loop can."""
    loop, stands, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def stand() -> None:
        server = await proxy.serve()
        stands.set()
        await over.wait()
        server.close()
        handled = asyncio.all_tasks() - {asyncio.current_task()}
        for writer in proxy.open:
            writer.transport.abort()
        await asyncio.gather(*handled)

    thread = threading.Thread(target=loop.run_until_complete, args=(stand(),))
    thread.start()
    try:
        assert stands.wait(10)
        yield proxy
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
