"""What figures are made of: plain Plotly dicts whose colours are roles, resolved in the browser.

A figure is `{"data": [traces], "layout": {…}}` as Plotly's schema has it, but every colour is written
"role:ink", "role:penalty" or "role:data_loss/0.3" (with an opacity): `pages/browser/figure` looks the role
up in the palette of the theme in force, so light and dark need no second figure and no server call.
A figure of a page lives in that page's folder in `core/lessons` or `core/lab`, as a pure function from a
record to such a dict:

    def shrinkage(curve: Shrinkage) -> Figure:
        traces = [line("soft threshold", "penalty", curve.v, curve.soft)]
        return figure(traces, x=axis("weight before the step v"), y=axis("weight after the step w"))
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

from core.figures.theme import PALETTES, SYMBOLS

GAP = float("nan")
"""Where a line is broken, or nothing stands."""

Trace = dict[str, Any]
Figure = dict[str, Any]

DIGITS = 4
"""Significant digits that are sent: enough for a pixel of 2,000."""

VALUE_DIGITS = 9
"""Decimals of a slider's value: 0.1 in steps is 0.1 again."""

ROLES = frozenset(
    {name for name, value in PALETTES["light"].model_dump().items() if isinstance(value, str)}
    | set(PALETTES["light"].layers)
)


class Position(TypedDict):
    """Where a figure's slider stands.

    Keys:
        label: with its unit: "λ = 0.3".
        value: the number that the slider moves, where it moves one.
        term: its symbol, where it has one, and `said`, the number as the label writes it.
    """

    label: str
    value: NotRequired[float]
    term: NotRequired[str]
    said: NotRequired[str]


def position(term: str, value: float, said: str) -> Position:
    """Where a slider that moves a symbol stands: "λ = 0.30"."""
    return {"label": f"{term} = {said}", "value": round(value, VALUE_DIGITS), "term": term, "said": said}


class Frame(TypedDict):
    """One position of a figure's slider: what it adds to the figure, and says.

    Keys:
        at: where the slider stands.
        traces: drawn above the figure's own; the same number, in the same order, in every frame.
        summary: the sentence of this position.
        layout: replaces entries of the figure's layout, such as `annotations`.
        table: replaces the figure's table.
    """

    at: Position
    traces: list[Trace]
    summary: str
    layout: NotRequired[dict[str, Any]]
    table: NotRequired[list[dict[str, Any]]]


def role(name: str, opacity: float | None = None) -> str:
    """A colour by what it means: a field of `theme.Palette`, or a layer's name.

    Raises:
        ValueError: there is no such role.
    """
    if name not in ROLES:
        raise ValueError(f"a colour's role must be one of {sorted(ROLES)}, got {name!r}")
    return f"role:{name}" if opacity is None else f"role:{name}/{opacity:g}"


@dataclass(frozen=True)
class Drawing:
    """A figure with its words: what `pages.ui.figure` shows.

    Attributes:
        fig: what stands still.
        summary: the sentence where no frame has its own.
        frames: positions of a slider, or several series of them by name.
        table: the numbers where no frame has its own.
    """

    fig: Figure
    summary: str = ""
    frames: Sequence[Frame] | Mapping[str, Sequence[Frame]] = ()
    table: Sequence[Mapping[str, Any]] = ()


def figure(traces: Sequence[Trace], *, x: dict[str, Any], y: dict[str, Any], **layout: Any) -> Figure:
    """Traces over two axes; `layout` goes to Plotly as it is."""
    return {"data": list(traces), "layout": {"xaxis": x, "yaxis": y, "hovermode": "closest", **layout}}


def axis(title: str, unit: str = "", **more: Any) -> dict[str, Any]:
    """An axis with its title, always, and the unit in brackets; `more` goes to Plotly as it is."""
    text = f"{title} ({unit})" if unit else title
    return {"title": {"text": text, "font": {"size": 13, "color": role("muted")}, "standoff": 5}, **more}


