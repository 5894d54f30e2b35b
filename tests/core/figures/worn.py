"""Figures as the browser draws them: roles become colours of a theme, a slider's position its traces."""

from collections.abc import Iterator
from typing import Any

from core.figures.theme import PALETTES, ThemeName
from core.figures.traces import Drawing, Figure


def worn(value: Any, theme: ThemeName = "light") -> Any:
    """The roles resolved as pages/browser/figure/roles.js does."""
    if isinstance(value, str):
        return _colour(value.removeprefix("role:"), theme) if value.startswith("role:") else value
    if isinstance(value, dict):
        return {key: worn(part, theme) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [worn(part, theme) for part in value]
    return value


def _colour(role: str, theme: ThemeName) -> str:
    name, _, opacity = role.partition("/")
    palette = PALETTES[theme]
    colour = palette.layers.get(name) or getattr(palette, name)
    if not opacity:
        return str(colour)
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"


def positions(drawing: Drawing) -> Iterator[Figure]:
    """The figure at every position of its sliders, as pages/browser/figure/figure.js puts it together."""
    fig = drawing.fig
    series = drawing.frames.values() if isinstance(drawing.frames, dict) else [drawing.frames]
    frames = [frame for some in series for frame in some]
    for frame in frames:
        yield {
            "data": [*fig["data"], *frame["traces"]],
            "layout": {**fig["layout"], **frame.get("layout", {})},
        }
    if not frames:
        yield fig
