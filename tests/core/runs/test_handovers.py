"""A link to another browser works once, for ten minutes, and the newest one alone."""

from core.runs.handovers import MOST, Handovers
from tests.core.runs.made import Clock


def test_a_token_is_taken_once():
    handovers = Handovers(Clock())
    token = handovers.offer("ann's name")
    assert handovers.is_open(token)
    assert handovers.take(token) == "ann's name"
    assert not handovers.is_open(token)
    assert handovers.take(token) is None
    assert handovers.take("made up") is None


def test_it_ends_after_ten_minutes():
    clock = Clock()
    handovers = Handovers(clock)
    early, late = handovers.offer("ann"), handovers.offer("bob")
    clock.now += 599.0
    assert handovers.take(early) == "ann"
    clock.now += 1.0
    assert not handovers.is_open(late)
    assert handovers.take(late) is None


def test_the_newest_link_of_a_browser_ends_the_one_before():
    handovers = Handovers(Clock())
    first, second = handovers.offer("ann"), handovers.offer("ann")
    assert handovers.take(first) is None
    assert handovers.take(second) == "ann"


def test_a_flood_of_links_takes_no_memory_and_ends_the_oldest():
    handovers = Handovers(Clock())
    first = handovers.offer("ann")
    last = [handovers.offer(f"name {n}") for n in range(MOST // 100)]
    assert handovers.is_open(first)
    handovers._offered |= {f"token {n}": (f"other {n}", 1e9) for n in range(MOST)}
    newest = handovers.offer("bob")
    assert len(handovers._offered) == MOST
    assert not any(map(handovers.is_open, (first, *last)))
    assert handovers.take(newest) == "bob"
