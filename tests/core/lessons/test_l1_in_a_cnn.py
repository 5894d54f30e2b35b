"""L1 in a CNN: counts against torch's own network, rescaling against torch, results against their runs."""

import numpy as np
import pytest
import torch
from torch import nn

from core.lessons import l1_in_a_cnn as lesson
from core.lessons.does_it_deliver import CLAIMS
from core.lessons.experiments import Trained
from core.runs.examples import example
from core.training.models import MODELS


def kept(name: str) -> Trained:
    history = example(name).histories[0]
    return Trained(history.view.spec, history.points, history.frames)


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


def test_no_target_makes_more_zeros_than_it_has_weights():
    run = kept("zeros_by_target")
    for lane, bound in enumerate(lesson.predicted()):
        assert 0.0 < run.zero_percent(lane) <= bound
        targeted = list(lesson.TARGETS.values())[lane].layers
        assert all(layer["zeros"] == 0 for name, layer in run.layers(lane).items() if name not in targeted)
    assert f"fc1 {run.zero_percent(2):.0f} %" in lesson.targets_verdict(run)
    assert lesson.biases_verdict(run).startswith("There are 234 biases beside 52,768 weights.")


def test_penalised_convolutions_shrink_before_a_batch_norm_and_scales_go_out():
    run, conv = kept("batch_norm_target"), ("conv1", "conv2")
    assert lesson.layer_norm(run, 1, conv) < lesson.layer_norm(run, 0, conv)
    off = sum(run.layers(2)[name]["zeros"] for name in ("bn1", "bn2"))
    assert off > 0
    assert f"{off} of 96 channels" in lesson.batch_norm_verdict(run)


@pytest.mark.parametrize("factor", lesson.FACTORS)
def test_rescaling_real_kernels_keeps_the_features_and_moves_the_sums(factor):
    run = kept("zeros_by_target")
    found, before = lesson.rescaled(run, 0, factor), lesson.rescaled(run, 0, 1.0)
    assert found.change < 1e-12
    assert found.conv1 * factor == pytest.approx(before.conv1)
    assert found.conv2 / factor == pytest.approx(before.conv2)
    # The run keeps three digits of a kernel's weights; their sizes add up to the layer's Σ|w|.
    assert before.conv1 == pytest.approx(np.abs(run.kernels(0)).sum(), rel=1e-2)


def test_batch_norm_divides_a_factor_out_and_so_does_torch():
    kernels = np.random.default_rng(1).normal(size=(32, 9))
    assert lesson.normalized_change(kernels, 100.0) < 1e-9
    conv, bn, x = nn.Conv2d(1, 32, 3).double(), nn.BatchNorm2d(32, eps=0.0).double(), torch.rand(4, 1, 8, 8)
    with torch.no_grad():
        before = bn(conv(x.double()))
        conv.weight /= 100.0
        conv.bias /= 100.0
        torch.testing.assert_close(bn(conv(x.double())), before)


def test_mosaic_holds_every_weight_once():
    kernels = np.arange(1.0, 289.0).reshape(32, 9)
    cells = lesson.mosaic(kernels.tolist())
    assert (len(cells), len(cells[0])) == (15, 31)
    assert sorted(w for row in cells for w in row if w is not None) == kernels.ravel().tolist()
    assert [row[4:7] for row in cells[:3]] == kernels[1].reshape(3, 3).tolist()


def test_only_the_group_lasso_puts_out_whole_filters_with_their_zeros():
    assert len(CLAIMS["interpretability"].experiment.specs[0].lanes) == len(lesson.GROUP_LANES)
    run = kept("interpretability")
    groups = run.layers(2)["conv1"]
    assert groups["zeros"] == 9 * run.dead(2, "conv1") > 0
    assert run.layers(1)["conv1"]["zeros"] > 9 * run.dead(1, "conv1")
    assert f"{run.dead(2, 'conv1')} of 32 filters" in lesson.groups_sentence(run, 2)


def test_the_workers_answer_in_words():
    answer = {
        "images": 360,
        "largest_difference": 2e-6,
        "largest_logit": 31.4,
        "before": {"penalty": 0.05},
        "after": {"penalty": 0.0005},
    }
    assert "from 0.05 to 0.0005" in lesson.rescale_sentence(answer)
