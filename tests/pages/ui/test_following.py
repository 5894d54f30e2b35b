"""Train live follows a class: what it newly sets is taken once, until the reader leaves."""

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from core.classes import hall
from core.classes.cards import READY
from core.classes.laboratory import run_of
from core.classes.settings import Experiment
from core.runs import runs
from core.spec import RunSpec
from pages.ui import session
from pages.ui.hold_a_class import following

EXPERIMENT = Experiment(values=(1e-3, 1e-2), epochs=2)


@pytest.fixture
def wanted(monkeypatch, tab, worker):
    """What the class sets: the first of it."""
    now = [run_of(EXPERIMENT, 0, 0)]
    monkeypatch.setattr(following, "_wanted", lambda code: now[0])
    tab.link["class"] = "abc def"
    return now


def top() -> RunSpec:
    """The top of the page; its settings."""
    session.open_from_link()
    following.take()
    return session.settings()


def test_what_the_class_sets_is_taken_when_it_changes_and_is_the_readers_in_between(wanted, tab):
    assert top() == wanted[0]
    own = session.settings().model_copy(update={"seed": 9})
    session.settle(own)
    assert top() == own
    wanted[0] = run_of(EXPERIMENT, 1, 0)
    assert top() == wanted[0]
    wanted[0] = None
    assert top() == run_of(EXPERIMENT, 1, 0)
    wanted[0] = run_of(EXPERIMENT, 0, 1)
    assert top() == wanted[0]


def test_what_a_newer_run_cuts_short_is_taken_by_that_one(wanted, tab, monkeypatch):
    change, cut = following.transport.change, []

    def changed(spec: RunSpec) -> None:
        if not cut:
            cut.append(spec)
            raise StopException
        change(spec)

    monkeypatch.setattr(following.transport, "change", changed)
    with pytest.raises(StopException):
        top()
    assert top() == wanted[0]


def test_a_reload_still_follows_and_who_leaves_keeps_the_settings(wanted, tab):
    top()
    session.write_link()
    assert tab.link["class"] == "abc def"
    tab.reload()
    assert top() == wanted[0]
    following.leave()
    before, wanted[0] = wanted[0], run_of(EXPERIMENT, 1, 1)
    assert top() == before
    assert "class" not in tab.link


def test_an_address_with_no_code_follows_nobody(wanted, tab):
    tab.link["class"] = "nothing"
    assert top() == RunSpec()


def test_a_class_that_is_not_there_sets_nothing(tab, worker):
    tab.link["class"] = "ABCDEF"
    assert top() == RunSpec()


def test_an_open_question_is_told_with_the_way_to_answer_it(tab, worker, monkeypatch):
    links = []
    monkeypatch.setattr(st, "link_button", lambda text, address, **_: links.append((text, address)))
    code, _ = hall(runs()).create((READY["claim.sparsity"], READY["claim.smaller"]))
    seen = []
    for do in ("next", "pause", "pause", "close", "reveal", "again", "close", "reveal", "next", "next"):
        hall(runs()).steer(code, do, hall(runs()).get(code).number)
        following._draw(code)
        seen.append(len(links))
    assert seen == [1, 1, 2, 2, 2, 3, 3, 3, 3, 4]
    assert links == [(f"Question {n} is open: answer it", f"./seat?c={code}") for n in (1, 1, 1, 2)]
    hall(runs()).delete(code)
    following._draw(code)
