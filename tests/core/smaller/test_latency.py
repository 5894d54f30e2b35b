"""Ways to run a network: the same answers from each, timed by a median."""

import pytest
import torch

from core.smaller.blocks import answers, chain_of
from core.smaller.latency import LEAST_REPEATS, MOST_REPEATS, as_csr, dense, measured
from tests.core.networks import KINDS, images, network


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
