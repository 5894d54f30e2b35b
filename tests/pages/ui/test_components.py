"""Our browser components: what each is told, under which folder, and that its module and style are there."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
import streamlit as st

from core.figures.theme import PALETTES
from pages.ui import components

FILES = ("assets", "plotly")


@pytest.mark.parametrize("folder", ["/", "/lab/", "/user/anna/proxy/8501/"])
@pytest.mark.parametrize("page", ["", "lambda_path", "summary?run=r"])
def test_addresses_lead_into_the_folder_where_the_browser_sees_the_app(folder, page):
    told = components.common()
    paths = {name: urlsplit(urljoin(f"https://hub.example{folder}{page}", told[name])).path for name in FILES}
    assert re.fullmatch(rf"{folder}assets/[0-9a-f]{{12}}", paths["assets"])
    assert re.fullmatch(rf"{folder}assets/plotly-cartesian-[\d.]+\.min\.js", paths["plotly"])


def test_every_component_gets_the_colours_of_both_themes():
    palettes = {name: palette.model_dump() for name, palette in PALETTES.items()}
    assert components.common()["palettes"] == palettes


def test_a_view_is_told_its_own_beside_what_all_are_told(monkeypatch):
    told: dict[str, object] = {}
    monkeypatch.setattr(st.components.v2, "component", lambda *_, **__: lambda **call: told.update(call))
    mount = components.component("c", "figure/figure.js", "Figure")
    mount(key="k", data={"mine": 1}, on_click_change=None)
    assert told == {"key": "k", "data": components.common() | {"mine": 1}, "on_click_change": None}


def test_every_module_and_style_that_a_component_names_is_there():
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in components.BROWSER.parent.rglob("ui/**/*.py")
    )
    calls = re.findall(r"components\.component\(([^)]*)\)", code)
    files = [file for call in calls for file in re.findall(r'"([^"]+\.(?:js|css))"', call)]
    assert len(files) >= 2 * len(calls) > 10
    assert all(components.style(file) for file in files)
