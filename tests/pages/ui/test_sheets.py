"""How views are declared and what they and the page are told: modules, colours, sheets."""

import re
import tomllib

import pytest

from core.figures.theme import PALETTES
from pages.ui import components
from pages.ui.components import BROWSER
from pages.ui.menu import PAGES

SHEETS = sorted((BROWSER / "page").glob("*.css"))
EVERY_SHEET = sorted(BROWSER.rglob("*.css"))


def test_the_page_has_every_colour_of_the_theme():
    found = dict(re.findall(r"--sl-([\w-]+):(light-dark\([^)]+\));", components.colours()))
    for theme, place in (("light", 0), ("dark", 1)):
        palette = PALETTES[theme].model_dump()
        wanted = {
            name.replace("_", "-"): colour for name, colour in (palette | palette.pop("layers")).items()
        }
        wanted.pop("layers", None)
        assert {name: re.findall("#[0-9A-F]{6}", pair)[place] for name, pair in found.items()} == wanted


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_is_the_shells_or_has_the_name_of_its_page(sheet):
    assert sheet.stem == "shell" or sheet.stem in PAGES


@pytest.mark.parametrize("sheet", EVERY_SHEET, ids=lambda sheet: sheet.name)
def test_a_sheet_asks_for_colours_by_their_names_where_the_theme_has_them(sheet):
    text = sheet.read_text(encoding="utf-8")
    known = dict(re.findall(r"--sl-([\w-]+):light-dark\(([^)]+)\);", components.colours()))
    # The end of a slider, room and sizes are set where they are used; the frame is the shell's.
    own = set(re.findall(r"--sl-([\w-]+):", text)) | {"done", "hue", "gap", "touch", "width", "frame"}
    assert set(re.findall(r"var\(--sl-([\w-]+)", text)) <= set(known) | own
    written = {tuple(pair.lower().split(",")) for pair in known.values()}
    literal = re.findall(r"light-dark\((#\w{6}), (#\w{6})\)", text.lower())
    assert not [pair for pair in literal if pair in written]


def test_a_frame_has_the_border_of_the_theme():
    config = tomllib.loads((BROWSER.parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    light, dark = (config["theme"][name]["borderColor"].lower() for name in ("light", "dark"))
    assert f"--sl-frame: light-dark({light}, {dark})" in (BROWSER / "page/shell.css").read_text("utf-8")


def test_a_view_is_told_where_modules_are_and_its_own_data(monkeypatch):
    declared: dict = {}
    shown: list = []

    def component(name, **fields):
        declared.update(fields, name=name)
        return lambda **call: shown.append(call)

    monkeypatch.setattr(components.st.components.v2, "component", component)
    mount = components.component("figure", "figure/figure.js", "Figure", "figure/figure.css")
    mount(key="k", data={"height": 3}, on_click_change=print)
    assert 'from("figure/figure.js")' in declared["js"]
    assert "mount(Figure, component)" in declared["js"]
    assert declared["css"].index("What all our views share") < declared["css"].index("A figure:")
    [call] = shown
    assert (call["key"], call["on_click_change"]) == ("k", print)
    assert call["data"] == components.common() | {"height": 3}