def line(
    name: str, colour: str, x: Iterable[float], y: Iterable[float], *, width: float = 2.4, **more: Any
) -> Trace:
    """A named line in the colour of a role; `dash="dash"` for what it is compared with.

    A layer's line has the layer's symbol here and there. `shape="spline"` is for a curve without a corner: it
    is drawn round through few points.
    """
    # Plotly would leave out points of a straight line's shape, and a parabola becomes a polygon.
    stroke = {"color": role(colour), "width": width, "dash": more.pop("dash", "solid"), "simplify": False}
    stroke |= {"shape": more.pop("shape")} if "shape" in more else {}
    drawn = _trace(name, x, y, more) | {"mode": "lines", "line": stroke}
    symbols = [symbol for layer, symbol in SYMBOLS.items() if layer == colour]
    if not symbols:
        return drawn
    return drawn | {"mode": "lines+markers", "marker": {"symbol": symbols[0], "size": 7, "maxdisplayed": 6}}


def dots(
    name: str, colour: str, x: Iterable[float], y: Iterable[float], *, size: float = 11, **more: Any
) -> Trace:
    """Named points in the colour of a role, ringed so that they stand out from lines of the same hue."""
    ring = {"color": role("background"), "width": 1.5}
    marker = {"color": role(colour), "size": size, "line": ring, "symbol": more.pop("symbol", "circle")}
    return _trace(name, x, y, more) | {"mode": "markers", "marker": marker}


def off_by(trace: Trace, errors: Iterable[float], along: Literal["x", "y"] = "y") -> Trace:
    """The same trace, whose hover says what each of its accuracies may be off, in points: "97.3 ± 1.0"."""
    told = trace["hovertemplate"]
    # A bar may say its value in words of its own.
    for value in (f"%{{{along}:.3~g}}", "%{text}"):
        told = told.replace(value, f"{value} ± %{{customdata:.1f}}")
    return trace | {"customdata": numbers(errors), "hovertemplate": told}


def arrow(name: str, colour: str, tail: Iterable[float], tip: Iterable[float]) -> Trace:
    """A named arrow between two points of the axes; of no length it is not seen."""
    x, y = zip(tail, tip, strict=True)
    head = 15 if max(abs(x[1] - x[0]), abs(y[1] - y[0])) > 1e-9 else 0
    # Plotly fades markers of differing sizes unless told otherwise.
    marker = {
        "symbol": "arrow",
        "angleref": "previous",
        "size": [0, head],
        "color": role(colour),
        "opacity": 1,
    }
    return line(name, colour, x, y, width=3.5) | {"mode": "lines+markers", "marker": marker}


def note(x: float, y: float | str, text: str, colour: str = "muted", **more: Any) -> dict[str, Any]:
    """Words at a point of the axes, as an annotation."""
    font = {"size": 13, "color": role(colour)}
    return {"x": x, "y": y, "text": text, "font": font, "showarrow": False, **more}


def upright(x: float, colour: str, *, width: float = 1.5, **more: Any) -> dict[str, Any]:
    """A dotted line at x from the bottom of the figure to its top, as a shape."""
    stroke = {"color": role(colour), "width": width, "dash": "dot"}
    return {"type": "line", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": stroke, **more}


def numbers(values: Iterable[float]) -> list[float | None]:
    """Values short enough to send; what is not a finite number is a gap."""
    return [float(f"{value:.{DIGITS}g}") if abs(value) < float("inf") else None for value in values]


def roles_in(value: Any) -> Iterator[str]:
    """Every role a figure, frame or trace asks for."""
    if isinstance(value, str):
        if value.startswith("role:"):
            yield value.removeprefix("role:").split("/")[0]
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from roles_in(part)
    elif isinstance(value, (list, tuple)) and not (value and isinstance(value[0], float)):
        # Thousands of numbers ask for no colour.
        for part in value:
            yield from roles_in(part)


def _trace(name: str, x: Iterable[float], y: Iterable[float], more: dict[str, Any]) -> Trace:
    hover = {"hovertemplate": "%{y:.3~g}"}
    return {"type": "scatter", "name": name, "x": numbers(x), "y": numbers(y), **hover, **more}
