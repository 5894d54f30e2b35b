"""The locked packages are whole, each with its hash, and are what requirements.txt asks for."""

import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LINE = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.+!]+) --hash=sha256:[0-9a-f]{64}", re.ASCII)


def lines(file: str) -> list[str]:
    return [line for line in (ROOT / file).read_text().splitlines() if line and not line.startswith("#")]


def test_the_locked_versions_are_what_the_requirements_ask_for():
    found = [LINE.fullmatch(line) for line in lines(".dev/locked.txt")]
    assert all(found)
    locked = {canonicalize_name(each["name"]): each["version"] for each in found if each}
    assert len(locked) == len(found)
    for text in lines("requirements.txt"):
        wanted = Requirement(text)
        assert locked[canonicalize_name(wanted.name)] in wanted.specifier, text
