"""People in a hall: a console, a projector, phones; and a crowd of seats without a browser."""

from collections.abc import Callable
from typing import Literal

import httpx2
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.serving import PATIENCE, Server

PHONE: ViewportSize = {"width": 390, "height": 844}
STAGE: ViewportSize = {"width": 1280, "height": 720}

Scheme = Literal["light", "dark"]


class Hall:
    """People in a hall, each with a browser of their own.

    Attributes:
        troubles: what failed in a page's script or was against its policy.
        addresses: what was asked for, to look for the secret.
        classes: the secrets of the classes they have opened, by code. A server has room for twenty.
    """

    def __init__(self, browser: Browser, server: Server) -> None:
        self.troubles: list[str] = []
        self.addresses: list[str] = []
        self.classes: dict[str, str] = {}
        self.server = server
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._clients: list[httpx2.Client] = []

    def open(self, path: str, size: ViewportSize, scheme: Scheme = "light") -> Page:
        context = self._browser.new_context(viewport=size, color_scheme=scheme)
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda told: self._noted(told.text))
        page.on("request", lambda asked: self.addresses.append(f"{asked.url} {asked.headers.get('referer')}"))
        page.goto(self.server.url + path)
        return page

    def client(self) -> httpx2.Client:
        """A browser without a screen."""
        url = self.server.url
        self._clients.append(httpx2.Client(base_url=url, headers={"Origin": url}, timeout=PATIENCE))
        return self._clients[-1]

    def leave(self) -> None:
        for context in self._contexts:
            context.close()
        for code, secret in self.classes.items():
            asks = {"Cookie": f"class_{code}={secret}"}
            assert self.client().post(f"/api/class/{code}/delete", json={}, headers=asks).is_success
        for client in self._clients:
            client.close()

    def _noted(self, told: str) -> None:
        if "Content Security Policy" in told:
            self.troubles.append(told)


def opened(hall: Hall, *, scheme: Scheme = "light") -> tuple[Page, str, str]:
    """Open a class on the page as a lecturer does; the console, the code, the secret."""
    page = hall.open("/hold_a_class", {"width": 1280, "height": 900})
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning] .st-key-class_page")
    page.get_by_role("button", name="Open this class").first.click()
    link = page.get_by_role("link", name="Console")
    expect(link).to_be_visible()
    path = link.get_attribute("href") or ""
    code, _, secret = path.partition("#")[2].partition(".")
    path = path.removeprefix(".")
    page.context.close()
    hall.classes[code] = secret
    hall.addresses.clear()
    return hall.open(path, PHONE, scheme), code, secret


def predict(seat: Page, value: int) -> None:
    seat.get_by_label("Your prediction (%)").fill(str(value))
    seat.get_by_role("button", name="Send").click()
    expect(seat.get_by_text(f"Your answer counts: {value} %.")).to_be_visible()


def steer(console: Page, name: str) -> None:
    console.get_by_role("button", name=name, exact=True).click()


def everywhere(pages: list[Page], wanted: str) -> None:
    for page in pages:
        expect(page.locator("body")).to_have_attribute("data-phase", wanted)


class Crowd:
    """Seats that answer by the routes alone.

    Args:
        hall: where they sit.
        code: of the class.
        n: how many.
    """

    def __init__(self, hall: Hall, code: str, n: int) -> None:
        self._at = f"/api/class/{code}"
        self._seats = [hall.client() for _ in range(n)]
        for seat in self._seats:
            seat.get("/seat", headers={"Accept": "text/html"})
            assert seat.post(f"{self._at}/join", json={}).is_success

    def answer(self, card: int, value: Callable[[int], float], round_: int = 1) -> None:
        """Seat i answers value(i)."""
        for i, seat in enumerate(self._seats):
            told = {"card": card, "round": round_, "value": value(i)}
            assert seat.post(f"{self._at}/answer", json=told).json()["became"] in ("kept", "same")
