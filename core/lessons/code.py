"""Your run as code: a script and a notebook that train what is on the screen and print its numbers."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.lessons import parts, training_code
from core.lessons.constants import settings
from core.lessons.recipe import Change, Recipe, recipe, supported
from core.lessons.updates import updates
from core.spec import RunSpec

TITLES = {
    "digits": "scikit-learn's 8 × 8 digits",
    "rotated_digits": "scikit-learn's 8 × 8 digits, turned",
    "mnist": "MNIST",
    "fashion_mnist": "Fashion-MNIST",
    "cifar10": "CIFAR-10",
}

FORMULAS = {
    "l1": ("Σ|w|", r"\sum |w|"),
    "l2": ("½Σw²", r"\tfrac12\sum w^2"),
    "elastic_net": ("αΣ|w| + (1 − α)½Σw²", r"\alpha\sum |w| + (1-\alpha)\tfrac12\sum w^2"),
    "group_lasso": ("Σ√|g|·‖w_g‖", r"\sum_g \sqrt{|g|}\,\lVert w_g\rVert"),
    "sparse_group_lasso": (
        "αΣ|w| + (1 − α)Σ√|g|·‖w_g‖",
        r"\alpha\sum |w| + (1-\alpha)\sum_g \sqrt{|g|}\,\lVert w_g\rVert",
    ),
}
"""R(w) by penalty, in text and in TeX."""


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
    made = _sections(told)
    head = f'"""{_headline(told)}\n\n{_text(told)}\n"""\n\n{_imports(made)}'
    bodies = [f"# {each.title}: {each.says}\n{_gap(each.code)}{each.code}" for each in made]
    return "\n\n\n".join([head, *bodies]) + "\n"


def sections(spec: RunSpec, changes: Iterable[Change] = ()) -> list[Section]:
    """The script in parts, to be read one by one. Raises SpecError."""
    return _sections(_told(spec, changes))


def notebook(spec: RunSpec, changes: Iterable[Change] = ()) -> str:
    """The same as a Jupyter notebook (nbformat 4.5), as JSON. Raises SpecError."""
    told = _told(spec, changes)
    made = _sections(told)
    kinds = sorted(told.used("penalty"))
    formula = f"$$R(w) = {FORMULAS[kinds[0]][1]}$$\n\n" if len(kinds) == 1 else ""
    total = "$$\\text{total loss} = \\text{data loss} + \\lambda\\, R(w)$$\n\n" if kinds else ""
    cells = [_cell("markdown", f"# {_headline(told)}\n\n{total}{formula}{_text(told)}")]
    cells.append(_cell("code", _imports(made)))
    for each in made:
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
    return f"A run of Sparsity Lab: {parts.NETWORKS[told.spec.model]} on {TITLES[told.spec.dataset]}."


def _text(told: Recipe) -> str:
    kinds = sorted(told.used("penalty"))
    formula = f", R(w) = {FORMULAS[kinds[0]][0]}" if len(kinds) == 1 else ""
    lines = [f"total loss = data loss + λ·R(w){formula}\n"] if kinds else []
    lines.append("From the same weights and on the same batches it trains\n")
    lines += [f"- {name}" for name in told.names()]
    lines += ["", "and prints what the app shows: on the same kind of CPU and version of PyTorch digit by"]
    lines.append("digit, elsewhere and on a GPU up to rounding, which training magnifies.")
    return "\n".join(lines)


def _sections(told: Recipe) -> list[Section]:
    acting = any(told.penalised)
    made = [
        Section("Settings", "those of the run.", settings(told)),
        Section("Data", "the images, in [0, 1], and what is to be told of each.", parts.data(told)),
        Section("Network", "the one that trains in the app.", parts.network(told)),
    ]
    if acting:
        made.append(Section("Penalty", "R(w), and what it acts on.", parts.penalty(told)))
        code = "\n\n\n".join(filter(None, [_code(made), training_code.strength_now(told)]))
        rules = "\n\n\n".join(
            filter(
                None, [training_code.strength_now(told), updates(told, code), training_code.freezing(told)]
            )
        )
        made.append(Section("Update", "where λ enters.", rules))
    shown = training_code.show(told, _code(made))
    loop = training_code.train(told, "\n\n\n".join([_code(made), shown]))
    made.append(Section("Training", "what is printed, and the loop.", f"{shown}\n\n\n{loop}"))
    made.append(Section("Run", "each network on its own.", "for each in LANES:\n    train(each)"))
    return made


def _code(sections: Iterable[Section]) -> str:
    return "\n\n\n".join(each.code for each in sections)


def _imports(sections: Iterable[Section]) -> str:
    code = _code(sections)
    classes = [name for name in ("dataclass", "replace") if re.search(rf"(@|= ){name}\b", code)]
    standard = [f"import {name}" for name in ("math", "os") if f"{name}." in code]
    standard += ["from collections import deque", f"from dataclasses import {', '.join(classes)}"]
    library = "from sklearn.datasets import load_digits" if "load_digits(" in code else ""
    vision = "from torchvision import datasets" if "datasets." in code else ""
    torch = ["import torch", library, "from torch import Tensor, nn", "from torch.nn import functional as F"]
    return "\n".join([*standard, "", *filter(None, [*torch, vision])])
