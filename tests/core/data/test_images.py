"""The images in three parts, and what train_size and label_noise do to them."""

from itertools import accumulate, pairwise

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import KFold

from core.data.images import DATASETS, digits, from_torchvision, held_out, load, read
from core.data.vision import RawImages
from core.spec import TRAIN_IMAGES, RunSpec

CPU = torch.device("cpu")


def parts(images):
    """Training, validation and test images, each with its labels."""
    return [
        (getattr(images, f"{part}_x"), getattr(images, f"{part}_y")) for part in ("train", "valid", "test")
    ]


@pytest.mark.parametrize("dataset", sorted(DATASETS.keys() - {"rotated_digits"}))
def test_shapes_ranges_and_classes(dataset, device, tiny_vision):
    images = read(dataset, device, lambda text, share: None)
    for x, y in parts(images):
        assert x.shape == (len(y), images.channels, images.size, images.size)
        assert x.dtype == torch.float32
        assert y.dtype == torch.int64
        assert x.device.type == y.device.type == device.type
        assert 0.0 <= float(x.min()) < float(x.max()) <= 1.0
        assert set(y.tolist()) <= set(range(images.n_outputs))
        assert x.is_contiguous()
    assert images.train_y.unique().tolist() == list(range(images.n_outputs))


def test_the_digits_are_split_alike_whatever_the_seed():
    one, other = load(RunSpec(seed=1), CPU), load(RunSpec(seed=2), CPU)
    assert [len(y) for _, y in parts(one)] == [1157, 258, 382]
    for mine, theirs in zip(parts(one), parts(other), strict=True):
        assert torch.equal(mine[0], theirs[0])
        # Of each digit a tenth, within a fifth of that.
        assert (mine[1].bincount() / len(mine[1]) - 0.1).abs().max() < 0.02


def form_starts(labels):
    """Where a form begins: the digits 0 to 9 three times over, of which one may be missing."""
    opening = np.array([*range(10)] * 3)
    return [i for i in range(len(labels) - 29) if (labels[i : i + 30] == opening).sum() >= 29]


def test_no_form_of_the_digits_is_in_two_parts():
    labels = load_digits().target
    starts = form_starts(labels)
    # One form more has lost a part of its beginning: it stands before the last, in the test images.
    assert len(starts) == 13
    lengths = [b - a for a, b in pairwise([*starts, len(labels)])]
    assert [n for n in lengths if not 120 < n < 135] == [1667 - 1415]
    cuts = accumulate(len(y) for _, y in parts(digits()))
    assert [*cuts][:-1] == [1157, 1415]
    assert {1157, 1415} <= set(starts)


def test_the_thirds_of_the_digits_are_whole_forms_and_every_training_image_is_held_out_once():
    whole, starts, seen = digits(), form_starts(load_digits().target), 0
    for fold in (1, 2, 3):
        images = load(RunSpec(fold=fold), CPU)
        n = len(images.valid_y)
        assert seen in starts
        assert torch.equal(images.valid_x, whole.train_x[seen : seen + n])
        assert torch.equal(images.valid_y, whole.train_y[seen : seen + n])
        rest = torch.cat([whole.train_x[:seen], whole.train_x[seen + n :]])
        assert torch.equal(images.train_x, rest)
        assert torch.equal(images.test_x, whole.test_x)
        seen += n
        assert seen in starts
    assert seen == 1157


def test_the_thirds_of_another_dataset_are_those_of_scikit_learn(tiny_vision):
    whole = read("mnist", CPU, lambda text, share: None)
    splits = KFold(3).split(whole.train_y)
    for fold, (kept, out) in enumerate(splits, 1):
        images = held_out(whole, RunSpec(dataset="mnist", fold=fold))
        assert torch.equal(images.train_x, whole.train_x[kept])
        assert abs(len(images.valid_y) - len(out)) <= 1
        assert torch.equal(images.valid_y, whole.train_y[out])


def test_of_what_a_fold_leaves_train_size_keeps_as_many_as_there_are():
    assert len(load(RunSpec(fold=1, train_size=100), CPU).train_y) == 100
    assert len(load(RunSpec(fold=1, train_size=1157), CPU).train_y) == 1157 - 386


def test_the_digits_are_the_ones_of_scikit_learn_each_in_one_part_and_in_their_order():
    pixels, labels = load_digits(return_X_y=True)
    x, y = (torch.cat([part[i] for part in parts(digits())]) for i in (0, 1))
    np.testing.assert_array_equal(x.flatten(1).numpy(), pixels / 16.0)
    np.testing.assert_array_equal(y.numpy(), labels)


