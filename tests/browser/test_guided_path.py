"""The guided path as a learner without a mouse goes it, from the first question to the printed page."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from core.lessons.course.check import QUESTIONS
from core.lessons.l1_in_pytorch import BUG, REPLIES
from pages.ui.guided_path.stops import NAMES, STOPS, Stop
from tests.browser.access import faults
from tests.browser.conftest import settled
from tests.browser.serving import wait_until

A_RUN = 240_000  # ms that an experiment may take on a machine with other work
SLOW = 60_000  # ms that a page may take there
PAGES_OF_PDF = re.compile(rb"/Type\s*/Page\b")

TOUCHES = {"started": "Enter", "trained": "Enter", "changed": "ArrowRight", "moved": "ArrowRight"}
"""The key that does what a stop asks for, once its control has the focus; the others need more."""


def press(button: Locator) -> None:
    """As the keyboard does it."""
    button.focus()
    button.press("Enter")


def questions(page: Page, moment: str, chosen: dict[str, int]) -> None:
    for name, option in chosen.items():
        radio = page.locator(f".st-key-check_{moment}_{name} input[type=radio]").nth(option)
        radio.focus()
        radio.press("Space")
    press(page.get_by_role("button", name="Keep my answers" if moment == "before" else "Show the answers"))
    answers = page.locator(f".st-key-check_{moment}")
    reason = answers.get_by_text(QUESTIONS[moment]["zeros"].because[:30])
    if moment == "before":
        expect(answers.get_by_text("Your answers are kept")).to_be_visible()
        expect(reason).to_have_count(0)
    else:
        expect(reason).to_be_visible()


def do(page: Page, stop: Stop) -> None:
    """What the stop asks for, by keyboard."""
    if stop.done == "checked":
        right = {name: question.right for name, question in QUESTIONS[stop.of].items()}
        questions(page, stop.of, right if stop.of == "after" else dict.fromkeys(right, 0))
        return
    control = page.locator(f".st-key-{stop.control}")
    focused = control.locator(":focus")
    # The strip's words come before its pointer is told.
    expect(page.locator(f"[data-testid=guide][data-stop={stop.name}]")).to_be_attached()
    press(page.get_by_role("button", name="Show me"))
    expect(focused, stop.name).to_have_count(1)
    if stop.name in ("layers", "targets"):
        focused.press("Enter")
    elif stop.name == "inside":
        press(control.get_by_role("radio", name="Draw a digit"))
        image = page.locator(".ins-thumb").nth(1)
        expect(page.locator(".ins-draw[data-answered]")).to_be_attached()
        expect(page.locator(".st-key-guide_skip")).to_be_visible()
        press(image)
    elif stop.name == "claim_sparsity":
        focused.fill("30")
        focused.press("Enter")
        press(control.get_by_role("button", name="Run it"))
    elif stop.name == "claim_linear":
        press(control.get_by_role("button", name="Only show the result"))
    elif stop.done == "answered":
        focused.press("Space")
        expect(page.locator(".st-key-guide_skip")).to_be_visible()
        found = control.locator("input[type=radio]").nth(list(REPLIES).index(BUG))
        found.focus()
        found.press("Space")
    elif stop.goal:
        # "slope" goes down from 0.3, the others up.
        key = "ArrowLeft" if stop.goal[0] < 0 else "ArrowRight"
        focused.press(key)
        expect(page.locator(".st-key-guide_skip")).to_be_visible()
        for _ in range(40):
            focused.press(key)
            if page.locator(".st-key-guide_next", has_text="Next").count():
                break
    else:
        focused.press(TOUCHES[stop.done])


@pytest.mark.timeout(900)  # Four experiments train to their end on the way.
def test_the_path_is_gone_by_keyboard_to_the_end_and_remembered(person):
    page = person("/guided_path")
    expect(page.get_by_text(f"0 of {len(NAMES)}")).to_be_visible()
    press(page.get_by_role("button", name="Start", exact=True))
    for stop in STOPS[:-1]:
        place = f"{NAMES.index(stop.name) + 1}/{len(NAMES)}"
        expect(page.locator(".st-key-guide_strip")).to_contain_text(place, timeout=SLOW)
        expect(page.locator(f".st-key-{stop.control}").first).to_be_attached()
        assert page.locator(".st-key-guide_skip").count() == 1
        # That of the stop before stays on the screen until this one's page has run to its end.
        expect(page.locator(".st-key-guide_next")).to_have_count(0, timeout=SLOW)
        do(page, stop)
        expect(page.locator(".st-key-guide_next"), stop.name).to_have_text("Next", timeout=A_RUN)
        expect(page.locator("[data-testid=guide] [role=status]")).to_contain_text("Done.")
        press(page.locator(".st-key-guide_next button"))

    expect(page.locator(".st-key-summary_sheet")).to_contain_text("6 of 6")
    assert_sheet(page)
    press(page.get_by_role("button", name="Finish"))
    expect(page.get_by_text(f"{len(NAMES)} of {len(NAMES)}")).to_be_visible()
    later = person.visit(page.context, "/guided_path")
    expect(later.get_by_text(f"{len(NAMES)} of {len(NAMES)}")).to_be_visible()


def assert_sheet(page: Page) -> None:
    """The reader's own figures, on one printed page without the app around them."""
    sheet = page.locator(".st-key-summary_sheet")
    expect(sheet).to_contain_text("30 %")
    expect(sheet.locator("table.run")).to_contain_text("exactly zero")
    page.emulate_media(media="print")
    expect(page.locator(".st-key-guide_strip")).to_be_hidden()
    expect(page.locator(".st-key-summary_print")).to_be_hidden()
    expect(page.locator(".st-key-summary_yours")).to_be_hidden()
    expect(page.locator(".st-key-summary_figure .main-svg").first).to_be_visible()
    assert len(PAGES_OF_PDF.findall(page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="screen")


def test_with_every_card_open_the_summary_is_one_sheet(person):
    page = person("/does_it_deliver")
    offers = page.get_by_role("button", name="Only show the result")
    for left in range(offers.count(), 0, -1):
        expect(offers).to_have_count(left, timeout=SLOW)
        press(offers.first)
    expect(offers).to_have_count(0, timeout=SLOW)
    page = person.visit(page.context, "/summary")
    sheet = page.locator(".st-key-summary_sheet")
    expect(sheet).to_contain_text("looked at 10 results computed beforehand")
    page.emulate_media(media="print")
    assert len(PAGES_OF_PDF.findall(page.pdf(prefer_css_page_size=True))) == 1


def test_a_choice_closes_the_menu_on_a_phone(person):
    page = person("/check", width=390, height=844)
    choose_in_the_menu(page)


def test_a_choice_made_before_the_menu_s_module_is_there_closes_it_too(person):
    context = person("/check", width=390, height=844).context
    held = []
    context.route("**/shared/menu.js*", lambda route: held.append(route))
    page = person.visit(context, "/check")
    wait_until(lambda: held)
    choose_in_the_menu(page, lambda: [each.continue_() for each in held])


def choose_in_the_menu(page, then=lambda: None):
    page.get_by_test_id("stExpandSidebarButton").click()
    choice = page.get_by_test_id("stSidebarNavLink").filter(has_text="What is L1?")
    expect(choice).to_be_in_viewport()
    choice.click()
    expect(page.get_by_role("heading", name="What is L1?")).to_be_visible(timeout=SLOW)
    then()
    expect(choice).not_to_be_in_viewport()


@pytest.mark.parametrize("path", ["/guided_path", "/check", "/summary"])
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_nobody_is_left_out(person, path, width, scheme):
    page = person(path, width=width, scheme=scheme)
    # Buttons fade from the theme's colours to ours.
    wait_until(
        lambda: page.evaluate("document.getAnimations().every((each) => each.playState !== 'running')")
    )
    assert not faults(page)


WATCH_CHARTS = """() => {
  window.charts = [...document.querySelectorAll(".sl-plot .main-svg")];
  window.fewest = window.charts.length;
  const look = () => {
    window.fewest = Math.min(window.fewest, window.charts.filter((each) => each.isConnected).length);
    requestAnimationFrame(look);
  };
  look();
}"""
"""How many of the charts there were are on the page at any moment from now on, at the fewest."""

WORDS_IN_LINES = """cell => [...cell.textContent.matchAll(/\\S+/g)].map(({ 0: word, index }) => {
  const range = document.createRange();
  range.setStart(cell.firstChild, index);
  range.setEnd(cell.firstChild, index + word.length);
  return range.getClientRects().length;
})"""


def test_no_word_of_a_head_is_broken_on_a_phone(person):
    page = person("/summary", width=390, height=844)
    heads = page.locator(".sheet thead th").all()
    assert heads
    for head in heads:
        assert set(head.evaluate(WORDS_IN_LINES)) <= {1}


def test_paper_shows_figures_out_of_sight_in_ink(person):
    page = person("/what_is_l1", scheme="dark")
    last = page.locator(".st-key-what_is_l1_two_weights .sl-plot")
    # Out of sight it is not drawn yet, unless it was in sight while the page above it was still short.
    expect(last).to_be_attached()
    wait_until(lambda: page.evaluate("Boolean(globalThis.Plotly)"))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(last.locator(".main-svg").first).to_be_attached()
    title = "getComputedStyle(document.querySelector('.st-key-what_is_l1_two_weights .xtitle')).fill"
    on_paper = page.evaluate(title)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    # The figure is drawn in the screen's colours at its next frame.
    wait_until(lambda: page.evaluate(title) != on_paper)


def test_a_tick_leaves_the_live_view_as_it_is(person):
    page = person("/guided_path")
    page.get_by_role("button", name="Move λ").click()
    press(page.locator(".st-key-train_play button"))
    expect(page.locator(".sl-plot .main-svg").first).to_be_visible(timeout=SLOW)
    settled(page)
    page.evaluate(WATCH_CHARTS)
    press(page.get_by_role("button", name="Show me"))
    page.locator(":focus").press("ArrowRight")
    expect(page.locator(".st-key-guide_next")).to_have_text("Next", timeout=SLOW)
    settled(page)
    page.wait_for_timeout(1500)  # What a tick would rebuild would be gone in this time.
    assert page.evaluate("window.fewest") == page.evaluate("window.charts.length") > 0


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light")])
def test_the_strip_leaves_nobody_out_and_the_way_back_is_known(person, width, scheme):
    page = person("/guided_path", width=width, scheme=scheme)
    page.get_by_role("button", name="Compare |w| and w²").click()
    expect(page.locator(".st-key-guide_strip")).to_contain_text("Move w close to 0")
    expect(page.locator(".st-key-what_is_l1_price .main-svg").first).to_be_visible(timeout=SLOW)
    assert not faults(page)
    elsewhere = person.visit(page.context, "/l1_in_a_cnn")
    elsewhere.get_by_role("button", name="Go there").click()
    expect(elsewhere.locator(".st-key-guide_strip")).to_contain_text("Move w close to 0")
    elsewhere.get_by_role("button", name="Leave").click()
    expect(elsewhere.locator(".st-key-guide_strip")).to_have_count(0)
    settled(elsewhere)


def test_finish_is_seen_on_a_phone(person):
    page = person("/guided_path", width=390, height=844)
    page.get_by_role("button", name="Take it with you").click()
    finish = page.get_by_role("button", name="Finish")
    expect(finish).to_be_visible()
    page.locator(".st-key-summary_sheet").get_by_text("questions on").scroll_into_view_if_needed()
    finish.click()
    count = page.get_by_text(f"1 of {len(NAMES)}")
    expect(count).to_be_in_viewport()


def test_look_inside_is_done_by_asking_both_networks(person):
    page = person("/guided_path")
    page.get_by_role("button", name="Look inside").click()
    expect(page.locator(".st-key-guide_skip")).to_be_visible(timeout=SLOW)
    settled(page)
    page.get_by_role("radio", name="Draw a digit").click()
    expect(page.locator(".ins-draw[data-answered]")).to_be_attached(timeout=SLOW)
    settled(page)
    expect(page.locator(".st-key-guide_skip")).to_be_visible()
    page.locator(".ins-thumb").nth(1).click()
    expect(page.locator(".st-key-guide_next")).to_have_text("Next")


@pytest.mark.parametrize(
    ("stop", "title"),
    [("Penalise other layers", "Which layers to penalise?"), ("Spot the bug", "Spot the bug")],
)
def test_a_section_is_shown_with_its_title_below_the_strip(person, stop, title):
    page = person("/guided_path", width=1280, height=720)
    page.get_by_role("button", name=stop).click()
    heading = page.get_by_role("heading", name=title, exact=True)
    expect(heading).to_be_visible(timeout=SLOW)

    def room() -> float:
        return heading.bounding_box()["y"] - page.locator(".st-key-guide_strip").bounding_box()["y"]

    wait_until(lambda: 50 <= room() < 300, 20)


def test_nothing_is_seen_beside_the_round_corners_of_the_strip(person):
    page = person("/guided_path")
    page.get_by_role("button", name="Start", exact=True).click()
    strip = page.locator(".st-key-guide_strip")
    expect(strip).to_be_visible(timeout=SLOW)
    behind = strip.evaluate(
        """(strip) => {
          let node = strip;
          while (getComputedStyle(node).position !== "sticky") node = node.parentElement;
          const held = getComputedStyle(node);
          const page = getComputedStyle(document.querySelector(".stApp"));
          return [held.backgroundColor, held.boxShadow, page.backgroundColor];
        }"""
    )
    assert behind[0] == behind[2]
    assert behind[1].count(behind[2]) == 2


def test_the_highlight_of_the_slider_takes_in_the_names_of_its_bands(person):
    page = person("/guided_path", width=1280, height=720)
    page.get_by_role("button", name="Move λ").click()
    bands = page.locator(".bands")
    expect(bands).to_be_visible(timeout=SLOW)
    outlined = page.locator(".st-key-train_lambda")
    expect(outlined).to_have_css("outline-style", "solid", timeout=SLOW)
    ends = [box["y"] + box["height"] for box in (bands.bounding_box(), outlined.bounding_box())]
    assert ends[0] <= ends[1] + 1


SEEN_OF_CHART = """() => {
  const parts = ["[data-chart=zeros]", ".st-key-guide_strip", ".st-key-train_thumb"].map((each) =>
    document.querySelector(each)?.getBoundingClientRect());
  if (!parts.every(Boolean)) return 0;
  const [chart, strip, dock] = parts;
  return Math.min(chart.bottom, dock.top, innerHeight) - Math.max(chart.top, strip.bottom, 0);
}"""
"""Pixels of the chart between the strip and the dock of λ and Play."""


@pytest.mark.parametrize("calm", ["reduce", "no-preference"])
def test_the_chart_to_be_watched_is_in_view_on_a_phone_once_the_run_begins(person, calm):
    page = person("/guided_path", width=390, height=844)
    page.emulate_media(reduced_motion=calm)
    page.get_by_role("button", name="Train for exact zeros").click()
    expect(page.locator(".st-key-guide_strip")).to_contain_text("Watch the chart", timeout=SLOW)
    page.get_by_role("button", name="Exact zeros", exact=True).click()
    wait_until(lambda: page.evaluate(SEEN_OF_CHART) >= 200)
    # What grows above it while the run begins does not push it out again.
    expect(page.locator("[data-testid=live-view]")).to_have_attribute("data-state", "running", timeout=SLOW)
    settled(page)
    wait_until(lambda: int(page.locator("[data-testid=live-view]").get_attribute("data-step") or 0) > 5)
    assert page.evaluate(SEEN_OF_CHART) >= 200
