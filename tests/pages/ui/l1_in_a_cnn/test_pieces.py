"""L1 in a CNN: a click on a layer, a guess that outlives the page, and what the experiments draw."""

from typing import Any

import pytest
import streamlit as st

from core.figures.traces import Drawing
from core.runs import Refused, runs
from core.runs.examples.histories import example
from pages.ui import learner
from pages.ui.experiment import runs as experiment
from pages.ui.l1_in_a_cnn import drawings, network, own


@pytest.fixture
def drawn(monkeypatch) -> dict[str, Drawing]:
    drawn: dict[str, Drawing] = {}
    monkeypatch.setattr(drawings, "picture", lambda drawing, key, **_: drawn.update({key: drawing}))
    return drawn


@pytest.mark.parametrize(
    ("click", "chosen"),
    [
        ({"customdata": "fc2"}, ["fc1", "fc2"]),
        ({"customdata": "fc1"}, []),
        ({"customdata": "conv1"}, ["conv1", "fc1"]),
        ({"customdata": "bn1"}, ["fc1"]),
        ({"customdata": None}, ["fc1"]),
        ({}, ["fc1"]),
        ("fc2", ["fc1"]),
        (None, ["fc1"]),
    ],
)
def test_a_click_on_a_layer_switches_it_and_anything_else_does_nothing(tab, click, chosen):
    tab.state[network.CHOICE] = ["fc1"]
    tab.state[network.NETWORK] = type("Sent", (), {"click": click})
    network._layer_clicked()
    assert tab.state[network.CHOICE] == chosen


def test_a_guess_is_there_again_when_the_reader_comes_back(tab, monkeypatch):
    fields: dict[str, Any] = {}

    def number_input(*_: object, **given: Any) -> object:
        fields.update(given)
        return tab.state[given["key"]]

    monkeypatch.setattr(st, "number_input", number_input)
    own.guess()
    assert not fields["disabled"]
    tab.state[own.GUESS] = 40.0
    experiment.show_example(own.TARGETS, own.GUESS)
    # What Streamlit does with a widget that is not on the page.
    del tab.state[own.GUESS]
    own.guess()
    assert tab.state[own.GUESS] == 40.0
    assert fields["disabled"]


def test_what_is_possible_is_drawn_before_anything_is_measured(drawn):
    drawings.possible()
    assert set(drawn) == {"l1_in_a_cnn_possible"}


@pytest.mark.parametrize(
    ("name", "draw", "key"),
    [
        (own.TARGETS, drawings.targets, "l1_in_a_cnn_targets"),
        ("batch_norm_target", drawings.batch_norm, "l1_in_a_cnn_batch_norm"),
        ("interpretability", drawings.kernels, "l1_in_a_cnn_kernels"),
    ],
)
def test_each_experiment_draws_its_example_and_nothing_before_there_is_something(
    name, draw, key, drawn, tab, monkeypatch
):
    said: list[str] = []
    monkeypatch.setattr(st, "markdown", said.append)
    draw([])
    assert drawn == {}
    kept = example(name)
    assert kept is not None
    learner.keep(own.GUESS, 40.0)
    draw(kept.histories)
    assert set(drawn) == {key}
    # A slider's frames have sentences of their own.
    assert drawn[key].summary or all(frame["summary"] for frame in drawn[key].frames)
    if name == own.TARGETS:
        assert any("you said **40 %**" in each for each in said)


@pytest.mark.usefixtures("worker", "tab")
def test_the_own_network_is_asked_only_when_there_is_one(worker, monkeypatch):
    said: list[str] = []
    buttons: list[bool] = []
    monkeypatch.setattr(st, "button", lambda label, disabled, key: buttons.append(disabled) or not disabled)
    monkeypatch.setattr(st, "caption", said.append)
    monkeypatch.setattr(st, "markdown", said.append)
    own.rescale_check()
    assert buttons == [True]
    assert "Run the experiment above first" in said[0]
    experiment.start(own.TARGETS)
    run, *_ = experiment.own_results(own.TARGETS)
    worker.show(run.view.id, 1, len(run.view.spec.lanes))

    def refuse(*_: object, **__: object) -> None:
        raise Refused("Not <now>.")

    monkeypatch.setattr(runs(), "ask", refuse)
    own.rescale_check()
    assert buttons == [True, False]
    assert said[-1] == r":material/error: Not \<now\>."
