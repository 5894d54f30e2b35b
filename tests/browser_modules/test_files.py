"""A file is written at its press and handed to the browser; why one is not is a sentence on the page."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from core.figures.theme import PALETTES
from pages.ui.smaller_model.files import NETWORKS

SHOW = """async ([data]) => {
  const { Files } = await import("/files/files.js");
  const view = new Files(document.body);
  globalThis.tell = (step) => view.update({ data: { ...data, step } });
  tell(4);
}"""


@pytest.fixture
def page(modules) -> Page:
    data = {
        "ask": "/api/runs/r/files",
        "name": "ann.signed",
        "lane": 1,
        "networks": [each._asdict() for each in NETWORKS],
        "palettes": {name: palette.model_dump() for name, palette in PALETTES.items()},
    }
    modules.run(SHOW, [data])
    return modules._page


def replying(page: Page, **reply: object) -> list[tuple[dict, dict]]:
    """What is asked from now on, and who asks; each is told the same."""
    asked = []

    def fulfil(route: Route) -> None:
        asked.append((json.loads(route.request.post_data), route.request.headers))
        route.fulfill(**reply)

    page.route("**/api/runs/r/files", fulfil)
    return asked


def test_a_press_asks_for_the_file_and_hands_it_over(page, tmp_path):
    asked = replying(page, body=b"\0numbers")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Compact network: ONNX").click()
    waiting.value.save_as(tmp_path / "file")
    assert waiting.value.suggested_filename == "sparsity-lab-compact.onnx"
    assert (tmp_path / "file").read_bytes() == b"\0numbers"
    [(fields, headers)] = asked
    assert fields == {"step": 4, "lane": 1, "which": "compact", "ending": "onnx"}
    assert headers["lab-name"] == "ann.signed"
    expect(page.get_by_role("button", name="Compact network: ONNX")).to_have_text("ONNX")


def test_a_rerun_of_the_page_keeps_the_buttons_and_tells_the_newest_step(page):
    asked = replying(page, body=b"x")
    page.evaluate("globalThis.first = document.querySelector('.files-button'); tell(9)")
    assert page.evaluate("first.isConnected")
    with page.expect_download():
        page.get_by_role("button", name="Whole network: JSON").click()
    assert asked[0][0]["step"] == 9


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        ({"status": 409, "body": '{"message": "There is no lane 9."}'}, "There is no lane 9."),
        ({"status": 502, "body": "<html>"}, "The server answered 502."),
    ],
)
def test_why_there_is_no_file_is_a_sentence(page, reply, sentence):
    replying(page, **reply)
    button = page.get_by_role("button", name="Whole network: safetensors")
    button.click()
    expect(page.get_by_role("status")).to_have_text(sentence)
    expect(button).to_be_enabled()
    expect(button).to_have_text("safetensors")


def test_a_server_that_is_gone_is_a_sentence(page):
    page.route("**/api/runs/r/files", lambda route: route.abort())
    page.get_by_role("button", name="Whole network: JSON").click()
    expect(page.get_by_role("status")).to_have_text("The server does not answer: is it still there?")
