"""The colours hold what they promise: WCAG contrast, and hues that colour-blind eyes can tell apart."""

import math
import re
import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from core.figures.theme import DOTTED, PALETTES, SYMBOLS, Palette
from core.spec import LAYERS, MATRIX_LAYERS

CONFIG = Path(__file__).parents[3] / ".streamlit" / "config.toml"
TEXT, LINE = 4.5, 3.0
TEXT_COLOURS = ("ink", "muted", "reference", "data_loss", "penalty", "good", "alert")
LINE_COLOURS = ("border", "hatch")
NOTICEABLE = 4.5
"""Distance in OKLab × 100; about 2 is just noticeable side by side."""

# Machado, Oliveira & Fernandes (2009), severity 1.0, acting on linear RGB.
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

themes = pytest.mark.parametrize("name", PALETTES)


def linear_rgb(colour: str) -> list[float]:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def dot(row: tuple[float, ...], column: list[float]) -> float:
    return sum(a * b for a, b in zip(row, column, strict=True))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    luminances = [dot((0.2126, 0.7152, 0.0722), linear_rgb(colour)) for colour in (one, other)]
    return (max(luminances) + 0.05) / (min(luminances) + 0.05)


def oklab(colour: str, eyes: str) -> list[float]:
    """Ottosson (2020), after what the given eyes keep of the colour."""
    seen = [min(max(dot(row, linear_rgb(colour)), 0.0), 1.0) for row in EYES[eyes]]
    to_cones = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    cones = [dot(row, seen) ** (1 / 3) for row in to_cones]
    to_lab = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    return [dot(row, cones) for row in to_lab]


def distance(one: str, other: str, eyes: str) -> float:
    return 100 * math.dist(oklab(one, eyes), oklab(other, eyes))


def hues(palette: Palette) -> list[str]:
    """Those of the layers that have one of their own."""
    return [palette.layers[name] for name in LAYERS if name in MATRIX_LAYERS]


def charts(palette: Palette) -> dict[str, list[str]]:
    """Which colours stand beside each other in one chart."""
    lanes = [palette.ink, palette.reference]
    return {
        "loss": [palette.data_loss, palette.penalty, *lanes],
        "zeros": [*hues(palette), *lanes],
        "kernels": [palette.negative, palette.neutral, palette.positive],
    }


def test_contrast_worked_by_hand() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21.0)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@themes
@pytest.mark.parametrize("colour", TEXT_COLOURS)
def test_text_reads_on_both_backgrounds(name: str, colour: str) -> None:
    palette = PALETTES[name]
    for behind in (palette.background, palette.surface):
        assert contrast(getattr(palette, colour), behind) >= TEXT


@themes
def test_lines_show_on_both_backgrounds(name: str) -> None:
    palette = PALETTES[name]
    lines = [getattr(palette, colour) for colour in LINE_COLOURS]
    for colour in (*lines, *palette.layers.values()):
        assert min(contrast(colour, palette.background), contrast(colour, palette.surface)) >= LINE


@themes
@pytest.mark.parametrize("eyes", EYES)
def test_colours_of_one_chart_differ_for_all_eyes(name: str, eyes: str) -> None:
    for colours in charts(PALETTES[name]).values():
        for one, other in combinations(colours, 2):
            assert distance(one, other, eyes) >= NOTICEABLE, (one, other)


@themes
def test_every_layer_has_its_own_colour_or_is_dotted(name: str) -> None:
    layers = PALETTES[name].layers
    assert tuple(layers) == LAYERS
    assert len(set(hues(PALETTES[name]))) == len(MATRIX_LAYERS)
    assert set(LAYERS) - MATRIX_LAYERS == DOTTED
    assert (layers["bn1"], layers["bn2"]) == (layers["conv1"], layers["conv2"])


def test_every_layer_has_its_own_symbol_for_those_who_print_in_grey() -> None:
    assert set(SYMBOLS) == set(LAYERS)
    assert len(set(SYMBOLS.values())) == len(LAYERS)


@themes
def test_colours_are_written_as_the_browser_and_plotly_read_them(name: str) -> None:
    values = PALETTES[name].model_dump()
    for colour in (*values.pop("layers").values(), *values.values()):
        assert re.fullmatch("#[0-9A-F]{6}", colour)


@themes
def test_streamlit_wears_the_same_colours(name: str) -> None:
    palette = PALETTES[name]
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][name]
    assert theme["backgroundColor"] == palette.background
    assert theme["secondaryBackgroundColor"] == palette.surface
    assert theme["textColor"] == palette.ink
    assert contrast(theme["primaryColor"], palette.background) >= TEXT
