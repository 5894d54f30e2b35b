"""Plotly accepts every figure of every page, at every position of its sliders: no property is misspelt."""

import re
from functools import cache

import plotly.graph_objects as go
import pytest

from core.figures.traces import Drawing, line, off_by
from core.web.addresses import PLOTLY
from tests.core.figures.every import EVERY, makers
from tests.core.figures.worn import positions, worn

TRACES = set(re.findall(r'moduleType:"trace",name:"(\w+)"', PLOTLY.read_text(encoding="utf-8")))
"""The kinds of trace that the browser's script can draw: it is a part of Plotly."""


def named(maker) -> str:
    return f"{maker.__module__}.{maker.__name__}"


@cache
def drawn_by(maker) -> list[Drawing]:
    every = list(EVERY[maker]())
    return [each if isinstance(each, Drawing) else Drawing(each) for each in every]


def test_every_function_that_draws_is_here():
    assert set(map(named, EVERY)) == makers()


@pytest.mark.parametrize("maker", EVERY, ids=named)
def test_plotly_accepts_the_figure_at_every_position(maker):
    assert drawn_by(maker)
    for drawing in drawn_by(maker):
        for fig in positions(drawing):
            drawn = go.Figure(worn(fig))
            assert len(drawn.data) == len(fig["data"])
            assert {trace.type for trace in drawn.data} <= TRACES
            assert drawn.layout.xaxis.title.text is not None


def told_accuracies(fig):
    """The traces whose hover tells an accuracy: along an axis of accuracies, or by its own name."""
    titles = [fig["layout"][axis].get("title", {}).get("text", "") for axis in ("xaxis", "yaxis")]
    on_axis = any("accuracy" in title.lower() and "difference" not in title for title in titles)
    return [
        trace
        for trace in fig["data"]
        if trace.get("hoverinfo") != "skip" and (on_axis or "accuracy" in trace.get("name", ""))
    ]


def test_every_hover_with_an_accuracy_says_what_it_may_be_off():
    found = [
        trace
        for maker in EVERY
        for drawing in drawn_by(maker)
        for fig in positions(drawing)
        for trace in told_accuracies(fig)
    ]
    assert len(found) > 50
    for trace in found:
        told = [trace["hovertemplate"], *trace.get("hovertext", [])]
        assert any("±" in text for text in told), trace["name"]
        assert "customdata" in trace
        assert len(trace["customdata"]) == len(trace["x"])


def test_what_a_hover_adds_to_an_accuracy():
    trace = off_by(line("a", "ink", [0, 1], [97.3, 100.0]), [1.0042, 0.19])
    assert trace["hovertemplate"] == "%{y:.3~g} ± %{customdata:.1f}"
    assert trace["customdata"] == [1.004, 0.19]


def test_a_property_that_plotly_does_not_know_is_refused():
    fig = {"data": [{"type": "scatter", "line": {"colour": "role:ink"}}], "layout": {}}
    with pytest.raises(ValueError, match="colour"):
        go.Figure(worn(fig))


def test_roles_are_worn_with_their_opacity():
    assert worn({"a": ["role:ink", 1.0]}, "light")["a"][0].startswith("#")
    assert worn("role:conv1/0.25", "dark").endswith(", 0.25)")
    assert worn("role:ink", "light") != worn("role:ink", "dark")
