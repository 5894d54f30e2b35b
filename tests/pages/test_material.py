"""Every part of the lesson's material is on its page, and its experiment runs."""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from core.experiments import Experiment, Trained
from core.lessons import l1_in_pytorch
from core.lessons.does_it_deliver.claims import CLAIMS
from core.lessons.how_zeros_happen import network, network_figures
from core.lessons.l1_in_a_cnn import results_figures
from core.lessons.what_is_l1 import four_weights
from core.registry import EXPERIMENTS, PAGE_OF
from core.snapshots import Frame, Point, Snapshot
from core.spec import PRESETS, LaneSpec, Move, RunSpec
from core.training.run import train
from pages.ui import figure
from tests.material import MATERIAL
from tests.pages.visiting import opened

pytestmark = pytest.mark.usefixtures("service")

LIVE = PRESETS | {
    "rotated_digits": RunSpec.beside_zero(LaneSpec(strength=3e-4), dataset="rotated_digits"),
}
EVERY = 8  # updates between two moments

Mounted = tuple[AppTest, Mapping[str, Any]]


def parts(*kinds: str) -> list[tuple[str, str]]:
    """(page, name) of the parts with an experiment of these kinds, each once."""
    return list(dict.fromkeys((part.page, part.name) for part in MATERIAL if part.kind in kinds))


@cache
def mounted(page: str) -> Mounted:
    """A page as a newcomer gets it, and what its figures were told, by key."""
    told: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figure, "_mount", lambda *, key, data, **_: told.update({key: data}))
        return opened(page), told


def brief(spec: RunSpec) -> RunSpec:
    """The same for one epoch; a λ that rises has risen by half of it."""
    return spec.model_copy(update={"epochs": 1})


def trained(spec: RunSpec, later: float | None = None) -> Trained:
    """One epoch by the real trainer; halfway every λ becomes `later`, if that is asked for."""

    def changes(step: int) -> Sequence[tuple[int, Move]]:
        turns = later is not None and step == EVERY
        return [(lane, Move(strength=later)) for lane in range(len(spec.lanes))] if turns else []

    snapshots = [
        record
        for record in train(brief(spec), torch.device("cpu"), every=EVERY, changes=changes)
        if isinstance(record, Snapshot)
    ]
    lanes = [[each for each in snapshots if each.lane == lane] for lane in range(len(spec.lanes))]
    return Trained(
        spec,
        [[Point.of(each) for each in lane] for lane in lanes],
        [Frame.of(lane[-1]) for lane in lanes],
    )


def shown(name: str, runs: Sequence[Trained]) -> str:
    """What the page's own figure says of an experiment's runs."""
    if name in CLAIMS:
        result = CLAIMS[name].measure(runs)
        assert all(math.isfinite(row.mean) for row in result.rows)
        return result.verdict
    draw = {
        "zeros_by_method": network_figures.zeros_by_method,
        "zeros_return": lambda runs: network_figures.zeros_return(runs, [EVERY] * len(runs)),
        "zeros_by_batch": lambda runs: network_figures.zeros_by_batch(network.by_batch(runs)),
        "zeros_by_target": results_figures.by_target,
        "batch_norm_target": results_figures.batch_norm,
    }[name]
    return draw(runs).summary


def run_briefly(experiment: Experiment) -> list[Trained]:
    return [trained(spec, experiment.turn.strength if experiment.turn else None) for spec in experiment.specs]


def test_the_table_has_all_sections_and_all_experiments():
    assert [part.section for part in MATERIAL] == sorted(part.section for part in MATERIAL)
    assert {part.section for part in MATERIAL} == set(range(1, 9))
    of_the_laboratory = {name for name, page in PAGE_OF.items() if page in ("compare_runs", "lambda_path")}
    assert {name for _, name in parts("run")} == EXPERIMENTS.keys() - of_the_laboratory
    advantages = {name for name, claim in CLAIMS.items() if claim.kind == "advantage"}
    assert {part.name for part in MATERIAL if part.section == 6} <= advantages


@pytest.mark.parametrize(("page", "name"), parts("run"))
def test_a_part_that_trains_has_its_button_and_trains(page, name):
    app, _ = mounted(page)
    assert app.button(key=f"{name}_run").label == "Run it"
    runs = run_briefly(EXPERIMENTS[name])
    assert any(digit in shown(name, runs) for digit in "0123456789")
    for run in runs:
        for points in run.points:
            assert points[-1].step > points[0].step
            assert math.isfinite(points[-1].total)


@pytest.mark.parametrize(("page", "name"), parts("preset"))
def test_a_part_on_the_real_network_trains_from_train_live(page, name):
    app, _ = mounted(page)
    assert app.button(key="train_play")
    run = trained(LIVE[name])
    for points in run.points:
        assert points[-1].data_loss < points[0].data_loss
        assert points[-1].total == pytest.approx(points[-1].data_loss + points[-1].penalty, rel=1e-4)


@pytest.mark.parametrize(("page", "key"), parts("picture"))
def test_a_part_with_a_picture_moves_and_says_what_it_shows(page, key):
    _, told = mounted(page)
    frames = [frame for series in told[key]["series"] for frame in series["frames"]]
    assert len({frame["summary"] for frame in frames}) > 1
    assert all(frame["traces"] for frame in frames)
    assert told[key]["slider"]


@pytest.mark.parametrize(("page", "loss"), parts("bill"))
def test_the_total_loss_carries_the_reader_s_numbers(page, loss):
    app = opened(page)
    app.radio(key="what_is_l1_loss").set_value(loss).run()
    app.select_slider(key="what_is_l1_strength").set_value(0.3).run()
    weights = [app.slider(key=f"what_is_l1_w{i}").value for i in range(four_weights.N_WEIGHTS)]
    total = four_weights.data_loss(loss, weights) + 0.3 * sum(map(abs, weights))
    assert any(f"{total:.3f}" in formula.value for formula in app.latex)


def test_the_listing_is_on_its_page_with_its_bug_and_its_biases():
    (page, _), *_ = parts("recipe")
    app, _ = mounted(page)
    code = "\n".join(line.code for line in l1_in_pytorch.RECIPE)
    assert "sum(p.abs().sum() for p in model.parameters())" in code
    html = " ".join(each.proto.body for each in app.get("html"))
    assert "parameters" in html
    (_, printed), *_ = parts("bug")
    assert "mat1 and mat2" in l1_in_pytorch.walk(l1_in_pytorch.PATCHES[printed]).error
    assert not l1_in_pytorch.walk(64 * 7 * 7).error
    assert app.radio(key="pytorch_guess").options
    biases = sum(each.biases for each in l1_in_pytorch.counts())
    assert any(f"{biases} of them are biases" in each.value for each in app.markdown)
