"""Weights and dead units as they are told: signs and zeros exact, units counted by hand."""

import base64
import gzip
import json

import numpy as np
import pytest
import torch

from core.inspect.moment import live
from core.inspect.packing import FULL_NUMBERS, kinds, packed
from core.training.reach import Unreached
from tests.core.inspect.conftest import Lab
from tests.core.networks import network


def numbers(part, kind=np.int8):
    raw = np.frombuffer(base64.b64decode(part["data"]), dtype=kind)
    return (raw * part["scale"]).reshape(part["shape"])


def signs(part):
    raw = np.frombuffer(base64.b64decode(part["data"]), dtype=np.uint8)
    pairs = np.stack([raw >> 6 & 3, raw >> 4 & 3, raw >> 2 & 3, raw & 3], axis=1).reshape(-1)
    return np.array([0, 1, -1])[pairs[: np.prod(part["shape"])]].reshape(part["shape"])


def test_every_weight_arrives_with_its_sign_and_zeros_exact(lab):
    for lane in (0, 1):
        layers = lab.ask("weights", lane=lane)["layers"]
        for name, part in layers.items():
            weight = lab.net(lane).get_parameter(f"{name}.weight").detach().numpy()
            sent = numbers(part) if part["encoding"] == "int8" else signs(part)
            assert np.array_equal(np.sign(sent), np.sign(weight))
            assert part["zeros"] == (weight == 0).sum()
            if part["encoding"] == "int8":
                assert np.abs(sent - weight).max() <= part["scale"]
    assert lab.ask("weights", lane=1)["layers"]["fc1"]["zeros"] > 0


def test_the_kinds_of_zeros_arrive_with_the_weights(lab):
    moment = live(lab.run)
    for name, part in lab.ask("weights", lane=1)["layers"].items():
        weight, told = lab.net(1).get_parameter(f"{name}.weight").detach(), part["kinds"]
        unreached = moment.unreached[1][name]
        zero = weight == 0
        code = (zero & unreached.never).int() + 2 * (zero & unreached.no_longer).int()
        # What `signs` reads of the codes 0, 1, 2 is 0, 1, −1.
        sent = signs({"data": told["data"], "shape": part["shape"]})
        assert np.array_equal(sent, np.array([0, 1, -1])[code.numpy()])
        assert (told["idle"], told["cut_off"]) == (int((code == 1).sum()), int((code == 2).sum()))
        assert told["idle"] + told["cut_off"] <= part["zeros"]
    assert lab.ask("weights", lane=1)["layers"]["fc1"]["kinds"]["idle"] > 0


def test_pixels_never_lit_and_units_silent_from_the_start_are_named():
    never = torch.tensor([[True, False, True], [True, True, True]])
    told = kinds(torch.zeros(2, 3), Unreached(never, ~never))
    assert (told["units"], told["inputs"]) == ([1], [0, 2])
    assert (told["idle"], told["cut_off"]) == (5, 1)
    assert kinds(torch.zeros(2, 3), None) is None


def test_before_every_image_was_seen_nobody_knows_kinds(tmp_path):
    young = Lab(tmp_path, updates=1)
    assert all(part["kinds"] is None for part in young.ask("weights", lane=1)["layers"].values())


def test_a_weight_much_smaller_than_the_largest_is_not_zero():
    part = packed(torch.tensor([[1.0, -1e-20, 0.0]]))
    assert np.sign(numbers(part)).tolist() == [[1, -1, 0]]


@pytest.mark.parametrize("zeros", [0.0, 0.5, 0.9, 0.94, 0.96])
def test_the_weights_of_the_textbook_network_fit_into_100_kb(zeros):
    net = network("textbook_cnn", zeros, size=28)
    layers = {n: packed(w) for n, w in net.named_parameters() if n.endswith("weight")}
    assert len(gzip.compress(json.dumps(layers).encode())) <= 100_000


def test_a_large_layer_is_sent_as_signs():
    weight = torch.randn(3, FULL_NUMBERS, generator=torch.Generator().manual_seed(0))
    weight[0, :7] = 0.0
    assert np.array_equal(signs(packed(weight)), np.sign(weight.numpy()))


def test_dead_units_of_a_network_made_by_hand(tmp_path):
    lab = Lab(tmp_path, updates=0)
    net = lab.net(0)
    with torch.no_grad():
        net.conv1.weight[3] = 0.0
        net.conv1.bias[3] = 0.25
        net.fc1.weight[5] = 0.0
        net.fc1.bias[5] = -1.0
        net.fc2.weight[:, 7] = 0.0
    layers = lab.ask("dead_units", lane=0)["layers"]
    assert layers["conv1"] == {"units": 32, "silent": [3], "constants": [0.25], "unread": []}
    assert layers["conv2"] == {"units": 64, "silent": [], "constants": [], "unread": []}
    assert layers["fc1"] == {"units": 128, "silent": [5], "constants": [0.0], "unread": [7]}
    assert layers["fc2"]["unread"] == []
