"""No room has more in it than one can see."""

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST = 15


def test_no_folder_has_more_than_fifteen_modules_side_by_side():
    files = [
        file
        for room in ("core", "pages", "benchmarks")
        for pattern in ("*.py", "*.js")
        for file in (ROOT / room).rglob(pattern)
        if file.name != "__init__.py"
    ]
    modules = Counter(file.parent.relative_to(ROOT).as_posix() for file in files)
    assert modules["core/maths"] > 5, "the folders are counted"
    assert {folder: n for folder, n in modules.items() if n > MOST} == {}
