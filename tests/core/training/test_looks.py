"""Looks at many images: scores by scikit-learn, optimality by one gradient of everything, in pieces."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score
from torch.nn import functional as F

from core.spec import LaneSpec, RunSpec
from core.training import looks
from core.training.looks import MIN_CHUNKS, Exam, Inspector
from core.training.measures import EVALUATION_CHUNK
from core.training.pieces import Pieces
from core.training.run import Run

CPU = torch.device("cpu")
LANE = LaneSpec(strength=1e-3, warmup=0.0)
N_CHUNKS = 3


def trained(*lanes, updates=5, **fields):
    run = Run(RunSpec(**{"model": "small_cnn", "train_size": 256, "lanes": lanes or (LANE,)} | fields), CPU)
    for _ in range(updates):
        run.advance()
    return run


def many(images):
    """As many validation images as fill three chunks."""
    n = N_CHUNKS * EVALUATION_CHUNK
    times = -(-n // len(images.valid_y))
    return replace(
        images, valid_x=images.valid_x.repeat(times, 1, 1, 1)[:n], valid_y=images.valid_y.repeat(times)[:n]
    )


def exam_of(run):
    return Exam(run.lanes, run._loss, many(run.images))


def test_the_score_is_scikit_learns_accuracy():
    run = trained(updates=120, model="textbook_cnn")
    exam = exam_of(run)
    Pieces(exam.look(120, last=False)).finish()
    with torch.no_grad():
        answers = run.lanes[0].net(many(run.images).valid_x).argmax(1)
    step, score = exam.found[0]
    assert step == 120
    assert score == pytest.approx(accuracy_score(many(run.images).valid_y, answers))
    assert score > 0.5, "of a network that has learnt something"


def test_a_look_rests_between_chunks_and_is_paid_for():
    exam = exam_of(trained())
    before, work, n_pieces = exam.allowance.left, Pieces(exam.look(5, last=False)), 1
    while not work.advance():
        n_pieces += 1
        assert exam.found == {}
    assert n_pieces == N_CHUNKS
    assert exam.allowance.left < before


def test_a_step_is_looked_at_once_and_a_lane_that_diverged_not_at_all():
    run = trained(LANE, LANE)
    run.lanes[1].diverged = True
    exam = exam_of(run)
    Pieces(exam.look(5, last=False)).finish()
    assert set(exam.found) == {0}
    assert Pieces(exam.look(5, last=False)).advance()


def test_the_test_images_are_looked_at_once_by_each_lane_and_only_when_all_is_done():
    run = trained(LANE, LANE, LANE)
    run.lanes[1].diverged = True
    exam, seen = exam_of(run), []
    for index in (0, 2):
        run.lanes[index].net.register_forward_pre_hook(
            lambda net, given, index=index: seen.append((index, given[0].data_ptr()))
        )
    tests = run.images.test_x.data_ptr()
    Pieces(exam.look(4, last=False)).finish()
    assert exam.tested == {}
    assert tests not in {images for _, images in seen}
    for _ in range(3):
        Pieces(exam.look(5, last=True)).finish()
    assert [lane for lane, images in seen if images == tests] == [0, 2]
    with torch.no_grad():
        answers = run.lanes[2].net(run.images.test_x).argmax(1)
    assert exam.tested[2] == pytest.approx(accuracy_score(run.images.test_y, answers))


def test_before_the_first_update_one_look_is_for_all_lanes():
    exam = exam_of(trained(LANE, LANE, LANE, updates=0))
    work, n_pieces = Pieces(exam.look(0, last=False)), 1
    while not work.advance():
        n_pieces += 1
    assert n_pieces == N_CHUNKS
    assert exam.found[0] == exam.found[1] == exam.found[2]


def test_a_look_is_due_when_there_is_time_or_nothing_was_found(monkeypatch):
    monkeypatch.setattr(looks, "EVENTFUL_ALLOWANCE", 0.0)
    exam = exam_of(trained())
    assert exam.due
    Pieces(exam.look(5, last=False)).finish()
    assert not exam.due
    exam.allowance.grant(10.0)
    assert exam.due


def inspector_of(run):
    return Inspector(run.lanes, run.images, run.spec.batch_size)


def strengths(run):
    return [run.strength(lane.spec) for lane in run.lanes]


def test_the_residual_is_that_of_the_whole_gradient():
    run = trained(LANE.changed(multipliers={"fc1": 2.0}))
    inspector = inspector_of(run)
    n_pieces = len(list(inspector.asked(5, strengths(run))))
    assert n_pieces >= MIN_CHUNKS
    net = run.lanes[0].net
    loss = F.cross_entropy(net(run.images.train_x), run.images.train_y)
    residuals = []
    for name, factor in (("conv1", 1.0), ("conv2", 1.0), ("fc1", 2.0), ("fc2", 1.0)):
        w = net.get_parameter(f"{name}.weight")
        (g,) = torch.autograd.grad(loss, w, retain_graph=True)
        w, g, strength = w.detach().numpy().ravel(), g.numpy().ravel(), 1e-3 * factor
        at_zero = np.maximum(np.abs(g) - strength, 0.0)
        residuals.append(np.where(w == 0, at_zero, np.abs(g + strength * np.sign(w))))
    expected = np.concatenate(residuals) / 1e-3
    found = inspector.found[0]
    assert (found.step, found.strength) == (5, 1e-3)
    assert found.kkt_max == pytest.approx(expected.max(), rel=1e-3)
    assert found.kkt_mean == pytest.approx(expected.mean(), rel=1e-3)


def exact_noise(run):
    """S²(1/B − 1/n) by the gradient of every single image, root mean square over the penalised weights."""
    net, images, weights = run.lanes[0].net, run.images, run.lanes[0].pull.parameters
    each = [
        torch.cat([g.flatten() for g in torch.autograd.grad(F.cross_entropy(net(x[None]), y[None]), weights)])
        for x, y in zip(images.train_x, images.train_y, strict=True)
    ]
    variance = torch.stack(each).double().var(dim=0).mean()
    return float(variance * (1.0 / run.spec.batch_size - 1.0 / len(images.train_y))) ** 0.5


@pytest.mark.parametrize("model", ["linear", "small_cnn"])
def test_the_noise_is_unbiased_whatever_images_come_together(model):
    run = trained(updates=20, model=model)
    inspector, found = inspector_of(run), []
    draws = torch.Generator().manual_seed(1)
    for step in range(30):
        inspector._chunks = torch.randperm(256, generator=draws).tensor_split(MIN_CHUNKS)
        list(inspector.asked(step, strengths(run)))
        found.append(inspector.found[0].noise ** 2)
    # One is off by 6 or 7 %, the mean of 30 by little more than 1 %.
    assert np.mean(found) ** 0.5 == pytest.approx(exact_noise(run), rel=0.04)


def test_without_time_nobody_is_inspected_and_with_it_one_lane_after_the_other():
    run = trained(LANE, LANE.changed(strength=1e-2), LANE.without_penalty())
    inspector = inspector_of(run)
    inspector.look(5, strengths(run))
    assert inspector.found == {}
    for _ in range(400):
        inspector.allowance.grant(0.5)
        inspector.look(5, strengths(run))
    # What has no penalty has no optimum to be far from.
    assert set(inspector.found) == {0, 1}


def test_training_goes_on_under_a_look_at_weights_that_were_copied():
    run = trained()
    inspector, still = inspector_of(run), inspector_of(run)
    list(still.asked(5, strengths(run)))
    for _ in inspector.asked(5, strengths(run)):
        run.advance()
    assert inspector.found[0] == still.found[0]


def test_the_same_weights_are_not_inspected_twice():
    run = trained()
    inspector = inspector_of(run)
    list(inspector.asked(5, strengths(run)))
    assert list(inspector.asked(5, strengths(run))) == []
    assert list(inspector.asked(6, strengths(run))) != []


def test_who_asks_waits_no_longer_than_promised(monkeypatch):
    monkeypatch.setattr(looks, "ASKED_SECONDS", 1e-9)
    run = trained()
    assert len(list(inspector_of(run).asked(5, strengths(run)))) == 1
