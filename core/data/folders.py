"""Datasets as they lie in the data folder: under the names and in the places that people's tools give them.

MNIST's files are read wherever they are below its folder, packed or not, with a dot for a hyphen in their
name, in a folder of their own name. What counts is what a file holds: its length is written at its beginning.
"""

import gzip
import math
import pickle
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

HEAD = 16
"""Bytes at the beginning of an IDX file that say what follows, at most."""

CIFAR_FOLDER = "cifar-10-batches-py"


@dataclass(frozen=True)
class Found:
    """What lies there of some files.

    Attributes:
        whole: by name, where a file is that can be read.
        damaged: what has the name of one that is nowhere whole.
    """

    whole: dict[str, Path]
    damaged: list[Path]


def find_idx(root: Path, kind: str, names: Sequence[str]) -> Found:
    """Look for MNIST's files below the folders called `kind`, in capitals or not."""
    folders = sorted(each for each in _inside(root) if each.name.casefold() == kind.casefold())
    # Unpacked files come first, and those of torchvision's own place.
    files = sorted(
        (file for folder in folders for file in folder.rglob("*") if file.is_file()),
        key=lambda file: (file.suffix == ".gz", file.parent.name != "raw"),
    )
    named = {name: [file for file in files if _plain_name(file) == name] for name in names}
    return _sorted_out(named, {name: next(filter(_is_whole, named[name]), None) for name in names})


def _sorted_out(named: dict[str, list[Path]], whole: dict[str, Path | None]) -> Found:
    damaged = [file for name, files in named.items() if whole[name] is None for file in files]
    return Found({name: file for name, file in whole.items() if file is not None}, damaged)


def _plain_name(file: Path) -> str:
    return file.name.lower().removesuffix(".gz").replace(".idx", "-idx")


def _is_whole(file: Path) -> bool:
    """Whether a file in MNIST's format is as long as its first bytes say."""
    if file.suffix != ".gz":
        with file.open("rb") as opened:
            shape = _shape(opened.read(HEAD))
        return shape is not None and math.prod(shape) == file.stat().st_size - 4 - 4 * len(shape)
    try:
        read_idx(file)
    except (OSError, EOFError, ValueError, zlib.error):
        return False
    return True


def _shape(head: bytes) -> tuple[int, ...] | None:
    """What the first bytes say; None where they are no beginning of such a file.

    Format: LeCun, Cortes, Burges: 0, 0, the type (8: unsigned bytes), the number of dimensions, then each
    dimension in four bytes, big-endian, then the bytes.
    """
    if len(head) < 8 or head[:3] != b"\0\0\x08" or head[3] not in (1, 3) or len(head) < 4 + 4 * head[3]:
        return None
    shape = struct.unpack(f">{head[3]}I", head[4 : 4 + 4 * head[3]])
    return shape if math.prod(shape) > 0 else None


def read_idx(file: Path) -> Tensor:
    """A whole file's numbers.

    Raises:
        ValueError, OSError, EOFError, zlib.error: it is not whole.
    """
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    shape = _shape(content[:HEAD])
    if shape is None or math.prod(shape) != len(content) - 4 - 4 * len(shape):
        raise ValueError(f"{file} is damaged")
    numbers = np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * len(shape))
    return torch.from_numpy(numbers.reshape(shape).copy())


def find_cifar(root: Path, listed: Sequence[tuple[str, str]]) -> Found:
    """Look for CIFAR-10's batches, listed with their checksums, in its folder, also one level too deep."""
    named = {name: [file for file in _in_folders(root, name) if file.is_file()] for name, _ in listed}
    return _sorted_out(named, {name: _checked(named[name], md5) for name, md5 in listed})


def find_archive(root: Path, name: str, md5: str) -> Found:
    """Look for a packed dataset in the data folder and in the folders there."""
    files = [file for file in (root / name, *(each / name for each in _inside(root))) if file.is_file()]
    return _sorted_out({name: files}, {name: _checked(files, md5)})


def _in_folders(root: Path, name: str) -> Iterator[Path]:
    yield root / CIFAR_FOLDER / name
    yield from (each / CIFAR_FOLDER / name for each in _inside(root))


def _inside(root: Path) -> list[Path]:
    """The folders in the data folder, but not those of downloads on their way."""
    return [each for each in root.glob("*") if each.is_dir() and not each.name.startswith(".")]


def _checked(files: Sequence[Path], md5: str) -> Path | None:
    from torchvision.datasets.utils import check_integrity

    return next((file for file in files if check_integrity(file, md5)), None)


def read_cifar(files: Sequence[Path]) -> tuple[Tensor, Tensor]:
    """Images and labels of batches whose checksums were looked at: they are pickles."""
    batches = []
    for file in files:
        with file.open("rb") as opened:
            batches.append(pickle.load(opened, encoding="latin1"))
    pixels = np.concatenate([batch["data"] for batch in batches]).reshape(-1, 3, 32, 32)
    labels = [label for batch in batches for label in batch["labels"]]
    return torch.from_numpy(pixels), torch.tensor(labels, dtype=torch.int64)
