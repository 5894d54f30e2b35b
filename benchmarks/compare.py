"""Compare runs with many runs of many moments: how long it takes to open, and what its figures weigh.

python -m benchmarks.compare
"""

import gzip
import json
import math
import secrets
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.options import asked, parser
from benchmarks.screen import report
from core.figures.traces import Drawing
from core.lab.compare_runs.curves import Compared, Metric, curves, n_weights
from core.lab.compare_runs.figures import over_steps, two_histograms
from core.runs.examples.histories import example
from core.runs.live import encoding
from core.runs.store.batch import Batch
from core.runs.store.store import Store
from core.runs.views import RunHistory, RunView
from core.snapshots import BINS, Frame, LayerSnapshot, Point, Score, Snapshot
from core.spec import MODEL_LAYERS, LaneSpec, RunSpec
from tests.browser.serving import CHROMIUM, FLAGS, Server, serving

FRAMES_EVERY = 20
MOST_BYTES = 100_000
METRICS: tuple[Metric, ...] = ("loss", "accuracy", "zeros")


def snapshot(run: str, lane: int, step: int) -> Snapshot:
    """A made-up moment: smooth curves with noise, as costly to read as a real one."""
    noise = math.sin(step * 12.9898) * 43758.5453 % 1.0
    layer = LayerSnapshot(
        weights=10_000,
        zeros=lane * min(9_000, 9 * step // 2),
        idle=lane * min(3_000, 3 * step // 2),
        cut_off=0,
        targeted=bool(lane),
        norm=120.0 - noise,
        below=(0.1, 0.2, 0.3, 0.4, 0.5),
        units=32,
        dead=lane,
        limit=0.5,
        counts=tuple(int(100 * noise) + i for i in range(BINS)),
    )
    return Snapshot(
        run=run,
        lane=lane,
        step=step,
        epoch=step / 22,
        strength=1e-4,
        norm=480.0,
        data_loss=2.3 * math.exp(-step / 300) + 0.05 * noise,
        penalty=0.048,
        total=2.4,
        score=Score("accuracy", 0.9, 0.97 - 0.8 * math.exp(-step / 200) + 0.01 * noise, n_valid=258),
        valid_step=step,
        layers=dict.fromkeys(MODEL_LAYERS["textbook_cnn"], layer),
        kernels=tuple((0.123,) * 9 for _ in range(32)),
    )


def moment(run: str, number: int) -> dict[str, object]:
    both = [snapshot(run, lane, number) for lane in range(2)]
    frames = encoding.packed(map(encoding.frame, map(Frame.of, both))) if number % FRAMES_EVERY == 0 else None
    points = encoding.packed(map(encoding.point, map(Point.of, both)))
    return {"run": run, "number": number, "points": points, "frames": frames}


def fill(folder: Path, owner: str, n_runs: int, n_moments: int) -> None:
    """A database with the runs of one owner."""
    store = Store(f"sqlite:///{folder}/lab.sqlite", "main")
    store.open()
    # The same moments in every run: making them takes longer than reading them.
    moments = [moment("", number) for number in range(n_moments)]
    for i in range(n_runs):
        batch = Batch()
        run = f"run-{i}"
        spec = RunSpec.beside_zero(LaneSpec(strength=1e-4 * (1 + i)), seed=i)
        batch.runs[run] = RunView(run, owner, spec, "finished", 0, "", 0, time.time() - 60 * i)
        batch.moments = {(run, n): {**each, "run": run} for n, each in enumerate(moments)}
        store.write(batch)
    store.close()


def arriving(browser: Browser, url: str, owner: str) -> BrowserContext:
    """A browser of this owner that has nothing in its cache yet."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "owner", "value": owner, "url": url}])
    return context


def shown(page: Page) -> None:
    """All rows and the first figure are drawn."""
    page.wait_for_selector(".rt-table tbody tr")
    page.wait_for_selector("[data-testid=figure] .main-svg")


def turning(page: Page, url: str) -> float:
    """Seconds from a click on its link, on another page of the laboratory, until it is shown."""
    page.goto(f"{url}/smaller_model")
    page.wait_for_selector("[data-testid=figure] .main-svg")
    link = page.get_by_role("main").get_by_role("link", name="Compare runs")
    start = time.perf_counter()
    link.click()
    shown(page)
    return time.perf_counter() - start


def cold(browser: Browser, url: str, owner: str) -> float:
    """Seconds from the address until it is shown, for somebody who has never been here."""
    context = arriving(browser, url, owner)
    page = context.new_page()
    start = time.perf_counter()
    page.goto(f"{url}/compare_runs", wait_until="commit")
    shown(page)
    took = time.perf_counter() - start
    context.close()
    return took


def busy(server: Server) -> float:
    """Seconds of a core that the web process has used so far."""
    times = psutil.Process(server.process.pid).cpu_times()
    return times.user + times.system


def weights(n_moments: int) -> None:
    """What the figures of six runs weigh, gzipped."""
    view = RunView("r", "", RunSpec(), "finished", 0, "", 0, 0.0)
    points = (Point.of(snapshot("r", lane, n)) for n in range(n_moments) for lane in range(2))
    frames = (Frame.of(snapshot("r", lane, n_moments)) for lane in range(2))
    history = RunHistory.of(view, points, frames, [])
    six = [
        Compared(f"run {i}", i, view.spec, i % 2, history.points[i % 2], history.frames[i % 2])
        for i in range(6)
    ]
    kept = example("compare_runs")
    assert kept is not None
    pair = [
        Compared(str(i), i, h.view.spec, 1, h.points[1], h.frames[1]) for i, h in enumerate(kept.histories)
    ]
    figures: dict[str, Drawing] = {
        metric: over_steps(curves(six, metric, n_weights(six)), metric) for metric in METRICS
    }
    figures["weights"] = two_histograms(pair[0], pair[1])
    for name, drawing in figures.items():
        told = json.dumps([drawing.fig, drawing.summary, list(drawing.frames), list(drawing.table)])
        size = len(gzip.compress(told.encode()))
        print(f"figure {name:10} {size / 1000:6.1f} kB gzipped  goal {MOST_BYTES / 1000:.0f}")


def main() -> None:
    asks = parser(__doc__)
    asks.add_argument("--runs", type=int, default=20)
    asks.add_argument("--moments", type=int, default=2_000, help="of each run")
    asks.add_argument("--repeats", type=int, default=10)
    options = asked(asks, runs=2, moments=40, repeats=1)
    n_runs, n_moments, repeats = options.runs, options.moments, options.repeats
    owner = secrets.token_urlsafe(16)
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), owner, n_runs, n_moments)
        with serving(Path(folder)) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            first = cold(browser, server.url, owner)
            page = arriving(browser, server.url, owner).new_page()
            seconds = [turning(page, server.url) for _ in range(repeats)]
            before = busy(server)
            strangers = [cold(browser, server.url, owner) for _ in range(repeats)]
            computed = (busy(server) - before) / repeats
            examples = [cold(browser, server.url, secrets.token_urlsafe(16)) for _ in range(repeats)]
            browser.close()
    print(f"the first visitor after the server's start: {first:.2f} s")
    report(f"Compare runs with {n_runs} runs of {n_moments:,} moments (s)", seconds, 1.5)
    report("the same from its address, with an empty cache (s)", strangers, 1.5)
    report("that, with the three examples alone (s)", examples, 1.5)
    print(f"of which the web process computes: {computed:.2f} s of one core")
    weights(n_moments)


if __name__ == "__main__":
    main()
