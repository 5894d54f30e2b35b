"""The cards' figures: what they draw is what was measured."""

import pytest

from core.figures import does_it_deliver as figures
from core.lessons import does_it_deliver_results as results
from core.lessons.does_it_deliver import CLAIMS
from core.lessons.experiments import Trained
from core.runs.examples import example


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


def test_the_price_of_zeros_is_accuracy_over_zeros():
    (run,) = some = runs("precision")
    (path,) = figures.precision(some)["data"]
    last = len(results.PRECISION_STRENGTHS) - 1
    assert path["x"][last] == pytest.approx(run.zero_percent(last), abs=0.1)
    assert path["y"][last] == pytest.approx(run.test_percent(last), abs=0.1)
    assert len(path["x"]) == len(path["text"]) == len(results.PRECISION_STRENGTHS)


def test_convergence_ends_where_the_card_says():
    some = runs("non_smooth")
    rows = results.non_smooth(some).rows
    for row, drawn in zip(rows, figures.convergence(some)["data"], strict=True):
        assert drawn["name"] == row.label
        assert drawn["y"][-1] == pytest.approx(max(row.mean, figures.FLOOR), rel=1e-3)
        assert drawn["y"][0] > 1.0
