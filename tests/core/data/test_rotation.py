"""Rotated digits: the turn against scipy's, the angles, and a run that learns them."""

import numpy as np
import pytest
import torch
from scipy import ndimage, stats
from sklearn.linear_model import Lasso

from core.data.images import digits, load
from core.data.rotation import rotated
from core.maths.losses import ANGLE_UNIT
from core.snapshots import Snapshot
from core.spec import MODEL_LAYERS, LaneSpec, Move, RunSpec
from core.training.run import Run, train

CPU = torch.device("cpu")
ROTATED = RunSpec(dataset="rotated_digits")


@pytest.mark.parametrize("degrees", [-45.0, -20.0, 0.0, 10.0, 33.3, 45.0, 90.0])
@pytest.mark.parametrize("size", [8, 28, 7])
def test_the_turn_is_scipys(degrees, size):
    images = torch.rand(3, 2, size, size, generator=torch.Generator().manual_seed(0))
    ours = rotated(images, torch.full((3,), degrees)).numpy()
    theirs = ndimage.rotate(
        images.numpy(), degrees, axes=(3, 2), reshape=False, order=1, mode="grid-constant"
    )
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_a_quarter_turn_by_hand_is_counter_clockwise():
    image = torch.tensor([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]])
    # What was on the right is at the top.
    turned = torch.tensor([[0.3, 0.6, 0.9], [0.2, 0.5, 0.8], [0.1, 0.4, 0.7]])
    torch.testing.assert_close(rotated(image[None, None], torch.tensor([90.0]))[0, 0], turned)


def test_the_images_are_the_digits_turned_by_their_targets(device):
    plain, images = digits(), load(ROTATED, device)
    assert images.n_outputs == 1
    assert (images.size, images.channels) == (8, 1)
    for part in ("train", "valid", "test"):
        before, x, y = (
            getattr(*each) for each in ((plain, f"{part}_x"), (images, f"{part}_x"), (images, f"{part}_y"))
        )
        assert x.dtype == y.dtype == torch.float32
        assert x.device.type == y.device.type == device.type
        assert 0.0 <= float(x.min()) < float(x.max()) <= 1.0
        assert len(x) == len(y) == len(before)
        for index in (0, 5, len(y) - 1):
            degrees = float(ANGLE_UNIT * y[index])
            by_scipy = ndimage.rotate(
                before[index, 0].numpy(), degrees, reshape=False, order=1, mode="grid-constant"
            )
            np.testing.assert_allclose(x[index, 0].cpu().numpy(), by_scipy, atol=1e-5)


def test_angles_fill_the_range_whatever_the_seed():
    one, other = load(ROTATED, CPU), load(ROTATED.model_copy(update={"seed": 1}), CPU)
    assert torch.equal(one.train_y, other.train_y)
    assert torch.equal(one.test_x, other.test_x)
    for targets in (one.train_y, one.valid_y, one.test_y):
        assert stats.kstest(targets.numpy(), stats.uniform(-1.0, 2.0).cdf).pvalue > 0.01


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_noise_replaces_that_share_of_the_angles(share, device):
    noisy = load(ROTATED.model_copy(update={"seed": 5, "label_noise": share}), device)
    clean = load(ROTATED, device)
    changed = noisy.train_y != clean.train_y
    assert int(changed.sum()) == round(share * 1157)
    assert float(noisy.train_y.abs().max()) <= 1.0
    assert torch.equal(noisy.valid_y, clean.valid_y)
    assert torch.equal(noisy.test_y, clean.test_y)
    # The wrong angles know nothing of the right ones.
    pairs = torch.stack([noisy.train_y[changed], clean.train_y[changed]]).cpu()
    assert abs(float(pairs.corrcoef()[0, 1])) < 0.25


def test_train_size_keeps_images_with_their_angles():
    whole, few = load(ROTATED, CPU), load(ROTATED.model_copy(update={"train_size": 50}), CPU)
    known = {tuple(x.flatten().tolist()): float(y) for x, y in zip(whole.train_x, whole.train_y, strict=True)}
    assert len(few.train_y) == 50
    for x, y in zip(few.train_x, few.train_y, strict=True):
        assert known[tuple(x.flatten().tolist())] == float(y)


