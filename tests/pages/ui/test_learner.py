"""What is kept of a reader outlives the session, under their cookie, and is read once."""

import pytest

from core.runs import runs
from pages.ui import learner
from tests.pages.tab import OWNER

pytestmark = pytest.mark.usefixtures("worker")


def test_what_is_kept_is_there_in_the_next_session(tab):
    assert learner.recall("guess", "none yet") == "none yet"
    learner.keep("guess", 30.0)
    assert learner.recall("guess") == 30.0
    tab.reload()
    assert learner.recall("guess") == 30.0
    tab.reload()
    tab.state.session_owner = "e" * 22
    assert learner.recall("guess") is None


def test_the_store_is_asked_once_a_session_and_told_what_is_new(tab, monkeypatch):
    calls: list[tuple[object, ...]] = []
    learners = runs().learners
    monkeypatch.setattr(learners, "kept", lambda owner: calls.append((owner,)) or {"a": 1})
    monkeypatch.setattr(learners, "keep", lambda *told: calls.append(told))
    for _ in range(3):
        assert learner.recall("a") == 1
        learner.keep("a", 1)
    learner.keep("a", 2)
    assert calls == [(OWNER,), (OWNER, "a", 2)]
