"""The guided path: each condition by hand, progress there and back, and every page on the way."""

from dataclasses import replace

import pytest

from core.lessons.guided_path import NAMES, PAGES, STOPS, Stop
from core.lessons.guided_path_progress import Progress, Seen, is_done

STOP = Stop("s", "page", "control", "Title", "Do it.", "Done.", "opened")


def test_every_page_of_the_path_has_a_stop_and_names_are_unique():
    assert {stop.page for stop in STOPS} == set(PAGES)
    assert len(set(NAMES)) == len(NAMES)
    assert [stop.of for stop in STOPS if stop.done == "checked"] == ["before", "after"]


@pytest.mark.parametrize(
    ("stop", "seen"),
    [
        (replace(STOP, done="started"), {"run_state": "running"}),
        (replace(STOP, done="trained", of="textbook"), {"run_epochs": 10.0, "run_method": "textbook"}),
        (replace(STOP, done="changed", of="k"), {"values": {"k": 2}, "first": {"k": 1}}),
        (replace(STOP, done="moved"), {"moved": True}),
        (replace(STOP, done="answered", of="k"), {"values": {"k": 0}}),
        (replace(STOP, done="revealed", of="e"), {"revealed": frozenset({"e"})}),
        (replace(STOP, done="checked", of="after"), {"checks": frozenset({"after"})}),
        (STOP, {}),
    ],
)
def test_a_stop_is_done_when_it_is_and_only_on_its_page(stop, seen):
    assert is_done(stop, Seen("page", **seen))
    assert not is_done(stop, Seen("elsewhere", **seen))
    if stop.done != "opened":
        assert not is_done(stop, Seen("page"))


@pytest.mark.parametrize(
    ("stop", "seen"),
    [
        (replace(STOP, done="started"), {"run_state": "queued"}),
        (replace(STOP, done="trained", of="textbook"), {"run_epochs": 9.5, "run_method": "textbook"}),
        (replace(STOP, done="trained", of="textbook"), {"run_epochs": 99.0, "run_method": "proximal"}),
        (replace(STOP, done="changed", of="k"), {"values": {"k": 1}, "first": {"k": 1}}),
        (replace(STOP, done="changed", of="k"), {"values": {"k": 1}}),
        (replace(STOP, done="answered", of="k"), {"values": {"k": None}}),
        (replace(STOP, done="checked", of="after"), {"checks": frozenset({"before"})}),
    ],
)
def test_a_stop_is_not_done_by_half(stop, seen):
    assert not is_done(stop, Seen("page", **seen))


def test_progress_comes_back_as_it_was_kept():
    now = Progress().opened("slope").ticked().onward()
    assert (now.at, now.done, now.on) == (NAMES[NAMES.index("slope") + 1], {"slope"}, True)
    assert Progress.read(now.written()) == now
    assert Progress.read(now.left().written()) == now.left()
    assert not now.opened(NAMES[-1]).onward().on


@pytest.mark.parametrize("kept", [None, 7, [], {"at": "gone", "done": ["gone"], "on": "yes"}, {"at": []}])
def test_progress_that_is_none_starts_over(kept):
    assert Progress.read(kept) == Progress()
