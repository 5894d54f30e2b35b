"""The λ path in a real browser: train a small one, drag along it without the server, click a dot."""

import pytest
from playwright.sync_api import Page, expect

from core.lab.lambda_path.path import Grid
from core.lab.lambda_path.path import path as of_runs
from core.spec import strength_text
from tests.browser.access import faults
from tests.browser.conftest import settled
from tests.browser.serving import wait_until
from tests.core.lessons.l1_in_a_cnn.test_results import kept

PATH = "/lambda_path"
SMALL = f"{PATH}?model=small_cnn&grid=0.0001_0.1_4_1_2"
VIEW = "[data-testid=lambda-path]"
SECONDS = 1000.0


def view(page: Page):
    """The explorer, once the frames have come and it is drawn."""
    shown = page.locator(VIEW)
    expect(shown.locator("[data-chart=accuracy] .main-svg").first).to_be_visible(timeout=60 * SECONDS)
    expect(shown.locator(".sl-card-share").first).to_contain_text("%", timeout=60 * SECONDS)
    return shown


def slider(page: Page):
    return page.get_by_role("slider", name="λ along the path")


def dot(page: Page, i: int) -> tuple[float, float]:
    """Where a dot of the path is on the screen."""
    x, y = page.evaluate(
        """i => {
          const plot = document.querySelector('[data-chart=accuracy]');
          const { data, _fullLayout: { xaxis, yaxis } } = plot;
          const trace = data.find(({ customdata }) => customdata);
          const box = plot.getBoundingClientRect();
          const [x, y] = [xaxis.d2p(trace.x[i]), yaxis.d2p(trace.y[i])];
          return [box.left + xaxis._offset + x, box.top + yaxis._offset + y];
        }""",
        i,
    )
    return x, y


