"""Compare runs in a real browser: examples, own runs, delete and undo, files that open."""

import io
import json
import struct

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from core.runs.store.export import read_settings
from core.spec import RunSpec
from tests.browser.access import faults
from tests.browser.serving import PATIENCE, wait_until


def table(page: Page):
    return page.get_by_test_id("runs-table")


def row(page: Page, i: int):
    return table(page).locator("tbody tr").nth(i)


def train(page: Page) -> None:
    """A short run of the visitor's own, from the settings file, so that it is over soon."""
    spec = RunSpec(epochs=1, model="small_cnn")
    page.get_by_role("button", name="Use a settings file").click()
    file = {"name": "mine.json", "mimeType": "application/json", "buffer": spec.to_json().encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Train these settings").click()
    expect(page.get_by_role("button", name="Train these settings")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(table(page).locator("tbody tr")).to_have_count(1)
    expect(row(page, 0)).to_contain_text("just now")


def saved(page: Page, press) -> bytes:
    with page.expect_download(timeout=1000 * PATIENCE) as download:
        press()
    return download.value.path().read_bytes()


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1024, "dark"), (390, "light"), (390, "dark")]
)
def test_examples_are_compared_at_once_and_by_everybody(person, width, scheme):
    page = person("/compare_runs", width=width, scheme=scheme)
    expect(table(page).locator("tbody tr[data-run^='example.compare_runs']")).to_have_count(3)
    figures = page.get_by_test_id("figure")
    expect(figures).to_have_count(5)
    figures.first.scroll_into_view_if_needed()
    expect(figures.first.locator(".main-svg").first).to_be_visible(timeout=1000 * PATIENCE)
    # Words that fade in have too little contrast on the way.
    ended = "document.getAnimations().every((each) => each.playState === 'finished')"
    wait_until(lambda: page.evaluate(ended))
    assert faults(page) == []


def test_sorting_and_pinning_by_keyboard(person):
    page = person("/compare_runs")
    zeros = table(page).get_by_role("button", name="Zeros")
    zeros.focus()
    page.keyboard.press("Enter")
    expect(row(page, 0)).to_have_attribute("data-run", "example.compare_runs.2")
    page.keyboard.press("Enter")
    expect(row(page, 0)).to_have_attribute("data-run", "example.compare_runs.1")
    expect(row(page, 2)).to_contain_text("0 %")
    pin = row(page, 0).get_by_role("checkbox").first
    expect(pin).to_be_checked()
    lines = page.get_by_test_id("figure").first.locator(".sl-series[data-series]")
    page.get_by_test_id("figure").first.scroll_into_view_if_needed()
    expect(lines).to_have_count(3)
    for n_lines in (2, 3):
        pin.focus()
        page.keyboard.press("Space")
        expect(lines).to_have_count(n_lines)
        expect(row(page, 0).get_by_role("checkbox").first).to_be_focused()


def test_a_baseline_turns_curves_into_differences(person):
    page = person("/compare_runs")
    row(page, 0).get_by_role("checkbox").nth(1).check()
    page.get_by_text("Difference from").click()
    figure = page.get_by_test_id("figure").first
    figure.scroll_into_view_if_needed()
    expect(figure).to_contain_text("Data loss minus that of")
    page.get_by_text("Gather seeds").click()
    page.get_by_text("Difference from").click()
    expect(figure).to_contain_text("2 seeds")


def test_a_run_is_trained_deleted_brought_back_and_taken_away(person):
    page = person("/compare_runs")
    train(page)
    page.locator(".st-key-compare_panel").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("It is kept for")).to_be_visible(timeout=1000 * PATIENCE)
    expect(page.get_by_role("button", name="Delete it")).to_have_count(0)
    expect(table(page).locator("tbody tr[data-run^='example']")).not_to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(table(page).locator("tbody tr")).to_have_count(1)
    expect(page.get_by_text("It is kept for")).to_have_count(0)

    page.get_by_role("button", name="Download").click()
    history = saved(page, page.get_by_role("button", name="History (CSV)").click)
    found = pd.read_csv(io.BytesIO(history))
    assert set(found["lane"]) == {0, 1}
    assert found["step"].max() == 19
    parquet = saved(page, page.get_by_role("button", name="History (Parquet)").click)
    assert len(pd.read_parquet(io.BytesIO(parquet))) == len(found)
    spec = read_settings(saved(page, page.get_by_role("button", name="Settings (JSON)").click))
    assert spec == RunSpec(epochs=1, model="small_cnn")


def test_a_figure_is_saved_as_png_and_svg(person):
    page = person("/compare_runs")
    figure = page.get_by_test_id("figure").first
    figure.scroll_into_view_if_needed()
    expect(figure.locator(".main-svg").first).to_be_visible(timeout=1000 * PATIENCE)
    png = saved(page, figure.get_by_role("button", name="Save as PNG").click)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", png[16:20])[0] == 1800
    svg = saved(page, figure.get_by_role("button", name="Save as SVG").click).decode()
    assert "<svg" in svg[:200]
    assert "Data loss, each at its own last step" in svg.replace("&nbsp;", " ")
    assert "L1 3e-4 textbook" in svg


def test_a_bad_settings_file_is_one_sentence(person):
    page = person("/compare_runs")
    page.get_by_role("button", name="Use a settings file").click()
    bad = {"name": "bad.json", "mimeType": "application/json", "buffer": json.dumps({"epochs": 0}).encode()}
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.get_by_text("epochs must be at least 1, got '0'.")).to_be_visible(timeout=1000 * PATIENCE)


def test_a_run_opens_on_train_live(person):
    page = person("/compare_runs")
    train(page)
    row(page, 0).get_by_role("button", name="Open").click()
    page.get_by_test_id("live-view").wait_for(timeout=1000 * PATIENCE)
    expect(page.get_by_role("heading", name="Train live")).to_be_visible()
    assert "run=" in page.url
