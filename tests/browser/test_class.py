"""A whole class: a console, a projector, three phones: one reloaded, one offline for a while, one late."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.access import faults
from tests.browser.hall import PHONE, STAGE, Hall, everywhere, opened, predict, steer
from tests.browser.serving import Server, free_port, serving, wait_until

STEPS = (
    ("", "lobby"),
    ("Ask the first question", "predict"),
    ("Close the question", "closed"),
    ("Reveal the answers", "reveal"),
    ("Discuss", "discuss"),
    ("Next question", "predict"),
)
"""Buttons of the console, and the phase that each leads to."""

TOO_SMALL = """() => [...document.querySelectorAll(".stage *, .stage-foot *")]
    .filter((e) => e.checkVisibility()
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
    && parseFloat(getComputedStyle(e).fontSize) < 0.022 * innerHeight).map((e) => e.outerHTML)"""
"""What on the projector the last row cannot read."""

CUT = """() => {
    const body = document.querySelector(".stage-body") ?? document.body;
    return body.scrollHeight - body.clientHeight;
}"""
"""How many pixels of the projector are out of sight."""


def test_a_whole_class_and_a_server_that_dies_in_it(browser: Browser, tmp_path: Path) -> None:
    with ExitStack() as servers:
        port = free_port()

        def start() -> Server:
            server = servers.enter_context(serving(tmp_path, port=port, ready=False))
            wait_until(lambda: answers(server))
            return server

        hall = Hall(browser, start())
        secret = whole_class(hall, start)
        hall.leave()
    assert secret not in (tmp_path / "log").read_text(encoding="utf-8")
    assert not hall.troubles


def answers(server: Server) -> bool:
    try:
        return httpx2.get(f"{server.url}/api/health", timeout=2).is_success
    except httpx2.HTTPError:
        return False


def whole_class(hall: Hall, start: Callable[[], Server]) -> str:
    """From the lobby to the second question, with all that happens to people; the presenter's secret."""
    console, code, secret = opened(hall)
    projector = hall.open(f"/projector?c={code}", STAGE)
    expect(projector.get_by_text(f"{code[:3]} {code[3:]}").first).to_be_visible()
    ann, bob = (hall.open(f"/seat?c={code}", PHONE) for _ in range(2))
    expect(projector.locator("#joined")).to_have_text("2 here")
    assert secret not in projector.content()

    steer(console, "Ask the first question")
    everywhere([console, projector, ann, bob], "predict")
    predict(ann, 40)
    bob.context.set_offline(True)
    cy = hall.open("/seat", PHONE)
    cy.get_by_label("Code of the class").fill(code.lower())
    cy.get_by_role("button", name="Join").click()
    predict(cy, 80)
    expect(projector.locator("#counted")).to_have_text("2")
    ann.reload()
    expect(ann.get_by_text("Your answer counts: 40 %.")).to_be_visible()

    # Killed in the middle of a question: phase, answers and count are there again.
    hall.server.process.kill()
    hall.server.process.wait(20)
    hall.server = start()
    for page in (console, projector, ann, cy):
        wait_until(lambda page=page: page.evaluate("document.body.dataset.link") == "open")
    everywhere([console, projector, ann, cy], "predict")
    expect(projector.locator("#counted")).to_have_text("2")
    expect(ann.get_by_text("Your answer counts: 40 %.")).to_be_visible()
    bob.context.set_offline(False)
    everywhere([bob], "predict")
    predict(bob, 10)
    expect(projector.locator("#counted")).to_have_text("3")
    for page in (projector, console):
        expect(page.locator(".hist-bar")).to_have_count(0)

    projector.keyboard.press("ArrowRight")
    expect(projector.get_by_text("This browser shows, and does not steer")).to_be_visible()
    steer(console, "Close the question")
    everywhere([projector, ann, bob, cy], "closed")
    console.keyboard.press("r")
    everywhere([projector, ann, bob, cy], "reveal")
    expect(projector.get_by_text("Mean of the class 43.33 %")).to_be_visible()
    expect(projector.get_by_text("Measured 0 %")).to_be_visible()
    expect(ann.get_by_text("You said 40 %. You were 40 points off.")).to_be_visible()
    console.keyboard.press("PageDown")
    everywhere([projector, ann, bob, cy], "discuss")
    expect(projector.locator(".bars li")).to_have_count(3)

    console.keyboard.press("PageDown")
    everywhere([projector, ann, bob, cy], "predict")
    ann.get_by_text("λ = 3e-4").click()
    expect(ann.get_by_text("Your answer counts: λ = 3e-4.")).to_be_visible()
    steer(console, "Pause")
    everywhere([projector, ann], "paused")
    expect(ann.get_by_text("Please look at the front.")).to_be_visible()
    steer(console, "Go on")
    everywhere([projector, ann], "predict")
    assert not [each for each in hall.addresses if secret in each.partition("#")[0]]
    return secret


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_its_screens(hall: Hall, scheme: str) -> None:
    console, code, _ = opened(hall, scheme=scheme)
    projector = hall.open(f"/projector?c={code}", STAGE)
    if scheme == "dark":
        projector.keyboard.press("d")
    seat = hall.open(f"/seat?c={code}", {"width": 320, "height": 700}, scheme)
    asks = hall.open("/seat", PHONE, scheme)
    expect(asks.get_by_label("Code of the class")).to_be_focused()
    assert faults(asks) == []
    pages = [console, projector, seat]
    for deed, after in STEPS:
        if deed:
            steer(console, deed)
        everywhere(pages, after)
        for page in pages:
            expect(page.locator("#screen :is(h1, .big)").first).to_be_visible()
            assert faults(page) == [], (deed, page.url)
        assert projector.evaluate(TOO_SMALL) == []
        assert projector.evaluate(CUT) <= 1, deed


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (1920, 1080), (720, 1280)])
@pytest.mark.parametrize("larger", [0, 7])
def test_a_code_of_the_widest_letters_fits_the_projector(
    hall: Hall, size: tuple[int, int], larger: int
) -> None:
    _, code, _ = opened(hall)
    projector = hall.open(f"/projector?c={code}", {"width": size[0], "height": size[1]})
    for _ in range(larger):
        projector.keyboard.press("+")
    shown = projector.locator(".lobby .code")
    expect(shown).to_be_visible()
    shown.evaluate("(code) => { code.textContent = 'WWW WWW'; }")
    for each in (shown, projector.locator(".lobby .qr"), projector.locator("#joined")):
        expect(each).to_be_in_viewport(ratio=1)
    assert projector.locator(".lobby .qr").evaluate("(qr) => qr.clientWidth") >= 250
    assert faults(projector) == []


def test_a_phone_loads_little(hall: Hall) -> None:
    _, code, _ = opened(hall)
    page = hall.open("/seat", PHONE)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    loaded: list[float] = []
    cdp.on("Network.loadingFinished", lambda told: loaded.append(told["encodedDataLength"]))
    page.goto(f"{hall.server.url}/seat?c={code}")
    expect(page.get_by_text("You are in.")).to_be_visible()
    assert 5_000 < sum(loaded) <= 60_000
