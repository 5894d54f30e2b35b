"""Bytes, multiplications, pruning and time, against numbers worked out by hand and against SciPy."""

import gzip

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix

from core.training import sizes
from core.training.chain import Block, answers, chain_of
from core.training.latency import LEAST_REPEATS, MOST_REPEATS, as_csr, dense, measured
from core.training.pruning import pruned_below, pruned_to
from tests.core.training.networks import KINDS, images, network

TINY = (Block("fc1", "linear", torch.tensor([[0.0, 3.0, 0.0, 0.0], [0.0, 0.0, -2.0, 0.0]]), torch.zeros(2)),)
"""Eight weights, two of them not zero, and two biases."""


def test_bytes_of_eight_weights_by_hand():
    assert sizes.dense_bytes(TINY) == 4 * (8 + 2)
    assert sizes.csr_bytes(TINY) == 2 * 4 + 2 * 4 + 3 * 4 + 2 * 4
    assert sizes.bitmap_bytes(TINY) == 1 + 2 * 4 + 2 * 4
    # 8 over 2 = 28 ways, log₂ 28 = 4.807 bits.
    assert sizes.bound_bytes(TINY) == pytest.approx(np.log2(28) / 8 + 16)
    assert sizes.n_zeros(TINY) == 6


def test_gzip_is_of_the_numbers_as_they_are_and_can_be_undone():
    data = np.array([0, 3, 0, 0, 0, 0, -2, 0, 0, 0], dtype="<f4").tobytes()
    assert sizes.gzip_bytes(TINY) == len(gzip.compress(data, 6, mtime=0))


def test_the_textbook_network_on_28_pixels_by_hand():
    chain = chain_of(network("textbook_cnn", size=28))
    assert sizes.dense_bytes(chain) == 4 * 421_642
    products = 28 * 28 * 32 * 9 + 14 * 14 * 64 * 32 * 9 + 3136 * 128 + 1280
    assert sizes.multiply_adds(chain, 28) == products
    assert sizes.multiply_adds(chain, 28, skip_zeros=True) == products


@pytest.mark.parametrize("kind", KINDS)
def test_csr_bytes_are_scipys(kind):
    chain = chain_of(network(kind, 0.9))
    total = 0
    for block in chain:
        rows = csr_matrix(block.weight.flatten(1).numpy())
        total += rows.data.nbytes + rows.indices.nbytes + rows.indptr.nbytes + block.bias.numpy().nbytes
    assert sizes.csr_bytes(chain) == total


@pytest.mark.parametrize("zeros", [0.0, 0.5, 0.9, 1.0])
def test_no_way_of_storing_beats_the_bound(zeros):
    chain = chain_of(network("small_cnn", zeros))
    bound = sizes.bound_bytes(chain)
    assert bound <= sizes.bitmap_bytes(chain)
    assert bound <= sizes.csr_bytes(chain)
    assert bound <= sizes.dense_bytes(chain) + 1e-6
    nonzero = sum(int((block.weight != 0).sum()) for block in chain)
    assert (sizes.multiply_adds(chain, 8, skip_zeros=True) == 0) == (nonzero == 0)


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


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("zeros", [0.0, 0.95, 1.0])
def test_every_way_to_run_it_gives_the_same_answers(kind, zeros):
    chain, x = chain_of(network(kind, zeros)), images(5)
    expected = answers(chain, x)
    for way in (dense, as_csr):
        with torch.no_grad():
            assert torch.allclose(way(chain)(x), expected, atol=1e-5)


def test_a_time_is_a_median_between_quartiles_and_work_in_pieces():
    pieces, chain = 0, chain_of(network("small_cnn"))
    work = measured(dense(chain), images(4))
    while True:
        try:
            next(work)
            pieces += 1
        except StopIteration as end:
            taken = end.value
            break
    assert 0.0 < taken.low <= taken.median <= taken.high
    assert LEAST_REPEATS <= taken.repeats == pieces <= MOST_REPEATS
