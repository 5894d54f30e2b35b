"""How long the formula of *What is L1?* waits for a slider, in Chromium: `python -m benchmarks.formula`.

From the release of a key on the slider of a weight to the frame that shows the formula with other numbers in
it: the one part of that page that the server works out.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.options import asked, parser
from tests.browser.conftest import settled
from tests.browser.serving import CHROMIUM, FLAGS, serving, wait_until

GOAL_MS = 150
REST_MS = 400

WATCH = """
() => {
  const read = () => [...document.querySelectorAll('.katex-html')].map((node) => node.textContent).join('|');
  const before = read();
  window.waited = null;
  document.addEventListener('keyup', () => {
    const released = performance.now();
    const look = () => {
      if (read() === before) requestAnimationFrame(look);
      else requestAnimationFrame(() => { window.waited = performance.now() - released; });
    };
    look();
  }, { once: true, capture: true });
}
"""


def answered(page: Page, key: str) -> float:
    """Milliseconds from a key to the formula that follows it."""
    page.wait_for_timeout(REST_MS)
    page.evaluate(WATCH)
    page.keyboard.press(key)
    # The page may evaluate no strings, and what waits in Playwright is one.
    wait_until(lambda: page.evaluate("window.waited !== null"))
    return float(page.evaluate("window.waited"))


def measured(url: str, repeats: int) -> list[float]:
    """Milliseconds of each move."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.goto(f"{url}/what_is_l1")
        settled(page)
        page.locator(".st-key-what_is_l1_w2").get_by_role("slider").focus()
        found = [answered(page, ("ArrowLeft", "ArrowRight")[i % 2]) for i in range(repeats)]
        browser.close()
    return found


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("--repeats", type=int, default=20)
    options = asked(asks, repeats=2)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        found = measured(server.url, options.repeats)
    print(
        f"slider to the painted formula (ms): median {statistics.median(found):.0f}  "
        f"min {min(found):.0f}  max {max(found):.0f}  n {len(found)}  goal {GOAL_MS}"
    )


if __name__ == "__main__":
    main()
