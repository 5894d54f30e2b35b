"""What is declared for the browser's type checker."""

import re

from pages.ui.components import BROWSER

TYPES = {path.parent.name: path.read_text(encoding="utf-8") for path in sorted(BROWSER.rglob("types.d.ts"))}
"""The types of each folder."""


def fields(folder: str, interface: str) -> set[str]:
    """The fields of a folder's interface, and of the one of that folder it extends."""
    found = re.search(rf"interface {interface}(?: extends (\w+))? \{{\n(.*?)\n\}}", TYPES[folder], re.DOTALL)
    assert found, interface
    own = set(re.findall(r"^  (\w+)\??:", found[2], re.MULTILINE))
    return own | fields(folder, found[1]) if found[1] else own
