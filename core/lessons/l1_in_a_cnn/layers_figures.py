"""L1 in a CNN: the network, drawn to scale."""

import math
from collections.abc import Collection, Sequence
from typing import Any

from core.figures.traces import Drawing, Frame, Trace, axis, figure, note, numbers, role
from core.lessons.l1_in_a_cnn import layers as lesson
from core.lessons.l1_in_a_cnn.layers import Layer

SIZES = (8, 12, 16, 20, 24, 28)
"""Images, in pixels a side."""

CENTRES = {"conv1": 55.0, "conv2": 200.0, "fc1": 620.0, "fc2": 1010.0}
"""Where each layer's square stands, in square roots of weights."""


def to_scale(targeted: Collection[str]) -> Drawing:
    """Each layer as a square whose area is its number of weights, at an image size that slides."""
    fig = figure(
        [],
        x=axis("", range=[-20, 1080], showgrid=False, showticklabels=False, ticks="", fixedrange=True)
        | {"zeroline": False, "showline": False},
        y=axis("", range=[-150, 660], scaleanchor="x", showgrid=False, showticklabels=False, ticks="")
        | {"zeroline": False, "showline": False, "fixedrange": True},
        margin={"l": 8, "r": 8, "t": 8, "b": 8, "autoexpand": False},
    )
    return Drawing(fig, frames=[_network_frame(size, targeted) for size in SIZES])


def _network_frame(size: int, targeted: Collection[str]) -> Frame:
    layers = lesson.network(size)
    total = sum(layer.weights for layer in layers)
    return Frame(
        at={"label": f"{size} × {size} pixels"},
        traces=[_square(layer, layer.name in targeted) for layer in layers],
        layout={"annotations": [_name(layer, total) for layer in layers]},
        summary=_network_summary(size, layers, targeted),
        table=[
            {
                "layer": layer.name,
                "weights": layer.weights,
                "share (%)": 100 * layer.weights / total,
                "biases": layer.biases,
                "each weight is used": f"{layer.places} times",
                "penalised": "yes" if layer.name in targeted else "no",
            }
            for layer in layers
        ],
    )


def _square(layer: Layer, targeted: bool) -> Trace:
    side = math.sqrt(layer.weights)
    return {
        "type": "bar",
        "name": layer.name,
        "showlegend": False,
        "x": [CENTRES[layer.name]],
        "y": numbers([side]),
        "width": side,
        "customdata": [layer.name],
        "marker": {
            "color": role(layer.name, 1.0 if targeted else 0.16),
            "line": {"color": role(layer.name), "width": 1.5},
        },
        "hovertemplate": f"{layer.name}: {layer.weights:,} weights<extra></extra>",
    }


def _name(layer: Layer, total: int) -> dict[str, Any]:
    share = 100 * layer.weights / total
    text = f"<b>{layer.name}</b><br>{layer.weights:,}<br>{share:.2g} %"
    return note(CENTRES[layer.name], -12, text, "ink", yanchor="top")


def _network_summary(size: int, layers: Sequence[Layer], targeted: Collection[str]) -> str:
    names = [layer.name for layer in layers if layer.name in targeted]
    held = lesson.share_percent(size, names)
    fc1 = lesson.share_percent(size, ["fc1"])
    at_most = f"{' + '.join(names)}: at most {held:.3g} % of all weights can become zero."
    possible = at_most if names else "Nothing is penalised: no zeros."
    return f"{possible} With images of {size} × {size} pixels fc1 alone holds {fc1:.0f} %."
