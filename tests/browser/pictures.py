"""A figure of a lesson page, once it is drawn, and what it says."""

from playwright.sync_api import Locator, Page, expect


def picture(page: Page, key: str) -> Locator:
    """The figure under a Streamlit key, in view and drawn."""
    drawn = page.locator(f".st-key-{key} [data-testid=figure]")
    drawn.scroll_into_view_if_needed()
    expect(drawn.locator(".main-svg").first).to_be_visible()
    return drawn


def label(drawn: Locator) -> str:
    """What a screen reader says of it."""
    return drawn.get_by_role("img").first.get_attribute("aria-label") or ""
