"""The ledger is whole: claims have tests, shown sentences have rows, stated numbers have a source."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from core.ledger.book import ROWS
from core.ledger.free import INSTRUCTIONS, NUMBERS, PROGRAM, QUOTED
from core.registry import EXPERIMENTS
from tests.core.ledger.shown import ROOT, modules, remarks, sentences, split, texts

EVERY = {str(path.relative_to(ROOT)): path for path in modules()}

READ = ("README.md",)
"""Not shown, but read: its numbers are rows or free as well. Other READMEs record what was measured."""

NUMBER = re.compile(r"(?<![\w.,·/^_−-])\d[\d,]*(?:\.\d+)?(?:e-\d+)?(?![\w√])")
"""A number that stands by itself: not the 1 of conv1, not an exponent or an index."""

WORDS = {
    word: str(n)
    for n, word in enumerate(["three", "four", "five", "six", "seven", "eight", "nine", "ten"], start=3)
}
"""Numbers in words; one and two tell things apart more often than they count."""

NOT_STATED = {"0", "1"}
"""λ = 0, w = 1, 1 update: zero and one are named, not measured."""

CODE = re.compile(r"nn\.|torch\.|\brange\(|\d{4}\), [A-Z]|\{in\}|: \d+px|translate\(")
"""Lines of a listing or a sheet, which are run as they stand; a source's year; the formula of weights."""


def is_free(module: str, sentence: str) -> bool:
    first = re.split(r"\W", sentence, maxsplit=1)[0]
    program = any(module == place or (place.endswith("/") and module.startswith(place)) for place in PROGRAM)
    return sentence.endswith("?") or first in INSTRUCTIONS or program or sentence in QUOTED.get(module, ())


def quoted(module: str) -> Mapping[str, list[str]]:
    """The rows that quote a sentence of a module, by sentence."""
    found: dict[str, list[str]] = {}
    for name, row in ROWS.items():
        for sentence in row.says.get(module, ()):
            found.setdefault(sentence, []).append(name)
    return found


@pytest.mark.parametrize("module", EVERY)
def test_every_sentence_that_claims_something_has_a_row(module):
    rows = quoted(module)
    assert [s for s in sentences(EVERY[module]) if s not in rows and not is_free(module, s)] == []


@pytest.mark.parametrize("name", ROWS)
def test_what_a_row_quotes_still_stands_there(name):
    for module, says in ROWS[name].says.items():
        path = ROOT / module
        there = {part for text in (texts(path) if module in EVERY else remarks(path)) for part in split(text)}
        assert [sentence for sentence in says if sentence not in there] == [], module


@pytest.mark.parametrize("module", [*EVERY, *READ])
def test_no_number_is_stated_that_no_row_produces(module):
    rows = quoted(module)
    for part in (part for text in told(module) for part in split(text) if not CODE.search(part)):
        known = {text for name in rows.get(part, ()) for text in ROWS[name].numbers}
        assert stated(part) - known - NUMBERS.get(module, {}).keys() == set(), part


def told(module: str) -> list[str]:
    """The texts of a module, or of a README."""
    return texts(EVERY[module]) if module in EVERY else remarks(ROOT / module)


def stated(part: str) -> set[str]:
    words = {WORDS[word] for word in re.findall(r"[a-z]+", part.lower()) if word in WORDS}
    return ({number.rstrip(",") for number in NUMBER.findall(part)} | words) - NOT_STATED


@pytest.mark.parametrize("name", ROWS)
def test_a_row_s_numbers_are_produced_and_stated(name):
    row = ROWS[name]
    said = {number for says in row.says.values() for sentence in says for number in stated(sentence)}
    for text, produce in row.numbers.items():
        assert text in said
        assert float(text.replace(",", "")) == pytest.approx(produce())


@pytest.mark.parametrize("name", ROWS)
def test_a_row_s_tests_and_experiments_exist(name):
    row = ROWS[name]
    assert row.tests
    assert row.claim.endswith(".")
    assert row.holds
    for test in row.tests:
        file, _, function = test.partition("::")
        assert function in functions(ROOT / file), test
    assert set(row.experiments) <= EXPERIMENTS.keys()
    for command in row.commands:
        assert (ROOT / (command.replace(".", "/") + ".py")).is_file()


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_what_is_free_is_shown_somewhere():
    for module, some in QUOTED.items():
        assert set(some) <= set(sentences(EVERY[module]))
    for module, numbers in NUMBERS.items():
        assert set(numbers) <= {n for text in told(module) for part in split(text) for n in stated(part)}
    for place in PROGRAM:
        assert any(module == place or module.startswith(place) for module in EVERY)


def test_sentences_are_found_in_both_languages(tmp_path):
    python, script = tmp_path / "a.py", tmp_path / "a.js"
    python.write_text('"""No shown word here."""\nX = f"Of {3:,} weights **most** are zero. Why is that?"\n')
    script.write_text('// No shown word.\nconst x = "A zero stays " +\n  `at ${f({ a: 1 })} for ever.`;\n')
    assert sentences(python) == ["Of {} weights most are zero.", "Why is that?"]
    assert sentences(script) == ["A zero stays at {} for ever."]


def test_l1_is_a_word_of_a_sentence():
    assert split("L1 always wins. So it is.") == ["L1 always wins.", "So it is."]
    assert split("A few. λ = 0.") == []


def test_a_number_is_one_that_stands_by_itself():
    assert stated("conv1 holds 1,152 of 4 × 8 weights at λ = 1e-4, 30.5 % of fc2.") == {
        "1,152", "4", "8", "1e-4", "30.5"
    }  # fmt: skip
    assert stated("At w = 0 and for 1 image.") == set()
    assert stated("Seven values of λ, two lanes.") == {"7"}
