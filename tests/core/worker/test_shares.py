"""Whoever shares a thread has as much of its time as the others, however long what each does takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spec import RunSpec
from core.training.run import Run
from core.worker import job, rounds
from core.worker.protocol import Pause, Resume, Start
from core.worker.shares import Shares
from tests.core.worker.test_rounds import SMALL, Lab

COSTS = {"quick": 0.02, "slow": 0.09, "heavy": 1.0}
"""Seconds of an update, by the run's first word."""


class Clock:
    """The time that the made-up updates have taken, and no other."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


class Timed(Lab):
    """Rounds whose updates take as long as is said above; runs of one share have its name after a dash."""

    def __init__(self, patch, folder):
        super().__init__(patch, folder)
        self.clock, self.time = Clock(), {}
        for module in (rounds, job):
            patch.setattr(module, "time", self.clock)

    def begin(self, run, share, paused=False, speed=0.0):
        lab = self

        class Costly(Run):
            def advance(self):
                cost = COSTS[run.split("-")[0]]
                lab.clock.now += cost
                lab.time[run] = lab.time.get(run, 0.0) + cost
                return super().advance()

        self.kinds[run] = Costly
        spec = RunSpec(**SMALL | {"epochs": 1000})
        self.tell(Start(run, spec, paused, speed, share=share))

    def train(self, seconds):
        end = self.clock.now + seconds
        self.time.clear()
        while self.clock.now < end:
            self.turn()


@pytest.fixture
def lab(monkeypatch, tmp_path):
    for name in (
        "worker.rounds.IDLE_FOR_LOOKS",
        "training.run.LOOK_BUDGET",
        "training.looks.EVENTFUL_ALLOWANCE",
    ):
        monkeypatch.setattr(f"core.{name}", 0.0)
    return Timed(monkeypatch, tmp_path)


def test_two_owners_have_half_of_the_time_each_whatever_their_runs_cost(lab):
    lab.begin("heavy", "ann")
    lab.begin("quick", "bob")
    lab.train(20)
    assert lab.time == {"heavy": pytest.approx(10, abs=1), "quick": pytest.approx(10, abs=1)}


def test_who_has_three_runs_has_no_more_than_who_has_one(lab):
    for i in range(3):
        lab.begin(f"slow-{i}", "ann")
    lab.begin("quick", "bob")
    lab.train(20)
    assert lab.time["quick"] == pytest.approx(10, abs=1)
    assert [lab.time[f"slow-{i}"] for i in range(3)] == pytest.approx([10 / 3] * 3, abs=1)


def test_time_that_nobody_else_wants_is_taken_by_who_wants_it(lab):
    lab.begin("heavy", "ann")
    lab.begin("quick", "bob", paused=True)
    lab.train(10)
    assert lab.time == {"heavy": 10.0}


def test_who_has_rested_has_saved_nothing_up(lab):
    lab.begin("slow", "ann")
    lab.begin("quick", "bob")
    lab.train(2)
    lab.tell(Pause("quick"))
    lab.train(10)
    lab.tell(Resume("quick"))
    lab.train(4)
    assert lab.time == {"slow": pytest.approx(2, abs=0.2), "quick": pytest.approx(2, abs=0.2)}


def test_a_new_one_does_not_wait_for_what_others_have_had(lab):
    lab.begin("slow", "ann")
    lab.train(10)
    lab.begin("quick", "bob")
    lab.train(1)
    assert lab.time["quick"] == pytest.approx(0.5, abs=0.1)


@given(st.lists(st.floats(1e-4, 2.0), min_size=2, max_size=8))
def test_nobody_is_ahead_by_more_than_the_longest_turn(costs):
    shares, had = Shares(), dict.fromkeys(map(str, range(len(costs))), 0.0)
    for _ in range(200):
        for key in shares.turns(had, 0.01):
            had[key] += costs[int(key)]
            shares.take(key, costs[int(key)])
    assert max(had.values()) - min(had.values()) <= max(costs) + 0.011


def test_what_is_no_longer_ahead_is_forgotten():
    shares = Shares()
    for key in map(str, range(100)):
        for _ in range(3):
            shares.turns([key], 0.0)
            shares.take(key, 1.0)
    assert len(shares._had) <= 3
