"""From a press to a painted point, in Chromium: `python -m benchmarks.screen`.

Play, the release of λ, and the start of the server.

A point counts as painted when the browser has drawn the frame after Plotly was given it.
"""

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.options import asked, parser
from tests.browser.conftest import settled
from tests.browser.serving import CHROMIUM, FLAGS, Server, serving, wait_until

# Notes when the pointer goes up or a key goes down (which moves a slider at once), and when the first
# frame with a training point was painted.
WATCH = """
() => {
  window.released = null; window.painted = null;
  for (const kind of ['pointerup', 'keydown'])
    document.addEventListener(kind, () => { window.released ??= performance.now(); }, true);
  const look = () => {
    const root = document.querySelector('[data-testid=live-view]');
    if (root && Number(root.dataset.step) >= 1) window.painted = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}
"""


def play_to_point(page: Page) -> float:
    """Seconds from letting go of Play to the first painted point of training."""
    page.evaluate(WATCH)
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(lambda: page.evaluate("window.painted"))
    return float(page.evaluate("(window.painted - window.released) / 1000"))


# The mark of the newest change says from which step the new λ counts.
WATCH_CHANGE = """
() => {
  const root = document.querySelector('[data-testid=live-view]');
  const plot = document.querySelector('[data-chart=loss].js-plotly-plot, [data-chart=loss] .js-plotly-plot');
  const newest = () => Math.max(-1, ...(plot.layout.shapes || []).map(mark => Number(mark.x0)));
  const before = newest();
  window.released = null; window.painted = null;
  const look = () => {
    const mark = newest();
    if (mark > before && Number(root.dataset.step) > mark) window.painted = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}
"""


def strength_to_point(page: Page, key: str) -> float:
    """Seconds from letting go of λ to a painted point trained under the new λ."""
    # The view counts steps before Plotly is there to draw them.
    page.locator("[data-chart=loss].js-plotly-plot, [data-chart=loss] .js-plotly-plot").wait_for()
    page.evaluate(WATCH_CHANGE)
    page.locator("[class*=st-key-train_strength]").get_by_role("slider").press(key)
    wait_until(lambda: page.evaluate("window.painted"))
    return float(page.evaluate("(window.painted - window.released) / 1000"))


def first_usable_page(browser: Browser) -> float:
    """Seconds from starting the server to a page whose Play can be pressed."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        with serving(Path(folder), ready=False) as server:
            page = browser.new_page()
            wait_until(lambda: opened(page, server), 60)
            settled(page)
            page.get_by_role("button", name="Play", exact=True).wait_for()
            took = time.monotonic() - start
            page.close()
    return took


def opened(page: Page, server: Server) -> bool:
    """Whether the page answers yet."""
    try:
        page.goto(server.url)
    except Exception:
        return False
    return True


def measure(browser: Browser, n_starts: int, repeats: int) -> None:
    starts = [first_usable_page(browser) for _ in range(n_starts)]
    plays, moves = [], []
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        for _ in range(repeats):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            page.goto(server.url)
            settled(page)
            plays.append(play_to_point(page))
            moves += [strength_to_point(page, key) for key in ("ArrowRight", "ArrowLeft")]
            page.get_by_role("button", name="Pause", exact=True).click()
            context.close()
    report("server start to first usable page (s)", starts, 4.0)
    report("play to first painted point (s)", plays, 1.0)
    report("λ release to painted point (s)", moves, 0.7)


def report(name: str, seconds: list[float], goal: float) -> None:
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    print(f"{name:42} median {middle:.2f}  min {low:.2f}  max {high:.2f}  n {len(seconds)}  goal {goal:.1f}")


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("--starts", type=int, default=3, help="of the server")
    asks.add_argument("--repeats", type=int, default=10, help="runs, in each of which λ moves twice")
    options = asked(asks, starts=1, repeats=1)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        measure(chromium, options.starts, options.repeats)
        chromium.close()


if __name__ == "__main__":
    main()
