"""What is L1? as a reader uses it: edit weights, click the bar, slide λ, follow the link."""

import pytest
from playwright.sync_api import Locator, Page, expect

from core.lessons.what_is_l1 import four_weights as lesson
from tests.browser.access import faults
from tests.browser.conftest import settled
from tests.browser.pictures import label, picture
from tests.browser.serving import wait_until

PATH = "/what_is_l1"
FIRST = (1.2, 0.6, 0.5, -0.4)


def figure(page: Page, name: str) -> Locator:
    return picture(page, f"what_is_l1_{name}")


def slide(drawn: Locator, position: int) -> None:
    """Move the figure's slider by the keyboard, as anyone can."""
    slider = drawn.get_by_role("slider")
    slider.focus()
    slider.press("Home")
    for _ in range(position):
        slider.press("ArrowRight")


def test_the_readers_weights_stand_in_the_formula(person):
    page = person(PATH)
    first = lesson.bill("cross_entropy", FIRST, 0.1)
    formula = page.locator(".st-key-lesson_page .katex-html", has_text=f"{first.total:.3f}")
    expect(formula).to_contain_text(f"{first.data_loss:.3f}")
    page.get_by_text("Mean squared error: predict a number").click()
    squared = lesson.bill("mse", FIRST, 0.1)
    expect(page.locator(".katex-html", has_text=f"{squared.total:.3f}")).to_contain_text(
        f"{squared.data_loss:.3f}"
    )
    page.get_by_role("button", name="Show the best weights").click()
    bill = figure(page, "bill")
    wait_until(lambda: "earns its price" in label(bill))
    settled(page)


def test_a_click_on_a_weights_price_sets_it_to_zero(person):
    page = person(PATH)
    bill = figure(page, "bill")
    third = lesson.bill("cross_entropy", (1.2, 0.6, 0.0, -0.4), 0.1)
    # Two bars of five pieces, drawn piece by piece: the third weight's price in "yours" is the seventh.
    box = bill.locator(".point path").nth(6).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".katex-html", has_text=f"{third.total:.3f}")).to_be_visible()
    expect(page.locator(".st-key-what_is_l1_w2").get_by_role("slider")).to_have_value("0")


def test_a_slider_moves_picture_words_and_numbers_without_the_server(person):
    page, sockets = person(PATH), []
    page.on("websocket", lambda socket: sockets.append(socket))
    page.reload()
    settled(page)
    drawn = figure(page, "two_weights")
    sent: list[str | bytes] = []
    page.on("request", lambda request: sent.append(request.url))
    assert sockets
    for socket in sockets:
        socket.on("framesent", lambda frame: sent.append(frame))
    drawn.get_by_text("Show the numbers").click()
    slide(drawn, 24)
    expect(drawn).to_have_attribute("data-frame", "λ = 1.20")
    expect(drawn.locator("tbody tr").nth(1)).to_contain_text("0")
    assert "w₂ sticks at exactly 0" in label(drawn)
    expect(drawn.get_by_role("slider")).to_have_attribute("aria-valuetext", "λ = 1.20")
    drawn.get_by_role("radio", name="L2: circle").check()
    wait_until(lambda: "no zero" in label(drawn))
    assert sent == []


def test_zoom_and_slider_survive_new_numbers(person):
    page = person(PATH)
    slide(figure(page, "one_weight"), 38)
    bill = figure(page, "bill")
    pad = bill.locator(".nsewdrag").first.bounding_box()
    node = bill.locator(".sl-plot").element_handle()
    page.mouse.move(pad["x"] + 60, pad["y"] + 20)
    page.mouse.down()
    page.mouse.move(pad["x"] + 260, pad["y"] + 24, steps=5)
    page.mouse.up()
    expect(bill.get_by_role("button", name="reset zoom")).to_be_visible()
    zoomed, before = node.evaluate("plot => plot.layout.xaxis.range"), label(bill)
    page.locator(".st-key-what_is_l1_w0").get_by_role("slider").press("ArrowLeft")
    wait_until(lambda: label(bill) != before)
    assert node.evaluate("plot => plot.isConnected")
    assert node.evaluate("plot => plot.layout.xaxis.range") == zoomed
    expect(figure(page, "one_weight")).to_have_attribute("data-frame", "λ = 1.90")


def test_colours_follow_the_theme(person):
    strokes = set()
    for scheme in ("light", "dark"):
        drawn = figure(person(PATH, scheme=scheme), "one_weight")
        strokes.add(drawn.locator(".js-line").first.evaluate("line => line.style.stroke"))
    assert len(strokes) == 2


def test_the_link_opens_the_real_network_with_its_settings(person):
    page = person(PATH)
    link = page.get_by_role("link", name="Try it on the real network")
    with page.expect_popup() as opened:
        link.click()
    network = opened.value
    settled(network)
    expect(network.get_by_test_id("live-view")).to_be_visible()
    assert "strength=0.0003" in network.url
    expect(network.locator("[class*=st-key-train_strength]")).to_contain_text("3e-4")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious_and_nothing_overflows(person, scheme, width):
    page = person(PATH, width=width, scheme=scheme)
    for name in ("bill", "price", "shrinkage", "one_weight", "two_weights"):
        figure(page, name).get_by_text("Show the numbers").click()
    assert faults(page) == []
