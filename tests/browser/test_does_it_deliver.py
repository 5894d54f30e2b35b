"""Does it deliver? as a reader uses it: predict, run, reveal, with the real worker."""

import pytest
from playwright.sync_api import expect

from tests.browser.access import faults

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
