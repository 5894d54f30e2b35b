"""What a page must not do to people who use a keyboard, a screen reader or a phone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FRAMEWORK = {"include": [["body"]], "exclude": [["[data-testid=stSidebarNavItems]"]]}
"""Streamlit 1.67 writes the groups of its menu as <ul><div><li>, which no page of ours can change."""


def faults(page: Page) -> list[str]:
    """What axe calls serious or critical, and whether anything is wider than the screen."""
    found = Axe().run(page, context=FRAMEWORK).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    words = [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in serious]
    if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
        words.append("wider than the screen")
    return words
