"""The trainer's own code, read as text: a page shows what really runs, never a copy.

The web process must not import the trainer, so its files are parsed, not loaded.
"""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]

FILES = ("core/maths/penalties.py", "core/maths/optimizers.py", "core/maths/methods.py")
"""Where the pages' listings are looked for."""

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
    """The definition of `name` in FILES: a class, a function, or a method as `Class.method`.

    Raises:
        LookupError: no file there defines it.
    """
    for file in FILES:
        text = for_readers((ROOT / file).read_text(encoding="utf-8"))
        node = _found(ast.parse(text).body, name.split("."))
        if node is not None:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            lines = text.splitlines()[first - 1 : node.end_lineno]
            return Listing(dedent("\n".join(lines)), file, first)
    raise LookupError(f"None of {', '.join(FILES)} defines {name}.")


def for_readers(text: str) -> str:
    """Source without what only the type checker reads; no line moves."""
    return "\n".join(line.partition("  # type: ignore[")[0] for line in text.splitlines())


def _found(body: list[ast.stmt], names: list[str]) -> _Definition | None:
    for node in body:
        if isinstance(node, _Definition) and node.name == names[0]:
            return _found(node.body, names[1:]) if len(names) > 1 else node
    return None
