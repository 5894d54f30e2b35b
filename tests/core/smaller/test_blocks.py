"""A network as blocks answers as the network does."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from core.smaller.blocks import NoChainError, answers, chain_of
from tests.core.networks import KINDS, images, network


def close(a, b, scale=1e-5):
    """Equal but for rounding."""
    return float((a - b).abs().max()) <= scale * (1.0 + float(a.abs().max()))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("zeros", [0.0, 0.9])
def test_the_blocks_answer_as_the_network_does(kind, zeros):
    net, x = network(kind, zeros), images()
    with torch.no_grad():
        assert close(net(x), answers(chain_of(net), x))


def test_a_normalization_is_folded_as_torch_applies_it():
    torch.manual_seed(0)
    net = nn.Sequential()
    net.add_module("conv1", nn.Conv2d(1, 3, 3, padding=1))
    net.add_module("bn1", nn.BatchNorm2d(3, eps=0.1))
    net.add_module("fc1", nn.Linear(3 * 16, 10))
    with torch.no_grad():
        net[1].running_mean.normal_()
        net[1].running_var.uniform_(0.5, 2.0)
        net[1].weight.normal_()
        net[1].bias.normal_()
        x = images()
        expected = net.eval()[2](F.relu(F.max_pool2d(net[1](net[0](x)), 2)).flatten(1))
        chain = chain_of(net)
        assert [block.name for block in chain] == ["conv1", "fc1"]
        assert close(expected, answers(chain, x))


def test_a_layer_that_is_no_block_is_refused():
    for odd in (nn.Conv2d(1, 2, 3), nn.Conv2d(1, 2, 3, padding=1, stride=2), nn.Tanh()):
        net = nn.Sequential()
        net.add_module("odd", odd)
        with pytest.raises(NoChainError, match="odd"):
            chain_of(net)
