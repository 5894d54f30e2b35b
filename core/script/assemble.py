"""Your run as code: a script and a notebook that train what is on the screen and print its numbers.

`reference` is the trainer: here the settings of a run are put on top of it, and the rest is cut to size.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.script.recipe import Change, Recipe, recipe, supported
from core.script.settings import known, with_settings
from core.script.source import for_readers
from core.script.specialise import specialised
from core.spec import RunSpec
from core.words import PENALTIES

REFERENCE = Path(__file__).with_name("reference.py")

TITLES = ("Settings", "Data", "Network", "Penalty", "Update", "Training", "Run")
"""The parts of a script, as the headings of the reference name them."""

NETWORKS = {
    "textbook_cnn": "TextbookCNN",
    "small_cnn": "SmallCNN",
    "textbook_cnn_bn": "TextbookCNNWithBatchNorm",
    "linear": "Linear",
}
"""What the headline calls each network."""

DATASETS = {
    "digits": "scikit-learn's 8 × 8 digits",
    "rotated_digits": "scikit-learn's 8 × 8 digits, turned",
    "mnist": "MNIST",
    "fashion_mnist": "Fashion-MNIST",
    "cifar10": "CIFAR-10",
}
"""What it calls the images."""


@dataclass(frozen=True)
class Section:
    """A part of a script: a heading, what a reader should look at, and code."""

    title: str
    says: str
    code: str


def script(spec: RunSpec, changes: Iterable[Change] = ()) -> str:
    """A Python script of its own that prints the numbers of this run.

    It needs torch, scikit-learn for the digits, torchvision for the other images.

    Args:
        spec: the settings the run started with.
        changes: what was changed while it went.

    Raises:
        SpecError: a setting that no script can have yet.
    """
    told = _told(spec, changes)
    imports, *parts = _parts(spec, tuple(changes))
    head = f'"""{_headline(told)}\n\n{_text(told)}\n"""\n\n{imports.code}'
    bodies = [f"# {each.title}: {each.says}\n{_gap(each.code)}{each.code}" for each in parts]
    return "\n\n\n".join([head, *bodies]) + "\n"


def sections(spec: RunSpec, changes: Iterable[Change] = ()) -> list[Section]:
    """The script in parts, to be read one by one. Raises SpecError."""
    return list(_parts(spec, tuple(changes))[1:])


def notebook(spec: RunSpec, changes: Iterable[Change] = ()) -> str:
    """The same as a Jupyter notebook (nbformat 4.5), as JSON. Raises SpecError."""
    told = _told(spec, changes)
    imports, *parts = _parts(spec, tuple(changes))
    kinds = sorted(told.used("penalty"))
    formula = f"$$R(w) = {PENALTIES[kinds[0]].tex}$$\n\n" if len(kinds) == 1 else ""
    total = "$$\\text{total loss} = \\text{data loss} + \\lambda\\, R(w)$$\n\n" if kinds else ""
    cells = [_cell("markdown", f"# {_headline(told)}\n\n{total}{formula}{_text(told)}")]
    cells.append(_cell("code", imports.code))
    for each in parts:
        cells += [_cell("markdown", f"## {each.title}\n\n{each.says}"), _cell("code", each.code)]
    numbered = [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps(
        {"cells": numbered, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5},
        ensure_ascii=False,
        indent=1,
    )


def _gap(code: str) -> str:
    """The empty lines that Python's style wants before a definition, or before other code."""
    return "\n\n" if code.startswith(("def ", "class ", "@")) else "\n"


def _cell(kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "metadata": {},
        "source": source.strip().splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _told(spec: RunSpec, changes: Iterable[Change]) -> Recipe:
    told = recipe(spec, changes)
    supported(told)
    return told


def _headline(told: Recipe) -> str:
    return f"A run of Sparsity Lab: {NETWORKS[told.spec.model]} on {DATASETS[told.spec.dataset]}."


def _text(told: Recipe) -> str:
    kinds = sorted(told.used("penalty"))
    formula = f", R(w) = {PENALTIES[kinds[0]].symbol}" if len(kinds) == 1 else ""
    lines = [f"total loss = data loss + λ·R(w){formula}\n"] if kinds else []
    lines.append("From the same weights and on the same batches it trains\n")
    lines += [f"- {name}" for name in told.names()]
    lines += ["", "and prints what the app shows: on the same kind of CPU and version of PyTorch digit by"]
    lines.append("digit, elsewhere and on a GPU up to rounding, which training magnifies.")
    return "\n".join(lines)


@lru_cache(maxsize=64)
def _parts(spec: RunSpec, changes: tuple[Change, ...]) -> tuple[Section, ...]:
    """The imports, and the sections that are not empty."""
    told = _told(spec, changes)
    reference = for_readers(REFERENCE.read_text(encoding="utf-8"))
    text = specialised(with_settings(reference, told), known(told))
    made: list[tuple[str, str, list[str]]] = [("", "", [])]
    for line in text.splitlines():
        title, _, says = line.removeprefix("# ").partition(": ")
        if line.startswith("# ") and title in TITLES:
            made.append((title, says, []))
        else:
            made[-1][2].append(line)
    parts = [Section(title, says, "\n".join(lines).strip()) for title, says, lines in made]
    return tuple(each for each in parts if each.code)
