"""core/README.md tells the way of λ: every function it names is where it says, and their number is right."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "core" / "README.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.partition("## The way of λ")[2].partition("\n## ")[0].splitlines()
    if line.startswith("| `")
]
STATIONS = [(file.strip("`"), re.findall(r"`([^`]+)`", functions)) for file, functions, _ in ROWS]


def defined(file: str, name: str) -> bool:
    """Whether a module of either language defines a function, or a method as `Class.method`."""
    text = (ROOT / file).read_text(encoding="utf-8")
    *cls, function = name.split(".")
    if file.endswith(".js"):
        found = re.search(rf"^ *(export function )?{function}\(", text, re.MULTILINE)
        return found is not None and all(f"class {each} " in text for each in cls)
    body: list[ast.stmt] = ast.parse(text).body
    for part in name.split("."):
        kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        found = next((each for each in body if isinstance(each, kinds) and each.name == part), None)
        if found is None:
            return False
        body = found.body
    return True


@pytest.mark.parametrize(("file", "functions"), STATIONS)
def test_every_function_of_the_way_is_where_it_is_said_to_be(file, functions):
    assert functions
    assert all(defined(file, name) for name in functions)


def test_what_is_not_there_is_noticed():
    assert not defined("core/maths/penalties.py", "L1.shrink")
    assert not defined("core/maths/penalties.py", "prox")
    assert not defined("pages/browser/live/view.js", "View.nothing")


def test_the_number_of_functions_is_counted():
    total = sum(len(functions) for _, functions in STATIONS)
    there = next(i for i, (file, _) in enumerate(STATIONS) if file == "core/maths/penalties.py")
    to_the_weight = sum(len(functions) for _, functions in STATIONS[: there + 1])
    counts = [int(n) for n in re.findall(r"(\d+) functions of which (\d+) .* and (\d+)", TEXT)[0]]
    assert counts == [total, to_the_weight, total - to_the_weight]


def test_the_readmes_lead_to_files_that_exist():
    for readme in (
        "README.md",
        ".hosting/README.md",
        "core/README.md",
        "core/maths/README.md",
        "benchmarks/README.md",
    ):
        text = (ROOT / readme).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((ROOT / readme).parent / target).exists(), (readme, target)


def test_the_root_readme_stays_a_front_page():
    assert len((ROOT / "README.md").read_bytes()) <= 9_000
