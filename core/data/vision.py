"""MNIST, Fashion-MNIST and CIFAR-10 through torchvision: from the data folder, or downloaded into it.

torchvision takes a second and 170 MB to import, so only these functions import it. A download is made in
a folder of its own beside the data, and moved in when it is whole: nothing half-written is ever read.
"""

import errno
import math
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from core.data.downloads import DownloadError, RemoteFile, download
from core.data.folders import CIFAR_FOLDER, Found, find_archive, find_cifar, find_idx, read_cifar, read_idx

ROOT = Path(__file__).resolve().parents[2]

LEFTOVER_SECONDS = 600.0
"""A download folder nobody has written to for so long is a dead process's."""

Tell = Callable[[str, float], None]
"""Told what is going on, in a few words, and which share of the download is done."""


class DataError(Exception):
    """A dataset cannot be had. `str()` is one sentence that says what to do."""


@dataclass(frozen=True)
class VisionSet:
    """A dataset of torchvision's.

    Attributes:
        title: what people call it.
        kind: the name of torchvision's class.
        folder: where the unpacked files go, below the data folder.
        download_bytes, unpacked_bytes: how large it is.
    """

    title: str
    kind: str
    folder: str
    download_bytes: int
    unpacked_bytes: int


VISION: dict[str, VisionSet] = {
    "mnist": VisionSet("MNIST", "MNIST", "MNIST/raw", 11_594_722, 54_950_048),
    "fashion_mnist": VisionSet("Fashion-MNIST", "FashionMNIST", "FashionMNIST/raw", 30_878_645, 54_950_048),
    "cifar10": VisionSet("CIFAR-10", "CIFAR10", CIFAR_FOLDER, 170_498_071, 186_000_000),
}
"""The datasets, by their names in the spec."""


@dataclass(frozen=True)
class RawImages:
    """A dataset as its files have it: images uint8, N × C × H × W; labels int64."""

    train_x: Tensor
    train_y: Tensor
    test_x: Tensor
    test_y: Tensor


def too_few(name: str, n_images: int, wanted: int) -> DataError:
    """What to raise when a dataset's files hold fewer training images than a run is to keep."""
    vision = VISION[name]
    return DataError(
        f"{vision.title} in {data_folder() / vision.folder} has {n_images:,} images to train on, "
        f"without those for validation, not {wanted:,}: choose at most as many, or 0 for all."
    )


def data_folder() -> Path:
    """Where datasets are looked for and downloaded to: SPARSITY_LAB_DATA, or `data/` in the repository."""
    return Path(os.environ.get("SPARSITY_LAB_DATA") or ROOT / "data").expanduser().absolute()


def load_raw(name: str, tell: Tell) -> RawImages:
    """Read a dataset, after downloading what is missing or damaged.

    Raises:
        DataError: it is not there and cannot be had.
    """
    vision, root = VISION[name], data_folder()
    try:
        found = _found(vision, root)
        if missing := [file for file in _files(vision) if file not in found.whole]:
            _fetch(name, root, tell, missing, found.damaged)
            found = _found(vision, root)
        tell(f"Reading {vision.title}", 1.0)
        return _checked(vision, root, _read(vision, found.whole))
    except OSError as error:
        raise DataError(_os_sentence(vision, root, error)) from error


