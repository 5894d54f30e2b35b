"""The figure component gives the browser what Python was given, and refuses colours that are none."""

import pytest

from core.figures.traces import Frame, axis, dots, figure, line, position
from pages.ui import figure as component

FIG = figure([line("w", "ink", [0, 1], [0, 1])], x=axis("step"), y=axis("weight w"))
FRAME = Frame(
    at=position("λ", 1.0, "1"),
    traces=[dots("minimum", "penalty", [0], [0])],
    summary="The weight is 0.",
    table=[{"λ": 1.0, "weight": -0.25, "zeros": 2}],
)


@pytest.fixture
def mounted(monkeypatch) -> dict:
    mounted: dict = {}
    monkeypatch.setattr(component, "_mount", lambda **call: mounted.update(call))
    return mounted


def test_the_browser_gets_figure_series_and_colours(mounted):
    component.figure(FIG, key="k", summary="A line.", frames={"L1": [FRAME], "L2": []}, slider="λ", start=0)
    data = mounted["data"]
    assert data["figure"] == FIG
    assert [(s["name"], s["frames"][0]["at"]["label"]) for s in data["series"]] == [("L1", "λ = 1")]
    assert data["clickable"] is False


def test_tables_are_written_with_three_digits(mounted):
    rows = [{"λ": 1 / 3, "weight": -0.25, "zeros": 1200}, {"λ": 1e-5, "weight": -0.0, "zeros": 0}]
    component.figure(FIG, key="k", summary="A line.", table=rows, frames=[FRAME])
    assert mounted["data"]["table"] == [
        {"λ": "0.333", "weight": "−0.25", "zeros": "1,200"},
        {"λ": "1e-5", "weight": "0", "zeros": "0"},
    ]
    assert mounted["data"]["series"][0]["frames"][0]["table"] == [{"λ": "1", "weight": "−0.25", "zeros": "2"}]


def test_a_colour_outside_the_theme_is_refused():
    strange = figure([{"line": {"color": "role:orange"}}], x=axis("x"), y=axis("y"))
    with pytest.raises(ValueError, match="orange"):
        component.figure(strange, key="k", summary="")
    with pytest.raises(ValueError, match="mauve"):
        component.figure(FIG, key="k", summary="", frames=[FRAME | {"layout": {"color": "role:mauve/0.5"}}])
