"""The row of symbols under a page's title."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 800)])
def test_what_a_symbol_means_is_read_at_the_lower_edge_of_the_window(person, width, height):
    page = person(width=width, height=height)
    row = page.locator(".glossary-term")
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 1e5)")
    dock = page.locator(".st-key-train_thumb").bounding_box()
    floor = dock["y"] if width < 640 else height
    for name in ("λ", "dead unit"):
        row.get_by_text(name, exact=True).focus()
        note = page.locator(".glossary li[data-open] .glossary-note")
        expect(note).to_be_visible()
        box = note.bounding_box()
        assert box["y"] + box["height"] <= floor
        assert box["y"] >= 0
    assert row.count() > 3
