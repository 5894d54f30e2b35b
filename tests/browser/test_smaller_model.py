"""Smaller model as a visitor uses it: train one, measure it, take files away and bring them back."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from playwright.sync_api import Page, expect
from safetensors.numpy import load_file

from tests.browser.access import faults

PATH = "/smaller_model"
SLOW = 120_000
"""Milliseconds for training or timing on a shared machine."""


def trained(person) -> Page:
    page = person(PATH)
    expect(page.get_by_text("Computed beforehand")).to_be_visible()
    page.get_by_role("button", name="Train one now").click()
    expect(page.get_by_text("Measured now")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Computed beforehand")).to_have_count(0)
    expect(page.get_by_role("button", name="Compact network: ONNX")).to_be_visible(timeout=SLOW)
    return page


def downloaded(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download(timeout=SLOW) as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def brought(page: Page, files: list[Path]) -> None:
    page.locator(".st-key-smaller_upload input[type=file]").set_input_files(files)


def test_files_are_taken_away_opened_and_brought_back(person, tmp_path):
    page = trained(person)
    numbers, shape, onnx, card = (
        downloaded(page, button, tmp_path)
        for button in (
            "Compact network: safetensors",
            "Compact network: JSON",
            "Compact network: ONNX",
            "Model card",
        )
    )
    tensors = load_file(numbers)
    assert "λ = 1e-3" in card.read_text()
    session = onnxruntime.InferenceSession(str(onnx), providers=["CPUExecutionProvider"])
    (logits,) = session.run(None, {"image": np.zeros((2, 1, 8, 8), np.float32)})
    assert logits.shape == (2, 10)
    # What no unit of a layer reads any more is gone from the file, too.
    assert tensors["fc1.weight"].shape[0] == tensors["fc2.weight"].shape[1] < 128

    brought(page, [numbers, shape])
    expect(page.get_by_text(f"{sum(each.size for each in tensors.values()):,} numbers")).to_be_visible()

    page.get_by_role("button", name="Refit this lane and its rivals").click()
    expect(page.get_by_role("cell", name="no penalty, pruned at once")).to_be_visible(timeout=SLOW)
    # The link keeps the run: who reloads sees the same network measured.
    page.reload()
    expect(page.get_by_text("Measured now, on the weights of step 380")).to_be_visible(timeout=SLOW)


def test_a_hostile_file_is_one_sentence(person, tmp_path):
    page = trained(person)
    for name, data in (("evil.pt", b"\x80\x04."), ("a.json", b"{}"), ("a.safetensors", b"\xff" * 64)):
        (tmp_path / name).write_bytes(data)
    brought(page, [tmp_path / "evil.pt"])
    expect(page.get_by_text("“evil.pt” is refused")).to_be_visible()
    page.get_by_role("button", name="Remove evil.pt").click()
    brought(page, [tmp_path / "a.json", tmp_path / "a.safetensors"])
    expect(page.get_by_text("does not describe a model of Sparsity Lab")).to_be_visible()


def test_the_slider_over_bounds_needs_no_server(person):
    page = person(PATH)
    figure = page.locator(".st-key-smaller_pruned")
    figure.get_by_role("slider").fill("25")
    expect(figure.get_by_text("All |w| < 1 set to zero: 100.0 % zeros")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "dark"), (390, "light")]
)
def test_nobody_is_left_out(person, width, scheme):
    page = person(PATH, width=width, scheme=scheme)
    for key in ("storage", "units", "adds", "latency_1", "latency_256", "pruned", "rivals"):
        # Drawn when it comes into sight.
        page.locator(f".st-key-smaller_{key}").scroll_into_view_if_needed()
        expect(page.locator(f".st-key-smaller_{key} .main-svg").first).to_be_visible()
    expect(page.get_by_role("heading", name="Load a model back")).to_be_visible()
    assert not faults(page)
