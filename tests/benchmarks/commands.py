"""The commands that a README, `.dev/bench` and the benchmarks' own docstrings name."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "FOLDER"
"""Stands in a command for a folder with MNIST/raw in it."""

_COMMAND = re.compile(r"(?:python -m |`)(benchmarks(?:\.\w+)+)([^`\n]*)")
_ARGUMENT = re.compile(r'"\$(?:\{1[^}]*\}|1)"')
_SIZE = re.compile(r"--[\w-]+ [\d.]+")


def readmes() -> list[Path]:
    """Every README, of the project and of its rooms."""
    rooms = (ROOT / room for room in ("core", "pages", "benchmarks", "tests"))
    return [ROOT / "README.md", *(file for room in rooms for file in sorted(room.rglob("README.md")))]


def texts() -> Iterator[str]:
    """What names commands."""
    for file in (*readmes(), ROOT / ".dev" / "bench", *sorted((ROOT / "benchmarks").rglob("*.py"))):
        yield file.read_text(encoding="utf-8")


def read(text: str) -> Iterator[tuple[str, ...]]:
    """The commands in a text, as words; what may be left out (`[--data FOLDER]`) is not."""
    for module, rest in _COMMAND.findall(text):
        arguments = _ARGUMENT.sub(FOLDER, rest).replace("[NAME …]", "")
        yield (module, *re.sub(r"[\[\]]", "", arguments).split())


def commands() -> list[tuple[str, ...]]:
    """Each command once: of those that differ in sizes only, which a small start sets, the longest."""
    found: dict[str, tuple[str, ...]] = {}
    for command in (command for text in texts() for command in read(text)):
        key = " ".join(_SIZE.sub("", " ".join(command)).split())
        found[key] = max(found.get(key, ()), command, key=len)
    return [found[key] for key in sorted(found)]
