"""Where training runs: the best device there is, named for a person, and how many trainers pay off there."""

import re
from pathlib import Path

import pytest
import torch

from core.data import device as module
from core.data.device import (
    best_device,
    device_name,
    n_trainers,
    release_device_memory,
    release_memory,
    take_gpu,
    use_one_thread,
)


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(False, False, "cpu"), (False, True, "mps"), (True, False, "cuda"), (True, True, "cuda")],
)
def test_the_best_device_of_those_there_are(monkeypatch, cuda, mps, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert best_device() == torch.device(expected)


def test_the_best_device_computes():
    assert float(torch.ones(3, device=best_device()).sum()) == 3.0


def test_a_gpu_is_called_what_its_driver_calls_it(monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"GPU {device.index}")
    assert device_name(torch.device("cuda", 1)) == "GPU 1"


def test_a_processor_is_called_what_the_system_calls_it(monkeypatch, tmp_path):
    info = tmp_path / "cpuinfo"
    info.write_text("processor : 0\nmodel name\t: Some CPU @ 3 GHz\nmodel name\t: Another\n")
    monkeypatch.setattr(module, "Path", lambda path: info if path == "/proc/cpuinfo" else Path(path))
    assert device_name(torch.device("cpu")) == "Some CPU @ 3 GHz"
    info.unlink()
    monkeypatch.setattr(module.platform, "processor", lambda: "")
    monkeypatch.setattr(module.platform, "machine", lambda: "arm64")
    assert device_name(torch.device("cpu")) == "arm64"


def test_this_machine_has_a_name():
    assert re.search(r"\w", device_name(torch.device("cpu")))


def test_one_core_computes():
    torch.set_num_threads(2)
    use_one_thread()
    assert torch.get_num_threads() == 1


@pytest.mark.parametrize(
    ("cores", "quota", "trainers"),
    [
        (8, "max 100000", 8),
        (8, "250000 100000", 2),
        (8, "50000 100000", 1),
        (2, "800000 100000", 2),
        (4, None, 4),
    ],
)
def test_on_a_processor_a_trainer_pays_off_for_each_core_that_may_be_used(
    monkeypatch, tmp_path, cores, quota, trainers
):
    share = tmp_path / "cpu.max"
    if quota:
        share.write_text(quota + "\n")
    monkeypatch.setattr(module, "Path", lambda path: share)
    monkeypatch.setattr(module.sys, "platform", "linux")
    monkeypatch.setattr(module.os, "sched_getaffinity", lambda process: set(range(cores)), raising=False)
    assert n_trainers(torch.device("cpu")) == trainers


def test_each_gpu_has_a_trainer_that_takes_its_own(monkeypatch):
    taken = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", taken.append)
    for number in range(n_trainers(torch.device("cuda")) + 1):
        take_gpu(number)
    assert taken == [0, 1, 0]
    assert n_trainers(torch.device("mps")) == 1


def test_freed_memory_is_given_back_where_that_is_possible(monkeypatch):
    trimmed = []
    monkeypatch.setattr(module.sys, "platform", "linux")
    monkeypatch.setattr(module.platform, "libc_ver", lambda: ("glibc", "2.36"))
    library = type("Library", (), {"malloc_trim": staticmethod(trimmed.append)})
    monkeypatch.setattr(module.ctypes, "CDLL", lambda name: library)
    release_memory()
    monkeypatch.setattr(module.platform, "libc_ver", lambda: ("", ""))
    release_memory()
    monkeypatch.setattr(module.sys, "platform", "darwin")
    release_memory()
    assert trimmed == [0]


@pytest.mark.parametrize(("kind", "emptied"), [("cpu", []), ("cuda", ["cuda"]), ("mps", ["mps"])])
def test_each_device_gets_its_own_memory_back(monkeypatch, kind, emptied):
    calls = []
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: calls.append("cuda"))
    monkeypatch.setattr(torch.mps, "empty_cache", lambda: calls.append("mps"))
    release_device_memory(torch.device(kind))
    assert calls == emptied
