"""The images, and what train_size and label_noise do to them."""

import pytest
import torch
from sklearn.datasets import load_digits

from core.spec import TRAIN_IMAGES, RunSpec
from core.training.data import DATASETS, load, read


@pytest.mark.parametrize("dataset", DATASETS.keys() - {"rotated_digits"})
def test_shapes_ranges_and_classes(dataset, device, tiny_vision):
    images = read(dataset, device, lambda text, share: None)
    for x, y in ((images.train_x, images.train_y), (images.test_x, images.test_y)):
        assert x.shape == (len(y), images.channels, images.size, images.size)
        assert x.dtype == torch.float32
        assert y.dtype == torch.int64
        assert x.device.type == y.device.type == device.type
        assert 0.0 <= float(x.min()) < float(x.max()) <= 1.0
        assert y.unique().tolist() == list(range(images.n_outputs))
        assert x.is_contiguous()


def test_digits_are_split_in_proportion_whatever_the_seed():
    cpu = torch.device("cpu")
    one, other = load(RunSpec(seed=1), cpu), load(RunSpec(seed=2), cpu)
    assert (len(one.train_y), len(one.test_y)) == (1437, 360)
    assert torch.equal(one.test_x, other.test_x)
    assert torch.equal(one.train_x, other.train_x)
    # 1,797 digits, 174 to 183 of each: the test set has a fifth of each.
    assert one.test_y.bincount().min() >= 34
    assert one.test_y.bincount().max() <= 37


def test_digits_are_the_ones_of_scikit_learn():
    images = load(RunSpec(), torch.device("cpu"))
    pixels, labels = load_digits(return_X_y=True)
    theirs = sorted((*image.tolist(), label) for image, label in zip(pixels / 16.0, labels, strict=True))
    x = torch.cat([images.train_x, images.test_x]).flatten(1).tolist()
    y = torch.cat([images.train_y, images.test_y]).tolist()
    assert sorted((*image, label) for image, label in zip(x, y, strict=True)) == theirs


def test_train_size_keeps_a_subset_chosen_by_the_seed():
    cpu = torch.device("cpu")
    whole = {tuple(image.flatten().tolist()) for image in load(RunSpec(), cpu).train_x}
    kept = [load(RunSpec(train_size=100, seed=seed), cpu).train_x for seed in (3, 3, 4)]
    assert all(len(x) == 100 for x in kept)
    assert {tuple(image.flatten().tolist()) for image in kept[0]} <= whole
    assert torch.equal(kept[0], kept[1])
    assert not torch.equal(kept[0], kept[2])


@pytest.mark.parametrize("dataset", ["digits", "rotated_digits"])
def test_the_spec_knows_how_many_images_there_are(dataset):
    n_images = TRAIN_IMAGES[dataset]
    assert len(load(RunSpec(dataset=dataset, train_size=n_images), torch.device("cpu")).train_y) == n_images
    assert len(load(RunSpec(dataset=dataset), torch.device("cpu")).train_y) == n_images
    assert TRAIN_IMAGES.keys() == DATASETS.keys()


@pytest.mark.parametrize("share", [0.1, 0.3, 0.9])
def test_label_noise_replaces_exactly_that_share_by_wrong_labels(share, device):
    clean = load(RunSpec(seed=5), device)
    noisy = load(RunSpec(seed=5, label_noise=share), device)
    assert int((clean.train_y != noisy.train_y).sum()) == round(share * 1437)
    assert torch.equal(clean.test_y, noisy.test_y)
    assert noisy.train_y.unique().tolist() == list(range(10))


def test_noise_leaves_the_shared_images_alone():
    cpu = torch.device("cpu")
    before = load(RunSpec(), cpu).train_y.clone()
    load(RunSpec(label_noise=0.9), cpu)
    assert torch.equal(load(RunSpec(), cpu).train_y, before)


def test_wrong_labels_do_not_follow_the_order_of_the_batches():
    spec = RunSpec(seed=0, label_noise=0.3)
    wrong = load(spec, torch.device("cpu")).train_y != load(RunSpec(), torch.device("cpu")).train_y
    first = torch.randperm(1437, generator=torch.Generator().manual_seed(0))[:431]
    assert 0.2 < float(wrong[first].double().mean()) < 0.4
