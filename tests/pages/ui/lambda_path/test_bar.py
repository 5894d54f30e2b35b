"""The λ path's bar in words: how far it is, which settings it has; and what its weights are drawn of."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import streamlit as st

from core.lab.lambda_path.path import LINEAR, path
from core.runs import RunHistory
from core.runs.examples.histories import example
from core.spec import LaneSpec, RunSpec
from pages.ui import duration
from pages.ui.experiment.runs import trained
from pages.ui.lambda_path import bar, charts, view


def kept(name: str) -> RunHistory:
    computed = example(name)
    assert computed is not None
    return computed.histories[0]


def history(state: str, share: float = 0.0, position: int = 0) -> RunHistory:
    made = kept("lambda_path")
    return replace(made, share=share, view=replace(made.view, state=state, position=position, created=1e9))


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ([history("queued", position=3), history("queued", position=4)], "Waiting: place 3 in the queue"),
        ([history("running", 0.0)], "training"),
        ([history("running", 0.01), history("queued", position=1)], "Seed 1 of 2: training"),
        ([history("running", 0.5)], "about 30 s left"),
        ([history("finished", 1.0), history("running", 0.5)], "Seed 2 of 2: about 10 s left"),
        ([history("finished", 1.0), history("queued", position=1)], "Seed 2 of 2: about 30 s left"),
    ],
)
def test_the_progress_says_what_it_waits_for_and_how_long(own, words, monkeypatch):
    monkeypatch.setattr(duration.time, "time", lambda: 1e9 + 30.0)
    assert bar._progress_words(own) == words


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (
            RunSpec(lanes=(LaneSpec(),) * 3, epochs=2),
            "digits, standard CNN, L1 on conv1, conv2, fc1, fc2, proximal with Adam, 3 λs, 2 epochs",
        ),
        (
            RunSpec(
                lanes=(LaneSpec(optimizer="sgd", penalty="l2", layers=frozenset({"fc1"})),) * 4, epochs=1
            ),
            "L2 on fc1, proximal with SGD, 4 λs",
        ),
        (LINEAR, "linear, L1 on fc1, FISTA, "),
    ],
)
def test_what_a_path_is_of_stands_in_one_line(spec, words, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(st, "caption", said.append)
    bar.about(spec, "Your path", "As set.")
    assert said[0].startswith("Your path: ")
    assert words in said[0]


@pytest.mark.parametrize(("epochs", "told"), [(20, True), (200, False)])
def test_a_path_says_that_train_live_trains_longer_and_has_other_bands(epochs, told, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(st, "caption", said.append)
    bar.about(RunSpec(epochs=epochs), "Your path", "As set.")
    assert said[0].endswith(". As set.")
    own = f"{epochs} epochs"
    assert (f"{own} (on Train live 200 unless set, with bands of their own)." if told else f"{own}.") in said[
        0
    ]


@pytest.fixture
def figures(monkeypatch) -> list[dict[str, Any]]:
    """What is drawn, instead of drawing it."""
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(charts, "figure", lambda fig, **fields: drawn.append({"fig": fig} | fields))
    return drawn


@pytest.mark.parametrize("name", ["lambda_path", "lambda_path_linear"])
def test_the_table_of_sizes_has_a_row_for_each_strength_and_the_largest_has_least(name, figures):
    (run,) = trained([kept(name)])
    charts.norms(path([run]), run, None)
    (drawn,) = figures
    assert len(drawn["table"]) == len(run.spec.lanes)
    first, *_, last = drawn["table"]
    assert set(first) == {"λ", *run.layers(0)}
    assert sum(v for k, v in last.items() if k != "λ") < sum(v for k, v in first.items() if k != "λ")


def test_the_linear_path_says_from_which_strength_on_nothing_is_left(figures):
    (run,) = trained([kept("lambda_path_linear")])
    charts.norms(path([run]), run, None)
    assert "every penalised weight is zero at the optimum" in figures[0]["summary"]


@pytest.mark.parametrize(("layer", "n", "first"), [("conv1", 32, None), ("fc1", 10, 0)])
def test_of_a_convolution_all_filters_are_followed_of_a_linear_model_one_class(layer, n, first, monkeypatch):
    options: Sequence[int] = ()

    def selectbox(label: str, units: Sequence[int], **fields: Any) -> int:
        nonlocal options
        options = units
        return state[fields["key"]]

    state = type("State", (dict,), {"__getattr__": dict.get, "__setattr__": dict.__setitem__})(path_unit=99)
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(st, "selectbox", selectbox)
    assert charts._chosen(n, layer) == first
    assert len(options) == n + (first is None)
    state["path_unit"] = 3
    assert charts._chosen(n, layer) == 3


def test_the_explorer_has_a_stop_for_each_strength_and_starts_at_the_knee(monkeypatch):
    told: dict[str, Any] = {}
    monkeypatch.setattr(view, "_mount", lambda **call: told.update(call))
    (run,) = trained([kept("lambda_path")])
    record = path([run])
    view.lambda_path(
        record,
        whose="seed 0",
        frames="/api/f",
        version="1",
        spec=run.spec,
        key="k",
        on_open=lambda: None,
        on_look=None,
    )
    data = told["data"]
    assert data["whose"] == "seed 0"
    assert data["stops"][0]["label"] == "0"
    assert len(data["stops"]) == len(run.spec.lanes) == len(data["table"])
    assert (data["start"], data["own"], data["frames"]) == (record.knee, False, "./api/f")
    assert told["on_look_change"]() is None
