"""Does it deliver? as a reader uses it: predict, run, reveal, with the real worker."""

import pytest
from playwright.sync_api import expect

from tests.browser.access import faults
from tests.browser.conftest import settled

PATH = "/does_it_deliver"


def test_predict_run_reveal(person):
    page = person(PATH)
    card = page.locator(".st-key-deliver_card_feature_selection")
    card.get_by_role("spinbutton").fill("80")
    card.get_by_role("spinbutton").press("Enter")
    card.get_by_role("button", name="Run it", exact=True).click()
    expect(card.get_by_role("button", name="Stop")).to_be_visible()
    expect(card.get_by_role("button", name="Run it again")).to_be_visible(timeout=120_000)
    expect(card.get_by_text("You said 80 %, measured")).to_be_visible()
    expect(card.get_by_text("Computed beforehand")).to_have_count(0)
    expect(card.get_by_role("spinbutton")).to_be_disabled()
    # The link keeps the runs: who reloads sees the result again.
    page.reload()
    expect(page.locator(".st-key-deliver_card_feature_selection").get_by_text("L1 keeps")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_nobody_is_left_out(person, width, scheme):
    page = person(PATH, width=width, scheme=scheme)
    page.locator(".st-key-sparsity_only button").click()
    drawn = page.locator(".st-key-deliver_card_sparsity [data-testid=figure]")
    drawn.scroll_into_view_if_needed()
    expect(drawn.locator(".main-svg").first).to_be_visible()
    assert not faults(page)


@pytest.mark.parametrize("press", ["Run it", "Only show the result"])
def test_a_prediction_that_is_only_typed_counts(browser, server, press):
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    try:
        page = phone.new_page()
        page.goto(server.url + PATH)
        settled(page)
        card = page.locator(".st-key-deliver_card_sparsity")
        field = card.get_by_role("spinbutton")
        field.tap()
        page.keyboard.type("37")
        card.get_by_role("button", name=press, exact=True).tap()
        expect(field).to_be_disabled()
        expect(field).to_have_value("37")
        if press == "Run it":
            card.get_by_role("button", name="Stop").tap()
            expect(card.get_by_text("no result")).to_be_visible()
            expect(card.get_by_text("Reveal.")).to_have_count(0)
            expect(field).to_have_value("37")
            card.get_by_role("button", name="Only show the result").tap()
        expect(card.get_by_text("You said 37 %, measured")).to_be_visible()
    finally:
        phone.close()
