"""What the type checker does not see: modules are where Python says, and nothing in them is left over."""

import re
from pathlib import Path
from typing import get_args

import pytest

from core.snapshots import EventKind
from core.spec import ModelKind
from pages.ui.components import BROWSER
from tests.browser_modules.declared import TYPES

PAGES = BROWSER.parent
MODULES = {
    path.relative_to(BROWSER).as_posix(): path.read_text(encoding="utf-8") for path in BROWSER.rglob("*.js")
}
"""What each module says, by its address."""

EXPORT = re.compile(r"^export (?:async )?(?:function|class|const) (\w+)", re.MULTILINE)
VIEW = re.compile(r'components\.component\(\s*"\w+",\s*"([\w/]+\.js)",\s*"(\w+)"')

VIEWS = [
    view for path in sorted(PAGES.rglob("*.py")) for view in VIEW.findall(path.read_text(encoding="utf-8"))
]
"""The module and the class of every component."""


def test_views_are_found_in_the_pages():
    declared = [path for path in PAGES.rglob("*.py") if "components.component(" in path.read_text("utf-8")]
    assert len(VIEWS) == len(declared) >= 7


@pytest.mark.parametrize(("module", "view"), VIEWS)
def test_every_component_has_a_view_that_can_be_mounted(modules, module, view):
    script = (
        "([module, view]) => import(module).then((all) => Object.getOwnPropertyNames(all[view].prototype))"
    )
    assert {"update", "close"} <= set(modules.run(script, [f"/{module}", view]))


@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_export_is_used_by_a_module_a_page_or_a_test(module):
    tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.py")]
    others = [text for name, text in MODULES.items() if name != module]
    elsewhere = "\n".join([*others, *TYPES.values(), *tests])
    views = {view for name, view in VIEWS if name == module}
    for name in EXPORT.findall(MODULES[module]):
        assert name in views or re.search(rf"\b{name}\b", elsewhere), name


@pytest.mark.parametrize(
    ("place", "kinds"),
    [
        ("model:", ModelKind),
        ("kind:", EventKind),
    ],
)
def test_every_kind_is_known_where_the_type_checker_asks_for_a_word_for_each(place, kinds):
    # A new one is then missing wherever live/ has a Record of them.
    unions = re.findall(rf"{place}((?:\s*\|?\s*\"\w+\")+)", TYPES["live"])
    assert set(get_args(kinds)) in [set(re.findall(r"\w+", union)) for union in unions]
