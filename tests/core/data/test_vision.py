"""MNIST and its like: from the folder, from the network, and everything that goes wrong on the way."""

import pytest
import torch
from torchvision import datasets

from core.data import downloads
from core.data.images import for_run, read
from core.data.vision import VISION, DataError, load_raw
from core.spec import RunSpec
from core.training.run import Run
from tests.core.data.tiny_vision import N_TEST, N_TRAIN, Heard, refused

CPU = torch.device("cpu")
IMAGES = "train-images-idx3-ubyte"


@pytest.mark.parametrize("name", VISION)
def test_a_folder_is_read_without_asking_the_network(name, tiny_vision):
    tiny_vision.put(name)
    before = tiny_vision.files()
    raw = load_raw(name, heard := Heard())
    assert (len(raw.train_x), len(raw.test_x)) == (N_TRAIN, N_TEST)
    assert tiny_vision.remote.asked == []
    assert tiny_vision.files() == before
    assert heard.news == [(f"Reading {VISION[name].title}", 1.0)]


@pytest.mark.parametrize("name", VISION)
def test_a_download_says_how_far_it_is_and_leaves_only_whole_files(name, tiny_vision):
    raw = load_raw(name, heard := Heard())
    assert raw.train_x.shape[0] == raw.train_y.shape[0] == N_TRAIN
    assert tiny_vision.files() == tiny_vision.unpacked[name]
    assert tiny_vision.leftovers() == []
    title = VISION[name].title
    assert heard.news[0] == (f"Downloading {title}: 0 %", 0.0)
    assert heard.news[-2:] == [(f"Downloading {title}: 100 %", 1.0), (f"Reading {title}", 1.0)]
    shares = [share for _, share in heard.news]
    assert shares == sorted(shares)
    load_raw(name, Heard())
    assert len(tiny_vision.remote.asked) == len(tiny_vision.archives[name])


def test_pixels_and_labels_are_the_files(tiny_vision):
    tiny_vision.put("mnist")
    images = read("mnist", CPU, Heard())
    labels = [*images.train_y.tolist(), *images.valid_y.tolist()]
    assert labels == [label % 10 for label in range(N_TRAIN)]
    first = torch.arange(28 * 28).remainder(256).reshape(1, 28, 28) / 255
    assert torch.equal(images.train_x[0], first)
    assert (images.size, images.channels) == (28, 1)


def test_colours_come_before_height_and_width(tiny_vision):
    tiny_vision.put("cifar10")
    images = read("cifar10", CPU, Heard())
    assert (images.size, images.channels) == (32, 3)
    assert torch.equal(images.train_x[0].flatten(), torch.arange(3072).remainder(256) / 255)


@pytest.mark.parametrize("name", VISION)
def test_a_run_on_it_trains(name, tiny_vision):
    tiny_vision.put(name)
    run = Run(RunSpec(dataset=name, epochs=1, batch_size=16), CPU, images=read(name, CPU, Heard()))
    assert run.total_steps == 3
    run.advance()
    snapshots, events = run.snapshot(asked=True)
    assert events == []
    assert snapshots[0].epoch == 1 / 3
    assert len(snapshots[0].kernels[0]) == 9 * (3 if name == "cifar10" else 1)


@pytest.mark.parametrize("name", VISION)
def test_a_truncated_file_is_fetched_anew(name, tiny_vision):
    tiny_vision.put(name)
    path = [*tiny_vision.unpacked[name]][-1]
    file = tiny_vision.folder / path
    file.write_bytes(file.read_bytes()[:-5])
    load_raw(name, Heard())
    assert tiny_vision.files() == tiny_vision.unpacked[name]


@pytest.mark.parametrize("name", VISION)
def test_a_truncated_file_is_named_when_there_is_no_new_one(name, tiny_vision):
    tiny_vision.put(name)
    path = [*tiny_vision.unpacked[name]][-1]
    file = tiny_vision.folder / path
    file.write_bytes(file.read_bytes()[:-5])
    tiny_vision.remote.files.clear()
    before = tiny_vision.files()
    assert refused(name).startswith(f"{file} is damaged")
    assert tiny_vision.files() == before


@pytest.mark.parametrize("content", [b"", b"\0\0", b"<html>not here</html>", b"\0\0\x08\x03" + b"\xff" * 12])
def test_what_is_no_mnist_file_is_not_read(content, tiny_vision):
    tiny_vision.put("mnist")
    (tiny_vision.folder / "MNIST/raw" / IMAGES).write_bytes(content)
    tiny_vision.remote.files.clear()
    assert IMAGES in refused("mnist")


