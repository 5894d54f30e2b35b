"""What a full hall costs: `python -m benchmarks.classroom` prints a table (a minute, real server and worker).

As many seats as asked for come from one address, as behind a campus's router, while the class's own
experiment trains. They join, answer (every tenth twice), see phases change, lose their sockets all at once;
then the server is killed in the middle of a question and started again.
"""

import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any

import httpx2
import psutil
import websockets
from websockets.typing import Origin

from benchmarks.options import asked, parser
from tests.browser.serving import free_port, serving

CARDS = [
    {"own": {"question": "Which λ?", "experiment": {"epochs": 200, "seeds": 3}}},
    {"name": "claim.sparsity"},
]
JOIN_SECONDS, ANSWER_SECONDS = 8.0, 2.0
"""A hall does not press in one moment: over so long it joins, and answers."""

FIRST_TRY, LONGEST = 2.0, 10.0
"""Of `pages/browser/live/socket/pauses.js`."""


@dataclass
class Seat:
    """One phone: its cookie, its socket, when it saw which phase."""

    cookie: str = ""
    seen: dict[int, float] = field(default_factory=dict)
    frames: int = 0
    received: int = 0
    back: float = 0.0
    socket: websockets.ClientConnection | None = None


@dataclass(frozen=True)
class Class:
    """An open class on a server.

    Attributes:
        port: the server's.
        code, secret: of the class.
        client: what asks, over as many connections as it likes.
    """

    port: int
    code: str
    secret: str
    client: httpx2.AsyncClient

    @property
    def origin(self) -> str:
        """What a page of the app has as its Origin."""
        return f"http://127.0.0.1:{self.port}"

    async def post(self, path: str, cookie: str, **told: Any) -> httpx2.Response:
        """Ask as the browser with a cookie does."""
        headers = {"Origin": self.origin, "Cookie": cookie}
        url = f"{self.origin}/api/class/{self.code}/{path}"
        while True:
            try:
                return await self.client.post(url, json=told, headers=headers)
            except httpx2.TransportError:
                # As a phone does: every message may be sent twice.
                await asyncio.sleep(random.random())

    async def state(self) -> list[dict[str, Any]]:
        """The class's scene and counts."""
        answer = await self.client.get(f"{self.origin}/api/class/{self.code}")
        frames: list[dict[str, Any]] = answer.json()["frames"]
        return frames

    async def steer(self, do: str) -> int:
        """Do something; the number of the phase that follows."""
        at = (await self.state())[0]["n"]
        await self.post("steer", f"class_{self.code}={self.secret}", do=do, at=at)
        return int((await self.state())[0]["n"])

    async def visit(self, seat: Seat) -> float:
        """Open the page and join; how long it took."""
        began = time.perf_counter()
        page = None
        while page is None:
            try:
                page = await self.client.get(f"{self.origin}/seat", headers={"Accept": "text/html"})
            except httpx2.TransportError:
                await asyncio.sleep(random.random())
        seat.cookie = page.headers["set-cookie"].partition(";")[0]
        seat.received += len(page.content)
        joined = await self.post("join", seat.cookie)
        joined.raise_for_status()
        seat.received += len(joined.content)
        return time.perf_counter() - began

    async def follow(self, seat: Seat) -> None:
        """Hold a socket open, and open it again when it is lost."""
        pause = FIRST_TRY
        url = f"ws://127.0.0.1:{self.port}/api/class/{self.code}/live"
        headers = {"Cookie": seat.cookie}
        while True:
            try:
                async with websockets.connect(
                    url, origin=Origin(self.origin), additional_headers=headers, compression=None
                ) as socket:
                    seat.socket = socket
                    await self._listen(seat, socket)
            except (OSError, websockets.WebSocketException):
                pass
            seat.socket = None
            await asyncio.sleep(0.3 + random.random() * (pause - 0.3))
            pause = min(2 * pause, LONGEST)

    async def _listen(self, seat: Seat, socket: websockets.ClientConnection) -> None:
        is_new = True
        async for text in socket:
            now = time.perf_counter()
            if is_new:
                seat.back, is_new = now, False
            seat.frames += 1
            seat.received += len(text)
            frame = json.loads(text)
            if "phase" in frame:
                seat.seen.setdefault(frame["n"], now)


def p95(values: Iterable[float]) -> float:
    """95 % are not above it."""
    some = sorted(values)
    return some[min(len(some) - 1, int(0.95 * len(some)))]


async def spread(n: int, seconds: float, ask: Callable[[int], Awaitable[float]]) -> list[float]:
    """Ask n times, spread evenly over some seconds; how long each took."""

    async def one(i: int) -> float:
        await asyncio.sleep(seconds * i / n)
        return await ask(i)

    return list(await asyncio.gather(*(one(i) for i in range(n))))


async def until(is_true: Callable[[], bool], seconds: float) -> float:
    """Wait until something is true, no longer than so; how long it took."""
    began = time.perf_counter()
    while not is_true() and time.perf_counter() - began < seconds:
        await asyncio.sleep(0.02)
    return time.perf_counter() - began


