"""L1 in PyTorch as a person uses it: find the bug, take the script away, run it."""

import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from core.lessons.l1_in_pytorch import BUG
from core.link import to_link
from core.spec import PRESETS
from tests.browser.access import faults

PATH = "/l1_in_pytorch"


def line(page: Page, number: int):
    """A line of the listing with the bug; the empty one is no choice."""
    return page.locator(".st-key-pytorch_guess [role=radiogroup] label").nth(number)


def test_find_the_bug_take_the_script_and_run_it(person, tmp_path):
    page = person(f"{PATH}?epochs=1")
    line(page, 3).click()
    expect(page.get_by_text("Not this line: a 3 × 3 kernel")).to_be_visible()
    line(page, BUG).click()
    expect(page.get_by_text("RuntimeError: mat1 and mat2 shapes cannot be multiplied")).to_be_visible()
    page.get_by_role("radio", name="64 · 7 · 7").click()
    expect(page.get_by_text("64 images go in, 64 × 10 numbers come out")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="Script (.py)").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    done = subprocess.run([sys.executable, str(file)], cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(" of 52768") == 2
    assert "λ = 1e-4" in done.stdout


def test_a_preset_is_one_click_from_training(person):
    page = person(PATH)
    page.locator(".st-key-pytorch_recipe button").click()
    page.locator("[data-testid=live-view]").wait_for()
    for name, value in to_link(PRESETS["textbook_recipe"]).items():
        assert f"{name}={value}" in page.url.replace("%2C", ",").replace("%3A", ":")
    page.get_by_role("button", name="Play", exact=True).first.click()
    page.locator("[data-testid=live-view][data-state=running]").wait_for()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1024), ("light", 390)])
def test_axe_finds_nothing_serious_and_nothing_overflows(person, scheme, width):
    page = person(PATH, width=width, scheme=scheme)
    line(page, BUG).click()
    expect(page.get_by_text("RuntimeError")).to_be_visible()
    assert faults(page) == []
