"""A real Chromium that looks at a real server."""

from collections.abc import Iterator
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.serving import CHROMIUM, FLAGS, Server, serving

# What a page shows first: a picture, a listing, or what the reader is to do.
FIRST_SIGHTS = ", ".join(
    (
        "[data-testid=live-view]",
        "[data-testid=figure]",
        "[data-testid=inside]",
        ".code-lines",
        "[class*=st-key-deliver_card]",
        ".st-key-guided_path",
        ".st-key-check_page",
        ".sheet",
    )
)

expect.set_options(timeout=20_000)  # machines are shared: what comes late is not wrong


@pytest.fixture(scope="package")
def server(tmp_path_factory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Of this package only: while Playwright stands, no other test can run an event loop of its own.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def person(browser: Browser, server: Server):
    """Open the app as somebody new; at the end nothing may have failed or left the host."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def arrive(path: str = "/", *, width: int = 1440, height: int = 900, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        return visit(context, path)

    def visit(context: BrowserContext, path: str = "/") -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
        page.on("request", lambda request: stays_home(request.url))
        page.goto(server.url + path)
        settled(page)
        return page

    def stays_home(url: str) -> None:
        if urlparse(url).hostname not in (None, "localhost"):
            troubles.append(f"left the host: {url}")

    arrive.visit = visit
    yield arrive
    for context in contexts:
        for page in context.pages:
            rest(page)
        context.close()
    assert not troubles


def settled(page: Page) -> None:
    """Wait until the server has answered the last interaction and the page's view stands."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_selector(FIRST_SIGHTS)


def rest(page: Page) -> None:
    """Leave no run going that would slow the next test down."""
    # Found and pressed in one breath: a run may end, and its button go, between two questions.
    pressed = page.evaluate(
        """() => { const button = document.querySelector('.st-key-train_pause button:not([disabled])');
                   button?.click(); return Boolean(button); }"""
    )
    if pressed:
        page.locator("[data-testid=live-view]:not([data-state=running])").wait_for()
