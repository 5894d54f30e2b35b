"""L1 in a CNN as a reader uses it: click layers, slide, guess and see, ask one's own network."""

import pytest
from playwright.sync_api import Locator, Page, expect

from core.lessons.l1_in_a_cnn import results
from core.words import size_text
from tests.browser.access import faults
from tests.browser.pictures import label, picture
from tests.browser.serving import wait_until
from tests.core.lessons.how_zeros_happen.test_network import told
from tests.core.lessons.l1_in_a_cnn.test_results import kept

PATH = "/l1_in_a_cnn"
FIGURES = ("network", "possible", "rescaling", "batch_norm", "kernels")


def figure(page: Page, name: str) -> Locator:
    return picture(page, f"l1_in_a_cnn_{name}")


def test_a_click_on_a_layer_and_its_button_choose_it_and_the_image_keeps_its_size(person):
    page = person(PATH)
    drawn = figure(page, "network")
    drawn.get_by_role("slider").press("Home")
    expect(drawn).to_have_attribute("data-frame", "8 × 8 pixels")
    wait_until(lambda: "fc1: at most 62.1 %" in label(drawn))
    # The squares lie below Plotly's layer for the mouse: the pointer goes to the place, not to the element.
    square = drawn.locator(".barlayer .point path").nth(1).bounding_box()
    page.mouse.click(square["x"] + square["width"] / 2, square["y"] + square["height"] / 2)
    wait_until(lambda: "conv2 + fc1: at most 97" in label(drawn))
    page.get_by_role("button", name="fc1", exact=True).click()
    wait_until(lambda: label(drawn).startswith("conv2: at most 34.9 %"))
    expect(drawn).to_have_attribute("data-frame", "8 × 8 pixels")


def test_the_result_comes_after_the_guess(person):
    page = person(PATH)
    assert "How much of it will come?" in label(figure(page, "possible"))
    guess = page.get_by_label("Your prediction (%)")
    guess.fill("40")
    guess.press("Enter")
    page.get_by_role("button", name="Only show the result").click()
    runs = kept("zeros_by_target")
    measured = f"40 %, measured {told([run.zero_percent(2) for run in runs], 0)} %"
    expect(page.get_by_text("fc1 alone: you said")).to_contain_text(measured)
    lost = told([results.own_percent(run, 0, ["conv1"]) for run in runs], 0)
    assert f"Of their own weights conv1 lost {lost} %" in label(figure(page, "targets"))


def test_kernels_and_factor_slide_by_key(person):
    page = person(PATH)
    kernels = figure(page, "kernels")
    kernels.get_by_role("slider").press("End")
    dead = kept("interpretability")[0].dead(2, "conv1")
    wait_until(lambda: label(kernels).startswith(f"group lasso, whole filters, seed 0: {dead} of 32"))
    factor = figure(page, "rescaling")
    factor.get_by_role("slider").press("End")
    size = kept("zeros_by_target")[0].layers(0)["conv1"].norm
    said = f"c = 100: Σ|w| of conv1 goes from {size_text(size)} to {size_text(size / 100)}"
    wait_until(lambda: said in label(factor))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious_and_nothing_overflows(person, scheme, width):
    page = person(PATH, width=width, scheme=scheme)
    for name in FIGURES:
        figure(page, name).get_by_text("Show the numbers").click()
    assert faults(page) == []
