"""The standard network."""

import pytest
import torch
from torch.nn import functional as F

from core.maths.models import MODELS, SmallCNN, TextbookCNN, penalised, seeded
from core.spec import MODEL_LAYERS, LaneSpec, RunSpec
from core.training.run import train

LAYERS = MODEL_LAYERS["textbook_cnn"]


@pytest.mark.parametrize(("size", "features"), [(8, 256), (28, 3136), (32, 4096), (5, 64)])
def test_flatten_size_follows_the_image(size, features):
    net = TextbookCNN(size)
    assert net.fc1.in_features == features
    assert net(torch.zeros(2, 1, size, size)).shape == (2, 10)


def test_on_28_pixels_it_is_the_textbook_network():
    assert sum(parameter.numel() for parameter in TextbookCNN(28).parameters()) == 421_642
    assert tuple(name for name, _ in TextbookCNN(28).named_children()) == LAYERS


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize(("size", "channels"), [(8, 1), (28, 1), (32, 3)])
def test_every_network_has_the_named_layers_and_follows_the_images(kind, size, channels):
    net = seeded(kind, size=size, channels=channels, n_classes=10, seed=0)
    assert tuple(name for name, _ in net.named_children()) == MODEL_LAYERS[kind]
    assert net(torch.zeros(2, channels, size, size)).shape == (2, 10)


def test_the_small_network_by_hand():
    # 8·9 + 8, 16·8·9 + 16, 32·16·7·7 + 32, 10·32 + 10
    assert sum(parameter.numel() for parameter in SmallCNN(28).parameters()) == 80 + 1168 + 25_120 + 330


@pytest.mark.parametrize("kind", MODELS)
def test_every_network_learns_the_digits(kind):
    # The small one has learnt enough after 570 updates, and not after the 380 of 20 epochs.
    spec = RunSpec(model=kind, epochs=30, lanes=(LaneSpec().without_penalty(),))
    *_, last = train(spec, torch.device("cpu"), every=1000)
    assert last.score.valid > 0.9


class TextbookOrder(TextbookCNN):
    """ReLU before pooling, as the textbook draws it."""

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


@pytest.mark.parametrize("size", [8, 28])
def test_pooling_first_is_the_textbook_network_bit_for_bit(size):
    x = torch.rand(32, 1, size, size, generator=torch.Generator().manual_seed(0))
    ours, textbook = TextbookCNN(size), TextbookOrder(size)
    textbook.load_state_dict(ours.state_dict())
    outcomes = []
    for net in (ours, textbook):
        logits = net(x)
        gradients = torch.autograd.grad(logits.square().sum(), list(net.parameters()))
        outcomes.append([logits, *gradients])
    assert all(torch.equal(one, other) for one, other in zip(*outcomes, strict=True))


def test_seed_makes_the_weights_and_leaves_the_global_generator_alone():
    before = torch.get_rng_state()
    net = seeded("textbook_cnn", size=8, channels=1, n_classes=10, seed=7)
    assert torch.equal(torch.get_rng_state(), before)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        by_hand = TextbookCNN(8)
    for ours, theirs in zip(net.parameters(), by_hand.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_penalised_parameters():
    net = TextbookCNN(8)
    weights = penalised(net, LAYERS, include_bias=False)
    assert [id(each) for each in weights] == [id(getattr(net, name).weight) for name in LAYERS]
    both = penalised(net, ["fc1"], include_bias=True)
    assert {id(each) for each in both} == {id(net.fc1.weight), id(net.fc1.bias)}
    assert len(penalised(net, LAYERS, include_bias=True)) == len(list(net.parameters()))
    assert penalised(net, [], include_bias=True) == []
