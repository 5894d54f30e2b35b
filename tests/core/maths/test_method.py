"""A pull is one value: what it acts on, with which λ; and every method takes it."""

import pytest
import torch
from torch import nn

from core.maths.method import Pull
from core.maths.methods import METHODS
from core.maths.penalties import PENALTIES
from core.spec import LaneSpec

L1 = PENALTIES["l1"]()
ON_BATCHES = [name for name, method in METHODS.items() if not method.full_batch]


def made():
    weight, bias, other = (nn.Parameter(torch.ones(shape)) for shape in ((2, 3), (2,), (4,)))
    return Pull(L1, [(weight, bias), other], [0.5, 0.0]), (weight, bias, other)


def test_it_pairs_targets_with_their_strengths_and_names_every_parameter():
    pull, (weight, bias, other) = made()
    assert [strength for _, strength in pull] == [0.5, 0.0]
    assert [id(each) for each in pull.parameters] == [id(weight), id(bias), id(other)]


def test_what_has_no_strength_does_not_act():
    pull, (weight, bias, _) = made()
    assert [id(each) for each in pull.acting.parameters] == [id(weight), id(bias)]
    assert pull.acting.strengths == [0.5]
    assert not pull.times(0.0).acting.targets


def test_a_multiple_leaves_the_pull_it_is_of():
    pull, _ = made()
    assert pull.times(3.0).strengths == [1.5, 0.0]
    assert pull.strengths == [0.5, 0.0]
    assert pull.times(1.0).targets is pull.targets


def test_as_many_strengths_as_targets():
    pull, _ = made()
    with pytest.raises(ValueError, match="zip"):
        list(Pull(L1, pull.targets, [1.0]))


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("kind", ON_BATCHES)
def test_an_update_is_to_follow_the_gradient_of_the_data_loss_and_hands_it_back(kind, optimizer):
    spec = LaneSpec(method=kind, optimizer=optimizer, learning_rate=0.1)
    ends, handed = [], []
    for whole in (True, False):
        w = nn.Parameter(torch.tensor([[0.5, -2.0, 0.01]]))
        method, pull = METHODS[kind]([w], spec), Pull(L1, [w], [0.3])
        for _ in range(3):
            loss, slope = ((w - 1.0) ** 2).sum(), 2.0 * (w.detach() - 1.0)
            if whole:
                (gradient,) = method.update(loss, pull)
                handed.append(torch.equal(gradient, slope))
            else:
                method.follow([slope], pull)
        ends.append(w.detach().clone())
    assert torch.equal(*ends)
    assert handed == [True] * 3
    assert not torch.equal(ends[0], torch.tensor([[0.5, -2.0, 0.01]]))


@pytest.mark.parametrize("penalty", PENALTIES)
def test_the_textbook_steps_down_what_autograd_finds_of_the_sum(penalty):
    spec = LaneSpec(method="textbook", optimizer="sgd", learning_rate=0.1, momentum=0.0)
    w, b = nn.Parameter(torch.tensor([[0.5, -2.0], [0.0, 0.3]])), nn.Parameter(torch.tensor([0.1, -0.4]))
    pull = Pull(PENALTIES[penalty](alpha=0.3), [w, b], [0.2, 0.7])
    loss = ((w - 1.0) ** 2).sum() + b.square().sum()
    total = loss + 0.2 * pull.penalty.value(w) + 0.7 * pull.penalty.value(b)
    expected = [
        each.detach() - 0.1 * g
        for each, g in zip((w, b), torch.autograd.grad(total, [w, b], retain_graph=True), strict=True)
    ]
    METHODS["textbook"]([w, b], spec).update(loss, pull)
    for is_, should in zip((w, b), expected, strict=True):
        assert torch.allclose(is_.detach(), should, atol=1e-7)
