"""A version is another as soon as what trains is, and only then."""

import shutil
import subprocess
import sys

import pytest

from core import version as module


@pytest.fixture
def copied(monkeypatch, tmp_path):
    """The program's files somewhere else, and what their version is now."""
    for room in (*module.FILES, *module.ROOMS):
        (shutil.copy if room in module.FILES else shutil.copytree)(module.CORE / room, tmp_path / room)
    monkeypatch.setattr(module, "CORE", tmp_path)
    return tmp_path, module.version.__wrapped__


def test_a_copy_is_the_same_version_whatever_ends_its_lines(copied):
    folder, version = copied
    assert version() == module.version()
    for file in folder.rglob("*.py"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert version() == module.version()


@pytest.mark.parametrize("file", ["spec.py", "maths/penalties.py", "worker/rounds.py"])
def test_another_line_is_another_version(copied, file):
    folder, version = copied
    before = version()
    (folder / file).write_text((folder / file).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert version() != before


def test_every_room_that_the_worker_imports_is_in_it():
    code = "import sys, core.worker.rounds; print(*(n for n in sys.modules if n.startswith('core.')))"
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=module.CORE.parent, capture_output=True, text=True, check=True
    )
    rooms = {name.split(".")[1] for name in shown.stdout.split()}
    assert rooms <= {*module.ROOMS, *(name.removesuffix(".py") for name in module.FILES), "version"}
