"""The keyboard, and a lecturer's clicker, which is one."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.live import move_strength, state
from tests.browser.serving import wait_until

STRENGTH = "[class*=st-key-train_strength] input[type=range]"


def scrolled(page: Page) -> float:
    return page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")


def test_space_plays_and_the_next_space_pauses(person):
    page = person(width=1280, height=720)
    page.get_by_role("button", name="Play", exact=True).focus()
    page.keyboard.press("Space")
    state(page, "running")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_focused()
    page.keyboard.press("Space")
    state(page, "paused")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_focused()


@pytest.mark.parametrize("focus", [True, False], ids=["λ is focused", "nothing is focused"])
def test_a_clicker_scrolls_the_page_and_leaves_the_strength(person, focus):
    page = person(width=1280, height=720)
    before = page.locator(STRENGTH).input_value()
    if focus:
        page.locator(STRENGTH).focus()
    page.keyboard.press("PageDown")
    wait_until(lambda: scrolled(page) > 300)
    page.keyboard.press("PageUp")
    wait_until(lambda: scrolled(page) == 0)
    assert page.locator(STRENGTH).input_value() == before


def test_arrows_still_move_the_strength(person):
    page = person()
    before = page.locator(STRENGTH).input_value()
    move_strength(page, 1)
    wait_until(lambda: page.locator(STRENGTH).input_value() != before)
