"""L1 in a CNN: rescaling against torch, results and sentences against their runs."""

import numpy as np
import pytest

from core.experiments import Trained
from core.lessons.does_it_deliver.claims import CLAIMS
from core.lessons.l1_in_a_cnn import layers
from core.lessons.l1_in_a_cnn import results as lesson
from core.runs.examples.histories import example
from tests.core.lessons.how_zeros_happen.test_network import told


def kept(name: str) -> list[Trained]:
    """The runs of an example, a seed each."""
    return [Trained(each.view.spec, each.points, each.frames) for each in example(name).histories]


def test_no_target_makes_more_zeros_than_it_has_weights():
    runs = kept("zeros_by_target")
    for lane, bound in enumerate(layers.predicted()):
        targeted = list(layers.TARGETS.values())[lane].layers
        for run in runs:
            assert 0.0 < run.zero_percent(lane) <= bound
            assert all(layer.zeros == 0 for name, layer in run.layers(lane).items() if name not in targeted)
    verdict = lesson.targets_verdict(runs)
    assert f"fc1 {told([run.zero_percent(2) for run in runs], 0)} %" in verdict
    assert f"and {told([run.valid_percent(3) for run in runs], 1)} %. Of" in verdict


def test_what_the_biases_change_is_told_pair_by_pair():
    runs = kept("zeros_by_target")
    verdict = lesson.biases_verdict(runs)
    assert verdict.startswith("There are 234 biases beside 52,768 weights.")
    more = [run.valid_percent(4) - run.valid_percent(3) for run in runs]
    assert f"the validation accuracy by {told(more, 1)} points" in verdict.replace("−", "-").replace("+", "")


def test_conv1_keeps_more_of_its_own_weights_than_fc1():
    runs = kept("zeros_by_target")
    conv1 = [lesson.own_percent(run, 0, ["conv1"]) for run in runs]
    fc1 = [lesson.own_percent(run, 2, ["fc1"]) for run in runs]
    assert conv1 == pytest.approx([100 * run.layers(0)["conv1"].zeros / 288 for run in runs])
    assert max(conv1) < min(fc1) / 2
    assert f"conv1 lost {told(conv1, 0)} %, fc1 {told(fc1, 0)} %" in lesson.targets_verdict(runs)


def test_a_guess_is_held_against_fc1_alone():
    runs = kept("zeros_by_target")
    assert lesson.guess_sentence(runs, None) == ""
    measured = told([run.zero_percent(2) for run in runs], 0)
    assert f"said **40 %**, measured **{measured} %**" in lesson.guess_sentence(runs, 40.0)
    assert "fc1 62.1 %" in lesson.possible_sentence()


def test_gaming_is_said_only_where_conv2_grew():
    runs = kept("zeros_by_target")
    grew = [run.layers(0)["conv2"].norm > run.layers(len(run.frames) - 1)["conv2"].norm for run in runs]
    assert f"it grew in {sum(grew)} of 3 seeds: part of the saving was paid there." in (
        lesson.gaming_verdict(runs)
    )
    for run, more in zip(runs, grew, strict=True):
        swapped = Trained(run.spec, run.points, [run.frames[-1], *run.frames[1:-1], run.frames[0]])
        assert ("grew in 1 of 1 seed: part" in lesson.gaming_verdict([run])) == more
        assert ("did not grow" in lesson.gaming_verdict([swapped])) == more


def test_penalised_convolutions_shrink_before_a_batch_norm_and_scales_go_out():
    runs, conv = kept("batch_norm_target"), ("conv1", "conv2")
    for run in runs:
        assert lesson.layer_norm(run, 1, conv) < lesson.layer_norm(run, 0, conv)
        off = sum(run.layers(2)[name].zeros for name in ("bn1", "bn2"))
        assert 0 < off == lesson.channels_off(run, 2)
        assert lesson.channels_off(run, 0) == lesson.channels_off(run, 1) == 0
        assert lesson.channels(run) == 32 + 64
    verdict = lesson.batch_norm_verdict(runs)
    assert f"{told([lesson.channels_off(run, 2) for run in runs], 0)} of 96 channels" in verdict
    norms = [told([lesson.layer_norm(run, lane, conv) for run in runs], 0) for lane in (1, 0)]
    assert f"Σ|w| is {norms[0]} instead of {norms[1]}" in verdict


@pytest.mark.parametrize("factor", lesson.FACTORS)
def test_rescaling_real_kernels_keeps_the_features_and_moves_the_sums(factor):
    run, *_ = kept("zeros_by_target")
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
    assert len(CLAIMS["interpretability"].experiment.specs[0].lanes) == len(layers.GROUP_LANES)
    run, *_ = kept("interpretability")
    groups = run.layers(2)["conv1"]
    assert groups.zeros == 9 * run.dead(2, "conv1") > 0
    assert run.layers(1)["conv1"].zeros > 9 * run.dead(1, "conv1")
    for lane in range(3):
        found, units = lesson.off(run, lane), sum(layer.dead for layer in run.layers(lane).values())
        rows = np.asarray(run.kernels(lane))
        living = rows[(rows != 0).any(axis=1)]
        assert found == lesson.Off(32 - len(living), int((living == 0).sum()), units, 32 + 64 + 128 + 10)
        assert f"seed {run.spec.seed}: {found.filters} of 32 filters" in lesson.groups_sentence(run, lane)


def test_the_workers_answer_in_words():
    answer = {
        "images": 258,
        "largest_difference": 2e-6,
        "largest_logit": 31.4,
        "before": {"penalty": 0.05},
        "after": {"penalty": 0.0005},
    }
    assert "from 0.05 to 0.0005" in lesson.rescale_sentence(answer)
