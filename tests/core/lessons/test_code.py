"""Scripts and notebooks print what the trainer says: they are run, and compared line by line."""

import json
import os
import runpy
import subprocess
import sys

import pytest
import torch

from core.lessons.code import notebook, script
from core.lessons.maths import PROXES, VALUES
from core.lessons.recipe import Change, as_started
from core.refusals import SpecError
from core.snapshots import Event
from core.spec import MODEL_LAYERS, PRESETS, TRAIN_IMAGES, LaneSpec, RunSpec
from core.training.data import _on_device
from core.training.loop import Experiment
from core.training.methods import METHODS, OPTIMIZERS
from tests.core.lessons.scripts import check, on_cpu, said_by

WITHOUT_SCRIPT = {"fista"}
LANE = LaneSpec(strength=1e-3, warmup=0.0)
RATES = {"adam": 1e-3, "sgd": 0.05}


def run(*lanes: LaneSpec, **fields) -> RunSpec:
    """Five updates an epoch, four epochs."""
    return RunSpec.checked({"train_size": 320, "epochs": 4, "lanes": lanes} | fields)


def alone(**fields) -> RunSpec:
    """One lane: what λ = 0 beside it prints, other runs test."""
    lane = LANE.changed(**fields)
    return run(lane.changed(learning_rate=RATES[lane.optimizer]))


SPECS = {
    **{
        f"{method}_{rule}": alone(method=method, optimizer=rule)
        for method in ("textbook", "proximal", "uniform_threshold", "clip_and_kill")
        for rule in OPTIMIZERS
    },
    **{
        f"{penalty}_{method}_{rule}": alone(penalty=penalty, method=method, optimizer=rule, alpha=0.3)
        for penalty in VALUES
        for method, rule in (("proximal", "adam"), ("proximal", "sgd"), ("textbook", "adam"))
    },
    "clipped_groups": alone(penalty="sparse_group_lasso", method="clip_and_kill"),
    **{
        f"on_{model}": run(LANE.without_penalty(), LANE, model=model)
        for model in MODEL_LAYERS
        if model != "textbook_cnn"
    },
    "angles": run(LANE.without_penalty(), LANE, dataset="rotated_digits", label_noise=0.2, model="linear"),
    "bfloat16": run(LANE.without_penalty(), LANE, precision="bfloat16", model="small_cnn"),
    "only_fc1": alone(layers=["fc1"]),
    "biases_of_two": alone(layers=["conv1", "fc2"], include_bias=True),
    "all_biases": alone(include_bias=True, method="textbook"),
    **{
        f"multipliers_{method}": alone(multipliers={"fc1": 0.5, "conv1": 0.0}, method=method)
        for method in ("textbook", "proximal", "uniform_threshold", "clip_and_kill")
    },
    "spred_adam": alone(method="spred", warmup=0.3),
    "spred_sgd": alone(method="spred", optimizer="sgd", multipliers={"conv1": 0.5}, layers=["conv1", "fc1"]),
    "spred_polish_adam": alone(method="spred", polish=0.4, warmup=0.2),
    # ηλ = 1 takes a weight without gradient to exactly zero: one of a pixel that is always black.
    "spred_polish_zeros": run(
        LANE.changed(
            method="spred", optimizer="sgd", momentum=0.0, learning_rate=0.125, strength=8.0, polish=0.4
        ),
        model="linear",
    ),
    **{
        f"biases_in_groups_{method}_{rule}": alone(
            penalty="group_lasso", include_bias=True, method=method, optimizer=rule, polish=0.2
        )
        for method in ("textbook", "proximal", "uniform_threshold")
        for rule in OPTIMIZERS
    },
    "biases_in_both": run(
        LANE.without_penalty(),
        LANE.changed(penalty="group_lasso", include_bias=True, multipliers={"fc1": 0.5}),
        LANE.changed(penalty="sparse_group_lasso", alpha=0.2, include_bias=True, layers=["conv1", "fc1"]),
    ),
    "warmup": alone(warmup=0.5),
    "polish_adam": alone(polish=0.4, warmup=0.2),
    "freeze": alone(freeze=0.4),
    "freeze_then_polish": run(LANE.changed(freeze=0.6, polish=0.2), LANE.changed(freeze=0.2), LANE),
    "polish_sgd": alone(polish=0.4, optimizer="sgd"),
    "polish_without_momentum": alone(polish=0.4, optimizer="sgd", momentum=0.0),
    "no_momentum": alone(optimizer="sgd", momentum=0.0),
    "wrong_labels": run(LANE, label_noise=0.3, seed=7, batch_size=48),
    "all_images": run(LANE, train_size=0, label_noise=0.1, epochs=1),
    "only_plain": run(LANE.without_penalty()),
    "zero_strength": run(LANE.changed(strength=0.0), LANE.changed(layers=[])),
    "methods": run(
        *(LANE.changed(method=method) for method in ("textbook", "proximal", "uniform_threshold")),
        LANE.changed(method="clip_and_kill"),
        LANE.without_penalty(),
    ),
    "penalties": run(*(LANE.changed(penalty=kind, alpha=0.2) for kind in VALUES)),
    "mixtures": run(*(LANE.changed(penalty="elastic_net", alpha=share) for share in (0.1, 0.9))),
    "optimizers": run(
        LANE.changed(polish=0.3),
        LANE.changed(optimizer="sgd", learning_rate=0.05, polish=0.5),
        LANE.changed(optimizer="sgd", learning_rate=0.02, momentum=0.5, include_bias=True),
    ),
    "everything_differs": run(
        LANE.changed(layers=["fc1"], warmup=0.4, multipliers={"fc1": 2.0}),
        LANE.changed(layers=["conv2", "fc2"], include_bias=True, polish=0.3),
        LANE.without_penalty(),
    ),
    "groups_beside_biases": run(LANE.changed(penalty="group_lasso"), LANE.changed(include_bias=True)),
    "path": run(*(LANE.changed(strength=strength) for strength in (1e-3, 1e-2, 1e-2))),
}

