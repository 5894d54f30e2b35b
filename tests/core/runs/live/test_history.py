"""A past in bounded memory: evenly spread, with its last moment, and a short tail for the sentence."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.runs.live.history import TAIL, TAIL_GAP, Tail, Thinned
from core.spec import LaneSpec, RunSpec
from tests.core.runs.made import snapshot


@given(limit=st.integers(1, 50), n=st.integers(0, 500))
def test_thinned_keeps_even_spaces_and_the_last(limit, n):
    thinned: Thinned[int] = Thinned(limit)
    for number in range(n):
        thinned.add(number, number)
    items = thinned.items()
    assert len(items) <= limit + 1
    assert items[-1:] == ([n - 1] if n else [])
    gaps = {b - a for a, b in pairwise(items[:-1])}
    assert gaps <= {thinned.stride}


def test_the_tail_is_short_light_and_reaches_back_far_enough():
    tail = Tail(RunSpec(lanes=(LaneSpec(),)))
    for step in range(1000):
        tail.add(snapshot(step=step))
    lane = tail.lanes[0]
    assert len(lane) <= TAIL
    assert lane[-1].step == 999
    assert lane[0].step <= 999 - 400
    assert lane[-1].layers["fc1"].counts == ()
    assert lane[-1].layers["fc1"].zeros == 100
    assert lane[-1].kernels == ()


@given(limit=st.integers(1, 20), n=st.integers(0, 200))
def test_what_it_wants_is_what_it_holds(limit, n):
    thinned: Thinned[int] = Thinned(limit)
    for number in range(n):
        wanted = thinned.wants(number)
        thinned.add(number, number)
        assert thinned.holds(number) <= wanted
    assert thinned.kept() == [number for number in range(n) if thinned.holds(number)]
    assert thinned.kept() == [number for number in range(n) if thinned.wants(number)]


@given(limit=st.integers(1, 20), n=st.integers(1, 100))
def test_a_store_s_items_are_taken_over_as_they_are(limit, n):
    thinned: Thinned[int] = Thinned(limit)
    thinned.restore([(number, 10 * number) for number in range(n)])
    assert thinned.items() == thinned.kept() == [10 * number for number in range(n)]


@given(steps=st.lists(st.integers(1, 60), max_size=80))
def test_the_tail_is_rising_spaced_and_ends_now(steps):
    tail, now = Tail(RunSpec(lanes=(LaneSpec(),))), 0
    for gap in steps:
        now += gap
        tail.add(snapshot(step=now))
    kept = [each.step for each in tail.lanes[0]]
    assert kept[-1:] == ([now] if steps else [])
    assert len(kept) <= TAIL
    assert all(b - a >= TAIL_GAP for a, b in pairwise(kept[:-1]))
