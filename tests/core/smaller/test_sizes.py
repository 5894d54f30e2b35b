"""Bytes and multiplications, against numbers worked out by hand and against SciPy."""

import gzip

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix

from core.smaller import sizes
from core.smaller.blocks import Block, chain_of
from tests.core.networks import KINDS, network

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
