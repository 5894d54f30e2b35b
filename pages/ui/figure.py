"""A figure that is drawn in the browser: follows the theme, keeps zoom, slides without the server."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from streamlit.components.v2.bidi_component import ComponentResult

from core.figures.traces import ROLES, Figure, Frame, roles_in
from pages.ui import components

_mount = components.component("figure", "figure/figure.js", "Figure", "figure/figure.css")

Row = Mapping[str, object]


def figure(
    fig: Figure,
    *,
    key: str,
    summary: str,
    table: Sequence[Row] = (),
    height: int = 320,
    on_click: Callable[[], None] | None = None,
    frames: Sequence[Frame] | Mapping[str, Sequence[Frame]] = (),
    slider: str = "",
    start: int = 0,
    together: str = "",
) -> ComponentResult:
    """Draw a figure of `core/figures` with its sentence, its numbers and, if it has frames, its slider.

        curve = what_is_l1.shrinkage(lesson.shrinkage())
        figure(curve.fig, key="l1_shrink", summary=curve.summary, frames=curve.frames, slider="threshold τ")

    It stands in place over reruns: only `Plotly.react` is called, so zoom, legend and slider stay.
    Moving the slider draws the frame's traces above the figure's own and never asks the server.

    Args:
        fig: `{"data": …, "layout": …}` with colours as roles, see `core.figures.traces`.
        key: of the component, unique on the page; and the name of the files it is saved as.
        summary: what the figure shows now, in one sentence with its numbers; under the figure and for
            those who do not see it. A frame's own summary takes its place.
        table: the same numbers, one mapping a row, same keys; the first key names the row. Folded away.
        height: of the drawing alone, in px.
        on_click: called before the rerun that a click on a point causes. The click is
            `st.session_state[key].click`: {"curve", "point", "customdata"}, from a browser: check it.
            A page that uses it offers the same by a widget, for those who use no pointer.
        frames: positions of a slider; or several such series by name, of which the reader chooses.
        slider: what the slider moves, "threshold τ".
        start: the position it starts at.
        together: a word that figures share whose sliders move as one.

    Returns:
        The component's triggers: `click`, None except in the rerun it causes.

    Raises:
        ValueError: a colour is asked for by a role that does not exist.
    """
    by_name = frames if isinstance(frames, Mapping) else {"": frames}
    unknown = {*roles_in(fig), *roles_in(list(by_name.values()))} - ROLES
    if unknown:
        raise ValueError(f"a figure's colours must be roles of the theme, got {sorted(unknown)}")
    series = [
        {"name": name, "frames": [_sent(frame) for frame in some]} for name, some in by_name.items() if some
    ]
    props = {
        "name": key,
        "figure": fig,
        "summary": summary,
        "table": _written(table),
        "height": height,
        "clickable": on_click is not None,
        "series": series,
        "slider": slider,
        "start": start,
        "together": together,
    }
    return _mount(key=key, data=props, on_click_change=on_click or _nothing)


def _sent(frame: Frame) -> dict[str, Any]:
    return {**frame, **({"table": _written(frame["table"])} if "table" in frame else {})}


def _written(table: Sequence[Row]) -> list[dict[str, str]]:
    """Every cell as text: numbers with three significant digits."""
    return [{name: _cell(value) for name, value in row.items()} for row in table]


def _cell(value: object) -> str:
    if not isinstance(value, (int, float)):
        return str(value)
    # Without a zero's sign; 1e-5 as on the λ slider, with a real minus before the number only.
    text = f"{value:,}" if isinstance(value, int) else f"{value + 0.0:.3g}".replace("e-0", "e-")
    return "−" + text[1:] if text.startswith("-") else text


def _nothing() -> None:
    """Streamlit gives a component the attributes it has callbacks for."""
