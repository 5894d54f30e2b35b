"""What our browser components share: how one is declared, and the colours and paths each is given."""

from pathlib import Path
from typing import Any, Protocol

import streamlit as st
from streamlit.components.v2.bidi_component import ComponentResult

from core.figures.theme import PALETTES, Palette
from core.web import PLOTLY_PATH, modules_path
from core.words import ZEROS

BROWSER = Path(__file__).resolve().parents[1] / "browser"
"""Everything the browser gets: its folders are addresses below that of the whole."""

HERE = "."
"""The app's folder as any of its pages sees it: addresses begin with it, because hubs and proxies serve the
app under folders that it never hears of."""

# Inline scripts of a component run from a blob: URL, which has no host to resolve a path against.
# Two calls may wait for the modules at once, and the first may get them last: only the newest is told.
_STUB = """
const newest = new WeakMap();
export default async function (component) {{
  newest.set(component.parentElement, component);
  const from = (path) => import(new URL(`${{component.data.assets}}/${{path}}`, document.baseURI).href);
  const [{{ mount }}, {{ {view} }}] = await Promise.all([from("shared/mount.js"), from("{module}")]);
  if (newest.get(component.parentElement) === component) return mount({view}, component);
}}
"""


class Mount(Protocol):
    """Shows a view on the page; what it returns has the triggers of the view."""

    def __call__(self, *, key: str, data: dict[str, Any], **callbacks: Any) -> ComponentResult:
        """Show it, told `data` beside what every view is told.

        Args:
            key: unique on the page.
            data: what the view draws: its own `types.d.ts` says of what form.
            callbacks: `on_<trigger>_change`, and Streamlit's words for size.
        """


def component(name: str, module: str, view: str, *styles: str) -> Mount:
    """Declare a component whose view is a class of a module that `core.web` serves.

    Args:
        name: of the component, unique in the app.
        module: the view's, below `pages/browser`.
        view: the class the module exports: `new View(parent, key)` with `update(component)` and `close()`.
        styles: its style sheets, below `pages/browser`; the shared one comes before them.
    """
    css = "\n".join(map(style, ("shared/shared.css", *styles)))
    stub = _STUB.format(module=module, view=view)
    shown = st.components.v2.component(name, js=stub, css=css, isolate_styles=False)

    def mount(*, key: str, data: dict[str, Any], **callbacks: Any) -> ComponentResult:
        return shown(key=key, data=common() | data, **callbacks)

    return mount


def style(sheet: str) -> str:
    """The text of a style sheet below `pages/browser`."""
    return (BROWSER / sheet).read_text(encoding="utf-8")


def colours() -> str:
    """The theme's colours as CSS variables for the whole page: --sl-data-loss and so on, light or dark."""
    light, dark = (_named(palette) for palette in (PALETTES["light"], PALETTES["dark"]))
    pairs = "".join(f"--sl-{name}:light-dark({light[name]},{dark[name]});" for name in light)
    return f":root{{{pairs}}}"


def _named(palette: Palette) -> dict[str, str]:
    """Every colour by its name in CSS, as `wear` of pages/browser/shared/look.js has it."""
    values = palette.model_dump()
    layers = values.pop("layers")
    return {name.replace("_", "-"): colour for name, colour in (values | layers).items()}


def common() -> dict[str, Any]:
    """What every view is told: where modules and Plotly are, the colours, and what made which zeros."""
    return {
        "assets": f"{HERE}{modules_path(BROWSER)}",
        "plotly": f"{HERE}{PLOTLY_PATH}",
        "palettes": {name: palette.model_dump() for name, palette in PALETTES.items()},
        "zeros": {kind: zeros.caption for kind, zeros in ZEROS.items()},
    }
