"""A press before the answer to the last one is there: the page keeps what the server believes it has."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser.serving import PATIENCE, ROOT, Server, serving, wait_until


def is_up(server: Server) -> bool:
    try:
        return httpx2.get(f"{server.url}/_stcore/health", timeout=2).is_success
    except httpx2.HTTPError:
        return False


class Line:
    """The way from server to page, which can be slow."""

    def __init__(self) -> None:
        self.slow = False
        self.held: list[str | bytes] = []

    def __call__(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        socket.connect_to_server().on_message(self.told)

    def told(self, message: str | bytes) -> None:
        if self.slow:
            self.held.append(message)
        else:
            self.socket.send(message)

    def hurry(self) -> None:
        self.slow = False
        for message in self.held:
            self.socket.send(message)


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    script = Path(__file__).with_name("pressed_again.py")
    with serving(tmp_path, ready=False, script=script, PYTHONPATH=str(ROOT)) as server:
        wait_until(lambda: is_up(server))
        page = browser.new_page(base_url=server.url)
        page.set_default_timeout(1000 * PATIENCE)
        yield page
        page.close()


def test_what_comes_back_after_two_quick_presses_is_shown(page: Page) -> None:
    line = Line()
    page.route_web_socket("**/_stcore/stream*", line)
    page.goto("/")
    button = page.get_by_role("button", name="Press", exact=True)
    expect(page.get_by_text("large large")).to_be_visible()
    button.click()
    expect(page.get_by_text("after 1", exact=True)).to_be_visible()
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached()
    line.slow = True
    button.click()
    wait_until(lambda: page.evaluate("1") and len(line.held) > 3)
    page.wait_for_timeout(500)
    button.click()
    page.wait_for_timeout(500)
    line.hurry()
    expect(page.get_by_text("after 3", exact=True)).to_be_visible()
    expect(page.get_by_text("large large")).to_be_visible()
    expect(page.get_by_text("Connection error")).to_have_count(0)


def test_nothing_is_made_of_a_press_that_is_half_done(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Press slowly").click()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Press", exact=True).click()
    expect(page.get_by_text("after 1", exact=True)).to_be_visible()
    expect(page.get_by_text("seen whole")).to_be_visible()
