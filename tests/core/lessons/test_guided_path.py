"""The guided path: each condition by hand, progress there and back, and every page on the way."""

import re
from dataclasses import replace

import pytest

from core.figures import how_zeros_noise, least_squares, what_is_l1
from core.lessons.guided_path import NAMES, PAGES, STOPS, Stop
from core.lessons.guided_path_progress import Progress, Seen, is_done
from core.lessons.least_squares import mean_squared_error, solution

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
        (replace(STOP, done="answered", of="k", goal=(6, 6)), {"values": {"k": 6}}),
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
        (replace(STOP, done="answered", of="k", goal=(6, 6)), {"values": {"k": 5}}),
        (replace(STOP, done="checked", of="after"), {"checks": frozenset({"before"})}),
    ],
)
def test_a_stop_is_not_done_by_half(stop, seen):
    assert not is_done(stop, Seen("page", **seen))


def test_goals_are_where_the_pictures_sliders_can_come():
    pictures = {
        "what_is_l1_price": what_is_l1.price().frames,
        "what_is_l1_one_weight": least_squares.one_weight(mean_squared_error(0)).frames["L1: λ·|w|"],
        "what_is_l1_two_weights": least_squares.two_weights(mean_squared_error(0, 1)).frames["L1: diamond"],
        "how_zeros_stay": how_zeros_noise.staying().frames["momentum 0"],
    }
    for stop in (stop for stop in STOPS if stop.done == "moved" and stop.goal):
        low, high = stop.goal
        labels = [frame["label"].replace("−", "-") for frame in pictures[stop.control]]
        within = [low <= float(re.search(r"-?[\d.]+", label)[0]) <= high for label in labels]
        assert any(within)
        assert not all(within)


def test_the_goals_on_the_axis_are_where_weights_are_zero():
    goals = {stop.name: stop.goal for stop in STOPS}
    assert goals["one_weight"][0] == pytest.approx(mean_squared_error(0).pull[0], abs=0.01)
    both = mean_squared_error(0, 1)
    assert solution(both, "l1", goals["two_weights"][0])[1] == 0.0 < solution(both, "l1", 1.05)[1]


def test_progress_comes_back_as_it_was_kept():
    now = Progress().opened("slope").ticked().onward()
    assert (now.at, now.done, now.on) == (NAMES[NAMES.index("slope") + 1], {"slope"}, True)
    assert Progress.read(now.written()) == now
    assert Progress.read(now.left().written()) == now.left()
    assert not now.opened(NAMES[-1]).onward().on


@pytest.mark.parametrize("kept", [None, 7, [], {"at": "gone", "done": ["gone"], "on": "yes"}, {"at": []}])
def test_progress_that_is_none_starts_over(kept):
    assert Progress.read(kept) == Progress()
