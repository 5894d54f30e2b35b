"""Pruning afterwards: the zeros asked for, the largest weights kept."""

import pytest
import torch

from core.smaller import sizes
from core.smaller.blocks import Block, chain_of
from core.smaller.pruning import pruned_below, pruned_to
from tests.core.networks import network


def test_pruning_by_hand():
    block = Block("fc1", "linear", torch.tensor([[0.1, -0.2], [0.2, 0.05]]), torch.tensor([0.01, 0.0]))
    (below,) = pruned_below((block,), 0.2)
    assert below.weight.tolist() == [[0.0, pytest.approx(-0.2)], [pytest.approx(0.2), 0.0]]
    (to,) = pruned_to((block,), 3)
    assert torch.equal(to.weight != 0.0, torch.tensor([[False, False], [True, False]]))
    assert to.bias is block.bias
    assert torch.equal(block.weight, torch.tensor([[0.1, -0.2], [0.2, 0.05]]))


@pytest.mark.parametrize("n_zeros", [0, 1, 1000, 10**9])
def test_magnitude_pruning_gives_the_zeros_asked_for_and_keeps_the_largest(n_zeros):
    chain = chain_of(network("small_cnn"))
    pruned = pruned_to(chain, n_zeros)
    n_weights = sum(block.weight.numel() for block in chain)
    assert sizes.n_zeros(pruned) == min(n_zeros, n_weights)
    kept = torch.cat(
        [b.weight.abs().flatten()[p.weight.flatten() != 0] for b, p in zip(chain, pruned, strict=True)]
    )
    gone = torch.cat(
        [b.weight.abs().flatten()[p.weight.flatten() == 0] for b, p in zip(chain, pruned, strict=True)]
    )
    if len(kept) and len(gone):
        assert float(kept.min()) >= float(gone.max())


def test_pruning_below_zero_changes_nothing():
    chain = chain_of(network("small_cnn", 0.3))
    assert all(torch.equal(a.weight, b.weight) for a, b in zip(chain, pruned_below(chain, 0.0), strict=True))
