"""Scripts and notebooks as files: a linter accepts any, and a notebook has the format's fields."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from core.script.assemble import notebook, script
from core.script.reference import VALUES
from core.spec import GROUP_PENALTIES, PRESETS, LaneSpec, RunSpec
from tests.core.script.grid import CHANGES, MOVED, SPECS


def lanes() -> st.SearchStrategy[LaneSpec]:
    """Any lane that has a script."""
    return st.builds(
        LaneSpec,
        method=st.sampled_from(["textbook", "proximal", "uniform_threshold", "clip_and_kill"]),
        optimizer=st.sampled_from(["adam", "sgd"]),
        momentum=st.sampled_from([0.0, 0.9]),
        penalty=st.sampled_from(["none", *VALUES]),
        alpha=st.sampled_from([0.5, 0.25]),
        strength=st.sampled_from([0.0, 1e-4, 3e-3]),
        layers=st.sets(st.sampled_from(["conv1", "conv2", "fc1", "fc2"]), min_size=1),
        multipliers=st.sampled_from([{}, {"fc1": 0.5, "conv1": 3.0}]),
        include_bias=st.booleans(),
        warmup=st.sampled_from([0.0, 0.1]),
        freeze=st.sampled_from([0.0, 0.4]),
        polish=st.sampled_from([0.0, 0.2]),
    ).map(lambda lane: lane.changed(include_bias=False) if lane.penalty in GROUP_PENALTIES else lane)


def specs() -> st.SearchStrategy[RunSpec]:
    return st.builds(
        RunSpec,
        dataset=st.sampled_from(["digits", "rotated_digits", "mnist", "fashion_mnist", "cifar10"]),
        model=st.sampled_from(["textbook_cnn", "small_cnn", "textbook_cnn_bn"]),
        precision=st.sampled_from(["float32", "bfloat16"]),
        train_size=st.sampled_from([0, 100]),
        label_noise=st.sampled_from([0.0, 0.2]),
        lanes=st.lists(lanes(), min_size=1, max_size=3).map(tuple),
    )


def told_by_ruff(folder: Path, *command: str) -> str:
    """What ruff says of the files there, with no settings but these; nothing when all is well."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--isolated", "--quiet", "--line-length", "110", folder],
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout + done.stderr


LINT = ("check", "--no-cache", "--select", "E,F,B,SIM,PIE,RET")
FORMAT = ("format", "--no-cache", "--diff")


@given(specs())
@settings(max_examples=15)
def test_any_spec_gives_a_script_that_a_linter_and_a_formatter_accept(spec):
    with TemporaryDirectory() as folder:
        Path(folder, "run.py").write_text(script(spec), encoding="utf-8")
        assert told_by_ruff(Path(folder), *LINT) == ""
        assert told_by_ruff(Path(folder), *FORMAT) == ""


def test_the_scripts_of_presets_and_of_the_grid_are_formatted(tmp_path):
    for name, spec in (SPECS | PRESETS).items():
        (tmp_path / f"{name}.py").write_text(script(spec), encoding="utf-8")
    for name, changes in CHANGES.items():
        (tmp_path / f"moved_{name}.py").write_text(script(MOVED, changes), encoding="utf-8")
    assert told_by_ruff(tmp_path, *LINT) == ""
    assert told_by_ruff(tmp_path, *FORMAT) == ""


def test_a_notebook_is_one():
    # https://nbformat.readthedocs.io/en/latest/format_description.html
    book = json.loads(notebook(PRESETS["textbook_recipe"]))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert set(book) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    ids = [cell["id"] for cell in book["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", each) for each in ids)
    common = {"cell_type", "id", "metadata", "source"}
    for cell in book["cells"]:
        extra = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert set(cell) == common | extra
        assert all(isinstance(line, str) for line in cell["source"])


def test_what_a_script_prints_can_be_kept_in_a_file_on_windows():
    # As `python run.py > out.txt` does there: its letters have no λ.
    opening = script(RunSpec()).partition("@dataclass")[0] + 'print("λ = 0")'
    windows = os.environ | {"PYTHONIOENCODING": "cp1252"}
    done = subprocess.run([sys.executable, "-c", opening], capture_output=True, env=windows)
    assert done.stdout.decode("utf-8").strip() == "λ = 0", done.stderr
