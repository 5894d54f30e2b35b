"""Questions by name: each is there once, is begun as pieces, and gets what it needs."""

import pytest

from core.checkpoints import Checkpoints
from core.inspect import questions as module
from core.inspect.fate import Watches
from core.inspect.moment import QuestionError, live
from core.inspect.questions import FILES, NAMES, QUESTIONS, WATCHING, Context, begin
from core.training.pieces import Pieces


@pytest.fixture
def context(tmp_path):
    return Context("r", Watches(), Checkpoints(tmp_path, 10**8))


def test_no_name_is_used_twice():
    assert len(set(NAMES)) == len(NAMES) == len(QUESTIONS) + len(WATCHING) + len(FILES)


@pytest.mark.parametrize("name", NAMES)
def test_each_refuses_what_it_does_not_know(lab, context, name):
    with pytest.raises(QuestionError):
        begin(name, {"colour": "red"}, live(lab.run), context).finish()


@pytest.mark.parametrize("name", ["", "weight", "__init__", "Weights"])
def test_another_name_is_refused_with_those_there_are(lab, context, name):
    with pytest.raises(QuestionError, match=r"^question must be one of weights, dead_units"):
        begin(name, {}, live(lab.run), context)


def test_a_short_answer_is_one_piece_and_a_long_one_several(lab, context):
    short = begin("dead_units", {"lane": 0}, live(lab.run), context)
    assert isinstance(short, Pieces)
    assert short.advance()
    assert short.found["lane"] == 0
    long, n_pieces = begin("confusion", {"lane": 0}, live(lab.run), context), 1
    while not long.advance():
        n_pieces += 1
    # 258 validation images, 256 at a time.
    assert n_pieces == 3
    assert sum(map(sum, long.found["matrix"])) == 258


def test_it_is_told_what_it_needs(lab, context, monkeypatch):
    def asked(moment, fields, **more):
        return more

    monkeypatch.setitem(module.WATCHING, "watch", asked)
    monkeypatch.setitem(module.FILES, "export", asked)
    monkeypatch.setitem(module.QUESTIONS, "weights", asked)
    found = {
        name: begin(name, {}, live(lab.run), context).finish() for name in ("watch", "export", "weights")
    }
    assert found == {
        "watch": {"watches": context.watches},
        "export": {"run": "r", "store": context.store},
        "weights": {},
    }
