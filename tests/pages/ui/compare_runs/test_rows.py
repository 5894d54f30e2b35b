"""A run as a row of the table: what differs, how its curves end, and how long ago it was."""

from dataclasses import replace

import pytest

from core.lab.compare_runs.figures import STROKES
from core.runs import RunHistory
from core.runs.branches import mark_of
from core.runs.examples.histories import example_runs
from core.snapshots import Event
from pages.ui.compare_runs import rows
from pages.ui.compare_runs.items import Item
from tests.pages.tab import OWNER


@pytest.fixture
def history() -> RunHistory:
    return next(iter(example_runs().values()))


def item(history: RunHistory, **fields: object) -> Item:
    made = {"name": "a", "lane": 1, "slot": 0, "baseline": False} | fields
    view = replace(
        history.view,
        **{name: made.pop(name) for name in ("state", "created", "id", "position") if name in made},
    )
    return Item(view=view, history=history, **made)


def test_every_run_is_a_row_and_one_is_chosen(history):
    every = [item(history, id=name, slot=slot) for name, slot in (("a", 0), ("b", 1), ("c", None))]
    found = rows.rows(every, "b")
    assert [row["id"] for row in found] == ["a", "b", "c"]
    assert [row["chosen"] for row in found] == [False, True, False]
    assert [row["stroke"] for row in found] == [STROKES[0], STROKES[1], None]


def test_curves_keep_their_last_value_and_are_few(history):
    (row,) = rows.rows([item(history)], "")
    points = history.points[1]
    assert [curve["label"] for curve in row["curves"]] == ["loss", "accuracy", "zeros"]
    for curve in row["curves"]:
        assert 2 <= len(curve["values"]) <= rows.MOST_SHOWN < len(points)
        assert curve["values"][-1] == curve["last"] == row["order"][curve["label"]]
        assert curve["text"].startswith(f"{curve['last']:.3g}")


def test_a_run_without_a_moment_has_empty_curves(history):
    nothing = replace(history, points=((), ()), frames=(None, None))
    (row,) = rows.rows([item(nothing)], "")
    assert [(curve["values"], curve["last"], curve["text"]) for curve in row["curves"]] == [
        ([], None, "–")
    ] * 3


def test_what_differs_from_the_baseline_is_marked():
    several = [item(history, id=f"{i}") for i, history in enumerate(example_runs().values())]
    several[0] = replace(several[0], baseline=True)
    first, *others = rows.rows(several, "")
    for row, each in zip(others, several[1:], strict=True):
        same = each.view.spec.lanes[1].strength == several[0].view.spec.lanes[1].strength
        assert row["strength"][1] is not same
    assert any(row["strength"][1] or row["seed"][1] for row in others)
    assert first["id"] == "0"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.5, "just now"),
        (1, "1 min ago"),
        (59.5, "59 min ago"),
        (60, "1 h ago"),
        (47 * 60, "47 h ago"),
        (48 * 60, "2 days ago"),
    ],
)
def test_how_long_ago(history, minutes, words, monkeypatch):
    monkeypatch.setattr(rows.time, "time", lambda: 1e9)
    monkeypatch.setattr("pages.ui.session.owner", lambda: OWNER)
    made = item(history, id="r", created=1e9 - 60 * minutes)
    assert rows.rows([made], "")[0]["note"] == words


@pytest.mark.parametrize(
    ("state", "share", "words"),
    [
        ("queued", 0.0, "waiting, place 2"),
        ("running", 0.256, "running, 26%"),
        ("paused", 0.5, "paused, 50%"),
        ("stopped", 0.5, "stopped, just now"),
        ("failed", 0.5, "failed, just now"),
    ],
)
def test_the_note_says_how_a_run_is(history, state, share, words, monkeypatch):
    monkeypatch.setattr(rows.time, "time", lambda: 1e9)
    made = item(replace(history, share=share), id="r", state=state, position=2, created=1e9)
    assert rows.rows([made], "")[0]["note"] == words


def test_an_example_says_so_and_another_lane_which_it_is(history):
    assert rows.rows([item(history)], "")[0]["note"] == "example"
    note = rows.rows([item(history, lane=0)], "")[0]["note"]
    assert note.startswith("example · ")
    assert note.endswith("1 of 2 lanes")


def test_a_branch_names_the_run_it_has_its_past_from_and_where_it_left_it(history):
    mark = Event(run="b", lane=1, step=1600, kind="branched", text="Branched.", old=mark_of("a"))
    child = replace(history, events=(mark,))
    parent, one = item(history, id="a", name="L1 1e-4"), item(child, id="b")
    assert ("branched at step 1,600 of L1 1e-4", True) in rows.rows([parent, one], "")[1]["settings"]
    assert ("branched at step 1,600 of another run", True) in rows.rows([one], "")[0]["settings"]
    assert [event.step for event in one.marks] == [1600]
