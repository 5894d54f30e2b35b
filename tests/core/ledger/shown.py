"""The sentences that the app shows, read from its source: Python's syntax tree, JavaScript's strings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]

SHOWN = (
    "core/lessons",
    "core/lab",
    "core/classes/guide",
    "core/words.py",
    "core/narration.py",
    "core/training/alarms.py",
    "pages",
)
"""What is shown of the subject is written here; refusals and logs elsewhere are about the program."""

FEWEST_WORDS = 3
WORD = re.compile(r"[A-Za-z]{2,}|L[0-9]\b")
BREAK = re.compile(r"(?<=[.?!])[)”\"*]*\s+(?=\S)")
JOINED = re.compile(r"""(["`])((?:\\.|(?!\1)[^\\])*)\1(\s*\+\s*(?=["`]))?""", re.S)
REMARK = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.S | re.M)


def modules() -> list[Path]:
    """Every source of shown words, Python first."""
    found = [path for place in SHOWN for path in sorted(_under(ROOT / place))]
    return found + sorted((ROOT / "pages/browser").rglob("*.js"))


def _under(place: Path) -> list[Path]:
    return [place] if place.is_file() else list(place.rglob("*.py"))


def texts(path: Path) -> list[str]:
    """The strings of a module that can be shown, whole; what an f-string puts in stands as {}."""
    source = path.read_text(encoding="utf-8")
    return list(_of_python(source) if path.suffix == ".py" else _of_javascript(source))


def remarks(path: Path) -> list[str]:
    """What is not shown but can be quoted: a module's docstrings, a README's paragraphs, rows and items."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
        return [
            ast.get_docstring(node) or "" for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)
        ]
    return re.split(r"\n\s*\n|\n(?=- |\d+\. )|\n?\|", re.sub(r"```.*?```", "", source, flags=re.S))


def sentences(path: Path) -> list[str]:
    """The sentences of a module: what ends with a full stop, a question or an exclamation mark."""
    return [part for text in texts(path) for part in split(text) if part.endswith((".", "?", "!"))]


def split(text: str) -> list[str]:
    """A text's sentences, without Markdown's stars and icons, on one line each."""
    plain = re.sub(r":material/\w+:|<[^>]*>|\*+|\\[a-z]+|`", " ", text)
    plain = re.sub(r"\s+", " ", plain).strip()
    parts = (part.strip(' ()“”"') for part in BREAK.split(plain))
    return [part for part in parts if len(WORD.findall(part)) >= FEWEST_WORDS]


def _of_python(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    skipped = {id(node) for parent in ast.walk(tree) for node in _silent(parent)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)  # type: ignore[misc]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _silent(node: ast.AST) -> Iterator[ast.AST]:
    """Docstrings and remarks, and the pieces of an f-string, which is read whole."""
    if isinstance(node, ast.JoinedStr):
        yield from (piece for piece in node.values if isinstance(piece, ast.Constant))
        specs = (p.format_spec for p in node.values if isinstance(p, ast.FormattedValue) and p.format_spec)
        yield from (each for spec in specs for each in ast.walk(spec))
    body = getattr(node, "body", None)
    for statement in body if isinstance(body, list) else ():
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            yield statement.value


def _of_javascript(source: str) -> Iterator[str]:
    text = ""
    for match in JOINED.finditer(REMARK.sub("", source)):
        text += re.sub(r"\$\{(?:[^{}]|\{[^{}]*\})*\}", "{}", match[2])
        if match[3] is None:
            yield text.replace('\\"', '"')
            text = ""
