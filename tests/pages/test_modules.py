"""The browser's modules, by the addresses they are served under: every import finds what it names."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest

from app import ASSETS, UI

IMPORT = re.compile(r'^import\s+(.+?)\s+from\s+"([^"]+)"', re.MULTILINE | re.DOTALL)
EXPORT = re.compile(r"^export\s+(?:async\s+)?(?:function|class|const|let)\s+(\w+)", re.MULTILINE)

MODULES = {
    f"/assets/{name}/{path.name}": path.read_text(encoding="utf-8")
    for name, folder in ASSETS.items()
    for path in sorted((UI / folder).glob("*.js"))
}
"""What each module says, by its address."""


def exported(address: str) -> set[str]:
    return set(EXPORT.findall(MODULES[address]))


def imports(address: str) -> Iterator[tuple[str, set[str]]]:
    """The addresses a module imports from, each with the names it asks for."""
    for names, source in IMPORT.findall(MODULES[address]):
        listed = names.strip("{} \n").split(",")
        yield urljoin(address, source), {each.split(" as ")[0].strip() for each in listed} - {""}


def test_the_words_of_the_modules_are_understood_here():
    kinds = [
        line for text in MODULES.values() for line in re.findall(r"^(?:im|ex)port\b.*", text, re.MULTILINE)
    ]
    others = [line for line in kinds if not re.match(r"import \{|export default mounting\(", line)]
    assert all(EXPORT.match(line) for line in others)
    assert len(kinds) > 100


@pytest.mark.parametrize("address", MODULES)
def test_every_import_finds_a_module_and_the_names_it_asks_for(address):
    for source, names in imports(address):
        assert source in MODULES
        assert names <= exported(source)


@pytest.mark.parametrize("address", MODULES)
def test_every_export_is_imported_somewhere_and_every_import_used(address):
    wanted = {
        name for each in MODULES for source, names in imports(each) if source == address for name in names
    }
    assert exported(address) <= wanted
    text = IMPORT.sub("", MODULES[address])
    for _, names in imports(address):
        assert not [name for name in names if not re.search(rf"\b{name}\b", text)]


def test_every_component_has_an_entry_that_is_served():
    code = "\n".join(path.read_text(encoding="utf-8") for path in UI.rglob("*.py"))
    named = set(re.findall(r'shared\.data\("(\w+)"\)', code))
    assert named == ASSETS.keys() - {"shared"}
    assert all("export default" in MODULES[f"/assets/{name}/main.js"] for name in named)
