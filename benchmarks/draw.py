"""How long a drawn digit waits for its answer, in Chromium: `python -m benchmarks.draw` (a minute).

From the last point of a line, at which the pen is let go, to the frame that shows what both lanes of the
example say about the finished drawing; what they said about the unfinished one does not count.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.options import asked, parser
from tests.browser.conftest import settled
from tests.browser.serving import CHROMIUM, FLAGS, serving, wait_until

GOAL_MS = 150

ONE = ((0.5, 0.15), (0.5, 0.5), (0.5, 0.85))
SEVEN = ((0.25, 0.2), (0.5, 0.2), (0.75, 0.2), (0.6, 0.5), (0.45, 0.85))

# From each point on the answers are busy until they are about it; the frame after that one has been painted.
WATCH = """
() => {
  const [pad, answers] = [document.querySelector('.ins-pad'), document.querySelector('.ins-answers')];
  let [last, up] = [null, false];
  window.waited = null;
  pad.addEventListener('pointerup', () => { up = true; }, { once: true });
  pad.addEventListener('pointermove', (event) => { if (event.buttons) last = performance.now(); });
  const look = () => {
    if (!up || answers.hasAttribute('aria-busy')) requestAnimationFrame(look);
    else requestAnimationFrame(() => { window.waited = performance.now() - last; });
  };
  look();
}
"""


def answered(page: Page, line: tuple[tuple[float, float], ...]) -> float:
    """Milliseconds from the last point of a drawing to its answer on the screen."""
    page.get_by_role("button", name="Clear").click()
    page.wait_for_selector(".ins-draw[data-answered=image] .ins-answers:not([aria-busy])")
    page.evaluate(WATCH)
    box = page.locator(".ins-pad").bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in line]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()
    # The page may evaluate no strings, and what waits in Playwright is one.
    wait_until(lambda: page.evaluate("window.waited !== null"))
    return float(page.evaluate("window.waited"))


def measured(url: str, repeats: int) -> list[float]:
    """Milliseconds of each drawing."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.goto(f"{url}/inside_the_network")
        settled(page)
        page.locator(".st-key-inside_part").get_by_role("radio", name="Draw a digit").click()
        page.locator(".ins-draw[data-answered=image]").wait_for()
        found = [answered(page, (ONE, SEVEN)[i % 2]) for i in range(repeats)]
        browser.close()
    return found


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("--repeats", type=int, default=15)
    options = asked(asks, repeats=2)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        found = measured(server.url, options.repeats)
    print(
        f"last point to the painted answer (ms): median {statistics.median(found):.0f}  "
        f"min {min(found):.0f}  max {max(found):.0f}  n {len(found)}  goal {GOAL_MS}"
    )


if __name__ == "__main__":
    main()
