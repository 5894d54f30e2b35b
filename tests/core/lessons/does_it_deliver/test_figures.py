"""The cards' figures: what they draw is what was measured."""

import re

import pytest

from core.experiments import Trained
from core.lessons.does_it_deliver import disadvantages, figures
from core.lessons.does_it_deliver.claims import CLAIMS
from core.runs.examples.histories import example


def runs(name):
    return [Trained(h.view.spec, h.points, [f for f in h.frames if f]) for h in example(name).histories]


@pytest.mark.parametrize("name", CLAIMS)
def test_every_card_draws_its_example(name):
    some = runs(name)
    result = CLAIMS[name].measure(some)
    fig = figures.drawn(name, result, some)
    assert fig["data"]
    assert fig["layout"]["xaxis"]["title"]["text"]
    assert figures.height(name, result) > 150


TOLD = {
    "sparsity": (1, 2),
    "feature_selection": (0, 1),
    "generalization": (0, 1, 3),
    "interpretability": (1, 2),
    "linear_only": (0, 1, 2),
    "smaller": (1, 2),
    "fully_connected": (0, 1, 2),
}
"""The rows that a card's verdict writes out."""


@pytest.mark.parametrize("name", TOLD)
def test_a_bar_is_labelled_with_the_number_that_the_verdict_has(name):
    some = runs(name)
    result = CLAIMS[name].measure(some)
    labels = figures.drawn(name, result, some)["data"][0]["text"]
    for row in TOLD[name]:
        assert re.search(rf"(?<![\d.]){re.escape(labels[row])}(?![\d.]*\d)", result.verdict), labels[row]


def test_the_price_of_zeros_is_accuracy_over_zeros():
    some = runs("precision")
    run = some[0]
    path, pruned = figures.precision(some)["data"]
    assert len(pruned["x"]) == len(some) * (len(run.points) - len(disadvantages.PRECISION_STRENGTHS))
    last = len(disadvantages.PRECISION_STRENGTHS) - 1
    assert path["x"][last] == pytest.approx(run.zero_percent(last), abs=0.1)
    assert path["y"][last] == pytest.approx(run.valid_percent(last), abs=0.1)
    # Between two seeds there is a gap.
    assert len(path["x"]) == len(path["text"]) == len(some) * (len(disadvantages.PRECISION_STRENGTHS) + 1)


def test_convergence_ends_where_the_card_says():
    some = runs("non_smooth")
    rows = disadvantages.non_smooth(some).rows
    for row, drawn in zip(rows, figures.convergence(some)["data"], strict=True):
        assert drawn["name"] == row.label
        assert drawn["y"][-1] == pytest.approx(max(row.mean, figures.FLOOR), rel=1e-3)
        assert drawn["y"][0] > 1.0