@pytest.fixture
def touching(browser, server):
    """Open the app on a phone, whose finger taps."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)

    def arrive(path: str) -> Page:
        page = context.new_page()
        page.goto(server.url + path)
        settled(page)
        return page

    yield arrive
    context.close()


def trained(page: Page) -> None:
    page.get_by_role("button", name="Train the path").click()
    expect(page.get_by_text("Your path: digits, small CNN")).to_be_visible(timeout=60 * SECONDS)
    settled(page)


def test_a_path_is_trained_kept_over_a_reload_and_a_dot_opens_as_a_run(person):
    page = person(SMALL)
    expect(page.get_by_text("Example, computed on")).to_be_visible()
    trained(page)
    expect(slider(page)).to_have_attribute("max", "3")
    page.reload()
    settled(page)
    expect(page.get_by_text("Your path: digits, small CNN")).to_be_visible()
    view(page)
    page.mouse.move(*dot(page, 2))
    expect(page.locator(VIEW)).to_have_attribute("data-chosen", "2")
    page.mouse.click(*dot(page, 2))
    expect(page.get_by_test_id("live-view")).to_be_visible()
    strength = Grid(1e-4, 0.1, 4).strengths[2]
    wait_until(lambda: f"strength={strength:g}" in page.url)
    assert "model=small_cnn" in page.url
    # It is a run of its own: two epochs, and the moment it is at in every chart.
    wait_until(lambda: "run=" in page.url)
    expect(page.get_by_test_id("live-view")).to_contain_text("epoch 2.0", timeout=30 * SECONDS)


def test_the_chosen_lambda_is_looked_at_on_the_other_pages(person):
    page = person(SMALL)
    expect(page.get_by_role("button", name="Look inside it")).to_have_count(0)
    trained(page)
    view(page)
    slider(page).fill("2")
    page.get_by_role("button", name="Look inside it").click()
    expect(page.get_by_test_id("inside")).to_be_visible(timeout=60 * SECONDS)
    wait_until(lambda: "lane=2" in page.url)
    strength = strength_text(Grid(1e-4, 0.1, 4).strengths[2])
    expect(page.locator(".ins-lane-1").first).to_contain_text(strength)
    page.get_by_role("link", name="Smaller model").last.click()
    expect(page.get_by_text("Measured now")).to_be_visible(timeout=60 * SECONDS)
    lane = page.get_by_role("combobox", name="Lane to make smaller")
    expect(lane).to_have_value(f"L1, proximal, λ = {strength}")


def test_dragging_shows_each_lambda_without_asking_the_server(person):
    page = person(PATH)
    shown = view(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    box = slider(page).bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 9, middle)
    page.mouse.down()
    seen = set()
    for share in range(0, 101, 5):
        page.mouse.move(box["x"] + 9 + (box["width"] - 18) * share / 100, middle)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        page.evaluate("() => new Promise(requestAnimationFrame)")
        bars = shown.locator(".sl-card-share").all_inner_texts()
        ink = shown.locator("canvas").get_attribute("aria-label")
        seen.add((shown.get_attribute("data-chosen"), *bars, ink))
    page.mouse.up()
    assert {chosen for chosen, *_ in seen} == {str(i) for i in range(12)}
    # Beyond the cliff several look alike: nothing is left.
    assert len({tuple(rest) for _, *rest in seen}) >= 9
    assert asked == []
    assert all(text == "100\u00a0%" for text in shown.locator(".sl-card-share").all_inner_texts())


def test_the_histogram_is_that_of_the_chosen_lambda(person):
    page = person(PATH)
    view(page)
    # Selected, cut off and idle ones stand one upon the other.
    zeros = """() => document.querySelector('[data-chart=histogram]').data
                       .filter(({ name }) => name === 'exactly zero, yours')
                       .reduce((sum, { y }) => sum + y[0], 0)"""
    page.locator("[data-chart=histogram]").scroll_into_view_if_needed()
    wait_until(lambda: page.evaluate("Boolean(document.querySelector('[data-chart=histogram]').data)"))
    slider(page).focus()
    page.keyboard.press("Home")
    wait_until(lambda: page.evaluate(zeros) == 0)
    page.keyboard.press("End")
    wait_until(lambda: page.evaluate(zeros) == pytest.approx(100))
    expect(slider(page)).to_have_attribute("aria-valuetext", "λ = 1e-2")


def test_a_keyboard_opens_a_lambda_too(person):
    page = person(PATH)
    view(page)
    slider(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    label = strength_text(Grid().strengths[1])
    expect(slider(page)).to_have_attribute("aria-valuetext", f"λ = {label}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=f"Open λ = {label} as a run")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("live-view")).to_be_visible()
    wait_until(lambda: "epochs=20" in page.url and f"strength={float(label):g}" in page.url)


def test_a_finger_looks_at_a_lambda_and_stays(touching):
    page = touching(PATH)
    view(page)
    page.locator("[data-chart=accuracy]").scroll_into_view_if_needed()
    page.touchscreen.tap(*dot(page, 8))
    expect(page.locator(VIEW)).to_have_attribute("data-chosen", "8")
    expect(page.get_by_role("button", name=f"Open λ = {strength_text(Grid().strengths[8])}")).to_be_visible()


def test_the_numbers_are_there_as_a_table(person):
    page = person(PATH)
    view(page).get_by_text("Show the numbers").click()
    rows = view(page).get_by_role("row")
    expect(rows).to_have_count(13)
    expect(rows.nth(1)).to_contain_text("52,768")


def test_the_linear_model_has_the_lasso_beside_it(person):
    page = person(PATH)
    view(page)
    page.get_by_role("button", name="The linear model").click()
    expect(page.get_by_role("heading", name="Weights of fc1, one image per digit")).to_be_visible(
        timeout=60 * SECONDS
    )
    # Another path starts at its own knee.
    record = of_runs(kept("lambda_path_linear"))
    knee = strength_text(record.stops[record.knee].strength)
    expect(slider(page)).to_have_attribute("aria-valuetext", f"λ = {knee}")
    page.get_by_text("The size of the weights over λ").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="scikit-learn's lasso")).to_be_visible(timeout=60 * SECONDS)
    expect(page.get_by_role("button", name="λ_max")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious_and_nothing_overflows(person, scheme, width):
    page = person(PATH, width=width, scheme=scheme)
    view(page)
    assert faults(page) == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1366, 768)])
def test_the_path_its_slider_and_its_sentence_are_seen_together(person, width, height):
    page = person("/lambda_path", width=width, height=height)
    expect(page.locator(".sl-panel-path .main-svg").first).to_be_visible()
    settled(page)
    for part in (".sl-panel-path .sl-plot", ".path-slider", ".path-words"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] < height, part


COVERED = """() => {
  const ring = document.querySelector(".path-ring").getBoundingClientRect();
  const [x, y, reach] = [ring.left + ring.width / 2, ring.top + ring.height / 2, ring.width / 2];
  // What is written, without the room above and below the letters of a line.
  return [...document.querySelectorAll("[data-chart=accuracy] .textpoint text")].filter((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    const across = Math.max(left - x, x - right, 0);
    const down = Math.max(top + 3 - y, y - (bottom - 3), 0);
    return text.textContent && Math.hypot(across, down) < reach - 0.5;
  }).map((text) => text.textContent);
}"""
"""The λs written in the figure that the ring lies on."""


def test_the_ring_covers_no_lambda_on_a_phone(person):
    page = person(PATH, width=390, height=844)
    shown = view(page)
    expect(shown.locator("[data-chart=accuracy] .textpoint text").first).to_be_attached()
    for i in range(int(slider(page).get_attribute("max") or 0) + 1):
        slider(page).fill(str(i))
        expect(shown).to_have_attribute("data-chosen", str(i))
        wait_until(lambda: page.evaluate("!document.querySelector('.path-ring').hidden"))
        assert page.evaluate(COVERED) == []
