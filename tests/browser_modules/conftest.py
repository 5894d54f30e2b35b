"""The browser's modules in a browser of their own: no app, no server, one page for all tests."""

from collections.abc import Iterator
from mimetypes import guess_type
from typing import Any

import pytest
from playwright.sync_api import Page, Route, sync_playwright

from pages.ui.components import BROWSER
from tests.browser.serving import CHROMIUM, FLAGS

ORIGIN = "http://modules.test"


class Modules:
    """What the modules of `pages/browser` do."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def call(self, module: str, function: str, *arguments: Any) -> Any:
        """What a function of a module gives."""
        return self.each(module, function, [arguments])[0]

    def each(self, module: str, function: str, calls: list[Any]) -> list[Any]:
        """What a function gives for each list of arguments."""
        script = (
            "([module, name, calls]) => import(module).then((all) => calls.map((one) => all[name](...one)))"
        )
        return list(self._page.evaluate(script, [f"/{module}", function, [list(one) for one in calls]]))

    def answer(self, address: str, module: str) -> None:
        """Serve a module of the test's own."""
        self._page.route(
            ORIGIN + address, lambda route: route.fulfill(body=module, content_type="text/javascript")
        )

    def run(self, script: str, argument: Any = None) -> Any:
        """What a script gives, a function of one argument, on an empty page; it imports what it needs."""
        self._page.evaluate("document.body.replaceChildren()")
        return self._page.evaluate(script, argument)


@pytest.fixture(scope="package")
def modules() -> Iterator[Modules]:
    # Of this package only: while Playwright stands, no other test can run an event loop of its own.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 800, "height": 600})
        page.route("**/*", _served)
        page.goto(ORIGIN)
        yield Modules(page)
        browser.close()


def _served(route: Route) -> None:
    name = route.request.url.removeprefix(ORIGIN).strip("/")
    if not name:
        route.fulfill(body="<!doctype html><title>modules</title>", content_type="text/html")
    elif (BROWSER / name).is_file():
        route.fulfill(body=(BROWSER / name).read_text(encoding="utf-8"), content_type=guess_type(name)[0])
    else:
        route.fulfill(status=404, body="")
