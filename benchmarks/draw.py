"""How long a drawn digit waits for its answer, in Chromium: `python -m benchmarks.draw` (a minute).

From the pointer's last move to what both lanes of the example say about the finished drawing.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import settled
from tests.browser.serving import CHROMIUM, FLAGS, serving

STROKES = 30

# One more point of the drawing, then wait until the answer in which it is contained stands on the screen.
ANSWERED = """
async ([x, y]) => {
  const pad = document.querySelector('.ins-pad'), box = pad.getBoundingClientRect();
  const took = document.querySelector('.ins-take p[role=status]:last-child');
  const at = { clientX: box.left + x * box.width, clientY: box.top + y * box.height, pointerId: 1, bubbles: true };
  took.textContent = '';
  const started = performance.now();
  pad.dispatchEvent(new PointerEvent('pointermove', at));
  while (!took.textContent) await new Promise(requestAnimationFrame);
  return performance.now() - started;
}
"""


def measured(page: Page) -> list[float]:
    """Milliseconds of each answer while one line grows."""
    box = page.locator(".ins-pad").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.1 * box["height"])
    page.mouse.down()
    page.wait_for_selector(".ins-draw[data-answered=drawing]")
    page.wait_for_timeout(500)
    found = [page.evaluate(ANSWERED, [0.5, 0.1 + 0.8 * i / STROKES]) for i in range(1, STROKES + 1)]
    page.mouse.up()
    return found


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.goto(f"{server.url}/inside_the_network")
        settled(page)
        page.locator(".st-key-inside_part").get_by_role("radio", name="Draw a digit").click()
        page.locator(".ins-verdict").first.wait_for()
        found = measured(page)
        browser.close()
    print(
        f"draw a digit: median {statistics.median(found):.0f} ms, slowest of {STROKES} {max(found):.0f} ms (≤ 150)"
    )


if __name__ == "__main__":
    main()
