"""Work in pieces: one piece at a time, its time counted, its result at the end."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training import pieces
from core.training.pieces import Allowance, Pieces


class Clock:
    """Time that passes when told to."""

    def __init__(self):
        self.now = 100.0

    def perf_counter(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(pieces, "time", clock)
    return clock


def counted(n, log, clock=None, seconds=0.0):
    """Work of n pieces, each of so many seconds."""
    for i in range(n):
        if i:
            yield
        log.append(i)
        if clock is not None:
            clock.now += seconds
    return sum(log)


def test_a_piece_is_what_lies_between_two_rests():
    log = []
    work = Pieces(counted(3, log))
    assert log == []
    assert [work.advance() for _ in range(2)] == [False, False]
    assert log == [0, 1]
    assert not work.over
    assert work.advance()
    assert (work.over, work.found, log) == (True, 3, [0, 1, 2])


def test_work_without_a_rest_is_one_piece():
    work = Pieces(counted(1, [7]))
    assert work.advance()
    assert work.found == 7


def test_finishing_does_the_rest_of_it():
    log = []
    work = Pieces(counted(4, log))
    work.advance()
    assert work.finish() == 6
    assert log == [0, 1, 2, 3]


def test_what_goes_wrong_in_a_piece_is_raised():
    def wrong():
        yield
        raise ValueError("the second piece")

    work = Pieces(wrong())
    work.advance()
    with pytest.raises(ValueError, match="the second piece"):
        work.advance()


def test_as_a_part_of_other_work_it_rests_where_it_rests_and_hands_on_what_it_found():
    log = []

    def whole():
        first = yield from Pieces(counted(2, log)).resting()
        second = yield from Pieces(counted(3, [10])).resting()
        return first, second

    work = Pieces(whole())
    assert [work.advance() for _ in range(4)] == [False, False, False, True]
    assert work.found == (1, 13)


def test_an_allowance_pays_for_the_pieces_and_not_for_the_rests(clock):
    allowance = Allowance(1.0, most=1.0)
    work = Pieces(counted(3, [], clock, seconds=0.4))
    left = []
    while not work.advance(allowance):
        clock.now += 50.0  # Others have their turn.
        left.append(allowance.left)
    assert left == pytest.approx([0.6, 0.2])
    # The last piece may overdraw it.
    assert allowance.left == pytest.approx(-0.2)


def test_work_without_an_allowance_costs_nobody(clock):
    allowance = Allowance(1.0, most=1.0)
    Pieces(counted(3, [], clock, seconds=0.4)).finish()
    assert allowance.left == 1.0


def test_no_more_is_saved_up_than_the_most(clock):
    allowance = Allowance(most=0.5)
    for _ in range(10):
        allowance.grant(0.2)
    assert allowance.left == 0.5
    allowance.spend(2.0)
    allowance.grant(0.2)
    assert allowance.left == pytest.approx(-1.3)


def test_at_a_pace_the_clock_pays_back_what_was_overdrawn(clock):
    # Half of the time: as long for others as the piece took.
    allowance = Allowance(most=0.0, pace=1.0)
    clock.now += 1000.0
    assert allowance.wait() == 0.0
    Pieces(counted(1, [], clock, seconds=0.3)).advance(allowance)
    assert allowance.wait() == pytest.approx(0.3)
    clock.now += 0.1
    assert allowance.wait() == pytest.approx(0.2)
    clock.now += 0.2
    assert allowance.wait() == pytest.approx(0.0, abs=1e-9)
    clock.now += 1000.0
    assert allowance.left == 0.0


def test_without_a_pace_only_a_grant_ends_the_wait(clock):
    allowance = Allowance(most=1.0)
    assert allowance.wait() == 0.0
    allowance.spend(0.5)
    clock.now += 1000.0
    assert allowance.wait() == math.inf
    allowance.grant(0.5)
    assert allowance.wait() == 0.0


@given(st.lists(st.floats(0.001, 2.0), min_size=1, max_size=30), st.floats(0.1, 4.0))
def test_in_the_long_run_the_work_has_its_share_of_the_time(costs, pace):
    # Of each second at pace p the work takes p/(1 + p) at most, but for its last piece.
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock()
        patch.setattr(pieces, "time", clock)
        allowance, started = Allowance(most=0.0, pace=pace), clock.now
        for cost in costs:
            clock.now += allowance.wait()
            Pieces(counted(1, [], clock, seconds=cost)).advance(allowance)
        worked, rested = sum(costs), clock.now - started - sum(costs)
        assert worked - costs[-1] == pytest.approx(pace * rested, rel=1e-6, abs=1e-9)
