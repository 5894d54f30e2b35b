"""How far a reader is: each condition by hand, and progress there and back."""

from dataclasses import replace

import pytest

from pages.ui.guided_path.progress import Progress, Seen, is_begun, is_done
from pages.ui.guided_path.stops import NAMES, Stop

STOP = Stop("s", "page", "control", "Title", "Do it.", "Done.", "finished")


@pytest.mark.parametrize(
    ("stop", "seen"),
    [
        (replace(STOP, done="started"), {"played": True, "run_epochs": 0.1}),
        (
            replace(STOP, done="trained", of="textbook"),
            {"is_new": True, "run_epochs": 10.0, "run_method": "textbook"},
        ),
        (replace(STOP, done="changed", of="k"), {"values": {"k": 2}, "first": {"k": 1}}),
        (replace(STOP, done="moved"), {"moved": True}),
        (replace(STOP, done="answered", of="k"), {"values": {"k": 0}, "first": {"k": None}}),
        (replace(STOP, done="answered", of="k", goal=(6, 6)), {"values": {"k": 6}, "first": {"k": 5}}),
        (replace(STOP, done="asked"), {"asked": True}),
        (replace(STOP, done="revealed", of="e"), {"revealed": frozenset({"e"})}),
        (replace(STOP, done="checked", of="after"), {"checks": frozenset({"after"})}),
    ],
)
def test_a_stop_is_done_when_it_is_and_only_on_its_page(stop, seen):
    assert is_done(stop, Seen("page", **seen))
    assert not is_done(stop, Seen("elsewhere", **seen))
    assert not is_done(stop, Seen("page"))


@pytest.mark.parametrize(
    ("stop", "seen"),
    [
        (replace(STOP, done="started"), {"played": True, "run_epochs": 0.0}),
        (replace(STOP, done="started"), {"played": False, "run_epochs": 9.0}),
        (
            replace(STOP, done="trained", of="textbook"),
            {"is_new": True, "run_epochs": 9.5, "run_method": "textbook"},
        ),
        (
            replace(STOP, done="trained", of="textbook"),
            {"is_new": True, "run_epochs": 99.0, "run_method": "proximal"},
        ),
        (
            replace(STOP, done="trained", of="textbook"),
            {"is_new": False, "run_epochs": 99.0, "run_method": "textbook"},
        ),
        (replace(STOP, done="changed", of="k"), {"values": {"k": 1}, "first": {"k": 1}}),
        (replace(STOP, done="changed", of="k"), {"values": {"k": 1}}),
        (replace(STOP, done="answered", of="k"), {"values": {"k": None}, "first": {"k": None}}),
        (replace(STOP, done="answered", of="k", goal=(6, 6)), {"values": {"k": 5}, "first": {"k": None}}),
        (replace(STOP, done="answered", of="k", goal=(6, 6)), {"values": {"k": 6}, "first": {"k": 6}}),
        (STOP, {"played": True, "is_new": True, "moved": True}),
        (replace(STOP, done="checked", of="after"), {"checks": frozenset({"before"})}),
    ],
)
def test_a_stop_is_not_done_by_half(stop, seen):
    assert not is_done(stop, Seen("page", **seen))


def test_there_is_something_to_watch_from_the_first_update_of_the_run_that_is_asked_for():
    stop, seen = (
        replace(STOP, done="trained", of="proximal"),
        Seen("page", is_new=True, run_method="proximal"),
    )
    assert is_begun(stop, seen)
    assert not is_begun(stop, replace(seen, is_new=False))
    assert not is_begun(stop, replace(seen, run_method="textbook"))
    assert not is_begun(stop, replace(seen, page="elsewhere"))
    moved = replace(STOP, done="changed", of="k")
    assert not is_begun(moved, Seen("page", values={"k": 1}, first={"k": 1}))
    assert is_begun(moved, Seen("page", values={"k": 2}, first={"k": 1}))


def test_progress_comes_back_as_it_was_kept():
    now = Progress().opened("slope", 7.0).ticked()
    now = now.opened(now.following, 9.5)
    assert (now.at, now.done, now.on) == (NAMES[NAMES.index("slope") + 1], {"slope"}, True)
    assert Progress.read(now.written()) == now
    assert Progress.read(now.left().written()) == now.left()
    last = now.opened(NAMES[-1], 11.0)
    assert last.following == NAMES[-1]
    assert (last.finished().on, last.finished().done) == (False, {"slope", NAMES[-1]})


def test_the_path_is_over_when_every_stop_is_done_in_whatever_order():
    now = Progress()
    for name in reversed(NAMES):
        assert not now.is_over
        now = now.opened(name, 1.0).ticked()
    assert now.is_over


@pytest.mark.parametrize("kept", [None, 7, [], {"at": "gone", "done": ["gone"], "on": "yes"}, {"at": []}])
def test_progress_that_is_none_starts_over(kept):
    assert Progress.read(kept) == Progress()
