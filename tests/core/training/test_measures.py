"""Measures against numpy."""

import numpy as np
import pytest
import torch

from core.maths.losses import LOSSES
from core.maths.models import TextbookCNN
from core.snapshots import BINS, EPSILONS
from core.spec import MODEL_LAYERS
from core.training.measures import histogram_limits, look, outputs
from core.training.reach import Reach

LAYERS = MODEL_LAYERS["textbook_cnn"]


@pytest.fixture
def net(device):
    """A network with small, large, zero and dead weights in every layer."""
    generator = torch.Generator().manual_seed(0)
    net = TextbookCNN(8)
    with torch.no_grad():
        for name in LAYERS:
            weight = net.get_parameter(f"{name}.weight")
            scale = 10.0 ** torch.empty(weight.shape).uniform_(-7.0, 1.0, generator=generator)
            weight.copy_(torch.randn(weight.shape, generator=generator) * scale)
            weight[torch.rand(weight.shape, generator=generator) < 0.3] = 0.0
            weight[1], weight[4] = 0.0, -0.0
    return net.to(device, memory_format=torch.channels_last)


def test_layers_against_numpy(net):
    limits = histogram_limits(net)
    view = look(net, {"conv1", "fc2"}, limits, Reach(net))
    assert list(view.layers) == list(LAYERS)
    for name, layer in view.layers.items():
        w = net.get_parameter(f"{name}.weight").detach().cpu().numpy()
        limit = limits[name]
        assert layer.weights == w.size
        assert layer.zeros == (w == 0).sum() > 0.3 * w.size * 0.8
        assert layer.targeted == (name in {"conv1", "fc2"})
        assert layer.norm == pytest.approx(np.abs(w.astype(np.float64)).sum(), rel=1e-6)
        assert layer.below == tuple((np.abs(w) < np.float32(epsilon)).sum() / w.size for epsilon in EPSILONS)
        assert layer.units == len(w)
        assert layer.dead == sum(not unit.any() for unit in w) >= 2
        assert layer.limit == limit == pytest.approx(4.0 / np.sqrt(w[0].size))
        inside = np.clip(w[w != 0], -limit, np.nextafter(limit, 0.0))
        counts, edges = np.histogram(inside, bins=BINS, range=(-limit, limit))
        assert sum(layer.counts) == layer.weights - layer.zeros
        # A weight within rounding of an edge may fall on either side; tiny negative ones may not cross zero.
        near = np.abs(inside[:, None] - edges[None, :]) < 1e-6 * limit
        assert np.abs(np.array(layer.counts) - counts).sum() <= 2 * near[:, np.arange(61) != 30].sum()
        assert sum(layer.counts[: BINS // 2]) == (w < 0).sum()


def test_a_single_weight_in_each_bin():
    net = TextbookCNN(8)
    limits = histogram_limits(net)
    width = 2.0 * limits["fc2"] / BINS
    with torch.no_grad():
        net.fc2.weight.zero_()
        net.fc2.weight.view(-1)[:BINS] = -limits["fc2"] + width * (torch.arange(BINS) + 0.5)
        net.fc2.weight[9, 0], net.fc2.weight[9, 1] = 100.0, -100.0
    layer = look(net, (), limits, Reach(net)).layers["fc2"]
    assert layer.counts == (2, *[1] * (BINS - 2), 2)


def test_kernels_have_four_digits_and_keep_zeros(net):
    view = look(net, (), histogram_limits(net), Reach(net))
    w = net.conv1.weight.detach().cpu().numpy().reshape(32, 9)
    kernels = np.array(view.kernels)
    assert kernels.shape == (32, 9)
    np.testing.assert_allclose(kernels, w, rtol=5.1e-4)
    np.testing.assert_array_equal(kernels == 0, w == 0)
    assert all(len(f"{abs(number):.3e}".rstrip("0")) <= 9 for row in view.kernels for number in row)


def test_a_weight_that_is_not_finite_is_refused(net):
    with torch.no_grad():
        net.conv2.weight[0, 0, 0, 0] = float("inf")
    with pytest.raises(ValueError, match="not finite"):
        look(net, (), histogram_limits(net), Reach(net))


def test_outputs_come_in_chunks(device):
    net = TextbookCNN(8)
    with torch.no_grad():
        net.fc2.weight.zero_()
        net.fc2.bias.copy_(torch.eye(10)[3])
    labels = torch.tensor([3] * 900 + [4] * 300)
    images = torch.zeros(1200, 1, 8, 8)
    parts = list(outputs(net.to(device), images.to(device)))
    assert [len(part) for part in parts] == [512, 512, 176]
    assert float(LOSSES["cross_entropy"].scores(torch.cat(parts), labels.to(device)).mean()) == 0.75
