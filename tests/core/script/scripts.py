"""Runs generated scripts, and holds what they print against the app."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from core.script.recipe import Change
from core.snapshots import Snapshot
from core.spec import Move, RunSpec
from core.training.run import Run

RUNNER = """
import contextlib, io, json, runpy, sys
said = {}
for file in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        runpy.run_path(file, run_name="__main__")
    said[file] = out.getvalue()
print(json.dumps(said))
"""

Row = tuple[float, ...]


def on_cpu(script: str) -> str:
    """The script for the CPU: a GPU sums in another order, and its lanes train together in the app."""
    there, n_lines = re.subn(r"(?m)^DEVICE = .*$", 'DEVICE = "cpu"', script)
    assert n_lines == 1
    return there


def said_by(folder: Path, scripts: dict[str, str]) -> dict[str, str]:
    """What each script prints, all run by one fresh Python, which imports torch once."""
    for name, text in scripts.items():
        (folder / f"{name}.py").write_text(on_cpu(text), encoding="utf-8")
    files = [f"{name}.py" for name in scripts]
    command = [sys.executable, "-W", "error", "-c", RUNNER, *files]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr
    return {Path(file).stem: text for file, text in json.loads(done.stdout).items()}


def rows(text: str) -> list[list[Row]]:
    """The numbers of each lane's lines."""
    lanes: list[list[Row]] = []
    for line in text.splitlines():
        words = line.replace(" of ", " ").split()
        if words and words[0] == "step":
            lanes.append([])
        elif words and lanes and all(word.replace(".", "").isdigit() for word in words):
            lanes[-1].append(tuple(map(float, words)))
    return lanes


def tests(text: str) -> list[float]:
    """What each lane's last line says of the test images."""
    return [float(line.split()[-1]) for line in text.splitlines() if line.startswith("On the test images")]


def shown_by_the_app(
    spec: RunSpec, steps: set[int], changes: tuple[Change, ...] = ()
) -> tuple[list[list[Row]], list[float]]:
    """The same numbers from the trainer, at these steps, and on the test images at the end."""
    run = Run(spec, torch.device("cpu"))
    lanes: list[list[Row]] = [[] for _ in spec.lanes]
    while not run.done:
        for each in changes:
            if each.step == run.step:
                run.change(each.lane, Move(**{each.field: each.value}))
        run.advance()
        if run.step in steps:
            shown = run.snapshot(asked=True)[0]
            for each in shown:
                lanes[each.lane].append(row(each))
    return lanes, [each.score.test for each in shown if each.score.test is not None]


def row(shown: Snapshot) -> Row:
    """A snapshot as a line of a script."""
    layers = shown.layers.values()
    losses = [float(f"{each:.6f}") for each in (shown.data_loss, shown.penalty, shown.total)]
    shares = [float(f"{each:.4f}") for each in (shown.score.train, shown.score.valid)]
    zeros, weights = sum(each.zeros for each in layers), sum(each.weights for each in layers)
    return (shown.step, *losses, *shares, zeros, weights)


def check(text: str, spec: RunSpec, changes: tuple[Change, ...] = ()) -> None:
    """What a script printed is what the app shows at the same steps."""
    printed = rows(text)
    steps = {int(each[0]) for each in printed[0]}
    assert max(steps) == Run(spec, torch.device("cpu")).total_steps
    assert len(steps) == spec.epochs
    shown, tested = shown_by_the_app(spec, steps, changes)
    assert len(printed) == len(shown) == len(tested)
    precise = spec.loss == "cross_entropy"
    assert tests(text) == pytest.approx(
        [float(f"{each:.4f}") for each in tested], abs=0 if precise else 1.1e-4
    )
    for mine, apps in zip(printed, shown, strict=True):
        for line, expected in zip(mine, apps, strict=True):
            # Without any penalty there is one column for the loss.
            expected = expected if len(line) == len(expected) else (*expected[:2], *expected[4:])
            # The last digit printed may be rounded the other way.
            assert line[:-4] == pytest.approx(expected[:-4], rel=2e-6, abs=2e-6)
            assert line[-4:-2] == pytest.approx(
                expected[-4:-2], abs=1.1e-4 if spec.loss != "cross_entropy" else 0
            )
            assert line[-2:] == expected[-2:]
