"""Curves and bars of the real network hold the numbers of its runs."""

from typing import Any

import numpy as np
import pytest

from core.experiments import Trained
from core.figures.traces import ROLES, Drawing, roles_in
from core.lessons.how_zeros_happen import network, network_figures
from tests.core.lessons.how_zeros_happen.test_network import every, fallen, told


def test_the_networks_curves_hold_every_seed():
    runs = every("zeros_by_method")
    drawing = network_figures.zeros_by_method(runs)
    for i, trace in enumerate(drawing.fig["data"]):
        assert trace["name"] == network.METHOD_LANES[i]
        ends = [at for at, share in enumerate([*trace["y"], None]) if share is None]
        assert [trace["y"][end - 1] for end in ends] == pytest.approx(
            [run.zero_percent(i) for run in runs], abs=0.05
        )
        assert drawing.table[i]["exact zeros (%)"] == told([run.zero_percent(i) for run in runs], 1)
    assert set(roles_in(drawing.fig)) <= ROLES


def test_seeds_that_train_are_drawn_and_not_yet_told():
    first, second, _ = every("zeros_by_method")
    early = Trained(second.spec, [points[:5] for points in second.points], second.frames)
    drawing = network_figures.zeros_by_method([first, early])
    assert None in drawing.fig["data"][0]["y"]
    assert drawing.summary == network.methods_verdict([first])


def test_each_fall_is_marked_once():
    runs, steps = every("zeros_return"), fallen()
    assert [line["x0"] for line in shapes(network_figures.zeros_return(runs, steps))] == [steps[0]]
    apart = [steps[0], steps[0] + 7, None]
    assert [line["x0"] for line in shapes(network_figures.zeros_return(runs, apart))] == apart[:2]
    assert shapes(network_figures.zeros_return(runs, [None] * 3)) == []


def shapes(drawing: Drawing) -> list[dict[str, Any]]:
    return drawing.fig["layout"].get("shapes", [])


def test_multiplications_are_means_over_the_seeds():
    counted = network.multiplications(every("zeros_by_method"), 2)
    bars = network_figures.multiplications(counted)
    every_one, needed = (sum(trace["x"]) for trace in bars.fig["data"])
    assert needed < every_one
    by_seed = [sum(each) for each in zip(*(c.needed.values for c in counted), strict=True)]
    assert needed == pytest.approx(np.mean(by_seed), rel=1e-3)
    assert f"{np.mean(by_seed):,.0f} meet a weight" in bars.summary
    assert f"{told([100 * each / every_one for each in by_seed], 1)} %" in bars.summary
    assert set(roles_in(bars.fig)) <= ROLES


def test_batches_are_drawn_the_smallest_on_top():
    groups = network.by_batch(every("zeros_by_batch"))
    drawing = network_figures.zeros_by_batch(groups)
    assert set(roles_in(drawing.fig)) <= ROLES
    for trace, lane in zip(drawing.fig["data"], (1, 0), strict=True):
        assert trace["y"][-1] == "16 images"
        shares = [[run.zero_percent(lane) for run in group] for group in groups]
        assert trace["x"][::-1] == pytest.approx([np.mean(each) for each in shares], rel=1e-3)
        assert trace["text"][::-1] == [told(each, 0) for each in shares]
    assert len(drawing.table) == 6