def _os_sentence(vision: VisionSet, root: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        needed = (vision.download_bytes + vision.unpacked_bytes) / 1e6
        return (
            f"The disk is full: {vision.title} needs {needed:.0f} MB in {root}; make room, or choose digits."
        )
    why = (error.strerror or type(error).__name__).lower()
    return f"{vision.title} could not be kept in {root} ({why}): choose digits, or another folder."


def _fetch(name: str, root: Path, tell: Tell, missing: list[str], damaged: list[Path]) -> None:
    from torchvision.datasets.utils import extract_archive

    vision = VISION[name]
    tell(f"Downloading {vision.title}: 0 %", 0.0)
    progress = _percent(vision, tell)
    root.mkdir(parents=True, exist_ok=True)
    if _free(root) < vision.download_bytes + vision.unpacked_bytes:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with _workspace(root, name) as work:
        unpacked = work / "unpacked"
        unpacked.mkdir()
        for file in _remote_files(vision, missing):
            own = find_archive(root, file.name, file.md5)
            try:
                archive = own.whole.get(file.name) or download(file, work, progress)
            except DownloadError as error:
                known = [*own.damaged, *damaged]
                raise DataError(_not_downloaded(vision, root, error, known)) from error
            extract_archive(archive, unpacked)
        folder = root / vision.folder
        folder.mkdir(parents=True, exist_ok=True)
        for whole in [file for file in unpacked.rglob("*") if file.is_file()]:
            whole.replace(folder / whole.name)


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _percent(vision: VisionSet, tell: Tell) -> Callable[[int], None]:
    arrived = 0

    def progress(n_bytes: int) -> None:
        nonlocal arrived
        arrived += n_bytes
        share = min(1.0, arrived / vision.download_bytes)
        tell(f"Downloading {vision.title}: {math.floor(100 * share)} %", share)

    return progress


def _not_downloaded(vision: VisionSet, root: Path, error: DownloadError, damaged: list[Path]) -> str:
    folder = root / vision.folder
    if damaged:
        return (
            f"{damaged[0]} is damaged, and {vision.title} could not be downloaded again ({error}): "
            "choose digits, or put the whole file there."
        )
    return f"{vision.title} could not be downloaded ({error}): choose digits, or put the files into {folder}."


@contextmanager
def _workspace(root: Path, name: str) -> Iterator[Path]:
    """A new folder beside the data, gone afterwards; those that killed processes left go as well."""
    for old in root.glob(f".{name}-*"):
        if time.time() - max(path.stat().st_mtime for path in [old, *old.rglob("*")]) > LEFTOVER_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=root))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _torchvision(vision: VisionSet) -> Any:
    from torchvision import datasets

    return getattr(datasets, vision.kind)


def _remote_files(vision: VisionSet, missing: list[str]) -> list[RemoteFile]:
    source = _torchvision(vision)
    if vision.kind == "CIFAR10":
        return [RemoteFile(source.filename, (source.url,), source.tgz_md5)]
    return [
        RemoteFile(name, tuple(mirror + name for mirror in source.mirrors), md5)
        for name, md5 in source.resources
        if name.removesuffix(".gz") in missing
    ]


def _files(vision: VisionSet) -> list[str]:
    """The names of the files that are read: training images and labels, then those of the test."""
    source = _torchvision(vision)
    if vision.kind == "CIFAR10":
        return [name for name, _ in (*source.train_list, *source.test_list)]
    return [name.removesuffix(".gz") for name, _ in source.resources]


def _found(vision: VisionSet, root: Path) -> Found:
    source = _torchvision(vision)
    if vision.kind == "CIFAR10":
        return find_cifar(root, [(name, md5) for name, md5 in (*source.train_list, *source.test_list)])
    return find_idx(root, vision.kind, _files(vision))


def _read(vision: VisionSet, whole: Mapping[str, Path]) -> RawImages:
    if vision.kind == "CIFAR10":
        *train, test = (whole[name] for name in _files(vision))
        return RawImages(*read_cifar(train), *read_cifar([test]))
    train_x, train_y, test_x, test_y = (read_idx(whole[name]) for name in _files(vision))
    return RawImages(train_x.unsqueeze(1), train_y.long(), test_x.unsqueeze(1), test_y.long())


def _checked(vision: VisionSet, root: Path, raw: RawImages) -> RawImages:
    for x, y in ((raw.train_x, raw.train_y), (raw.test_x, raw.test_y)):
        if fault := _fault(x, y, raw.train_x.shape[-1]):
            what = f"The files in {root / vision.folder} are no {vision.title}, {fault}"
            raise DataError(f"{what}: remove them, or choose digits.")
    return raw


def _fault(x: Tensor, y: Tensor, size: int) -> str:
    """What is wrong with images and labels; "" when nothing is."""
    height, width = x.shape[-2:]
    if len(x) != len(y):
        return f"{len(x)} images with {len(y)} labels"
    if not (x.ndim == 4 and height == width == size >= 4):
        return f"images of {height} × {width} pixels, not all of one square size"
    # A label out of range would end the worker on a GPU, and with it every run.
    if not 0 <= int(y.min()) <= int(y.max()) <= 9:
        return f"labels from {int(y.min())} to {int(y.max())} and not from 0 to 9"
    return ""
