"""Every experiment has one name, fit for a link, and results of just these settings to show at once."""

import re

import pytest

from core.lab.compare_runs import curves
from core.lab.lambda_path import path, rivals
from core.lessons.does_it_deliver.claims import CLAIMS
from core.lessons.how_zeros_happen import network
from core.lessons.l1_in_a_cnn import layers
from core.registry import EXPERIMENTS
from core.runs.examples.histories import example


def test_no_name_hides_another():
    rooms = [network.EXPERIMENTS, layers.EXPERIMENTS, path.EXPERIMENTS, CLAIMS]
    rooms += [["compare_runs"], [rivals.NAME]]
    # A claim may be about a run of another page: then it is the very same one.
    shared = {name for name in CLAIMS if name in network.EXPERIMENTS}
    assert len(EXPERIMENTS) == sum(map(len, rooms)) - len(shared)
    assert all(EXPERIMENTS[name] is network.EXPERIMENTS[name] for name in shared)
    assert EXPERIMENTS["compare_runs"] is curves.EXAMPLES


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_name_can_stand_in_a_link_and_in_a_file_s_name(name):
    assert re.fullmatch(r"[a-z_]{1,60}", name)
    assert name not in ("run", "lane", "path", "grid")


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_is_shown_beforehand_was_trained_with_these_settings(name):
    experiment, kept = EXPERIMENTS[name], example(name)
    turn = experiment.turn
    for spec, history in zip(experiment.specs, kept.histories, strict=True):
        lanes = [lane.changed(strength=turn.strength) if turn else lane for lane in spec.lanes]
        assert history.view.spec in (spec, spec.model_copy(update={"lanes": tuple(lanes)}))
        assert all(history.points)
        assert all(history.frames)
        assert any(event.kind == "change" for event in history.events) == (turn is not None)
