"""What our browser components share: how one is declared, and the colours and paths each is given."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import streamlit as st

from core.figures.theme import PALETTES

# Inline scripts of a component run from a blob: URL, which has no host to resolve a path against.
_STUB = """
export default async function (component) {
  const { default: mount } = await import(new URL(component.data.module, document.baseURI).href);
  return mount(component);
}
"""


def component(name: str, *styles: Path) -> Any:
    """Declare a component whose modules `core.web` serves; what it returns mounts one.

    Args:
        name: of the component, unique in the app.
        styles: its style sheets; the shared one comes before them.
    """
    sheets = (Path(__file__).with_name("shared.css"), *styles)
    css = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    return st.components.v2.component(name, js=_STUB, css=css, isolate_styles=False)


def data(assets: str) -> dict[str, Any]:
    """What every component is told: its entry module under /assets/<assets>/, Plotly's path, the colours."""
    return {
        "module": f"{root()}/assets/{assets}/main.js",
        "plotly": f"{root()}/assets/plotly-{version('plotly')}.min.js",
        "palettes": {name: palette.model_dump() for name, palette in PALETTES.items()},
    }


def root() -> str:
    """Where the app's paths begin: empty, or the folder a proxy serves it under."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}" if base else ""
