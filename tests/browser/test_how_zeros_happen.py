"""How zeros happen as a reader uses it: slide λ and the rest without the server, run the network."""

from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.access import faults
from tests.browser.conftest import settled
from tests.browser.pictures import label, picture
from tests.browser.serving import wait_until

PATH = "/how_zeros_happen"
FIGURES = ("methods", "hover", "rate", "stay", "batches", "network", "multiplications", "lowered", "return")


def figure(page: Page, name: str) -> Locator:
    return picture(page, f"how_zeros_{name}")


def test_sliders_move_paths_words_and_numbers_without_the_server(person):
    page, sockets = person(PATH), []
    page.on("websocket", lambda socket: sockets.append(socket))
    page.reload()
    settled(page)
    drawn, sent = figure(page, "methods"), []
    assert sockets
    for socket in sockets:
        socket.on("framesent", lambda frame: sent.append(frame))
    drawn.get_by_text("Show the numbers").click()
    slider = drawn.get_by_role("slider")
    slider.press("End")
    expect(drawn).to_have_attribute("data-frame", "λ = 0.60")
    expect(drawn.locator("tbody tr").nth(2)).to_contain_text("2")
    slider.press("Home")
    wait_until(lambda: "nothing pulls to zero" in label(drawn))
    stay = figure(page, "stay")
    stay.get_by_role("radio", name="momentum 0.9").check()
    stay.get_by_role("slider").press("End")
    wait_until(lambda: "The zero stays" in label(stay))
    assert sent == []


def test_a_run_of_the_readers_own_takes_the_place_of_the_prepared_one(person):
    page = person(PATH)
    before = label(figure(page, "network"))
    button = page.locator(".st-key-zeros_by_method_run").get_by_role("button")
    button.click()
    expect(page.locator(".st-key-zeros_by_method_stop")).to_be_visible()
    # Not scrolled to: its place on the page moves while the run begins.
    mine = page.locator(".st-key-how_zeros_network [data-testid=figure]")
    wait_until(lambda: mine.count() == 1 and label(mine) not in ("", before), 60)
    page.locator(".st-key-zeros_by_method_stop").get_by_role("button").click()
    expect(button).to_contain_text("Run it again")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious_and_nothing_overflows(person, scheme, width):
    page = person(PATH, width=width, scheme=scheme)
    for name in FIGURES:
        figure(page, name).get_by_text("Show the numbers").click()
    assert faults(page) == []


def test_panels_side_by_side_keep_their_numbers_apart_on_a_phone(person):
    page = person(PATH, width=390, height=844)
    drawn = figure(page, "methods")
    boxes = drawn.locator(".xtick text, .x2tick text").evaluate_all(
        """all => all.map((each) => each.getBoundingClientRect())
                    .map(({ left, right, top }) => [left, right, top])"""
    )
    row = sorted(box for box in boxes if box[2] == boxes[0][2])
    assert len(row) > 4
    assert all(after[0] - before[1] >= 6 for before, after in pairwise(row))


def test_axes_have_plain_numbers(person):
    page = person(PATH)
    for name in ("methods", "hover"):
        formats = figure(page, name).evaluate(
            """(figure) => {
              const { _fullLayout: drawn } = figure.querySelector(".js-plotly-plot");
              return [drawn.xaxis, drawn.yaxis].map(({ exponentformat }) => exponentformat);
            }"""
        )
        assert formats == ["none", "none"]
