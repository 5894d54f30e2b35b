"""Scripts and notebooks print what the trainer says: they are run, and compared line by line."""

import json
import os
import runpy
import subprocess
import sys

import pytest
import torch

from core.data.images import _on_device
from core.maths.methods import METHODS
from core.refusals import SpecError
from core.script.assemble import notebook, script
from core.script.recipe import Change, as_started
from core.script.reference import PROXES, VALUES
from core.snapshots import Event
from core.spec import MODEL_LAYERS, PRESETS, TRAIN_IMAGES, Move, RunSpec
from core.training.run import Run
from tests.core.script.grid import CHANGES, LANE, MOVED, SPECS, alone, run
from tests.core.script.scripts import check, on_cpu, said_by

# The first test waits for all scripts, each of which trains.
pytestmark = pytest.mark.timeout(600)

WITHOUT_SCRIPT = {"fista"}


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, str]:
    scripts = {name: script(spec) for name, spec in SPECS.items()}
    scripts |= {f"moved_{name}": script(MOVED, changes) for name, changes in CHANGES.items()}
    return said_by(tmp_path_factory.mktemp("scripts"), scripts)


@pytest.mark.parametrize("name", SPECS)
def test_a_script_prints_the_numbers_of_the_app(name, said):
    check(said[name], SPECS[name])


@pytest.mark.parametrize("name", CHANGES)
def test_a_script_repeats_what_was_changed_live(name, said):
    # λ of the first lane, which has no penalty, moves nothing.
    check(said[f"moved_{name}"], MOVED, CHANGES[name])


def test_every_method_penalty_and_network_is_in_the_grid():
    lanes = [lane for spec in SPECS.values() for lane in spec.lanes]
    assert {lane.penalty for lane in lanes} == {"none", *VALUES} == {"none", *PROXES}
    assert {lane.method for lane in lanes} == set(METHODS) - WITHOUT_SCRIPT
    assert {spec.model for spec in SPECS.values()} == set(MODEL_LAYERS)


def test_a_script_runs_alone_and_its_notebook_says_the_same(tmp_path):
    spec = PRESETS["exact_zeros"].model_copy(update={"epochs": 2})
    book = json.loads(notebook(spec))
    code = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    files = {"alone": script(spec), "cells": "\n".join(code)}
    said = []
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(on_cpu(text), encoding="utf-8")
        command = [sys.executable, "-W", "error", f"{name}.py"]
        # A terminal's encoding is not ours to choose, but λ must not end the script.
        env = os.environ | {"PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", env=env)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert said[0] == said[1]
    check(said[0], spec)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cifar10"])
def test_a_script_reads_torchvisions_images(name, tiny_vision, tmp_path, monkeypatch, capsys):
    tiny_vision.put(name)
    monkeypatch.chdir(tmp_path)
    spec = RunSpec(dataset=name, model="small_cnn", train_size=24, batch_size=8, epochs=2)
    _on_device.cache_clear()
    file = tmp_path / "run.py"
    file.write_text(on_cpu(script(spec)), encoding="utf-8")
    runpy.run_path(str(file))
    torch.set_num_threads(1)
    check(capsys.readouterr().out, spec)
    _on_device.cache_clear()


def test_only_what_the_run_uses_is_in_the_script():
    plain = script(SPECS["only_plain"])
    assert not any(word in plain for word in ("λ·R", "strength", "penalised", "soft_threshold", "WARMUP"))
    textbook = script(PRESETS["textbook_recipe"])
    assert "for w in net.parameters():\n        yield w\n" in textbook
    assert not any(word in textbook for word in ("soft_threshold", "WARMUP", "MOMENTUM", "SGD", "LAYERS"))
    proximal = script(PRESETS["exact_zeros"])
    assert not any(word in proximal for word in ("POLISH", "momentum", "ALPHA", "LABEL_NOISE", "CHANGES"))


def test_changes_are_read_back_from_a_runs_events():
    trained = Run(MOVED, torch.device("cpu"))
    events: list[Event] = []
    for change in (*CHANGES["strength"], *CHANGES["layers"]):
        while trained.step < change.step and trained.step < 8:
            trained.advance()
        events += trained.change(change.lane, Move(**{change.field: change.value}))
    spec, changes = as_started(trained.spec, events)
    assert spec == MOVED
    assert [(each.lane, each.field, each.value) for each in changes] == [
        (each.lane, each.field, each.value) for each in (*CHANGES["strength"], *CHANGES["layers"])
    ]
    assert changes[0].step == 7


def test_a_change_that_changes_nothing_is_not_told():
    change = Change(7, 1, "layers", MOVED.lanes[1].layers | {"bn1"})
    assert script(MOVED, (change,)) == script(MOVED)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"method": "fista"}, "fista has no script yet"),
        ({"penalty": "group_lasso", "include_bias": True, "method": "clip_and_kill"}, "Biases penalised in"),
    ],
)
def test_what_has_no_script_is_refused_in_a_sentence(fields, sentence):
    with pytest.raises(SpecError, match=sentence):
        script(run(LANE.changed(**fields), model="linear"))


def test_biases_that_join_their_groups_live_are_refused():
    # They would be groups of their own in the script: other numbers than the app's.
    spec = run(LANE.without_penalty(), LANE.changed(penalty="group_lasso"))
    with pytest.raises(SpecError, match="from start to end"):
        script(spec, (Change(7, 1, "include_bias", True),))


def test_all_images_asked_for_by_their_number_are_no_subset():
    said = script(alone().model_copy(update={"train_size": TRAIN_IMAGES["digits"]}))
    assert said == script(alone().model_copy(update={"train_size": 0}))
