"""No press writes the link: a newer run of the script may take over in the write and cut the press short."""

from typing import NoReturn

import pytest
import streamlit as st

from core.runs import runs
from core.spec import LaneSpec, RunSpec
from pages.ui import session, transport
from pages.ui.compare_runs import acts, items
from pages.ui.experiment import runs as experiment
from pages.ui.inside_the_network import run as inside
from pages.ui.lambda_path import runs as path
from pages.ui.smaller_model import subject
from tests.pages.tab import OWNER, Link

SPEC = RunSpec.beside_zero(LaneSpec(strength=3e-3))
PATH = RunSpec(lanes=tuple(LaneSpec(strength=s) for s in (0.0, 1e-4, 1e-3)))


class Taken(BaseException):
    """A newer run of the script has taken over."""


class Guarded(Link):
    """A link that can be read, and in which every write ends the press."""

    def _taken(self, *_args: object, **_fields: object) -> NoReturn:
        raise Taken

    __setitem__ = __delitem__ = pop = from_dict = clear = update = _taken  # type: ignore[assignment]


@pytest.fixture
def kept(worker, tab, monkeypatch) -> str:
    """An ended run; the link, of another run with a lane, is guarded."""
    ended = runs().start(OWNER, SPEC, key="ended").id
    worker.show(ended, 3)
    worker.say({"event": "finished", "run": ended, "reason": "done"})
    tab.state.train_spec, tab.state.train_key = RunSpec(), "k"
    monkeypatch.setattr(st, "query_params", Guarded(run="another", lane="0", path="a.b"))
    monkeypatch.setattr(inside, "watch", lambda *_: None)
    return ended


@pytest.mark.parametrize("verb", [verb for verb in acts._ACTS if verb not in ("train", "another_method")])
def test_what_is_pressed_on_compare_runs(kept, verb):
    acts.attempt(verb, kept)


def test_a_run_opened_from_compare_runs_is_on_the_screen(kept):
    acts.attempt("open", kept)
    assert (session.shown_run(), session.settings()) == (kept, SPEC)


@pytest.mark.parametrize(
    "press",
    [
        transport.play,
        transport.reset,
        lambda: transport.preset("exact_zeros"),
        lambda: transport.step("update"),
        lambda: acts.rename(items.pinned()[0], "A name"),
        lambda: acts.attempt("train", SPEC),
        lambda: acts.attempt("another_method", items.pinned()[0], "textbook"),
        inside.train_now,
        lambda: inside.hold_after_an_epoch(SPEC),
        subject.train_one,
        path.start,
        lambda: path.take(RunSpec()),
        lambda: path.look(runs().start(OWNER, PATH, key="p"), {"page": "inside_the_network", "lane": 1}),
        lambda: path.leave(PATH, 1),
        lambda: session.choose_lane(1),
        lambda: experiment.start("sparsity"),
        lambda: experiment.show_example("sparsity"),
    ],
)
def test_what_is_pressed_elsewhere(kept, press):
    press()


def test_the_page_writes_it_and_a_write_cut_short_is_made_again(kept, tab, monkeypatch):
    acts.attempt("choose", kept)
    with pytest.raises(Taken):
        session.link_now()
    monkeypatch.setattr(st, "query_params", Link(run="another", lane="0", elsewhere="kept"))
    session.link_now()
    assert st.query_params == {"run": kept, "elsewhere": "kept"}
    st.query_params["run"] = "by hand"
    session.link_now()
    assert st.query_params["run"] == "by hand"
