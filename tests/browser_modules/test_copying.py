"""A text is copied over plain http, where a page has no clipboard; what was typed last is copied too."""

import pytest
from playwright.sync_api import Page, expect

from core.figures.theme import PALETTES

SHOW = """async ([text, palettes]) => {
  const { Copying } = await import("/copying/copying.js");
  globalThis.view = new Copying(document.body, "k");
  globalThis.tell = (text) => view.update({ data: { label: "Link", text, palettes } });
  tell(text);
  const other = document.createElement("input");
  other.id = "other";
  document.body.append(other);
}"""
BUTTON = ".copying-button"


@pytest.fixture
def page(modules) -> Page:
    palettes = {name: palette.model_dump() for name, palette in PALETTES.items()}
    modules.run(SHOW, ["http://lab/?ask=1", palettes])
    page = modules._page
    assert not page.evaluate("isSecureContext")
    return page


def pasted(page: Page) -> str:
    page.locator("#other").fill("")
    page.locator("#other").focus()
    page.keyboard.press("Control+V")
    return page.locator("#other").input_value()


def test_the_button_copies_and_says_so(page):
    page.click(BUTTON)
    expect(page.locator(BUTTON)).to_have_text("Copied")
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert pasted(page) == "http://lab/?ask=1"


def test_the_text_has_a_name_and_is_not_written_in(page):
    field = page.get_by_label("Link", exact=True)
    expect(field).to_have_value("http://lab/?ask=1")
    expect(field).not_to_be_editable()


def test_a_text_that_changes_right_after_the_press_is_copied_again(page):
    page.click(BUTTON)
    expect(page.locator(BUTTON)).to_have_text("Copied")
    page.evaluate("tell('http://lab/?ask=2')")
    expect(page.locator(BUTTON)).to_have_text("Copied")
    assert pasted(page) == "http://lab/?ask=2"


def test_a_text_that_changes_later_is_not_copied_by_itself(page):
    page.click(BUTTON)
    expect(page.locator(BUTTON)).to_have_text("Copied")
    page.evaluate("view.pressed = performance.now() - 60000; tell('http://lab/?ask=3')")
    expect(page.locator(BUTTON)).to_have_text("Copy")
    assert pasted(page) == "http://lab/?ask=1"


def test_where_nothing_copies_the_text_is_selected_and_the_keys_are_named(page):
    page.evaluate("document.execCommand = () => false")
    page.click(BUTTON)
    expect(page.locator(BUTTON)).to_have_text("Press Ctrl+C")
    page.keyboard.press("Control+C")
    page.evaluate("delete document.execCommand")
    assert pasted(page) == "http://lab/?ask=1"
