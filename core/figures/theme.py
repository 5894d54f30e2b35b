"""Every colour of the app, light and dark: one meaning, one mark, everywhere.

The *lane* is the stroke: yours solid in `ink`, λ = 0 dashed in `reference`. The two *loss terms* are
a pair of hues shared by formula and chart; λ belongs to the penalty, so its hue is also the primary
colour of the controls. The *layers* run through four hues from input to output; a normalization wears the hue
of the convolution before it, dotted; each has a symbol as well. *Zero* is a hatch,
never a colour. Hues follow Okabe & Ito (2008) where they can; the layers were searched in OKLab for
the largest distance between any two under simulated protanopia, deuteranopia and tritanopia
(Machado, Oliveira & Fernandes 2009). `tests/core/figures/test_theme.py` measures all of it.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.spec import LayerName

ThemeName = Literal["light", "dark"]

HATCH = "/"
"""Plotly's pattern shape for weights that are exactly zero."""


DOTTED: frozenset[LayerName] = frozenset({"bn1", "bn2"})
"""The layers whose lines are dotted, because their hue is that of the layer before them."""

SYMBOLS: dict[LayerName, str] = {
    "conv1": "circle",
    "bn1": "circle-open",
    "conv2": "square",
    "bn2": "square-open",
    "fc1": "diamond",
    "fc2": "triangle-up",
}
"""Plotly's symbols on the layers' lines: what tells them apart on a grey print."""


class Palette(BaseModel):
    """The colours of one theme, as #RRGGBB.

    Attributes:
        background: of the page; equals Streamlit's `backgroundColor`.
        surface: of cards and input fields; equals `secondaryBackgroundColor`.
        ink: text, and the lines of your lane that need no hue of their own.
        muted: secondary text.
        reference: the λ = 0 lane.
        border: lines around things one can operate (3:1 on both backgrounds).
        grid: lines behind the data; decoration, so faint.
        data_loss: the first term of the total.
        penalty: the second term, and λ.
        layers: by name, from input to output.
        hatch: strokes of the zero hatch.
        negative, neutral, positive: ends and middle of the scale of kernel weights.
        good, alert: state of a run that is going, and of one that failed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    background: str
    surface: str
    ink: str
    muted: str
    reference: str
    border: str
    grid: str
    data_loss: str
    penalty: str
    layers: dict[LayerName, str]
    hatch: str
    negative: str
    neutral: str
    positive: str
    good: str
    alert: str


def _layers(*, conv1: str, conv2: str, fc1: str, fc2: str) -> dict[LayerName, str]:
    return {"conv1": conv1, "bn1": conv1, "conv2": conv2, "bn2": conv2, "fc1": fc1, "fc2": fc2}


PALETTES: dict[ThemeName, Palette] = {
    "light": Palette(
        background="#FFFFFF",
        surface="#F2F5F9",
        ink="#17202B",
        muted="#55606E",
        reference="#66707C",
        border="#808B99",
        grid="#E3E8EE",
        data_loss="#0072B2",
        penalty="#B84A00",
        layers=_layers(conv1="#A6811E", conv2="#12551A", fc1="#6B2BC0", fc2="#8E0A68"),
        hatch="#55606E",
        negative="#762A83",
        neutral="#F7F7F7",
        positive="#1B7837",
        good="#1B7837",
        alert="#B3261E",
    ),
    "dark": Palette(
        background="#11161D",
        surface="#1B222C",
        ink="#E9EEF4",
        muted="#AEB8C4",
        reference="#98A3B0",
        border="#727E8C",
        grid="#2A333F",
        data_loss="#56B4F5",
        penalty="#FF9552",
        layers=_layers(conv1="#D3A02F", conv2="#6DED81", fc1="#8A68F5", fc2="#CB5BA8"),
        hatch="#AEB8C4",
        negative="#C2A5CF",
        neutral="#1F2731",
        positive="#A6DBA0",
        good="#6DD58C",
        alert="#FF8A80",
    ),
}
