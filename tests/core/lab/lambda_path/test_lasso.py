"""The bundled lasso path: it is a path, it is the digits', and the example beside it agrees with it."""

import numpy as np
import pytest

from core.data.images import digits
from core.experiments import Trained
from core.lab.lambda_path.lasso import is_the_same, lasso_path
from core.lab.lambda_path.path import LINEAR, Grid, norms, specs
from core.runs.examples.histories import example
from core.spec import LaneSpec, RunSpec


def test_it_ends_where_theory_says():
    kept, images = lasso_path(), digits()
    x, y = images.train_x.flatten(1).double().numpy(), images.train_y.numpy()
    labels = np.eye(10)[y]
    assert kept.strength_max == pytest.approx(np.abs((labels - labels.mean(0)).T @ x).max() / len(y))
    assert kept.strengths[-1] == pytest.approx(kept.strength_max, rel=1e-3)
    assert kept.norms[-1] == pytest.approx(0.0, abs=0.02)


def test_its_parts_agree():
    kept = lasso_path()
    assert list(kept.strengths) == sorted(kept.strengths)
    assert list(kept.norms) == sorted(kept.norms, reverse=True)
    for weights, norm in zip(kept.weights, kept.norms, strict=True):
        assert np.abs(weights).sum() == pytest.approx(norm, rel=1e-2, abs=1e-3)
    assert kept.of_unit(3)[5] == tuple(each[3][5] for each in kept.weights)


def test_the_weights_are_optimal():
    """Of a weight that is not zero the slope is −λ·sign(w); of the others it is at most λ."""
    kept, images = lasso_path(), digits()
    x, y = images.train_x.flatten(1).double().numpy(), images.train_y.numpy()
    i = len(kept.strengths) // 2
    w, strength = np.array(kept.weights[i]), kept.strengths[i]
    bias = np.zeros(10)
    for _ in range(500):
        p = _softmax(x @ w.T + bias)
        bias += 2.0 * (np.eye(10)[y].mean(0) - p.mean(0))
    slope = (_softmax(x @ w.T + bias) - np.eye(10)[y]).T @ x / len(y)
    assert np.abs(slope).max() <= 1.02 * strength
    assert slope[w != 0] == pytest.approx(-strength * np.sign(w[w != 0]), rel=0.03)


def test_it_lies_only_over_runs_of_the_same_objective():
    assert all(is_the_same(spec) for spec in specs(LINEAR, Grid(1e-3, 1e-1)))
    lane = LINEAR.lanes[-1]
    assert not is_the_same(RunSpec())
    for other in (
        RunSpec.beside_zero(lane.changed(penalty="l2"), model="linear"),
        RunSpec.beside_zero(lane.changed(include_bias=True), model="linear"),
        RunSpec.beside_zero(lane.changed(multipliers={"fc1": 2.0}), model="linear"),
        RunSpec.beside_zero(lane, model="linear", dataset="mnist"),
        RunSpec.beside_zero(lane, model="linear", label_noise=0.1),
        RunSpec.beside_zero(lane, model="linear", train_size=100),
        RunSpec.beside_zero(LaneSpec(layers=["conv1"]), model="small_cnn"),
    ):
        assert not is_the_same(other)


def test_the_linear_example_is_the_lasso_path():
    (history,) = example("lambda_path_linear").histories
    run = Trained(history.view.spec, history.points, history.frames)
    kept = lasso_path()
    strengths = [lane.strength for lane in history.view.spec.lanes]
    for strength, norm in list(zip(strengths, norms(run)["fc1"], strict=True))[1:]:
        expected = np.interp(np.log(strength), np.log(kept.strengths), kept.norms)
        assert norm == pytest.approx(expected, rel=0.02, abs=0.5)


def _softmax(outputs):
    p = np.exp(outputs - outputs.max(1, keepdims=True))
    return p / p.sum(1, keepdims=True)
