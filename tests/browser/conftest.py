"""A real Chromium that looks at a real server."""

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.hall import Hall
from tests.browser.serving import CHROMIUM, FLAGS, PATIENCE, Server, serving

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
        ".st-key-class_page",
        ".st-key-make_page",
    )
)

expect.set_options(timeout=1000 * PATIENCE)


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Of this package only: while Playwright stands, no other test can run an event loop of its own.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody new at the app, in a browser of their own each time they arrive.

    Attributes:
        troubles: what failed in a page's script, left the host, or was against the page's own policy.
    """

    def __init__(self, browser: Browser, server: Server) -> None:
        self.troubles: list[str] = []
        self._browser, self._server = browser, server
        self._contexts: list[BrowserContext] = []

    def __call__(
        self,
        path: str = "/",
        *,
        width: int = 1440,
        height: int = 900,
        scheme: Literal["light", "dark"] = "light",
    ) -> Page:
        """Open a page as somebody who has never been here."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        self._contexts.append(context)
        return self.visit(context, path)

    def visit(self, context: BrowserContext, path: str = "/") -> Page:
        """Open a page in one more tab."""
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        page.on("request", lambda request: self._stays_home(request.url))
        page.on("console", lambda message: self._keeps_policy(message.text))
        page.goto(self._server.url + path)
        settled(page)
        return page

    def leave(self) -> None:
        """Close every tab, with no run left going."""
        for context in self._contexts:
            for page in context.pages:
                if page.get_by_role("dialog").filter(has_text="Connection error").count():
                    self.troubles.append("Streamlit's page has lost what it needs, and is of no use any more")
                rest(page)
            context.close()

    def _keeps_policy(self, told: str) -> None:
        if "Content Security Policy" in told:
            self.troubles.append(f"against the policy: {told}")

    def _stays_home(self, url: str) -> None:
        if urlparse(url).hostname not in (None, "localhost"):
            self.troubles.append(f"left the host: {url}")


@pytest.fixture
def person(browser: Browser, server: Server) -> Iterator[Person]:
    """Open the app as somebody new; at the end nothing may have failed or left the host."""
    somebody = Person(browser, server)
    yield somebody
    somebody.leave()
    assert not somebody.troubles


@pytest.fixture
def hall(browser: Browser, server: Server) -> Iterator[Hall]:
    hall = Hall(browser, server)
    yield hall
    hall.leave()
    assert not hall.troubles


def settled(page: Page) -> None:
    """Wait until the server has answered the last interaction and the page's view stands."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_selector(FIRST_SIGHTS)


def rest(page: Page) -> None:
    """Leave no run going that would slow the next test down."""
    # Found and pressed in one breath: a run may end, and its button go, between two questions. Again, as a
    # Pause right after Play counts as a double click.
    press = """() => { const button = document.querySelector('.st-key-train_pause button:not([disabled])');
                       button?.click(); return Boolean(button); }"""
    for _ in range(60):
        if not page.evaluate(press):
            break
        page.wait_for_timeout(500)
    expect(page.locator("[data-testid=live-view][data-state=running]")).to_have_count(0)
