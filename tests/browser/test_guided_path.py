"""The guided path as a learner without a mouse goes it, from the first question to the printed page."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from core.lessons.check import QUESTIONS
from core.lessons.guided_path import NAMES, STOPS, Stop
from core.lessons.l1_in_pytorch import BUG, REPLIES
from tests.browser.access import faults
from tests.browser.conftest import settled
from tests.browser.serving import wait_until

A_RUN = 150_000  # ms that an experiment may take on a machine with other work
SLOW = 30_000  # ms that a page may take there
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
    press(page.get_by_role("button", name="Show the answers"))
    answers = page.locator(f".st-key-check_{moment}")
    expect(answers.get_by_text(QUESTIONS["zeros"].because[:30])).to_be_visible()


def do(page: Page, stop: Stop) -> None:
    """What the stop asks for, by keyboard."""
    if stop.done == "checked":
        right = {name: question.right for name, question in QUESTIONS.items()}
        questions(page, stop.of, right if stop.of == "after" else dict.fromkeys(QUESTIONS, 0))
        return
    press(page.get_by_role("button", name="Show me"))
    control = page.locator(f".st-key-{stop.control}")
    focused = control.locator(":focus")
    expect(focused).to_have_count(1)
    if stop.name in ("layers", "targets"):
        focused.press("Enter")
    elif stop.name == "claim_sparsity":
        focused.fill("30")
        focused.press("Enter")
        press(control.get_by_role("button", name="Run it"))
    elif stop.name == "claim_linear":
        press(control.get_by_role("button", name="Only show the result"))
    elif stop.done == "answered":
        focused.press("Space")
        expect(page.locator(".st-key-guide_next")).to_have_text("Skip")
        found = control.locator("input[type=radio]").nth(list(REPLIES).index(BUG))
        found.focus()
        found.press("Space")
    elif stop.goal:
        # "slope" goes down from 0.3, the others up.
        key = "ArrowLeft" if stop.goal[0] < 0 else "ArrowRight"
        focused.press(key)
        expect(page.locator(".st-key-guide_next")).to_have_text("Skip")
        for _ in range(40):
            focused.press(key)
            if page.locator(".st-key-guide_next", has_text="Next").count():
                break
    else:
        focused.press(TOUCHES[stop.done])


@pytest.mark.timeout(600)  # Four experiments train to their end on the way.
def test_the_path_is_gone_by_keyboard_to_the_end_and_remembered(person):
    page = person("/guided_path")
    expect(page.get_by_text(f"0 of {len(NAMES)}")).to_be_visible()
    press(page.get_by_role("button", name="Start", exact=True))
    for stop in STOPS[:-1]:
        place = f"{NAMES.index(stop.name) + 1}/{len(NAMES)}"
        expect(page.locator(".st-key-guide_strip")).to_contain_text(place, timeout=SLOW)
        expect(page.locator(f".st-key-{stop.control}").first).to_be_attached()
        assert "Skip" in page.locator(".st-key-guide_next").inner_text()
        do(page, stop)
        expect(page.locator(".st-key-guide_next")).to_have_text("Next", timeout=A_RUN)
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
    expect(page.locator(".st-key-summary_figure .main-svg").first).to_be_visible()
    assert len(PAGES_OF_PDF.findall(page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="screen")


@pytest.mark.parametrize("path", ["/guided_path", "/check", "/summary"])
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_nobody_is_left_out(person, path, width, scheme):
    page = person(path, width=width, scheme=scheme)
    # Buttons fade from the theme's colours to ours.
    wait_until(
        lambda: page.evaluate("document.getAnimations().every((each) => each.playState !== 'running')")
    )
    assert not faults(page)


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
    last = page.locator(".st-key-what_is_l1_two_weights .lv-plot")
    expect(last).to_be_attached()
    expect(last.locator(".main-svg")).to_have_count(0)
    page.wait_for_function("globalThis.Plotly")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(last.locator(".main-svg").first).to_be_attached()
    title = "getComputedStyle(document.querySelector('.st-key-what_is_l1_two_weights .xtitle')).fill"
    on_paper = page.evaluate(title)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(title) != on_paper


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
