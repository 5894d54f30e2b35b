"""The trainer's own code, read as text: a page or a script shows what really runs, never a copy.

The web process must not import `core.training`, so its files are parsed, not loaded.
"""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]
TRAINING = ROOT / "core" / "training"

FOR_THE_CHECKER = re.compile(r"  # type: ignore\[.*?\]")
"""What only the type checker reads."""

_Definition = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Listing:
    """A piece of source.

    Attributes:
        text: its lines, moved to the left margin.
        file: where it is, below the repository, with slashes.
        line: its first line there, from 1.
    """

    text: str
    file: str
    line: int


@cache
def listing(name: str) -> Listing:
    """The definition of `name` in `core/training`: a class, a function, or a method as `Class.method`.

    Raises:
        LookupError: no file there defines it.
    """
    for path in sorted(TRAINING.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        node = _found(ast.parse(text).body, name.split("."))
        if node is not None:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            lines = text.splitlines()[first - 1 : node.end_lineno]
            shown = FOR_THE_CHECKER.sub("", dedent("\n".join(lines)))
            return Listing(shown, path.relative_to(ROOT).as_posix(), first)
    raise LookupError(f"core/training defines no {name}.")


@cache
def constant(name: str) -> str:
    """The expression that a module of `core/training` gives to the constant `name`. Raises LookupError."""
    for path in sorted(TRAINING.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
                return ast.unparse(node.value)
    raise LookupError(f"core/training defines no {name}.")


def _found(body: list[ast.stmt], names: list[str]) -> _Definition | None:
    for node in body:
        if isinstance(node, _Definition) and node.name == names[0]:
            return _found(node.body, names[1:]) if len(names) > 1 else node
    return None