async def phase(room: Class, seats: list[Seat], do: str) -> list[float]:
    """Steer; how long each seat takes to see it."""
    began = time.perf_counter()
    n = await room.steer(do)
    await until(lambda: all(n in seat.seen for seat in seats), 10.0)
    return [seat.seen.get(n, float("inf")) - began for seat in seats]


async def cost(process: psutil.Process, seconds: float) -> tuple[float, float]:
    """Percent of a core, and MB, of a process."""
    process.cpu_percent()
    await asyncio.sleep(seconds)
    return process.cpu_percent(), process.memory_info().rss / 1e6


async def measure(room: Class, process: psutil.Process, options: Any) -> None:
    """A class from the lobby to the reveal."""
    n, seats = options.seats, [Seat() for _ in range(options.seats)]
    began = time.perf_counter()
    took = await spread(n, min(JOIN_SECONDS, n / 30), lambda i: room.visit(seats[i]))
    say(f"{n} seats from one address joined within", f"{time.perf_counter() - began:.1f} s")
    say("page and join, 95 % within", f"{p95(took):.2f} s")
    following = [asyncio.create_task(room.follow(seat)) for seat in seats]
    await until(lambda: all(seat.frames for seat in seats), 10.0)
    say("with a socket", f"{sum(seat.socket is not None for seat in seats)} of {n}")
    cpu, memory = await cost(process, options.rest)
    say("web process at rest in the lobby", f"{cpu:.0f} % of a core, {memory:.0f} MB")
    say("the question is seen, 95 % within", f"{p95(await phase(room, seats, 'next')):.2f} s")

    async def answer(i: int) -> float:
        told = {"card": 0, "round": 1, "value": i % 7}
        began = time.perf_counter()
        for _ in range(2 if i % 10 == 0 else 1):
            (await room.post("answer", seats[i].cookie, **told)).raise_for_status()
        return time.perf_counter() - began

    took = await spread(n, ANSWER_SECONDS, answer)
    say(f"answers over {ANSWER_SECONDS:g} s, every tenth twice, 95 % within", f"{p95(took):.2f} s")
    say("counted", f"{(await room.state())[1]['count']} of {n}")
    cut = time.perf_counter()
    await asyncio.gather(*(seat.socket.close() for seat in seats if seat.socket))
    await until(lambda: all(seat.back > cut for seat in seats), 10.0)
    back = [seat.back - cut for seat in seats if seat.back > cut]
    say(
        "all sockets cut: back within 10 s",
        f"{100 * len(back) / n:.0f} %, half of them in {statistics.median(back):.1f} s",
    )
    say("closing is seen, 95 % within", f"{p95(await phase(room, seats, 'close')):.2f} s")
    say("the reveal is seen, 95 % within", f"{p95(await phase(room, seats, 'reveal')):.2f} s")
    cpu, memory = await cost(process, options.rest)
    say("web process in Reveal", f"{cpu:.0f} % of a core, {memory:.0f} MB")
    say(
        "received by a seat so far, page included",
        f"{statistics.mean(s.received for s in seats) / 1e3:.1f} kB",
    )
    await room.steer("next")
    await room.steer("next")
    await asyncio.gather(*(room.post("answer", s.cookie, card=1, round=1, value=9) for s in seats[: n // 2]))
    for task in following:
        task.cancel()


def say(what: str, measured: str) -> None:
    """A line of the table."""
    print(f"| {what} | {measured} |", flush=True)


async def opened(port: int, client: httpx2.AsyncClient) -> Class:
    """Open a class."""
    origin = f"http://127.0.0.1:{port}"
    made = await client.post(f"{origin}/api/class", json={"cards": CARDS}, headers={"Origin": origin})
    made.raise_for_status()
    return Class(port, made.json()["code"], made.json()["secret"], client)


async def hold(folder: Path, options: Any) -> None:
    """A class, a killed server, and what is left of it."""
    port = free_port()
    limits = httpx2.Limits(max_connections=options.seats, max_keepalive_connections=options.seats)
    async with httpx2.AsyncClient(timeout=20.0, limits=limits) as client:
        # Each seat has a cookie of its own: what all would share is not kept.
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        with serving(folder, port=port) as server:
            room = await opened(port, client)
            await measure(room, psutil.Process(server.process.pid), options)
            before = (await room.state())[:2]
            server.process.kill()
            server.process.wait(20)
        with serving(folder, port=port):
            after = (await room.state())[:2]
    say("server killed in a question and started again: phase, count as before", str(before == after).lower())
    say("… counted", f"{after[1]['count']} of {options.seats // 2}")


def main() -> None:
    """Print the table."""
    asks = parser(__doc__ or "")
    asks.add_argument("--seats", type=int, default=300, help="how many phones")
    asks.add_argument("--rest", type=float, default=10.0, help="seconds over which CPU is measured")
    options = asked(asks, seats=6, rest=0.5)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(hold(Path(folder), options))


if __name__ == "__main__":
    main()
