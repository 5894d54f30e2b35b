"""Your run as code: which run it is of, and the way back to Train live."""

from typing import Any

import pytest
import streamlit as st

from core.link import to_link
from core.runs import runs
from core.spec import PRESETS, LaneSpec, RunSpec
from pages.ui import session
from pages.ui.l1_in_pytorch import your_run
from tests.pages.tab import OWNER

pytestmark = pytest.mark.usefixtures("worker", "tab")

SPEC = RunSpec.beside_zero(LaneSpec(strength=3e-3), seed=2)


def test_without_a_run_it_is_what_play_would_train():
    session.open_from_link()
    session.settle(SPEC)
    assert your_run.own_run() == (SPEC, (), None)


def test_a_run_is_told_as_it_started_with_what_was_changed(worker):
    session.open_from_link()
    run = runs().start(OWNER, SPEC, key="k").id
    session.show(runs().view(run))
    worker.show(run, 5)
    runs().steering.change(OWNER, run, 1, SPEC.lanes[1].changed(strength=1e-2))
    worker.say(
        {
            "event": "event",
            "run": run,
            "lane": 1,
            "step": 5,
            "kind": "change",
            "text": "λ 3e-3 → 1e-2",
            "field": "strength",
            "old": "0.003",
            "new": "0.01",
        }
    )
    spec, changes, history = your_run.own_run()
    assert history is not None
    assert history.view.spec.lanes[1].strength == 1e-2
    assert spec == SPEC
    assert len(changes) == 1


@pytest.mark.parametrize("name", PRESETS)
def test_the_way_to_train_live_takes_the_settings_and_no_run(name, tab, monkeypatch):
    went: dict[str, Any] = {}
    monkeypatch.setattr(st, "switch_page", lambda page, query_params: went.update({page.name: query_params}))
    session.open_from_link()
    session.show(runs().view(runs().start(OWNER, SPEC, key="k").id))
    your_run.train_live(PRESETS[name])
    assert went == {"train_live.py": to_link(PRESETS[name])}
    assert session.current() is None
    assert session.settings() == PRESETS[name]


def test_only_a_finished_run_is_compared_with_its_script(worker, monkeypatch):
    tables: list[list[dict[str, str]]] = []
    monkeypatch.setattr(st, "table", lambda rows, **_: tables.append(rows))
    monkeypatch.setattr(st, "markdown", lambda *_: None)
    run = runs().start(OWNER, SPEC, key="k").id
    worker.show(run, 5)
    your_run.compare(runs().history(run))
    assert tables == []
    worker.say({"event": "finished", "run": run, "reason": "done"})
    your_run.compare(runs().history(run))
    first, second = tables[0]
    assert (first["network"], second["network"]) == ("λ = 0", "λ = 3e-3")
    # As made in `tests.core.runs.made`: four layers with 5 zeros each.
    assert (second["step"], second["exact zeros"]) == ("5", "20")
    # Selected ones apart from idle ones, 2 in each layer of 100 weights; and no test images were looked at.
    assert second["of all weights"] == "3 % selected, 2 % idle"
    assert (second["validation"], second["test"]) == ("0.5000", "–")
