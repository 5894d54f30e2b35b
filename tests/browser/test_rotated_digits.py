"""The regression task in a real browser: the loss by its name, errors in degrees."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.live import VIEW, layout, playing, press, state, traces
from tests.browser.serving import wait_until


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_errors_fall_in_degrees_and_the_numbers_add_up(person, width, scheme):
    page = person("/?dataset=rotated_digits", width=width, scheme=scheme)
    formula = page.get_by_test_id("formula")
    expect(formula.locator('[data-term="data"]')).to_contain_text("mean squared error")
    playing(page, 60)
    expect(page.get_by_test_id("sentence")).to_contain_text(re.compile(r"validation error .*\d°"))
    press(page, "Pause")
    state(page, "paused")
    page.get_by_role("heading", name=re.compile("^Error")).scroll_into_view_if_needed()
    wait_until(lambda: len(traces(page, "accuracy")[0]["y"]) > 1)
    for trace in traces(page, "accuracy"):
        assert 15.0 < trace["y"][0] < 30.0
        assert trace["y"][-1] < 15.0
    assert "degrees" in layout(page, "accuracy")["yaxis"]["title"]["text"]
    total, data, strength, norm = (
        float(formula.locator(f'[data-term="{term}"] .lv-value').inner_text().replace(",", ""))
        for term in ("total", "data", "lambda", "norm")
    )
    assert total == pytest.approx(data + strength * norm, rel=0.1)
    right = formula.locator('[data-term="norm"]').bounding_box()
    assert right["x"] + right["width"] <= width, "the formula fits the screen"
    page.locator("summary", has_text="table").click()
    row = page.get_by_role("row", name=re.compile("^validation error"))
    expect(row).to_contain_text(re.compile(r"\d\.\d°.*\d\.\d°"))
    assert page.locator(VIEW).evaluate("view => view.scrollWidth <= view.clientWidth")


def test_labels_keep_their_accuracy(person):
    page = person()
    expect(page.get_by_test_id("formula").locator('[data-term="data"]')).to_contain_text("cross-entropy")
    expect(page.get_by_role("heading", name=re.compile("^Accuracy"))).to_be_visible()
