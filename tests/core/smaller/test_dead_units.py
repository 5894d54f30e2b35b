"""The network without its dead units, against the network itself."""

from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.smaller.blocks import Block, answers, chain_of, n_parameters
from core.smaller.dead_units import compacted, silent, unread
from core.spec import LaneSpec, RunSpec
from core.training.run import Run
from tests.core.networks import KINDS, images, network

CPU = torch.device("cpu")


def close(a, b, scale=1e-5):
    """Equal but for rounding."""
    return float((a - b).abs().max()) <= scale * (1.0 + float(a.abs().max()))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("zeros", [0.0, 0.5, 0.9, 0.97, 1.0])
def test_the_compact_network_is_the_same_function(kind, zeros):
    chain, x = chain_of(network(kind, zeros)), images()
    small = compacted(chain)
    assert close(answers(chain, x), answers(small.chain, x))
    assert all(len(block.weight) >= 1 for block in small.chain)
    assert len(small.chain[-1].bias) == 10


@given(seed=st.integers(0, 10_000), zeros=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_so_it_is_on_any_network_and_nothing_removable_is_left(seed, zeros):
    chain, x = chain_of(network("small_cnn", zeros, seed)), images(4, seed=seed)
    small = compacted(chain).chain
    assert close(answers(chain, x), answers(small, x))
    for block, following in pairwise(small):
        gone = unread(block, following)
        if following.kind == "linear":
            gone |= silent(block)
        assert not gone.any() or len(block.weight) == 1


def test_constants_of_silent_units_move_on_as_worked_out_by_hand():
    # Unit 0 reads nothing and is relu(2) = 2, unit 1 nothing and is relu(-1) = 0, nobody reads unit 2.
    first = Block(
        "a", "linear", torch.tensor([[0.0], [0.0], [5.0], [1.0]]), torch.tensor([2.0, -1.0, 0.0, 0.0])
    )
    last = Block("b", "linear", torch.tensor([[3.0, 7.0, 0.0, 1.0]]), torch.tensor([0.5]))
    small = compacted((first, last))
    assert small.kept[0].tolist() == [3]
    assert small.chain[1].bias.tolist() == [0.5 + 3.0 * 2.0]
    assert small.chain[1].weight.tolist() == [[1.0]]
    assert n_parameters((first, last)) == 13
    assert n_parameters(small.chain) == 4


def conv_then(following_bias: float, bias: float):
    torch.manual_seed(1)
    first = Block("conv1", "conv", torch.randn(2, 1, 3, 3), torch.tensor([bias, 0.3]))
    first.weight[0] = 0.0
    second = Block("conv2", "conv", torch.randn(3, 2, 3, 3), torch.full((3,), following_bias))
    last = Block("fc1", "linear", torch.randn(10, 3 * 4), torch.randn(10))
    return first, second, last


def test_a_constant_filter_stays_where_a_padded_convolution_reads_it():
    chain = conv_then(0.1, bias=0.7)
    assert len(compacted(chain).chain[0].weight) == 2
    # Moving its constant into the next bias would be wrong at the border, where padding's zeros are read.
    first, second, last = chain
    bias = second.bias + second.weight[:, 0].sum((1, 2)) * 0.7
    naive = (
        Block("conv1", "conv", first.weight[1:], first.bias[1:]),
        Block("conv2", "conv", second.weight[:, 1:], bias),
        last,
    )
    x = images()
    assert not close(answers(chain, x), answers(naive, x), 1e-3)


def test_a_filter_whose_constant_is_zero_goes_there():
    chain = conv_then(0.1, bias=-0.7)
    small = compacted(chain)
    assert small.kept[0].tolist() == [1]
    assert close(answers(chain, images()), answers(small.chain, images()))


def test_a_trained_sparse_network_becomes_smaller_and_stays_itself():
    lane = LaneSpec(strength=2e-3, warmup=0.3)
    run = Run(RunSpec(epochs=6, lanes=(lane,)), CPU)
    while not run.done:
        run.advance()
    net = run.lanes[0].net.eval()
    small, x = compacted(chain_of(net)).chain, run.images.valid_x
    with torch.no_grad():
        expected = net(x)
    assert n_parameters(small) < 0.5 * sum(each.numel() for each in net.parameters())
    assert close(expected, answers(small, x))
    assert torch.equal(expected.argmax(1), answers(small, x).argmax(1))
