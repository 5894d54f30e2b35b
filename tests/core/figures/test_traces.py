"""Figure parts: Plotly accepts every one of them once its roles are colours, and roles are checked."""

import numpy as np
import plotly.graph_objects as go
import pytest

from core.figures import traces
from core.figures.theme import PALETTES
from tests.core.figures.worn import worn


@pytest.mark.parametrize("theme", PALETTES)
def test_plotly_accepts_every_part(theme):
    x, y = np.linspace(-1, 1, 5), np.linspace(0, 2, 5) ** 2
    fig = traces.figure(
        [
            traces.line("total", "ink", x, y, dash="dash"),
            traces.dots("minimum", "penalty", [0], [1], symbol="diamond"),
            traces.arrow("pull", "conv1", (0, 0), (1, 1)),
        ],
        x=traces.axis("weight w", range=[-1, 1]),
        y=traces.axis("loss", "nats"),
        annotations=[traces.note(0, 0, "kink")],
        shapes=[traces.upright(0.5, "penalty", xref="x")],
    )
    drawn = go.Figure(worn(fig, theme))
    assert drawn.layout.yaxis.title.text == "loss (nats)"
    assert drawn.layout.xaxis.title.text == "weight w"
    assert drawn.data[0].line.color == PALETTES[theme].ink
    assert drawn.data[0].line.dash == "dash"
    assert drawn.data[1].marker.symbol == "diamond"
    assert drawn.data[2].marker.color == PALETTES[theme].layers["conv1"]
    assert drawn.layout.annotations[0].text == "kink"
    assert (drawn.layout.shapes[0].x0, drawn.layout.shapes[0].x1, drawn.layout.shapes[0].y1) == (0.5, 0.5, 1)
    np.testing.assert_allclose(drawn.data[0].y, y)


def test_an_arrow_points_from_tail_to_tip_and_one_of_no_length_has_no_head():
    arrow = traces.arrow("pull", "penalty", (0, 1), (2, 3))
    assert (arrow["x"], arrow["y"], arrow["marker"]["size"]) == ([0.0, 2.0], [1.0, 3.0], [0, 15])
    assert traces.arrow("pull", "penalty", (1, 1), (1, 1))["marker"]["size"] == [0, 0]


def test_roles_are_those_of_the_theme_and_no_other():
    assert traces.role("penalty") == "role:penalty"
    assert traces.role("conv2", 0.25) == "role:conv2/0.25"
    with pytest.raises(ValueError, match="'orange'"):
        traces.role("orange")


def test_roles_in_finds_them_at_every_depth():
    nested = {
        "a": [{"color": "role:ink"}, "role:conv1/0.5"],
        "b": {"c": ("role:nonsense",)},
        "d": 3,
        "e": "ink",
    }
    assert set(traces.roles_in(nested)) == {"ink", "conv1", "nonsense"}


def test_numbers_are_short_and_gaps_stay_gaps():
    assert traces.numbers([1 / 3, 123456.0, float("nan"), float("inf"), 0]) == [
        0.3333,
        123500.0,
        None,
        None,
        0.0,
    ]


def test_a_sliders_position_is_its_label_and_its_value():
    at = traces.position("w", 0.1 + 0.2 - 0.4, "−0.10")
    assert at == {"label": "w = −0.10", "term": "w", "value": -0.1, "said": "−0.10"}
