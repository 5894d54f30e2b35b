"""A lesson from the page that makes it to the phone that opens it: real Chromium, real server."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from pages.ui.make_a_lesson.outcome import frame
from tests.browser.access import faults
from tests.browser.conftest import settled
from tests.browser.live import VIEW, reach, run_id, state
from tests.browser.serving import serving, wait_until
from tests.browser.test_hosting import another_site

QUESTION = "Why -> <b>these</b> zeros?"


def link(page: Page) -> str:
    return page.get_by_label("Link", exact=True).input_value()


def made(page: Page) -> str:
    """Make a lesson as a lecturer does; the path of its link."""
    page.get_by_text("Loss", exact=True).click()
    page.get_by_text("λ: 1e-4").click()
    page.get_by_label("A sentence").fill("Watch conv2.")
    page.get_by_label("A question").fill(QUESTION)
    page.get_by_label("A question").press("Enter")
    wait_until(
        lambda: "ask=Why" in link(page) and "hide=loss" in link(page) and "lock=strength" in link(page)
    )
    parts = urlsplit(link(page))
    return f"{parts.path}?{parts.query}"


def test_a_lesson_is_made_opened_and_left(person):
    lecturer = person("/make_a_lesson")
    path = made(lecturer)
    assert lecturer.get_by_alt_text("QR code: the address of the lesson").evaluate(
        "code => code.naturalWidth"
    )
    assert lecturer.get_by_role("link", name="Open it").get_attribute("href") == link(lecturer)
    framed = lecturer.get_by_label("Frame for a page of a course", exact=True).input_value()
    assert framed.startswith(f'<iframe src="{link(lecturer).replace("&", "&amp;")}"')

    student = person(path)
    reach(student, 1)
    state(student, "running")
    run = run_id(student)
    expect(student.get_by_text("Watch conv2.")).to_be_visible()
    expect(student.get_by_text(QUESTION, exact=True)).to_be_visible()
    expect(student.get_by_text("Set by the lesson: λ.")).to_be_visible()
    expect(student.locator("[data-chart=loss]")).to_have_count(0)
    expect(student.locator("[data-chart=zeros]")).to_be_visible()
    slider = student.locator("[class*=st-key-train_strength]").get_by_role("slider")
    expect(slider).to_be_disabled()
    expect(student.locator("[data-layer=conv1]")).not_to_have_attribute("aria-disabled", "true")

    student.reload()
    settled(student)
    assert run_id(student) == run
    expect(student.locator("[data-chart=loss]")).to_have_count(0)

    student.get_by_role("button", name="Leave the lesson and try for yourself").click()
    expect(student.locator("[data-chart=loss].js-plotly-plot")).to_be_visible()
    expect(slider).to_be_enabled()
    expect(student.get_by_text(QUESTION, exact=True)).to_have_count(0)
    assert run_id(student) == run
    expect(student).not_to_have_url(re.compile("ask="))


def test_the_link_can_be_copied_and_changes_with_what_is_ticked(person):
    page = person("/make_a_lesson")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    made(page)
    page.get_by_role("button", name="Copy: Link").click()
    wait_until(lambda: page.evaluate("navigator.clipboard.readText()") == link(page))
    page.get_by_role("link", name="Change them on Train live").click()
    settled(page)
    page.locator(VIEW).wait_for()
    page.go_back()
    settled(page)
    wait_until(lambda: "ask=Why" in link(page))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nobody_is_kept_out(person, scheme, width):
    page = person("/make_a_lesson", scheme=scheme, width=width)
    expect(page.get_by_label("Link", exact=True)).not_to_have_value("")
    assert faults(page) == []
    lesson = person(
        f"/?hide=loss.more&lock=strength.layers&start=paused&say={'long' * 50}&ask=Why%3F",
        scheme=scheme,
        width=width,
    )
    state(lesson, "paused")
    expect(lesson.get_by_text("Set by the lesson: λ and layers.")).to_be_visible()
    assert faults(lesson) == []


def test_in_a_course_page_s_frame_it_opens_at_once(browser, tmp_path):
    with another_site() as site:
        course = f"http://127.0.0.1:{site.server_port}"
        with serving(tmp_path, SPARSITY_LAB_FRAMES=course) as lab:
            site.page = frame(f"{lab.url}/?hide=loss&lock=strength&start=playing&ask=Why%3F")
            page = browser.new_page(viewport={"width": 1440, "height": 950})
            page.goto(course)
            inside = page.frame_locator("iframe")
            expect(inside.locator(VIEW)).to_have_attribute("data-state", "running")
            expect(inside.get_by_text("Why?", exact=True)).to_be_visible()
            expect(inside.locator("[data-chart=loss]")).to_have_count(0)
            page.goto(f"{lab.url}/make_a_lesson")
            expect(page.get_by_text("These sites may show it in a frame")).to_be_visible()
            page.close()


def test_it_stays_in_sight_while_one_ticks(person):
    page = person("/make_a_lesson", height=800)
    code = page.get_by_label("Link", exact=True)
    expect(code).to_be_visible()
    page.get_by_text("It waits at step 0").scroll_into_view_if_needed()
    expect(code).to_be_in_viewport()
