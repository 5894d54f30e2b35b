"""MNIST and its like on a disk that is full, too small, not to be written, or left untidy."""

import builtins
import errno
import io
import os
import tarfile
import time

import pytest

from core.data import downloads, vision
from core.data.vision import VISION, load_raw
from tests.core.data.tiny_vision import Heard, refused


def test_a_disk_that_fills_up_is_one_sentence_and_nothing_stays(tiny_vision, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(downloads, "_check", full)
    sentence = refused("mnist")
    assert sentence.startswith("The disk is full: MNIST needs 55 MB in ")
    assert tiny_vision.files() == {}
    assert tiny_vision.leftovers() == []


class Disk:
    """A disk with so much room: what is opened to write below `folder` fails where it is used up."""

    def __init__(self, folder, room, patch):
        self.room, self._folder, self._open = room, str(folder), open
        for module in (io, builtins):
            patch.setattr(module, "open", self.open)
        patch.setattr(tarfile, "bltn_open", self.open)

    def open(self, file, mode="r", *args, **kwargs):
        opened = self._open(file, mode, *args, **kwargs)
        return Written(opened, self) if "w" in mode and str(file).startswith(self._folder) else opened


class Written:
    """A file on such a disk."""

    def __init__(self, file, disk):
        self._file, self._disk = file, disk

    def write(self, content):
        self._file.write(content[: self._disk.room])
        self._disk.room -= len(content)
        if self._disk.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def __getattr__(self, name):
        return getattr(self._file, name)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._file.close()


@pytest.mark.parametrize("name", VISION)
@pytest.mark.parametrize("part", ["download", "unpacking"])
def test_a_disk_that_fills_up_midway_keeps_what_was_whole_and_nothing_half(name, part, tiny_vision):
    archives, unpacked = (
        sum(map(len, files.values())) for files in (tiny_vision.archives[name], tiny_vision.unpacked[name])
    )
    tiny_vision.put(other := next(each for each in VISION if each != name))
    before = tiny_vision.files()
    room = archives // 2 if part == "download" else archives + unpacked // 2
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(tiny_vision.folder, room, patch)
        assert refused(name).startswith(f"The disk is full: {VISION[name].title} needs ")
        assert disk.room < 0
    assert tiny_vision.files() == before == tiny_vision.unpacked[other]
    assert tiny_vision.leftovers() == []
    load_raw(name, Heard())
    assert tiny_vision.unpacked[name].items() <= tiny_vision.files().items()


def test_a_disk_too_small_is_left_alone(tiny_vision, monkeypatch):
    monkeypatch.setattr(vision, "_free", lambda root: 1_000_000)
    assert "The disk is full" in refused("mnist")
    assert tiny_vision.remote.asked == []


def test_a_folder_that_cannot_be_written_is_one_sentence(tiny_vision):
    tiny_vision.folder.write_text("a file in the way")
    assert "could not be kept in" in refused("mnist")


def test_what_a_killed_process_left_is_cleared_away(tiny_vision):
    tiny_vision.folder.mkdir()
    old, young = tiny_vision.folder / ".mnist-old", tiny_vision.folder / ".mnist-young"
    for folder in (old, young):
        folder.mkdir()
        (folder / "half").write_text("half")
    long_ago = time.time() - 2 * vision.LEFTOVER_SECONDS
    for path in (old / "half", old):
        os.utime(path, (long_ago, long_ago))
    load_raw("mnist", Heard())
    assert tiny_vision.leftovers() == [young]
