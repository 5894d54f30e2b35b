"""Figure parts: Plotly accepts every one of them once its roles are colours, and roles are checked."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from core.figures import parts
from core.figures.theme import PALETTES


def worn(value, theme: str):
    """The roles resolved as pages/ui/figure/roles.js does."""
    palette = PALETTES[theme].model_dump()
    text = json.dumps(value)
    for name in sorted(parts.ROLES, key=len, reverse=True):
        colour = palette["layers"].get(name) or palette[name]
        text = text.replace(f'"role:{name}"', f'"{colour}"')
    return json.loads(text)


@pytest.mark.parametrize("theme", PALETTES)
def test_plotly_accepts_every_part(theme):
    x, y = np.linspace(-1, 1, 5), np.linspace(0, 2, 5) ** 2
    fig = parts.figure(
        [
            parts.line("total", "ink", x, y, dash="dash"),
            parts.dots("minimum", "penalty", [0], [1], symbol="diamond"),
            parts.arrow("pull", "conv1", (0, 0), (1, 1)),
        ],
        x=parts.axis("weight w", range=[-1, 1]),
        y=parts.axis("loss", "nats"),
        annotations=[parts.note(0, 0, "kink")],
    )
    drawn = go.Figure(worn(fig, theme))
    assert drawn.layout.yaxis.title.text == "loss (nats)"
    assert drawn.layout.xaxis.title.text == "weight w"
    assert drawn.data[0].line.color == PALETTES[theme].ink
    assert drawn.data[0].line.dash == "dash"
    assert drawn.data[1].marker.symbol == "diamond"
    assert drawn.data[2].marker.color == PALETTES[theme].layers["conv1"]
    assert drawn.layout.annotations[0].text == "kink"
    np.testing.assert_allclose(drawn.data[0].y, y)


def test_an_arrow_points_from_tail_to_tip_and_one_of_no_length_has_no_head():
    arrow = parts.arrow("pull", "penalty", (0, 1), (2, 3))
    assert (arrow["x"], arrow["y"], arrow["marker"]["size"]) == ([0.0, 2.0], [1.0, 3.0], [0, 15])
    assert parts.arrow("pull", "penalty", (1, 1), (1, 1))["marker"]["size"] == [0, 0]


def test_roles_are_those_of_the_theme_and_no_other():
    assert parts.role("penalty") == "role:penalty"
    assert parts.role("conv2", 0.25) == "role:conv2/0.25"
    with pytest.raises(ValueError, match="'orange'"):
        parts.role("orange")


def test_roles_in_finds_them_at_every_depth():
    nested = {
        "a": [{"color": "role:ink"}, "role:conv1/0.5"],
        "b": {"c": ("role:nonsense",)},
        "d": 3,
        "e": "ink",
    }
    assert set(parts.roles_in(nested)) == {"ink", "conv1", "nonsense"}


def test_numbers_are_short_and_gaps_stay_gaps():
    assert parts.numbers([1 / 3, 123456.0, float("nan"), float("inf"), 0]) == [
        0.3333,
        123500.0,
        None,
        None,
        0.0,
    ]
