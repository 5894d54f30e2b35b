"""Weights for a browser, unpacked by numpy: zeros stay zeros, and everything else keeps its sign."""

import base64

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from core.inspect import packing
from core.inspect.packing import FULL_NUMBERS, STEPS, few, packed, pixels


def unpacked(pack):
    data = np.frombuffer(base64.b64decode(pack["data"]), np.uint8)
    n = int(np.prod(pack["shape"]))
    if pack["encoding"] == "sign":
        signs = np.stack([data >> shift & 3 for shift in (6, 4, 2, 0)], axis=1).ravel()[:n]
        return np.choose(signs, [0.0, 1.0, -1.0]).reshape(pack["shape"])
    values = data.view(np.int8) if pack["encoding"] == "int8" else data
    return (values * pack["scale"]).reshape(pack["shape"])


@given(st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=40))
@example([1e-45, -1e-44, 0.0])
def test_a_byte_per_weight_is_right_to_half_a_step_and_exact_at_zero(values):
    w = torch.tensor(values)
    pack = packed(w)
    got, size = unpacked(pack), float(w.abs().max())
    assert pack["encoding"] == "int8"
    assert pack["zeros"] == values.count(0.0)
    np.testing.assert_array_equal(np.sign(got), np.sign(w.numpy()) * (pack["scale"] > 0.0))
    # What would round to zero is one step away instead of less than half of one.
    assert np.abs(got - w.numpy()).max() <= 1.001 * size / STEPS


@pytest.mark.parametrize("shape", [(1,), (3,), (4,), (5,), (2, 3, 3, 3)])
def test_signs_come_in_order_four_to_a_byte(shape, monkeypatch):
    monkeypatch.setattr(packing, "FULL_NUMBERS", -1)
    w = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    w.view(-1)[::3] = 0.0
    pack = packed(w)
    assert pack["encoding"] == "sign"
    assert len(base64.b64decode(pack["data"])) == -(-w.numel() // 4)
    np.testing.assert_array_equal(unpacked(pack), np.sign(w.numpy()))
    assert pack["scale"] == float(w.abs().max())


def test_a_layer_changes_its_encoding_where_it_has_too_many_non_zeros():
    w = torch.ones(FULL_NUMBERS + 100)
    assert packed(w)["encoding"] == "sign"
    w[:100] = 0.0
    assert packed(w)["encoding"] == "int8"


def test_the_memory_layout_is_not_the_order():
    w = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    assert packed(w.to(memory_format=torch.channels_last)) == packed(w)


def test_four_signs_by_hand(monkeypatch):
    monkeypatch.setattr(packing, "FULL_NUMBERS", -1)
    # 01 00 10 01
    assert base64.b64decode(packed(torch.tensor([2.0, 0.0, -3.0, 0.5]))["data"]) == bytes([0b01001001])


def test_images_are_bytes_of_their_brightest_pixel():
    x = torch.rand(2, 1, 5, 5, generator=torch.Generator().manual_seed(0))
    np.testing.assert_allclose(unpacked(pixels(x)), x.numpy(), atol=float(x.max()) / 255 / 1.99)
    assert unpacked(pixels(torch.zeros(3))).tolist() == [0.0] * 3
    faintest = torch.tensor([1e-45, 0.0])
    np.testing.assert_allclose(unpacked(pixels(faintest)), faintest.numpy())


def test_a_few_numbers_have_four_digits_and_keep_zeros():
    assert few(torch.tensor([0.123456, 0.0, -1234567.0])) == [0.1235, 0.0, -1235000.0]