@pytest.mark.parametrize("model", MODEL_LAYERS)
def test_every_network_learns_the_angle(model):
    spec = RunSpec(dataset="rotated_digits", model=model, epochs=20, lanes=(LaneSpec().without_penalty(),))
    first, last = [each for each in train(spec, CPU, every=1000) if isinstance(each, Snapshot)]
    assert first.score.valid > 20.0
    assert last.score.valid < 7.5
    assert last.score.kind == "error"


@pytest.mark.parametrize("method", ["proximal", "textbook"])
def test_numbers_on_the_screen_add_up_in_one_unit(method):
    lane = LaneSpec(method=method, strength=1e-3, warmup=0.0)
    run = Run(RunSpec(dataset="rotated_digits", lanes=(lane,), batch_size=2048), CPU)
    images = load(ROTATED, CPU)
    net = run.lanes[0].net
    (shown,), _ = run.snapshot(asked=True)
    assert shown.total == shown.data_loss + shown.penalty
    assert shown.penalty == shown.strength * shown.norm
    with torch.no_grad():
        off, off_in_valid = (
            net(images.train_x)[:, 0] - images.train_y,
            net(images.valid_x)[:, 0] - images.valid_y,
        )
    assert shown.data_loss == pytest.approx(float(off.square().mean()), rel=1e-5)
    assert shown.score.train == pytest.approx(45.0 * float(off.abs().mean()), rel=1e-5)
    assert shown.score.valid == pytest.approx(45.0 * float(off_in_valid.abs().mean()), rel=1e-5)


def full_batch(method, strength, n_updates):
    """The linear network after so many updates on all images: weights, bias, and the lasso's answer."""
    lane = LaneSpec(
        method=method, optimizer="sgd", learning_rate=0.01, momentum=0.9, strength=strength, warmup=0.0
    )
    spec = RunSpec(dataset="rotated_digits", model="linear", batch_size=2048, epochs=1000, lanes=(lane,))
    run, images = Run(spec, CPU), load(spec, CPU)
    for _ in range(n_updates):
        run.advance()
    layer = run.lanes[0].net.fc1
    x, y = images.train_x.flatten(1).double().numpy(), images.train_y.double().numpy()
    # Its objective is ½ of ours: ‖y − Xw‖²/2n + α|w|.
    lasso = Lasso(alpha=strength / 2, tol=1e-12, max_iter=100_000).fit(x, y)

    def total(w, b):
        return ((x @ w + b - y) ** 2).mean() + strength * np.abs(w).sum()

    ours = layer.weight.detach().double().numpy()[0], float(layer.bias.detach())
    return ours[0], lasso.coef_, total(*ours) - total(lasso.coef_, lasso.intercept_)


def test_the_linear_network_with_l1_is_the_lasso():
    w, lasso, gap = full_batch("proximal", 1e-2, 3000)
    assert abs(gap) < 1e-7
    np.testing.assert_allclose(w, lasso, atol=2e-3)
    np.testing.assert_array_equal(w == 0.0, lasso == 0.0)
    assert 10 < (w != 0.0).sum() < 30


def test_one_threshold_for_all_is_another_lasso():
    # After momentum it is ten times too weak.
    w, lasso, gap = full_batch("uniform_threshold", 1e-2, 3000)
    assert gap > 1e-3
    assert (w == 0.0).sum() < (lasso == 0.0).sum()


def test_collapse_is_told_and_so_is_the_way_back():
    def kinds(run, n_updates):
        return [event.kind for _ in range(n_updates) for event in run.advance()]

    collapsing = LaneSpec(strength=1.0, warmup=0.0, layers=frozenset({"fc2"}))
    run = Run(RunSpec(dataset="rotated_digits", lanes=(LaneSpec().without_penalty(), collapsing)), CPU)
    told = kinds(run, 64)
    (plain, dead), _ = run.snapshot(asked=True)
    assert dead.score.valid == pytest.approx(22.5, abs=1.5)
    assert plain.score.valid < 10.0
    run.change(1, Move(strength=0.0))
    told += kinds(run, 160)
    assert told == ["collapsed", "recovered"]
