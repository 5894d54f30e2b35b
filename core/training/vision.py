"""MNIST, Fashion-MNIST and CIFAR-10 through torchvision: from the data folder, or downloaded into it.

torchvision takes a second and 170 MB to import, so only these functions import it. A download is made in
a folder of its own beside the data, and moved in when it is whole: nothing half-written is ever read.
"""

import errno
import math
import os
import shutil
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from core.training.downloads import DownloadError, RemoteFile, download

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
        folder: where torchvision looks for the unpacked files, below the data folder.
        archives: where people put what they downloaded themselves, below the data folder.
        download_bytes, unpacked_bytes: how large it is.
    """

    title: str
    kind: str
    folder: str
    archives: str
    download_bytes: int
    unpacked_bytes: int


VISION: dict[str, VisionSet] = {
    "mnist": VisionSet("MNIST", "MNIST", "MNIST/raw", "MNIST/raw", 11_594_722, 54_950_048),
    "fashion_mnist": VisionSet(
        "Fashion-MNIST", "FashionMNIST", "FashionMNIST/raw", "FashionMNIST/raw", 30_878_645, 54_950_048
    ),
    "cifar10": VisionSet("CIFAR-10", "CIFAR10", "cifar-10-batches-py", "", 170_498_071, 186_000_000),
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
        f"{vision.title} in {data_folder() / vision.folder} has {n_images:,} training images, "
        f"not {wanted:,}: choose at most as many, or 0 for all."
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
        if faults := _faults(vision, root):
            _fetch(name, vision, root, tell, [fault for fault in faults if fault.exists()])
        tell(f"Reading {vision.title}", 1.0)
        return _checked(vision, root, _read(vision, root))
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


def _fetch(name: str, vision: VisionSet, root: Path, tell: Tell, damaged: list[Path]) -> None:
    from torchvision.datasets.utils import check_integrity, extract_archive

    tell(f"Downloading {vision.title}: 0 %", 0.0)
    progress = _percent(vision, tell)
    root.mkdir(parents=True, exist_ok=True)
    if _free(root) < vision.download_bytes + vision.unpacked_bytes:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with _workspace(root, name) as work:
        unpacked = work / "unpacked"
        unpacked.mkdir()
        for file in _remote_files(vision):
            own = root / vision.archives / file.name
            try:
                archive = own if check_integrity(own, file.md5) else download(file, work, progress)
            except DownloadError as error:
                raise DataError(_not_downloaded(vision, root, error, damaged)) from error
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


def _remote_files(vision: VisionSet) -> list[RemoteFile]:
    source = _torchvision(vision)
    if vision.kind == "CIFAR10":
        return [RemoteFile(source.filename, (source.url,), source.tgz_md5)]
    return [
        RemoteFile(name, tuple(mirror + name for mirror in source.mirrors), md5)
        for name, md5 in source.resources
    ]


def _faults(vision: VisionSet, root: Path) -> list[Path]:
    """The files that are missing or damaged."""
    from torchvision.datasets.utils import check_integrity

    source, folder = _torchvision(vision), root / vision.folder
    if vision.kind == "CIFAR10":
        meta = (source.meta["filename"], source.meta["md5"])
        listed = [*source.train_list, *source.test_list, meta]
        return [folder / name for name, md5 in listed if not check_integrity(folder / name, md5)]
    files = [folder / name.removesuffix(".gz") for name, _ in source.resources]
    return [file for file in files if not _whole_idx(file)]


def _whole_idx(file: Path) -> bool:
    """Whether a file in MNIST's format is as long as its first bytes say.

    Format: LeCun, Cortes, Burges: 0, 0, the type (8: unsigned bytes), the number of dimensions, then each
    dimension in four bytes, big-endian, then the bytes.
    """
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        head = opened.read(16)
    if len(head) < 8 or head[:3] != b"\0\0\x08" or head[3] not in (1, 3) or len(head) < 4 + 4 * head[3]:
        return False
    dimensions = struct.unpack(f">{head[3]}I", head[4 : 4 + 4 * head[3]])
    return bool(0 < math.prod(dimensions) == file.stat().st_size - 4 - 4 * head[3])


def _read(vision: VisionSet, root: Path) -> RawImages:
    source = _torchvision(vision)
    train, test = (source(str(root), train=part, download=False) for part in (True, False))
    return RawImages(_images(train.data), _labels(train.targets), _images(test.data), _labels(test.targets))


def _images(data: Any) -> Tensor:
    x = torch.as_tensor(data)
    # torchvision keeps colours last, and gray images without that axis.
    return x.unsqueeze(1) if x.ndim == 3 else x.permute(0, 3, 1, 2)


def _labels(targets: Any) -> Tensor:
    return torch.as_tensor(targets, dtype=torch.int64)


def _checked(vision: VisionSet, root: Path, raw: RawImages) -> RawImages:
    for x, y in ((raw.train_x, raw.train_y), (raw.test_x, raw.test_y)):
        square = x.ndim == 4 and x.shape[2] == x.shape[3] == raw.train_x.shape[3] >= 4
        # A label out of range would end the worker on a GPU, and with it every run.
        if not (square and len(x) == len(y) and 0 <= int(y.min()) <= int(y.max()) <= 9):
            raise DataError(
                f"The files in {root / vision.folder} are no {vision.title}, {len(x)} images with {len(y)} "
                "labels: remove them, or choose digits."
            )
    return raw
