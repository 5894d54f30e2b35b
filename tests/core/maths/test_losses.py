"""The data losses and their scores: by hand, and against other libraries."""

import math

import pytest
import torch
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, mean_squared_error

from core.maths.losses import ANGLE_UNIT, LOSSES
from core.spec import DatasetKind, LossKind, RunSpec

CE, MSE = LOSSES["cross_entropy"], LOSSES["mean_squared_error"]


def logits_and_labels(n=200):
    generator = torch.Generator().manual_seed(0)
    return torch.randn(n, 10, generator=generator), torch.randint(0, 10, (n,), generator=generator)


def answers_and_angles(n=200):
    generator = torch.Generator().manual_seed(1)
    return torch.randn(n, 1, generator=generator), torch.rand(n, generator=generator) * 2 - 1


def test_every_loss_of_the_spec_is_there_and_every_dataset_has_one():
    assert set(LOSSES) == set(LossKind.__args__)
    assert {RunSpec(dataset=kind).loss for kind in DatasetKind.__args__} == set(LOSSES)


def test_cross_entropy_by_hand():
    logits, labels = torch.tensor([[0.0, 0.0], [0.0, math.log(3.0)]]), torch.tensor([0, 1])
    assert float(CE.loss(logits, labels)) == pytest.approx((math.log(2.0) + math.log(4.0 / 3.0)) / 2)
    assert CE.scores(torch.tensor([[2.0, 1.0], [2.0, 1.0]]), labels).tolist() == [1.0, 0.0]


def test_mean_squared_error_by_hand():
    # 22.5° said of 45°, and 0° of −18°: errors of ½ and ⅖ units, or 22.5° and 18°.
    outputs, targets = torch.tensor([[0.5], [0.0]]), torch.tensor([1.0, -0.4])
    assert float(MSE.loss(outputs, targets)) == pytest.approx((0.25 + 0.16) / 2)
    assert MSE.scores(outputs, targets).tolist() == pytest.approx([22.5, 18.0])


def test_a_single_image_is_a_batch():
    assert float(MSE.loss(torch.tensor([[0.5]]), torch.tensor([1.0]))) == 0.25
    assert MSE.scores(torch.tensor([[0.5]]), torch.tensor([1.0])).shape == (1,)


def test_against_scikit_learn():
    logits, labels = logits_and_labels()
    shares = logits.double().softmax(1)
    assert float(CE.loss(logits, labels)) == pytest.approx(log_loss(labels, shares), rel=1e-5)
    assert float(CE.scores(logits, labels).mean()) == pytest.approx(accuracy_score(labels, logits.argmax(1)))
    answers, angles = answers_and_angles()
    assert float(MSE.loss(answers, angles)) == pytest.approx(mean_squared_error(angles, answers), rel=1e-5)
    degrees = mean_absolute_error(ANGLE_UNIT * angles, ANGLE_UNIT * answers)
    assert float(MSE.scores(answers, angles).mean()) == pytest.approx(degrees, rel=1e-5)


@pytest.mark.parametrize(("loss", "data"), [(CE, logits_and_labels()), (MSE, answers_and_angles())])
def test_guessing_is_the_score_of_a_constant_answer(loss, data):
    outputs, targets = data
    constant = torch.zeros_like(outputs)
    if loss is CE:
        constant[:, int(targets.mode().values)] = 1.0
    else:
        constant[:] = targets.mean()
    guessing = loss.guessing(targets)
    assert guessing == pytest.approx(float(loss.scores(constant, targets).mean()), rel=1e-6)
    assert loss.only_guesses(guessing, guessing)
    assert not loss.beats_guessing(guessing, guessing)


@pytest.mark.parametrize(("loss", "perfect"), [(CE, 1.0), (MSE, 0.0)])
def test_the_best_score_beats_guessing(loss, perfect):
    guessing = 0.1 if loss is CE else 22.5
    assert loss.beats_guessing(perfect, guessing)
    assert not loss.only_guesses(perfect, guessing)
    # No score is both, and between the two there is a gap.
    scores = [perfect + (guessing - perfect) * share / 100 for share in range(120)]
    both = [(loss.only_guesses(score, guessing), loss.beats_guessing(score, guessing)) for score in scores]
    assert (True, True) not in both
    assert (False, False) in both


@pytest.mark.parametrize("loss", [CE, MSE])
def test_no_second_derivative_exceeds_the_curvature(loss):
    outputs, targets = logits_and_labels(20) if loss is CE else answers_and_angles(20)
    bends = []
    for output, target in zip(outputs.double() * 3.0, targets, strict=True):
        target = target.double() if loss is MSE else target

        def of(z, target=target):
            return loss.loss(z[None], target[None])

        hessian = torch.autograd.functional.hessian(of, output)
        bends.append(float(torch.linalg.eigvalsh(hessian).max()))
    assert max(bends) <= loss.curvature + 1e-12
    # Two logits that are equal and far above the others reach it.
    edge = torch.tensor([50.0, 50.0, 0.0]) if loss is CE else torch.zeros(1)
    edge_target = torch.tensor(0) if loss is CE else torch.tensor(0.0)
    hessian = torch.autograd.functional.hessian(lambda z: loss.loss(z[None], edge_target[None]), edge)
    assert float(torch.linalg.eigvalsh(hessian).max()) == pytest.approx(loss.curvature)
