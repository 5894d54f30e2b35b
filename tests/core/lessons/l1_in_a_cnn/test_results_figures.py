"""What the network's runs have shown, drawn: bars, hatches and sums are the run's numbers."""

import math
import re

import numpy as np
import pytest

from core.lessons.l1_in_a_cnn import layers, results
from tests.core.lessons.how_zeros_happen.test_network import told
from tests.core.lessons.l1_in_a_cnn.test_layers_figures import MOVING, STILL
from tests.core.lessons.l1_in_a_cnn.test_results import kept


def test_bars_are_bounds_and_zeros():
    runs = kept("zeros_by_target")
    bounds, zeros = STILL["by target"].fig["data"]
    assert bounds["x"] == pytest.approx(layers.predicted(), rel=1e-3)
    shares = [[run.zero_percent(i) for run in runs] for i in range(5)]
    assert zeros["x"] == pytest.approx([np.mean(each) for each in shares], rel=1e-3)
    assert zeros["text"] == [told(each, 1) for each in shares]
    assert [row["zeros (%)"] for row in STILL["by target"].table] == zeros["text"]


def test_hatches_are_the_zeros():
    run, *_ = kept("interpretability")
    for lane, frame in enumerate(MOVING["kernels"].frames):
        hatched = sum(cell != "" for row in frame["traces"][0]["text"] for cell in row)
        assert hatched == run.layers(lane)["conv1"].zeros


def test_before_the_run_only_what_is_possible_is_drawn():
    (bars,) = STILL["possible"].fig["data"]
    assert bars["x"] == pytest.approx(layers.predicted(), rel=1e-3)
    assert all("zeros (%)" not in row for row in STILL["possible"].table)


def test_norm_bars_say_sums_and_channels():
    runs = kept("batch_norm_target")
    off, norms = STILL["batch norm"].fig["data"]
    counts = [[results.channels_off(run, i) for run in runs] for i in range(3)]
    assert off["text"] == [f"{told(each, 0)} of 96" for each in counts]
    found = [[results.layer_norm(run, i, results.CONV) for run in runs] for i in range(3)]
    means = [np.mean(each) for each in found]
    assert norms["x"] == pytest.approx([100 * each / max(means) for each in means], rel=1e-3)
    assert norms["text"] == [told(each, 0) for each in found]


def test_rescaling_says_the_price_of_both_layers():
    *_, last = MOVING["rescaling"].frames
    first = MOVING["rescaling"].frames[results.FACTORS.index(1.0)]
    conv1, conv2 = (trace["y"][0] for trace in first["traces"])
    assert "as trained" in first["summary"]
    # In full: a hundred times conv2 is a five-figure sum.
    (told,) = re.findall(r"Both layers together: ([\d,]+) instead", last["summary"])
    assert float(told.replace(",", "")) == pytest.approx(conv1 / 100 + 100 * conv2, rel=5e-3)
    least = 2 * math.sqrt(conv1 * conv2)
    assert f"the least is {least:.0f}, at c = {math.sqrt(conv1 / conv2):.2g}." in last["summary"]
