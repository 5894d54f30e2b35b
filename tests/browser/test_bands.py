"""The λ bands as a person sees them: aligned to the slider, named, and within reach."""

import pytest
from playwright.sync_api import Page, expect

from core.bands import measurement
from core.spec import STRENGTHS, RunSpec
from tests.browser.conftest import settled
from tests.browser.live import move_strength

SLIDER = ".st-key-train_strength"


def band_under_the_thumb(page: Page) -> str:
    """The name of the band right below the slider's thumb."""
    thumb = page.locator(f"{SLIDER} input[type=range]").locator("xpath=../..").bounding_box()
    at = thumb["x"] + thumb["width"] / 2
    boxes = {each.get_attribute("class"): each.bounding_box() for each in page.locator(".band").all()}
    over = [name for name, box in boxes.items() if box["x"] - 0.5 <= at <= box["x"] + box["width"] + 0.5]
    assert len(over) == 1
    return over[0].removeprefix("band band-")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_thumb_stands_over_its_band_at_every_stop(person, width):
    page = person("/?strength=0", width=width)
    bands = measurement(RunSpec()).bands
    for stop in STRENGTHS:
        assert band_under_the_thumb(page) == bands.kind(stop)
        move_strength(page, 1)
        settled(page)
    strip, track = page.locator(".bands").bounding_box(), page.locator(SLIDER).bounding_box()
    assert strip["x"] >= track["x"]
    assert strip["x"] + strip["width"] <= track["x"] + track["width"]


@pytest.mark.parametrize("width", [1440, 390])
def test_jump_buttons_work_by_keyboard_and_are_on_the_screen(person, width):
    page = person(width=width)
    button = page.locator(".st-key-train_jump_strong button:visible")
    expect(button).to_be_in_viewport(ratio=1.0)
    button.focus()
    page.keyboard.press("Enter")
    settled(page)
    assert band_under_the_thumb(page) == "strong"


def test_settings_that_were_not_measured_say_so(person):
    page = person("/?penalty=sparse_group_lasso")
    expect(page.locator(".bands-none")).to_have_text("No bands measured for this combination.")
    assert page.locator(".band").count() == 0
