"""Images: what is sent is what the network computes and was shown."""

import base64
from copy import deepcopy

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.inspect.moment import QuestionError


def numbers(part, kind=np.int8):
    raw = np.frombuffer(base64.b64decode(part["data"]), dtype=kind)
    return (raw * part["scale"]).reshape(part["shape"])


def test_predictions_are_the_softmax_of_the_network(lab):
    x = lab.run.images.valid_x[:3]
    by_number = lab.ask("predict", indices=[0, 1, 2])
    assert by_number == lab.ask("predict", images=x[:, 0].tolist())
    for lane in (0, 1):
        with torch.no_grad():
            expected = lab.net(lane)(x).softmax(1)
        said = torch.tensor(by_number["lanes"][lane]["probabilities"])
        assert torch.allclose(said, expected, atol=1e-4)


def test_test_images_come_with_their_labels(lab):
    answer = lab.ask("valid_images", indices=[5, 2])
    data = lab.run.images
    assert answer["labels"] == data.valid_y[[5, 2]].tolist()
    assert answer["total"] == 258
    sent = numbers(answer["images"], np.uint8)
    assert np.abs(sent - data.valid_x[[5, 2]].numpy()).max() <= 0.5 / 255 + 1e-6


def test_feature_maps_are_relu_of_the_convolutions(lab):
    layers = lab.ask("feature_maps", lane=1, indices=[4])["layers"]
    net, x = lab.net(1), lab.run.images.valid_x[[4]]
    with torch.no_grad():
        first = F.relu(net.conv1(x))
        second = F.relu(net.conv2(F.max_pool2d(first, 2)))
    assert list(layers) == ["conv1", "conv2"]
    for part, expected in zip(layers.values(), (first[0], second[0]), strict=True):
        assert np.abs(numbers(part, np.uint8) - expected.numpy()).max() <= part["scale"]


def test_gradient_times_input_is_the_fall_when_a_pixel_fades_a_little(lab):
    net, x = deepcopy(lab.net(1)).double(), lab.run.images.valid_x[[4]].double()
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
    net, x = lab.net(0), lab.run.images.valid_x[[4]]
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


BAD_FIELDS = [
    {"lane": 2, "indices": [0]},
    {"lane": True, "indices": [0]},
    {"lane": 0, "indices": []},
    {"lane": 0, "indices": [258]},
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
