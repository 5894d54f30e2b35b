"""The catalogue has every word that the screens ask for, and no other."""

import re
from pathlib import Path

import pytest

from core.classes.words import WORDS
from core.web.classes.pages import SCREENS, page
from core.web.hints import imported
from pages.ui.components import BROWSER

FOLDER = BROWSER / "class"
ASKED = re.compile(r'say\(\s*(?:[\w.]+ \? )?"([\w.]+)"(?:\s*:\s*"([\w.]+)")?')
"""A word by its name, or one of two."""
MADE = re.compile(r"`([a-z.]+)\$\{")
LISTED = re.compile(r'"((?:board|keys|console|projector|seat|reveal)\.[\w.]+)"')
ELSEWHERE = {"noscript", *(f"{screen}.title" for screen in SCREENS)}


def asked(source: str) -> set[str]:
    return {name for found in ASKED.findall(source) for name in found if name} | set(LISTED.findall(source))


def of(path: Path) -> tuple[set[str], set[str]]:
    source = path.read_text(encoding="utf-8")
    return asked(source), {start for start in MADE.findall(source) if "." in start}


def test_every_word_that_is_asked_for_is_there_and_every_word_is_asked_for():
    names, starts = set(), set()
    for path in FOLDER.glob("*.js"):
        some, made = of(path)
        names |= some
        starts |= made
    assert names - WORDS.keys() == set()
    assert all(any(name.startswith(start) for name in WORDS) for start in starts)
    # board.x and the like are named in a list and made by a loop.
    used = names | ELSEWHERE | {name for name in WORDS if any(name.startswith(start) for start in starts)}
    assert WORDS.keys() - used == set()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_has_the_words_of_all_its_modules(screen):
    text = page(screen, BROWSER)
    mine = [path for path in imported([FOLDER / f"{screen}.js"]) if path.parent.name == "class"]
    needed = {name for path in mine for name in of(path)[0]}
    assert {name for name in needed if f'"{name}":' not in text} == set()
    assert "</head>" not in text
    assert re.findall(r"https?://", text) == []