MOVED = run(LANE.without_penalty(), LANE.changed(strength=1e-3))
CHANGES = {
    "strength": (Change(7, 1, "strength", 5e-2), Change(14, 1, "strength", 0.0)),
    "layers": (Change(10, 1, "layers", frozenset({"fc1", "bn1"})), Change(10, 1, "include_bias", True)),
    "from_zero": (Change(12, 0, "strength", 1e-2),),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, str]:
    scripts = {name: script(spec) for name, spec in SPECS.items()}
    scripts |= {f"moved_{name}": script(MOVED, changes) for name, changes in CHANGES.items()}
    return said_by(tmp_path_factory.mktemp("scripts"), scripts)


@pytest.fixture(autouse=True)
def as_in_the_worker():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    yield
    torch.set_num_threads(threads)
    torch.set_flush_denormal(False)


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
    assert "list(net.parameters())" in textbook
    assert not any(word in textbook for word in ("soft_threshold", "WARMUP", "MOMENTUM", "SGD", "LAYERS"))
    proximal = script(PRESETS["exact_zeros"])
    assert not any(word in proximal for word in ("POLISH", "momentum", "ALPHA", "LABEL_NOISE", "CHANGES"))


def test_changes_are_read_back_from_a_runs_events():
    experiment = Experiment(MOVED, torch.device("cpu"))
    events: list[Event] = []
    for change in (*CHANGES["strength"], *CHANGES["layers"]):
        while experiment.step < change.step and experiment.step < 8:
            experiment.advance()
        events += experiment.change(change.lane, **{change.field: change.value})
    spec, changes = as_started(experiment.spec, events)
    assert spec == MOVED
    assert [(each.lane, each.field, each.value) for each in changes] == [
        (each.lane, each.field, each.value) for each in (*CHANGES["strength"], *CHANGES["layers"])
    ]
    assert changes[0].step == 7


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
