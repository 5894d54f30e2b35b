"""Your summary: one's runs go to the browser at the lectern, and everything of one's own can be deleted."""

from playwright.sync_api import expect

from tests.browser.conftest import settled
from tests.browser.live import playing, run_id


def test_runs_go_to_another_browser_and_everything_can_be_deleted(person):
    mine = person()
    run = playing(mine, 10)
    there = person("/summary")
    mine.goto(mine.url.partition("?")[0].rstrip("/") + "/summary")
    settled(mine)
    mine.get_by_role("button", name="Take it to another browser").click()
    mine.get_by_role("button", name="Make a link").click()
    link = mine.locator("[data-testid=stCode]").inner_text().strip()
    there.goto(link)
    assert "#" not in there.url
    there.get_by_role("button", name="Open them here").click()
    there.get_by_role("link", name="Open Sparsity Lab").click()
    settled(there)
    there.goto(f"{there.url.partition('?')[0]}?run={run}")
    settled(there)
    expect(there.get_by_role("button", name="Pause", exact=True).first).to_be_enabled()
    assert run_id(there) == run
    # A link works once.
    third = person("/summary")
    third.goto(link)
    third.get_by_role("button", name="Open them here").click()
    expect(third.get_by_role("heading")).to_have_text("This link cannot be used any more")
    mine.keyboard.press("Escape")
    mine.get_by_role("button", name="Delete everything of mine").click()
    mine.locator(".st-key-summary_forget_all button").click()
    expect(mine.get_by_text("Everything of yours was deleted.")).to_be_visible()
    third.goto(third.url.replace("/api/handover", "/summary"))
