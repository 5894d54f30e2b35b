"""L1 in a CNN: counts against torch's own network, and what is trained."""

import pytest

from core.lessons.l1_in_a_cnn import layers as lesson
from core.link import from_link, to_link
from core.maths.models import MODELS
from core.runs.examples.histories import example


@pytest.mark.parametrize("size", [8, 12, 16, 20, 24, 28])
def test_layers_are_those_of_the_network(size):
    net = MODELS["textbook_cnn"](size)
    for layer in lesson.network(size):
        module = getattr(net, layer.name)
        assert (layer.weights, layer.biases) == (module.weight.numel(), module.bias.numel())


def test_fc1_by_hand():
    # 64 · 7 · 7 features to 128 units; 288 + 18,432 + 401,408 + 1,280 weights in all.
    assert lesson.network(28)[2].weights == 401_408
    assert lesson.share_percent(28, ["fc1"]) == pytest.approx(100 * 401_408 / 421_408)
    assert lesson.share_percent(8, ["conv1", "conv2", "fc1", "fc2"]) == 100.0


@pytest.mark.parametrize("name", lesson.EXPERIMENTS)
def test_the_kept_results_are_of_these_settings(name):
    assert tuple(h.view.spec for h in example(name).histories) == lesson.EXPERIMENTS[name].specs


def test_the_link_to_train_live_penalises_what_was_chosen_beside_nothing():
    spec = from_link(to_link(lesson.live(["conv1", "fc2"])))
    assert spec.lanes[0].strength == 0.0
    assert spec.lanes[1].layers == {"conv1", "fc2"}
    assert spec.lanes[1].strength == lesson.SGD.strength


def test_the_settings_before_a_batch_norm_say_who_is_refitted():
    assert lesson.normalized_settings() == (
        "λ is 1e-3 on conv1 and conv2, 1e-2 on bn1 and bn2; both are refitted without penalty over the last "
        "30 % of the run."
    )