@pytest.mark.parametrize(("n", "n_valid"), [(60_000, 10_000), (50_000, 8_333), (8_000, 1_333), (6, 1)])
def test_the_last_sixth_of_a_dataset_is_for_validation_but_not_too_much(monkeypatch, n, n_valid):
    pixels, labels = torch.zeros(n, 1, 4, 4, dtype=torch.uint8), torch.arange(n) % 10
    raw = RawImages(pixels, labels, pixels[:3], labels[:3])
    monkeypatch.setattr("core.data.images.load_raw", lambda name, tell: raw)
    found = from_torchvision("mnist", lambda text, share: None)
    assert [len(y) for _, y in parts(found)] == [n - n_valid, n_valid, 3]
    assert torch.equal(torch.cat([found.train_y, found.valid_y]), labels)


def test_consecutive_seeds_share_no_image():
    whole = load(RunSpec(), CPU).train_x
    rows = {image.numpy().tobytes(): i for i, image in enumerate(whole)}
    size = len(whole) // 3
    kept = [load(RunSpec(train_size=size, seed=seed), CPU).train_x for seed in (0, 1, 2)]
    chosen = [{rows[image.numpy().tobytes()] for image in some} for some in kept]
    assert [len(some) for some in chosen] == [size] * 3
    assert len(set.union(*chosen)) == 3 * size


def test_train_size_keeps_a_subset_chosen_by_the_seed():
    whole = {tuple(image.flatten().tolist()) for image in load(RunSpec(), CPU).train_x}
    kept = [load(RunSpec(train_size=100, seed=seed), CPU).train_x for seed in (3, 3, 4)]
    assert all(len(x) == 100 for x in kept)
    assert {tuple(image.flatten().tolist()) for image in kept[0]} <= whole
    assert torch.equal(kept[0], kept[1])
    assert not torch.equal(kept[0], kept[2])


@pytest.mark.parametrize("dataset", ["digits", "rotated_digits"])
def test_the_spec_knows_how_many_images_there_are(dataset):
    n_images = TRAIN_IMAGES[dataset]
    assert len(load(RunSpec(dataset=dataset, train_size=n_images), CPU).train_y) == n_images
    assert len(load(RunSpec(dataset=dataset), CPU).train_y) == n_images
    assert TRAIN_IMAGES.keys() == DATASETS.keys()


@pytest.mark.parametrize("share", [0.1, 0.3, 0.9])
def test_label_noise_replaces_exactly_that_share_by_wrong_labels(share, device):
    clean = load(RunSpec(seed=5), device)
    noisy = load(RunSpec(seed=5, label_noise=share), device)
    assert int((clean.train_y != noisy.train_y).sum()) == round(share * 1157)
    assert torch.equal(clean.valid_y, noisy.valid_y)
    assert torch.equal(clean.test_y, noisy.test_y)
    assert noisy.train_y.unique().tolist() == list(range(10))


def test_noise_leaves_the_shared_images_alone():
    before = load(RunSpec(), CPU).train_y.clone()
    load(RunSpec(label_noise=0.9), CPU)
    assert torch.equal(load(RunSpec(), CPU).train_y, before)


def test_wrong_labels_do_not_follow_the_order_of_the_batches():
    spec = RunSpec(seed=0, label_noise=0.3)
    wrong = load(spec, CPU).train_y != load(RunSpec(), CPU).train_y
    first = torch.randperm(1157, generator=torch.Generator().manual_seed(0))[:347]
    assert 0.2 < float(wrong[first].double().mean()) < 0.4


@pytest.mark.parametrize("cut", [{"train_size": 1156}, {"fold": 2}, {"fold": 1, "train_size": 100}])
def test_a_run_on_some_of_the_images_has_no_copies_of_them(cut):
    whole, spec = load(RunSpec(), CPU), RunSpec(seed=1, **cut)
    some = load(spec, CPU)
    floats = [value for value in vars(some).values() if isinstance(value, torch.Tensor) and value.ndim == 4]
    known = {
        value.untyped_storage().data_ptr()
        for value in vars(whole).values()
        if isinstance(value, torch.Tensor)
    }
    assert all(value.untyped_storage().data_ptr() in known for value in floats)
    chosen = torch.tensor([5, 0, 3])
    x, y = some.batch(chosen)
    assert torch.equal(x, some.train_x[chosen])
    assert torch.equal(y, some.train_y[chosen])
