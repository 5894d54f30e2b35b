"""The kernels that are timed: as many zeros as they are named by, one answer, and whose ratio is which."""

import pytest
import torch

from benchmarks import kernels as benchmark
from benchmarks.kernels import BATCHES, INPUTS, ZEROS, kernels, layer, ratios


@pytest.mark.parametrize("zeros", ZEROS)
def test_a_layer_has_about_the_zeros_that_it_is_asked_for(zeros):
    assert float((layer(zeros).weight == 0.0).float().mean()) == pytest.approx(zeros, abs=0.005)


@pytest.mark.parametrize("batch", BATCHES)
def test_both_kernels_give_the_same_answers(batch):
    x, networks = torch.rand(batch, INPUTS, generator=torch.Generator().manual_seed(0)), kernels()
    for zeros in ZEROS:
        torch.testing.assert_close(
            networks["csr", zeros](x), networks["dense", zeros](x), rtol=1e-4, atol=1e-3
        )


def test_dense_is_beside_dense_without_zeros_and_csr_beside_dense_with_as_many(monkeypatch):
    seconds = {("dense", zeros): 2.0 + zeros for zeros in ZEROS} | {("csr", zeros): 1.0 for zeros in ZEROS}
    monkeypatch.setattr(benchmark, "medians", lambda *_: seconds)
    rows = {row["zeros"]: row for row in ratios({}, batch=1, repeats=1)}
    assert rows[0.0]["dense"] == 1.0
    assert rows[0.5] == {"batch": 1, "zeros": 0.5, "dense": 1.25, "csr": 0.4}