def test_a_folder_with_fewer_images_than_asked_for_says_how_many(tiny_vision):
    tiny_vision.put("mnist")
    images = read("mnist", CPU, Heard())
    with pytest.raises(DataError) as error:
        for_run(images, RunSpec(dataset="mnist", train_size=6000))
    folder = tiny_vision.folder / "MNIST/raw"
    assert str(error.value) == (
        f"MNIST in {folder} has 34 images to train on, without those for validation, not 6,000: "
        "choose at most as many, or 0 for all."
    )
    for all_of_them in (0, 34):
        assert for_run(images, RunSpec(dataset="mnist", train_size=all_of_them)).train_x is images.train_x


def test_images_without_their_labels_are_refused(tiny_vision):
    tiny_vision.put("mnist")
    raw = tiny_vision.folder / "MNIST/raw"
    (raw / "train-labels-idx1-ubyte").write_bytes((raw / "t10k-labels-idx1-ubyte").read_bytes())
    assert f"{N_TRAIN} images with {N_TEST} labels" in refused("mnist")


def test_labels_above_nine_are_refused(tiny_vision):
    tiny_vision.put("mnist")
    file = tiny_vision.folder / "MNIST/raw/train-labels-idx1-ubyte"
    file.write_bytes(file.read_bytes()[:-1] + b"\x0a")
    assert "no MNIST" in refused("mnist")


@pytest.mark.parametrize("name", VISION)
def test_archives_people_put_there_are_used(name, tiny_vision):
    folder = tiny_vision.folder / ("" if name == "cifar10" else VISION[name].folder)
    folder.mkdir(parents=True)
    for file, content in tiny_vision.archives[name].items():
        (folder / file).write_bytes(content)
    load_raw(name, Heard())
    assert tiny_vision.remote.asked == []


@pytest.mark.parametrize("name", VISION)
def test_no_network_is_one_sentence(name, tiny_vision):
    tiny_vision.remote.close()
    title, folder = VISION[name].title, tiny_vision.folder / VISION[name].folder
    assert refused(name) == (
        f"{title} could not be downloaded (no network): choose digits, or put the files into {folder}."
    )
    assert tiny_vision.files() == {}
    assert tiny_vision.leftovers() == []


def test_a_missing_file_is_one_sentence_and_the_next_mirror_is_asked(tiny_vision, monkeypatch):
    mirror = datasets.MNIST.mirrors[0]
    monkeypatch.setattr(datasets.MNIST, "mirrors", [f"{tiny_vision.remote.url}gone/"])
    assert "(the server answered 404 for train-images" in refused("mnist")
    assert tiny_vision.files() == {}
    monkeypatch.setattr(datasets.MNIST, "mirrors", [f"{tiny_vision.remote.url}gone/", mirror])
    load_raw("mnist", Heard())
    assert tiny_vision.files() == tiny_vision.unpacked["mnist"]


def test_a_dropped_connection_is_tried_again(tiny_vision):
    path = f"mnist/{IMAGES}.gz"
    tiny_vision.remote.cut_once = {path}
    load_raw("mnist", heard := Heard())
    assert tiny_vision.remote.asked.count(path) == 2
    assert tiny_vision.files() == tiny_vision.unpacked["mnist"]
    assert max(share for _, share in heard.news) == 1.0


@pytest.mark.parametrize("name", VISION)
def test_a_connection_that_keeps_dropping_is_one_sentence(name, tiny_vision):
    tiny_vision.remote.cut = set(tiny_vision.remote.files)
    assert "the connection was lost" in refused(name)
    assert tiny_vision.files() == {}
    assert tiny_vision.leftovers() == []


def test_a_file_that_is_another_is_refused(tiny_vision):
    path = f"mnist/{IMAGES}.gz"
    tiny_vision.remote.files[path] = b"a page of the hotel's network"
    assert f"{IMAGES}.gz arrived damaged" in refused("mnist")
    assert tiny_vision.files() == {}


def test_a_server_that_says_nothing_is_given_up(tiny_vision, monkeypatch):
    monkeypatch.setattr(downloads, "TIMEOUT", 0.2)
    tiny_vision.remote.gate.clear()
    assert "the connection was lost" in refused("mnist")
