"""Weights and images: what is sent is what the network holds, computes and was shown."""

import base64
import gzip
import json
from copy import deepcopy

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix
from torch.nn import functional as F

from core.training.inspect.moment import QuestionError
from core.training.inspect.packing import FULL_NUMBERS, packed
from tests.core.training.inspect.conftest import Lab
from tests.core.training.networks import network


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


def test_predictions_are_the_softmax_of_the_network(lab):
    x = lab.experiment.images.test_x[:3]
    by_number = lab.ask("predict", indices=[0, 1, 2])
    assert by_number == lab.ask("predict", images=x[:, 0].tolist())
    for lane in (0, 1):
        with torch.no_grad():
            expected = lab.net(lane)(x).softmax(1)
        said = torch.tensor(by_number["lanes"][lane]["probabilities"])
        assert torch.allclose(said, expected, atol=1e-4)


def test_test_images_come_with_their_labels(lab):
    answer = lab.ask("test_images", indices=[5, 2])
    data = lab.experiment.images
    assert answer["labels"] == data.test_y[[5, 2]].tolist()
    assert answer["total"] == 360
    sent = numbers(answer["images"], np.uint8)
    assert np.abs(sent - data.test_x[[5, 2]].numpy()).max() <= 0.5 / 255 + 1e-6


def test_feature_maps_are_relu_of_the_convolutions(lab):
    layers = lab.ask("feature_maps", lane=1, indices=[4])["layers"]
    net, x = lab.net(1), lab.experiment.images.test_x[[4]]
    with torch.no_grad():
        first = F.relu(net.conv1(x))
        second = F.relu(net.conv2(F.max_pool2d(first, 2)))
    assert list(layers) == ["conv1", "conv2"]
    for part, expected in zip(layers.values(), (first[0], second[0]), strict=True):
        assert np.abs(numbers(part, np.uint8) - expected.numpy()).max() <= part["scale"]


def test_gradient_times_input_is_the_fall_when_a_pixel_fades_a_little(lab):
    net, x = deepcopy(lab.net(1)).double(), lab.experiment.images.test_x[[4]].double()
    answer = lab.ask("input_map", lane=1, kind="gradient_times_input", indices=[4], label=3)
    step, row, column = 1e-6, 3, 4
    faded = x.clone()
    faded[0, 0, row, column] *= 1 - step
    with torch.no_grad():
        slope = float((net(x) - net(faded))[0, 3]) / step
    assert answer["map"][row][column] == pytest.approx(slope, rel=0.02, abs=1e-3)


def test_occlusion_is_the_fall_of_the_probability_under_a_patch(lab):
    answer = lab.ask("input_map", lane=0, kind="occlusion", indices=[4])
    assert (answer["patch"], answer["stride"]) == (2, 1)
    net, x = lab.net(0), lab.experiment.images.test_x[[4]]
    covered = x.clone()
    covered[0, 0, 3:5, 2:4] = 0.0
    with torch.no_grad():
        label = int(net(x).argmax())
        fall = float((net(x).softmax(1) - net(covered).softmax(1))[0, label])
    assert answer["label"] == label
    assert np.shape(answer["map"]) == (8, 8)
    assert answer["map"][3][2] == pytest.approx(fall, abs=1e-4)


def test_only_the_linear_network_has_weight_images(lab):
    with pytest.raises(QuestionError, match="linear network"):
        lab.ask("input_map", lane=0, kind="weights")


def test_the_confusion_matrix_is_scikit_learns(lab):
    answer = lab.ask("confusion", lane=1)
    data = lab.experiment.images
    with torch.no_grad():
        given = lab.net(1)(data.test_x).argmax(1)
    assert answer["matrix"] == confusion_matrix(data.test_y, given, labels=range(10)).tolist()
    assert answer["accuracy"] == pytest.approx(float((given == data.test_y).float().mean()))


def test_disagreements_are_wrong_here_and_right_there(lab):
    answer = lab.ask("disagreements", lane=1, other=0)
    data = lab.experiment.images
    with torch.no_grad():
        one, two = (lab.net(lane)(data.test_x).argmax(1) == data.test_y for lane in (1, 0))
    assert answer["lane_wrong"]["count"] == int((~one & two).sum())
    assert answer["other_wrong"]["count"] == int((one & ~two).sum())
    shown = answer["lane_wrong"]
    assert shown["count"] > 0
    for index, label, wrong, right in zip(
        shown["indices"], shown["labels"], shown["lane_answers"], shown["other_answers"], strict=True
    ):
        assert label == int(data.test_y[index]) == right != wrong


BAD_FIELDS = [
    {"lane": 2, "indices": [0]},
    {"lane": True, "indices": [0]},
    {"lane": 0, "indices": []},
    {"lane": 0, "indices": [360]},
    {"lane": 0, "indices": [-1]},
    {"lane": 0, "indices": [0.0]},
    {"lane": 0, "indices": "0"},
    {"lane": 0, "indices": [0, 1]},
    {"lane": 0, "images": [[[0.0] * 8] * 7]},
    {"lane": 0, "images": [[[0.0] * 8] * 7 + [[0.0] * 7]]},
    {"lane": 0, "images": [[["0"] * 8] * 8]},
    {"lane": 0, "images": [[[True] * 8] * 8]},
    {"lane": 0, "images": [[[1.5] * 8] * 8]},
    {"lane": 0, "images": [[[float("nan")] * 8] * 8]},
    {"lane": 0, "images": [[[10**400] * 8] * 8]},
    {"lane": 0, "images": [[[0.0] * 8] * 8] * 9},
    {"lane": 0, "images": {"a": 1}},
    {"lane": 0},
    {"lane": 0, "indices": [0], "more": 1},
]


@pytest.mark.parametrize("fields", BAD_FIELDS, ids=str)
def test_fields_that_cannot_be_are_one_sentence(lab, fields):
    with pytest.raises(QuestionError, match=r"^[^\n]{5,200}\.$"):
        lab.ask("feature_maps", **fields)


def test_an_unknown_question_is_one_sentence(lab):
    with pytest.raises(QuestionError, match="question must be one of weights, "):
        lab.ask("os.system")


def test_a_lane_that_diverged_is_said_to_be_so(own):
    with torch.no_grad():
        own.net(1).conv1.weight[0] = float("nan")
    said = own.ask("predict", indices=[0])["lanes"]
    assert said[1]["probabilities"] is None
    assert len(said[0]["probabilities"][0]) == 10
    for question in ("weights", "dead_units", "confusion", "compact", "sizes"):
        with pytest.raises(QuestionError, match="diverged"):
            own.ask(question, lane=1)


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
