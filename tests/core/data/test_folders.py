"""Data folders as people have them: read without the network, or refused with the reason."""

import gzip
import os
import struct

import numpy as np
import pytest
import torch

from core.data.vision import load_raw
from tests.core.data.tiny_vision import IDX, N_TRAIN, Heard, refused


@pytest.fixture
def offline(tiny_vision):
    tiny_vision.remote.files.clear()
    return tiny_vision


def files(offline):
    """MNIST's files by name."""
    return {path.rpartition("/")[2]: content for path, content in offline.unpacked["mnist"].items()}


def put(offline, path, content):
    file = offline.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


PLACES = {
    "packed again": lambda name, content: (f"MNIST/raw/{name}.gz", gzip.compress(content, 1, mtime=5)),
    "dots": lambda name, content: (f"MNIST/raw/{name.replace('-idx', '.idx')}", content),
    "no raw folder": lambda name, content: (f"MNIST/{name}", content),
    "folders of the file's name": lambda name, content: (f"MNIST/raw/{name}/{name}", content),
    "lower case": lambda name, content: (f"mnist/raw/{name}", content),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_mnist_is_read_where_people_have_it(offline, place):
    for name, content in files(offline).items():
        put(offline, *place(name, content))
    raw = load_raw("mnist", Heard())
    assert raw.train_y.tolist() == [label % 10 for label in range(N_TRAIN)]
    assert offline.remote.asked == []


@pytest.mark.parametrize("damage", [lambda packed: packed[: len(packed) // 2], lambda _: b"<html>403</html>"])
def test_a_damaged_packed_file_is_named(offline, damage):
    for name, content in files(offline).items():
        put(offline, f"MNIST/raw/{name}.gz", damage(gzip.compress(content)))
    assert "train-images-idx3-ubyte.gz is damaged" in refused("mnist")


def test_a_whole_file_is_read_beside_a_damaged_one_and_what_a_mac_leaves(offline):
    offline.put("mnist")
    put(offline, "MNIST/raw/train-images-idx3-ubyte.gz", b"<html>")
    put(offline, "MNIST/raw/._train-images-idx3-ubyte", b"\0\5\26\7mac")
    assert len(load_raw("mnist", Heard()).train_x) == N_TRAIN


@pytest.mark.parametrize("old", [b"", None], ids=["empty", "other data"])
def test_what_an_older_torchvision_left_is_not_read(offline, old):
    offline.put("mnist")
    for name in ("training.pt", "test.pt"):
        file = put(offline, f"MNIST/processed/{name}", b"")
        if old is None:
            torch.save((torch.zeros(30, 28, 28, dtype=torch.uint8), torch.zeros(30, dtype=torch.long)), file)
    assert load_raw("mnist", Heard()).train_y.tolist() == [label % 10 for label in range(N_TRAIN)]


def idx(values):
    head = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return head + values.astype(np.uint8).tobytes()


def test_letters_are_refused_because_of_their_labels(offline):
    offline.put("mnist")
    put(offline, "MNIST/raw/train-labels-idx1-ubyte", idx(np.arange(N_TRAIN) % 26 + 1))
    assert "labels from 1 to 26 and not from 0 to 9" in refused("mnist")


def test_images_that_are_not_square_are_refused_because_of_that(offline):
    offline.put("mnist")
    put(offline, "MNIST/raw/train-images-idx3-ubyte", idx(np.zeros((N_TRAIN, 56, 28))))
    assert "images of 56 × 28 pixels, not all of one square size" in refused("mnist")


ARCHIVE = "cifar-10-python.tar.gz"


@pytest.mark.parametrize("folder", ["", "cifar-10-batches-py/", "cifar-10-python/"])
def test_cifars_archive_is_used_where_people_put_it(offline, folder):
    put(offline, folder + ARCHIVE, offline.archives["cifar10"][ARCHIVE])
    assert len(load_raw("cifar10", Heard()).train_x) == N_TRAIN
    assert offline.remote.asked == []


def test_cifars_damaged_archive_is_named(offline):
    file = put(offline, ARCHIVE, offline.archives["cifar10"][ARCHIVE][:-50])
    assert refused("cifar10").startswith(f"{file} is damaged")


def test_cifar_is_read_one_level_too_deep_and_without_the_names_of_its_labels(offline):
    for path, content in offline.unpacked["cifar10"].items():
        if not path.endswith("meta"):
            put(offline, f"cifar-10-python/{path}", content)
    assert len(load_raw("cifar10", Heard()).test_x) == 20
    assert offline.remote.asked == []


def test_only_what_is_missing_is_downloaded(tiny_vision):
    tiny_vision.put("mnist")
    os.remove(tiny_vision.folder / "MNIST/raw/t10k-labels-idx1-ubyte")
    load_raw("mnist", Heard())
    assert tiny_vision.remote.asked == ["mnist/t10k-labels-idx1-ubyte.gz"]
    assert set(IDX) == {file.name for file in (tiny_vision.folder / "MNIST/raw").iterdir()}
