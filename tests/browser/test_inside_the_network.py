"""Inside the network as a reader uses it: draws a digit, follows a weight, looks at an update."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.access import faults
from tests.browser.conftest import settled
from tests.browser.serving import wait_until

PATH = "/inside_the_network"
THREE = (
    (0.3, 0.25),
    (0.5, 0.18),
    (0.7, 0.25),
    (0.65, 0.4),
    (0.5, 0.5),
    (0.68, 0.6),
    (0.7, 0.75),
    (0.5, 0.85),
    (0.3, 0.78),
)
PARTS = (
    "Weights",
    "Draw a digit",
    "What it looks at",
    "Mistakes",
    "One weight",
    "One update",
    "Rescale two layers",
)


def part(page: Page, name: str) -> None:
    page.locator(".st-key-inside_part").get_by_role("radio", name=name, exact=True).click()
    settled(page)


def draw_three(page: Page) -> None:
    box = page.locator(".ins-pad").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in THREE]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def answers(page: Page) -> list[str]:
    return page.locator(".ins-verdict").all_inner_texts()


def train(page: Page) -> None:
    page.get_by_role("button", name="Train one now").click()
    expect(page.get_by_role("button", name="Train another one")).to_be_visible(timeout=120_000)
    settled(page)


def test_a_phone_has_the_seven_parts_in_two_rows(person):
    page = person(PATH, width=390, height=844)
    boxes = [each.bounding_box() for each in page.locator(".st-key-inside_part").get_by_role("radio").all()]
    assert len(boxes) == len(PARTS)
    assert len({round(box["y"]) for box in boxes}) == 2
    assert max(box["x"] + box["width"] for box in boxes) <= 390


def test_the_sliders_of_one_update_move_as_one(person):
    page = person(PATH)
    part(page, "One update")
    first, second = (page.locator(f".st-key-inside_update_{lane} [data-testid=figure]") for lane in (0, 1))
    expect(second.get_by_role("slider")).to_be_visible()
    first.get_by_role("slider").press("End")
    for figure in (first, second):
        expect(figure).to_have_attribute("data-frame", re.compile("^5"))
    second.get_by_role("slider").press("Home")
    expect(first).to_have_attribute("data-frame", re.compile("^1"))


def test_the_example_opens_on_the_weight_that_was_watched(person):
    page = person(PATH)
    part(page, "One weight")
    expect(page.locator(".st-key-inside_fate [data-testid=figure]")).to_be_visible()


def test_a_drawn_digit_is_answered_by_both_lanes(person):
    page = person(PATH)
    part(page, "Draw a digit")
    expect(
        page.get_by_role("img", name="Draw a digit here, or pick a validation image below.")
    ).to_be_visible()
    expect(page.locator(".ins-seen")).to_contain_text("The network sees validation image")
    expect(page.locator(".ins-take")).to_contain_text("Draw upright, like the images below, at any size")
    draw_three(page)
    page.locator(".ins-draw[data-answered=drawing]").wait_for()
    expect(page.locator(".ins-seen")).to_contain_text("The network sees your drawing")
    expect(page.locator(".ins-verdict").first).to_have_text("3")
    assert answers(page) == ["3", "3"]
    expect(page.locator(".ins-take")).to_contain_text(re.compile(r"Answered in \d+ ms"))
    page.get_by_role("button", name="Clear").click()
    page.locator(".ins-draw[data-answered=image]").wait_for()


def test_a_phone_is_told_to_tap_and_has_the_pad_and_both_answers_in_one_view(person, browser):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = person.visit(context, PATH)
    expect(page.locator(".ins-pointed")).to_have_text("Tap a weight to see its fate.")
    part(page, "Draw a digit")
    page.locator(".ins-pad").scroll_into_view_if_needed()
    draw_three(page)
    page.locator(".ins-draw[data-answered=drawing]").wait_for()
    places = [each.bounding_box() for each in page.locator(".ins-pad, .ins-verdict").all()]
    top, bottom = min(box["y"] for box in places), max(box["y"] + box["height"] for box in places)
    assert bottom - top < 360
    context.close()


def test_without_a_mouse_a_test_image_is_picked(person):
    page = person(PATH)
    part(page, "Draw a digit")
    page.get_by_role("button", name="Validation image 2, a 1").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ins-verdict").first).to_have_text("1")
    expect(page.get_by_role("button", name="Validation image 2, a 1")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="Later validation images").press("Enter")
    expect(page.get_by_text("Validation images 13 to 24 of 258")).to_be_visible()


def test_the_moment_changes_what_is_seen(person):
    page = person(PATH)
    conv1 = page.locator("[data-layer=conv1] .ins-caption").last
    expect(conv1).to_contain_text("2 of 32 filters read nothing")
    page.get_by_role("slider", name="Moment of the run").press("Home")
    expect(page.locator("[data-testid=inside]")).to_have_attribute("data-step", "19")
    expect(conv1).to_contain_text("1 of 32 filters read nothing")


def test_a_clicked_weight_of_ones_own_run_shows_its_fate(person):
    page = person(PATH)
    train(page)
    # The middle of the first kernel.
    page.locator("[data-layer=conv1] .ins-canvas canvas").last.click(position={"x": 24, "y": 24})
    expect(page.get_by_text("Fate of one weight")).to_be_visible()
    expect(page.get_by_text("This weight was not noted")).to_be_visible()
    layer = page.locator(".st-key-inside_layer").get_by_role("radio", name="conv1")
    expect(layer).to_have_attribute("aria-checked", "true")
    expect(page.get_by_label("Number")).to_have_value("4")
    page.get_by_role("button", name="Train again and watch it").click()
    expect(page.locator("[data-testid=figure]")).to_be_visible()
    expect(page.get_by_role("button", name="Train another one")).to_be_visible(timeout=120_000)
    expect(page.get_by_text(re.compile(r"Step 570: the weight is")).last).to_be_visible()


def test_one_update_is_seen_in_five_sub_steps(person):
    page = person(PATH)
    part(page, "One update")
    own = page.locator(".st-key-inside_update_1")
    own.get_by_role("slider").press("End")
    expect(own.get_by_text("5 landed on zero")).to_be_visible()
    expect(own.get_by_text("landed on exactly zero in this update").last).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_nobody_is_left_out(person, width, scheme):
    page = person(PATH, width=width, scheme=scheme)
    for name in PARTS:
        part(page, name)
        page.locator("[data-testid=figure] .main-svg, .ins-stage canvas, .ins-confusion").first.wait_for()
        expect(page.locator(".sl-plot:not([aria-label])")).to_have_count(0)
        # Streamlit's own tint under the pointer is too dark for its orange, on every page.
        page.mouse.move(0, 0)
        # A chart that is just being drawn has no name yet.
        wait_until(lambda: faults(page) == [])
