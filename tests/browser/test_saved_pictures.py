"""Pictures as files: every page has them, named, on white, in a font that every machine has."""

import re
import struct

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settled
from tests.browser.live import playing, press, state


def file_of(picture: Locator, kind: str) -> tuple[str, bytes]:
    """The name and the content of a picture's file."""
    button = picture.get_by_role("button", name=f"Save as {kind}")
    expect(button).to_be_visible()
    with picture.page.expect_download() as download:
        button.click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def is_a_picture_on_white(page: Page, png: bytes) -> None:
    """A PNG of some size, white in its corner."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert min(struct.unpack(">II", png[16:24])) > 400
    corner = page.evaluate(
        """async (bytes) => {
          const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
          const pen = new OffscreenCanvas(4, 4).getContext("2d");
          pen.drawImage(bitmap, 0, 0);
          return [...pen.getImageData(1, 1, 1, 1).data];
        }""",
        list(png),
    )
    assert corner == [255, 255, 255, 255]


def test_a_figure_is_named_after_itself_and_dark_on_white_in_the_dark_theme(person):
    page = person("/lambda_path", scheme="dark")
    panel = page.locator("[data-testid=lambda-path] .sl-panel-path")
    name, png = file_of(panel, "PNG")
    assert name == "lambda_path_accuracy.png"
    is_a_picture_on_white(page, png)
    name, svg = file_of(panel, "SVG")
    assert name == "lambda_path_accuracy.svg"
    assert "Source Sans" not in svg.decode()
    assert "Arial" in svg.decode()


def test_the_legend_of_a_file_is_whole(person):
    page = person("/lambda_path")
    _, svg = file_of(page.locator("[data-testid=lambda-path] .sl-panel-path"), "SVG")
    ends = page.evaluate(
        """(text) => {
          const room = document.createElement("div");
          room.style = "position:fixed;top:0;left:0";
          room.innerHTML = text;
          document.body.append(room);
          const legend = room.querySelector("g.legend");
          const clip = legend.querySelector("rect.bg").getBoundingClientRect().right;
          const box = (each) => each.getBoundingClientRect();
          const boxes = (kind) => [...legend.querySelectorAll(kind)].map(box);
          const [words, next] = [boxes(".legendtext"), boxes(".legendtoggle")];
          room.remove();
          return words.map((box, i) => [box.right, Math.min(clip, next[i].right)]);
        }""",
        svg.decode(),
    )
    assert len(ends) > 1
    assert all(word <= room + 1 for word, room in ends)


def test_every_picture_of_train_live_is_a_file(person):
    page = person(scheme="dark")
    playing(page)
    press(page, "Pause")
    state(page, "paused")
    for name in ("loss", "accuracy", "zeros", "histogram", "kernels"):
        panel = page.locator(f".sl-panel-{name}")
        found, png = file_of(panel, "PNG")
        assert found == f"train_live_{name}.png"
        is_a_picture_on_white(page, png)
        _, svg = file_of(panel, "SVG")
        assert svg.lstrip().startswith(b"<svg")


def test_the_weights_inside_the_network_are_files(person):
    page = person("/inside_the_network")
    settled(page)
    row = page.locator(".ins-row[data-layer=fc1]")
    found, png = file_of(row.locator(".ins-cell").last, "PNG")
    assert found == "weights_fc1_lane_1.png"
    is_a_picture_on_white(page, png)


def test_what_a_lane_looks_at_is_a_file(person):
    page = person("/inside_the_network", scheme="dark")
    page.locator(".st-key-inside_part").get_by_role("radio", name="What it looks at", exact=True).click()
    lane = page.locator(".ins-sees[data-lane='1']")
    found, png = file_of(lane, "PNG")
    assert found == "looks_at_lane_1.png"
    is_a_picture_on_white(page, png)
    _, svg = file_of(lane, "SVG")
    assert "yours" in svg.decode()


def test_answers_and_mistakes_are_files(person):
    page = person("/inside_the_network", scheme="dark")
    parts = page.locator(".st-key-inside_part")
    parts.get_by_role("radio", name="Draw a digit", exact=True).click()
    found, png = file_of(page.locator(".ins-draw"), "PNG")
    assert found == "answers.png"
    is_a_picture_on_white(page, png)
    parts.get_by_role("radio", name="Mistakes", exact=True).click()
    for part, name in ((".ins-matrix", "mistakes_lane_0"), (".ins-parted", "mistakes_apart_0")):
        found, png = file_of(page.locator(part).first, "PNG")
        assert found == f"{name}.png"
        is_a_picture_on_white(page, png)


def test_there_is_no_file_of_axes_without_a_curve(person):
    page = person()
    expect(page.locator(".sl-plot .main-svg").first).to_be_visible()
    settled(page)
    assert page.locator(".fig-saving:visible").count() == 0


def test_train_live_is_one_sheet_of_paper_and_white_in_the_dark_theme(person):
    page = person(scheme="dark")
    playing(page)
    press(page, "Pause")
    state(page, "paused")
    settled(page)
    pdf = page.pdf(format="A4", landscape=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("[data-testid=live-view]").get_attribute("data-theme") == "light"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("[data-testid=live-view]").get_attribute("data-theme") == "dark"
