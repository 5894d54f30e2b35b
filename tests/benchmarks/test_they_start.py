"""Every command that a README names starts and ends well; a benchmark prints figures, by its small start."""

import json
import os
import re
import socket
import struct
import subprocess
import sys
from pathlib import Path

import httpx2
import numpy as np
import pytest

from tests.benchmarks.commands import FOLDER, ROOT, commands, readmes
from tests.browser.serving import wait_until

pytestmark = pytest.mark.timeout(400)

N_IMAGES = {"train": 200, "t10k": 100}
PATIENCE = 380  # seconds; a quiet machine needs 3 to 20
KEPT = (ROOT / "core" / "bands.json", ROOT / "core" / "lab", ROOT / "core" / "runs" / "examples" / "computed")


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A folder with a small MNIST in it, whose digits are told apart by where a bright bar is."""
    folder = tmp_path_factory.mktemp("data")
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for part, n in N_IMAGES.items():
        labels = np.arange(n, dtype=np.uint8) % 10
        images = np.zeros((n, 28, 28), dtype=np.uint8)
        for image, label in zip(images, labels, strict=True):
            image[2 * label : 2 * label + 5] = 255
        head = struct.pack(">BBBB3I", 0, 0, 8, 3, *images.shape)
        (raw / f"{part}-images-idx3-ubyte").write_bytes(head + images.tobytes())
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(
            struct.pack(">BBBBI", 0, 0, 8, 1, n) + labels.tobytes()
        )
    return folder


def environment(data: Path, folder: Path) -> dict[str, str]:
    """Everything that is read comes from `data`, and what is written goes to `folder`."""
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "SPARSITY_LAB_DATA": str(data),
        "SPARSITY_LAB_DATABASE": f"sqlite:///{folder}/lab.sqlite",
        "SPARSITY_LAB_CHECKPOINTS": str(folder / "checkpoints"),
    }


def started(words: list[str], data: Path, folder: Path, said: str = "") -> str:
    """What a Python program printed that ended well."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment(data, folder),
        input=said,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def named(pattern: str) -> list[str]:
    """What a README has in the place of a pattern's group; there is one."""
    found = [each for file in readmes() for each in re.findall(pattern, file.read_text(encoding="utf-8"))]
    assert found
    return found


def kept() -> dict[Path, int]:
    """When each measured or computed file of the repository was last written."""
    files = (file for path in KEPT for file in (path.rglob("*") if path.is_dir() else [path]))
    return {file: file.stat().st_mtime_ns for file in files if file.suffix not in (".py", ".pyc")}


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_a_benchmark_prints_its_figures_and_leaves_what_is_kept(command, data, tmp_path):
    before = kept()
    words = [str(data) if word == FOLDER else word for word in command]
    printed = started(["-m", *words, "--small"], data, tmp_path)
    assert re.search(r"\d", printed)
    assert not re.search(r"\bnan\b", printed)
    assert kept() == before


def test_the_worker_trains_what_is_piped_in(data, tmp_path):
    for line in named(r"echo '(.+)' \| \.venv/bin/python -m core\.worker"):
        command = json.loads(line)
        command["spec"] |= {"epochs": 1}
        printed = started(["-m", "core.worker"], data, tmp_path, said=json.dumps(command))
        *_, last = map(json.loads, printed.splitlines())
        assert (last["event"], last["reason"]) == ("finished", "done")


def test_uvicorn_serves_the_app(data, tmp_path):
    served = named(r"\.venv/bin/uvicorn (app:app[^`\n]*)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", *served[0].split(), "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(data, tmp_path), stdout=log, stderr=subprocess.STDOUT
        )
    try:
        wait_until(lambda: ready(f"http://127.0.0.1:{port}/api/health"), PATIENCE)
    finally:
        process.terminate()
        process.wait(20)


def ready(url: str) -> bool:
    try:
        return bool(httpx2.get(url, timeout=2).json()["worker"] == "ready")
    except (httpx2.HTTPError, KeyError, ValueError):
        return False
