"""The worker while a dataset is on its way: the run waits, says so, and keeps nobody else waiting."""

import json
import subprocess
import sys

import pytest

from core.data import vision
from tests.core.worker.process import PATIENCE, Process, finished, is_error, is_snapshot, parsed, spec

SCRIPT = """
import json, sys
from dataclasses import replace
from torchvision import datasets
from core.data import vision
from core.worker.__main__ import main
for kind, fields in json.loads(sys.argv[1]).items():
    for name, value in fields.items():
        setattr(getattr(datasets, kind), name, value)
vision.VISION |= {name: replace(v, download_bytes=int(sys.argv[2])) for name, v in vision.VISION.items()}
main()
"""


@pytest.fixture
def command(tiny_vision):
    """A worker that downloads the tiny datasets."""
    from torchvision import datasets

    sources = {
        kind: {
            "mirrors": getattr(datasets, kind).mirrors,
            "resources": getattr(datasets, kind).resources,
        }
        for kind in ("MNIST", "FashionMNIST")
    }
    size = str(vision.VISION["mnist"].download_bytes)
    return [sys.executable, "-c", SCRIPT, json.dumps(sources), size]


@pytest.fixture
def worker(command):
    process = Process(command)
    yield process
    process.popen.kill()
    process.close()


def tiny(dataset="mnist", **fields):
    return spec(dataset=dataset, train_size=0, batch_size=16, **fields)


def is_loading(run):
    return lambda message: message["event"] == "loading" and message["run"] == run


def test_a_run_waits_for_its_images_while_another_trains(worker, tiny_vision):
    tiny_vision.remote.gate.clear()
    worker.send(op="start", run="digits", spec=spec(epochs=1000))
    worker.until_snapshots("digits", wanted=lambda m: m["step"] >= 1)
    worker.send(op="start", run="mnist", spec=tiny(epochs=1000), paused=True)
    worker.send(op="change", run="mnist", lane=0, strength=0.003)
    worker.send(op="step", run="mnist", unit="update")
    seen = worker.until(lambda m: is_loading("mnist")(m) and m["text"].startswith("Downloading MNIST"))
    assert all(set(m) == {"event", "run", "text", "share"} for m in seen if m["event"] == "loading")
    before = worker.until_snapshots("digits")[0]["step"]
    for _ in range(3):
        after = worker.until_snapshots("digits")[0]["step"]
    assert after > before
    worker.send(op="start", run="second", spec=tiny(epochs=1000), paused=True)
    assert worker.until(is_loading("second"))[-1]["text"].startswith("Downloading MNIST")
    tiny_vision.remote.gate.set()
    seen = worker.until(lambda m: is_snapshot(m, "mnist") and m["step"] == 1)
    assert [m["share"] for m in seen if is_loading("mnist")(m)][-1] == 1.0
    assert any(m["event"] == "event" and m["new"] == "0.003" for m in seen)
    assert any(is_snapshot(m, "second") for m in seen)
    assert len(tiny_vision.remote.asked) == 4


def test_a_waiting_run_can_be_stopped_and_starts_only_once(worker, tiny_vision):
    tiny_vision.remote.gate.clear()
    for _ in range(2):
        worker.send(op="start", run="a", spec=tiny())
    assert "already" in worker.until(is_error)[-1]["message"]
    worker.send(op="stop", run="a")
    assert worker.until(finished("a"))[-1] == {"event": "finished", "run": "a", "reason": "stopped"}
    worker.send(op="resume", run="a")
    assert "no run" in worker.until(is_error)[-1]["message"]


def test_a_failed_download_ends_its_runs_only_and_can_be_tried_again(worker, tiny_vision):
    files = dict(tiny_vision.remote.files)
    tiny_vision.remote.files.clear()
    worker.send(op="start", run="digits", spec=spec(epochs=1000))
    worker.send(op="start", run="a", spec=tiny("fashion_mnist"))
    reason = worker.until(finished("a"))[-1]["reason"]
    assert reason.startswith("Fashion-MNIST could not be downloaded (the server answered 404")
    worker.until_snapshots("digits", wanted=lambda m: m["step"] > 5)
    tiny_vision.remote.files |= files
    worker.send(op="start", run="b", spec=tiny("fashion_mnist", epochs=1))
    assert worker.until(finished("b"))[-1]["event"] == "finished"


def test_a_run_that_asks_for_more_images_than_there_are_fails_alone(worker, tiny_vision):
    tiny_vision.put("mnist")
    worker.send(op="start", run="a", spec=tiny() | {"train_size": 6000})
    assert (
        "has 34 images to train on, without those for validation, not 6,000"
        in worker.until(finished("a"))[-1]["reason"]
    )
    worker.send(op="start", run="b", spec=tiny(epochs=1))
    assert worker.until(finished("b"))[-1]["event"] == "finished"


def test_a_batch_waits_for_its_images(command, tiny_vision):
    text = json.dumps({"op": "start", "run": "a", "spec": tiny(epochs=2)}).encode() + b"\n"
    done = subprocess.run(command, input=text, capture_output=True, timeout=PATIENCE, check=True)
    out = [parsed(line) for line in done.stdout.splitlines()]
    assert [m["event"] for m in out[:2]] == ["hello", "loading"]
    assert out[-1] == {"event": "finished", "run": "a", "reason": "done"}
    assert out[-2]["step"] == 6
