"""Train live in a browser: what is pressed, and what the live view shows."""

from playwright.sync_api import Page, expect

from tests.browser.serving import wait_until

VIEW = "[data-testid=live-view]"


def drawn(page: Page) -> None:
    """Wait until what was told to the view is on the screen: it draws at the next frame, not at once."""
    page.evaluate("() => new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)))")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def shown_step(page: Page) -> int:
    return int(page.locator(VIEW).get_attribute("data-step") or -1)


def reach(page: Page, step: int) -> None:
    wait_until(lambda: shown_step(page) >= step)


def run_id(page: Page) -> str:
    return page.locator(VIEW).get_attribute("data-run") or ""


def state(page: Page, word: str) -> None:
    expect(page.locator(VIEW)).to_have_attribute("data-state", word)


PLOT = "[data-chart=%s].js-plotly-plot, [data-chart=%s] .js-plotly-plot"


def traces(page: Page, chart: str) -> list:
    """What Plotly draws now: name and points of every trace."""
    page.wait_for_selector(PLOT % (chart, chart))
    return page.evaluate(
        """plot => document.querySelector(plot)
             .data.map(t => ({name: t.name, x: Array.from(t.x || []), y: Array.from(t.y || [])}))""",
        PLOT % (chart, chart),
    )


def visible(page: Page, chart: str) -> list:
    """Names of the traces that are not switched off in the legend."""
    page.wait_for_selector(PLOT % (chart, chart))
    return page.evaluate(
        """plot => document.querySelector(plot)
             .data.filter(t => t.visible === undefined || t.visible === true).map(t => t.name)""",
        PLOT % (chart, chart),
    )


def layout(page: Page, chart: str) -> dict:
    """Plotly's layout now, ranges and marks, as soon as it is drawn: steps count before Plotly is loaded."""
    page.wait_for_selector(PLOT % (chart, chart))
    return page.evaluate(
        "plot => JSON.parse(JSON.stringify(document.querySelector(plot).layout))", PLOT % (chart, chart)
    )


def marks(page: Page, chart: str) -> list:
    """What is written over the events in a chart."""
    return layout(page, chart).get("annotations", [])


def move_strength(page: Page, stops: int) -> None:
    """Move λ by so many stops, by keyboard, as a release of the handle."""
    handle = page.locator("[class*=st-key-train_strength]").get_by_role("slider")
    handle.focus()
    for _ in range(abs(stops)):
        page.keyboard.press("ArrowRight" if stops > 0 else "ArrowLeft")


def playing(page: Page, step: int = 40) -> str:
    press(page, "Play")
    state(page, "running")
    reach(page, step)
    return run_id(page)
