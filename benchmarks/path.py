"""A λ path from press to end, and how smoothly one drags along it: `python -m benchmarks.path`."""

import gzip
import re
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, WebSocket, sync_playwright

from benchmarks.options import asked, parser
from tests.browser.conftest import settled
from tests.browser.serving import CHROMIUM, FLAGS, serving

# Moves the slider in every animation frame, and counts the frames whose picture of the weights was painted.
DRAG = """
moves => new Promise(done => {
  const view = document.querySelector('[data-testid=lambda-path]');
  const slider = view.querySelector('input[type=range]');
  const histogram = view.querySelector('[data-chart=histogram]');
  const last = Number(slider.max);
  let left = moves, painted = 0, expected = null;
  const start = performance.now();
  const step = () => {
    if (view.dataset.chosen === expected && histogram.data) painted++;
    if (view.dataset.chosen === expected || expected === null) {
      if (left-- === 0) return done(1000 * painted / (performance.now() - start));
      const at = Math.abs((left % (2 * last)) - last);
      slider.value = at; expected = String(at);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    }
    requestAnimationFrame(step);
  };
  step();
})
"""


def train(page: Page) -> tuple[float, float]:
    """Seconds from the press to the first dots, and to the end."""
    start = time.monotonic()
    page.get_by_role("button", name="Train the path").click()
    # A short path may be over before anything of it was drawn.
    page.get_by_text(re.compile("^Your path( so far)?:")).first.wait_for(timeout=60_000)
    first = time.monotonic() - start
    page.get_by_text("Your path:").wait_for(timeout=300_000)
    return first, time.monotonic() - start


def watch(page: Page, sizes: list[int]) -> None:
    """Note how large each message to the page is when gzipped: its figures are in them."""

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: sizes.append(len(gzip.compress(_bytes(payload)))))

    page.on("websocket", listen)


def _bytes(payload: str | bytes) -> bytes:
    return payload.encode() if isinstance(payload, str) else payload


def drag(page: Page, moves: int) -> float:
    """Painted positions of the slider a second."""
    page.locator("[data-chart=histogram] .main-svg").first.wait_for()
    page.wait_for_timeout(1000)
    return float(page.evaluate(DRAG, moves))


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("--strengths", type=int, default=12, help="how many λs")
    asks.add_argument("--epochs", type=int, default=10)
    asks.add_argument("--moves", type=int, default=120, help="of the slider")
    options = asked(asks, strengths=3, epochs=1, moves=10)
    grid = f"0.00001_0.01_{options.strengths}_1_{options.epochs}"
    whole_path = f"{options.strengths} λs, digits, {options.epochs} epochs (s)"
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        messages: list[int] = []
        watch(page, messages)
        page.goto(f"{server.url}/lambda_path?grid={grid}")
        settled(page)
        first, whole = train(page)
        print(f"first dots (s)                   {first:6.1f}   goal   3")
        print(f"{whole_path:33}{whole:6.1f}   goal  45")
        size = page.evaluate(
            """async () => {
              const answer = await fetch(performance.getEntriesByType('resource').map(({ name }) => name)
                .findLast((name) => name.includes('/frames')));
              return Number(answer.headers.get('content-length'));
            }"""
        )
        print(f"frames of all λs, gzipped (kB)   {size / 1000:6.1f}   goal 100")
        print(f"largest figure, gzipped (kB)     {max(messages) / 1000:6.1f}   goal 100")
        print(f"dragging (frames a second)       {drag(page, options.moves):6.1f}   goal  20")
        browser.close()


if __name__ == "__main__":
    main()
