"""The λ bands as a person sees them: aligned to the slider, named, and within reach."""

from itertools import combinations

import pytest
from playwright.sync_api import Page, expect

from core.bands import measurement
from core.spec import STRENGTHS, RunSpec
from tests.browser.conftest import settled
from tests.browser.live import move_strength, playing, press
from tests.browser.serving import wait_until

SLIDER = "[class*=st-key-train_strength]"
WAYS = (("x", "width"), ("y", "height"))
PROJECTORS = (700, 1024, 1155, 1165, 1200, 1240, 1280, 1320, 1366, 1440)


def band_under_the_thumb(page: Page) -> str:
    """The name of the band right below the slider's thumb; "" while one of the two is on its way."""
    thumbs = page.locator(f"{SLIDER} input[type=range]").locator("xpath=../..")
    # Drawn anew, it is there twice for a moment.
    thumb = thumbs.first.bounding_box() if thumbs.count() == 1 else None
    boxes = {each.get_attribute("class"): each.bounding_box() for each in page.locator(".band").all()}
    if thumb is None or None in boxes.values():
        return ""  # Drawn anew right now.
    at = thumb["x"] + thumb["width"] / 2
    over = [name for name, box in boxes.items() if box["x"] - 0.5 <= at <= box["x"] + box["width"] + 0.5]
    return over[0].removeprefix("band band-") if len(over) == 1 else ""


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_thumb_stands_over_its_band_at_every_stop(person, width):
    page = person("/?strength=0", width=width)
    bands = measurement(RunSpec()).bands
    for kind in map(bands.kind, STRENGTHS):
        wait_until(lambda kind=kind: band_under_the_thumb(page) == kind)
        move_strength(page, 1)
        settled(page)
    strip, track = page.locator(".bands").bounding_box(), page.locator(SLIDER).bounding_box()
    assert strip["x"] >= track["x"]
    assert strip["x"] + strip["width"] <= track["x"] + track["width"]


@pytest.mark.parametrize("width", [1440, 390])
def test_jump_buttons_work_by_keyboard_and_are_on_the_screen(person, width):
    page = person(width=width)
    button = page.locator(".st-key-train_jump_falls button:visible")
    expect(button).to_be_in_viewport(ratio=1.0)
    button.focus()
    page.keyboard.press("Enter")
    settled(page)
    wait_until(lambda: band_under_the_thumb(page) == "falls")


def overlaps(page: Page) -> list[tuple[str, str]]:
    """Which of λ's name, its buttons, its help and its track lie over each other."""
    places = {
        "name": f"{SLIDER} [data-testid=stWidgetLabel] p",
        "help": f"{SLIDER} [data-testid=stTooltipIcon]",
        "track": f"{SLIDER} input[type=range]",
        **{
            f"jump {each}": f".st-key-train_jump_{each} button:visible"
            for each in ("holds", "falls", "collapse")
        },
    }
    boxes = {name: page.locator(place).first.bounding_box() for name, place in places.items()}
    return [(a, b) for a, b in combinations(boxes, 2) if all(_meet(boxes[a], boxes[b], *way) for way in WAYS)]


def _meet(a: dict, b: dict, start: str, length: str) -> bool:
    return a[start] < b[start] + b[length] - 0.5 and b[start] < a[start] + a[length] - 0.5


@pytest.mark.parametrize("button", ["Play", "Pause", "Leave the queue"])
def test_nothing_lies_over_anything_else_on_a_projector(person, button):
    page = person(height=720)
    if button != "Play":
        playing(page)
    if button == "Leave the queue":
        page = person.visit(page.context)
        press(page, "Play")
    pressed = page.get_by_role("button", name=button, exact=True)
    expect(pressed).to_be_visible()
    assert pressed.evaluate("it => it.scrollWidth <= it.clientWidth"), "its words are not cut"
    assert pressed.locator("p").evaluate("it => it.scrollWidth <= it.clientWidth"), "nor shortened"
    for width in PROJECTORS:
        page.set_viewport_size({"width": width, "height": 720})
        wait_until(lambda: overlaps(page) == [], 3)


def test_settings_that_were_not_measured_say_so(person):
    page = person("/?penalty=sparse_group_lasso")
    expect(page.locator(".bands-none")).to_have_text(
        "What each λ does has not been measured for these settings."
    )
    assert page.locator(".band").count() == 0
