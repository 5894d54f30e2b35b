"""L1 in a CNN: rescaling against torch, results and sentences against their runs."""

import numpy as np
import pytest

from core.lessons import l1_in_a_cnn as setup
from core.lessons import l1_in_a_cnn_runs as lesson
from core.lessons.does_it_deliver import CLAIMS
from core.lessons.experiments import Trained
from core.runs.examples import example


def kept(name: str) -> Trained:
    history = example(name).histories[0]
    return Trained(history.view.spec, history.points, history.frames)


def test_no_target_makes_more_zeros_than_it_has_weights():
    run = kept("zeros_by_target")
    for lane, bound in enumerate(setup.predicted()):
        assert 0.0 < run.zero_percent(lane) <= bound
        targeted = list(setup.TARGETS.values())[lane].layers
        assert all(layer["zeros"] == 0 for name, layer in run.layers(lane).items() if name not in targeted)
    assert f"fc1 {run.zero_percent(2):.0f} %" in lesson.targets_verdict(run)
    assert lesson.biases_verdict(run).startswith("There are 234 biases beside 52,768 weights.")


def test_conv1_keeps_more_of_its_own_weights_than_fc1():
    run = kept("zeros_by_target")
    layer = run.layers(0)["conv1"]
    conv1, fc1 = lesson.own_percent(run, 0, ["conv1"]), lesson.own_percent(run, 2, ["fc1"])
    assert conv1 == pytest.approx(100 * layer["zeros"] / 288)
    assert conv1 < fc1 / 2
    assert f"conv1 lost {conv1:.0f} %, fc1 {fc1:.0f} %" in lesson.targets_verdict(run)


def test_a_guess_is_held_against_fc1_alone():
    run = kept("zeros_by_target")
    assert lesson.guess_sentence(run, None) == ""
    assert f"said **40 %**, measured **{run.zero_percent(2):.0f} %**" in lesson.guess_sentence(run, 40.0)
    assert "fc1 62.1 %" in lesson.possible_sentence()


def test_gaming_is_said_only_where_conv2_grew():
    run = kept("zeros_by_target")
    ours, free = (run.layers(lane)["conv2"]["norm"] for lane in (0, 2))
    assert ("grew: part" in lesson.gaming_verdict(run)) == (ours > free)
    assert ("did not grow" in lesson.gaming_verdict(run)) == (ours <= free)
    swapped = Trained(run.spec, run.points, [*run.frames[2:3], run.frames[1], run.frames[0], *run.frames[3:]])
    assert "grew: part" in lesson.gaming_verdict(swapped)


def test_penalised_convolutions_shrink_before_a_batch_norm_and_scales_go_out():
    run, conv = kept("batch_norm_target"), ("conv1", "conv2")
    assert lesson.layer_norm(run, 1, conv) < lesson.layer_norm(run, 0, conv)
    off = sum(run.layers(2)[name]["zeros"] for name in ("bn1", "bn2"))
    assert off > 0
    assert off == lesson.channels_off(run, 2)
    assert lesson.channels_off(run, 0) == lesson.channels_off(run, 1) == 0
    assert lesson.channels(run) == 32 + 64
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


def test_mosaic_holds_every_weight_once():
    kernels = np.arange(1.0, 289.0).reshape(32, 9)
    cells = lesson.mosaic(kernels.tolist())
    assert (len(cells), len(cells[0])) == (15, 31)
    assert sorted(w for row in cells for w in row if w is not None) == kernels.ravel().tolist()
    assert [row[4:7] for row in cells[:3]] == kernels[1].reshape(3, 3).tolist()


def test_only_the_group_lasso_puts_out_whole_filters_with_their_zeros():
    assert len(CLAIMS["interpretability"].experiment.specs[0].lanes) == len(setup.GROUP_LANES)
    run = kept("interpretability")
    groups = run.layers(2)["conv1"]
    assert groups["zeros"] == 9 * run.dead(2, "conv1") > 0
    assert run.layers(1)["conv1"]["zeros"] > 9 * run.dead(1, "conv1")
    for lane in range(3):
        found, units = lesson.off(run, lane), sum(layer["dead"] for layer in run.layers(lane).values())
        rows = np.asarray(run.kernels(lane))
        living = rows[(rows != 0).any(axis=1)]
        assert found == lesson.Off(32 - len(living), int((living == 0).sum()), units, 32 + 64 + 128 + 10)
        assert f"{found.filters} of 32 filters" in lesson.groups_sentence(run, lane)


def test_the_workers_answer_in_words():
    answer = {
        "images": 360,
        "largest_difference": 2e-6,
        "largest_logit": 31.4,
        "before": {"penalty": 0.05},
        "after": {"penalty": 0.0005},
    }
    assert "from 0.05 to 0.0005" in lesson.rescale_sentence(answer)
