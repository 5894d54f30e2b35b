"""How zeros happen in the real network: each experiment draws its runs, as far as they can be measured."""

from dataclasses import replace

import pytest

from core.figures.traces import Drawing
from core.runs.examples.histories import example
from pages.ui.how_zeros_happen import network

DRAWS = {
    "zeros_by_batch": (network._draw_batches, "how_zeros_batches"),
    network.METHODS: (network._draw_methods, "how_zeros_network"),
    "zeros_return": (network._draw_return, "how_zeros_return"),
}


@pytest.fixture
def drawn(monkeypatch) -> dict[str, Drawing]:
    drawn: dict[str, Drawing] = {}
    monkeypatch.setattr(network, "picture", lambda drawing, key, **_: drawn.update({key: drawing}))
    return drawn


@pytest.mark.parametrize("name", DRAWS)
def test_the_example_is_drawn(name, drawn):
    draw, key = DRAWS[name]
    kept = example(name)
    assert kept is not None
    draw(kept.histories)
    assert set(drawn) == {key}
    assert drawn[key].summary


@pytest.mark.parametrize("name", DRAWS)
def test_a_run_that_has_shown_nothing_yet_draws_nothing(name, drawn):
    draw, _ = DRAWS[name]
    kept = example(name)
    assert kept is not None
    n_lanes = len(kept.histories[0].points)
    draw([replace(kept.histories[0], points=((),) * n_lanes, frames=(None,) * n_lanes)])
    draw([])
    assert drawn == {}


def test_the_moment_at_which_the_strength_fell_is_drawn_once_it_has(drawn):
    kept = example("zeros_return")
    assert kept is not None
    assert all(any(event.kind == "change" for event in each.events) for each in kept.histories)
    network._draw_return(kept.histories)
    after = drawn.pop("how_zeros_return")
    network._draw_return([replace(each, events=()) for each in kept.histories])
    assert drawn["how_zeros_return"].fig != after.fig
