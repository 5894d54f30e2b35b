"""A first visit of Train live, what it weighs and takes and costs the server: `python -m benchmarks.visit`.

Bytes are those that cross the wire, headers included; a first visitor has nothing in the browser's cache,
and the server has been visited before. Times are behind 5 Mbit/s and 100 ms, as Chromium emulates them.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.options import asked, parser
from pages.ui.transport import DOUBLE_CLICK_SECONDS
from tests.browser.conftest import settled
from tests.browser.serving import CHROMIUM, FLAGS, Server, serving, wait_until

SLOW_LINE = {
    "offline": False,
    "latency": 100,
    "downloadThroughput": 5_000_000 / 8,
    "uploadThroughput": 5_000_000 / 8,
}
FEED = "/api/live"
VIEW = "[data-testid=live-view]"
CHART = f"{VIEW} .js-plotly-plot"


@contextmanager
def stranger(browser: Browser) -> Iterator[Page]:
    """A page of somebody who has never been here."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


class Wire:
    """What has come over a page's connections so far: bytes, by request, and of the live feed."""

    def __init__(self, page: Page) -> None:
        self.cdp = page.context.new_cdp_session(page)
        self.fetched: list[float] = []
        self.live = 0
        self._feeds: set[str] = set()
        self.cdp.on("Network.loadingFinished", lambda event: self.fetched.append(event["encodedDataLength"]))
        self.cdp.on("Network.webSocketCreated", self._opened)
        self.cdp.on("Network.webSocketFrameReceived", self._received)
        self.cdp.send("Network.enable")

    def _opened(self, event: dict[str, Any]) -> None:
        if event["url"].endswith(FEED):
            self._feeds.add(event["requestId"])

    def _received(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._feeds:
            told, is_text = event["response"]["payloadData"], event["response"]["opcode"] == 1
            # Bytes are told in base64.
            self.live += len(told) if is_text else len(told) * 3 // 4


def opened(page: Page, url: str) -> None:
    """The page, and all that it shows by itself."""
    page.goto(url)
    settled(page)
    page.wait_for_selector(CHART)
    page.wait_for_load_state("networkidle")


def pressed(page: Page, name: str, then: str, word: str) -> None:
    """A press, and the page shows what it did."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_selector(f"{VIEW}[data-state={word}]")
    page.get_by_role("button", name=then, exact=True).wait_for()
    settled(page)


def training(page: Page) -> None:
    wait_until(lambda: int(page.locator(VIEW).get_attribute("data-step") or -1) >= 40, 60)


def play_is_there(page: Page) -> None:
    page.get_by_role("button", name="Play", exact=True).wait_for()


def weight(browser: Browser, url: str) -> tuple[float, int]:
    """Bytes and requests of a first visit."""
    with stranger(browser) as page:
        wire = Wire(page)
        opened(page, url)
        return sum(wire.fetched), len(wire.fetched)


def until_play(browser: Browser, url: str) -> float:
    """Seconds from the address until Play is there, behind the slow line."""
    with stranger(browser) as page:
        Wire(page).cdp.send("Network.emulateNetworkConditions", SLOW_LINE)
        start = time.perf_counter()
        page.goto(url, wait_until="commit", timeout=120_000)
        play_is_there(page)
        return time.perf_counter() - start


def live_rate(browser: Browser, url: str, seconds: float) -> float:
    """Bytes a second of the live feed, at the default speed."""
    with stranger(browser) as page:
        wire = Wire(page)
        opened(page, url)
        pressed(page, "Play", "Pause", "running")
        training(page)
        before, start = wire.live, time.perf_counter()
        page.wait_for_timeout(1000 * seconds)
        rate = (wire.live - before) / (time.perf_counter() - start)
        pressed(page, "Pause", "Play", "paused")
        return rate


def openings(browser: Browser, server: Server, repeats: int) -> tuple[list[float], list[float]]:
    """CPU seconds of the web process for a page opened by strangers, and by somebody who comes back."""
    first, again = [], []
    for _ in range(repeats):
        with stranger(browser) as page:
            opens = partial(opened, page, server.url)
            first.append(cost(server, opens))
            again.append(cost(server, opens))
    return first, again


def presses(browser: Browser, server: Server, repeats: int) -> list[float]:
    """CPU seconds of the web process for a press of Play or Pause, until the page shows what it did."""
    took = []
    with stranger(browser) as page:
        opened(page, server.url)
        pressed(page, "Play", "Pause", "running")
        training(page)
        pause = partial(pressed, page, "Pause", "Play", "paused")
        play = partial(pressed, page, "Play", "Pause", "running")
        for _ in range(repeats):
            time.sleep(DOUBLE_CLICK_SECONDS)
            took += [cost(server, pause), cost(server, play)]
        pause()
    return took


def cost(server: Server, act: Callable[[], object]) -> float:
    """CPU seconds of the web process while something is done and until it rests again."""
    before = cpu(server)
    act()
    return cpu(server) - before


def cpu(server: Server) -> float:
    times = psutil.Process(server.process.pid).cpu_times()
    return float(times.user + times.system)


def measure(browser: Browser, repeats: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        weight(browser, server.url)  # The first visitor of a server is another matter.
        wait_until(lambda: rests(server), 120)
        size, requests = weight(browser, server.url)
        print(f"first visit: {size / 1e6:.2f} MB in {requests} requests, goal 1.6 MB")
        print(f"live feed: {live_rate(browser, server.url, seconds) / 1000:.1f} kB a second, goal 8")
        first, again = openings(browser, server, repeats)
        report("CPU of an opening, empty cache", first, 20)
        report("CPU of an opening, full cache", again, 20)
        report("CPU of a press", presses(browser, server, repeats), 15)
        slow = [until_play(browser, server.url) for _ in range(repeats)]
        median, most = statistics.median(slow), max(slow)
        print(f"Play is there, 5 Mbit/s and 100 ms: median {median:.2f} s, max {most:.2f}, goal 3")


def rests(server: Server) -> bool:
    """Whether the web process has done next to nothing for a second: nothing is being made ready."""
    before = cpu(server)
    time.sleep(1)
    return cpu(server) - before < 0.1


def report(name: str, seconds: list[float], goal: float) -> None:
    mean, least, most = (1000 * of(seconds) for of in (statistics.fmean, min, max))
    print(f"{name}: mean {mean:.0f} ms, min {least:.0f}, max {most:.0f}, goal {goal}")


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("--repeats", type=int, default=10, help="visits, and pairs of presses")
    asks.add_argument("--seconds", type=float, default=10.0, help="for which the live feed is watched")
    options = asked(asks, repeats=1, seconds=1.0)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        measure(chromium, options.repeats, options.seconds)
        chromium.close()


if __name__ == "__main__":
    main()
