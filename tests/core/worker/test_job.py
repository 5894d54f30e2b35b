"""A run as the worker holds it: when it trains, when it is shown, how it is kept and how it ends."""

import pytest
import torch

from core.checkpoints import Checkpoints
from core.data.images import digits
from core.refusals import SpecError
from core.spec import LaneSpec, Move, RunSpec
from core.worker import job as module
from core.worker.job import MAX_LAG, Job
from core.worker.protocol import ChangeLane, ChangeSpeed, Pause, Resume, Start, Step, Stop

CPU = torch.device("cpu")
NEVER = 1e9
"""Seconds between two snapshots: none is due but for a reason."""


class Lab:
    """A job by hand, and what it wrote."""

    def __init__(self, folder, paused=False, speed=0.0, **fields):
        spec = RunSpec(**{"model": "small_cnn", "train_size": 128, "lanes": (LaneSpec(),)} | fields)
        self.out = []
        store = Checkpoints(folder, 10**9)
        self.job = Job(Start("a", spec, paused, speed), CPU, self._emit, digits(), store)

    def _emit(self, event, record):
        self.out.append((event, record))

    def turn(self, seconds=0.0, interval=NEVER):
        """A turn of at least one update; the events written."""
        self.out.clear()
        self.job.turn(seconds, interval)
        return [event for event, _ in self.out]

    def order(self, order):
        self.out.clear()
        self.job.obey(order)
        return [event for event, _ in self.out]

    @property
    def step(self):
        return self.job.run.step


@pytest.fixture
def lab(tmp_path, monkeypatch):
    monkeypatch.setattr("core.training.looks.ASKED_SECONDS", 0.0)
    return Lab(tmp_path, epochs=1000)


def settled(lab):
    """Through its looks."""
    while lab.job.idle_until(NEVER) is not None and lab.job._looking:
        lab.turn()


def test_it_is_shown_before_it_trains_and_after_its_first_update(lab):
    assert [event for event, _ in lab.out] == ["snapshot"]
    assert lab.out[0][1].step == 0
    assert lab.turn() == ["snapshot"]
    assert lab.out[0][1].step == lab.step == 1
    assert lab.turn() == []
    assert lab.step == 2


def test_it_is_shown_when_the_last_time_is_long_enough_ago(lab):
    lab.turn()
    assert lab.turn(interval=NEVER) == []
    assert lab.turn(interval=0.0) == ["snapshot"]


def test_a_pause_holds_it_and_shows_it_with_its_test_images(lab):
    for _ in range(5):
        lab.turn()
    lab.order(Pause("a"))
    settled(lab)
    assert lab.job.waiting
    assert lab.job.idle_until(0.0) is None
    lab.turn()
    assert lab.step == 5
    lab.order(Resume("a"))
    assert not lab.job.waiting
    lab.turn()
    assert lab.step == 6


@pytest.mark.parametrize(("unit", "n"), [("update", 1), ("epoch", 19)])
def test_a_step_trains_so_far_and_pauses(lab, unit, n):
    lab.order(Pause("a"))
    settled(lab)
    lab.order(Step("a", unit))
    while not lab.job.waiting:
        lab.turn()
    assert lab.step == n
    assert [event for event, _ in lab.out][-1] == "snapshot"
    assert lab.out[-1][1].valid_step == n


def test_a_move_is_told_shown_and_shown_again_after_the_next_update(lab):
    lab.turn()
    events = lab.order(ChangeLane("a", 0, Move(strength=3e-3)))
    assert events[:2] == ["moved", "event"]
    assert lab.out[0][1] == {"run": "a", "step": 1, "lane": 0, "move": {"strength": 3e-3}}
    assert lab.out[1][1].text == "λ 1e-4 → 3e-3"
    settled(lab)
    assert lab.job.spec.lanes[0].strength == 3e-3
    while "snapshot" not in lab.turn():
        pass
    shown = [record for event, record in lab.out if event == "snapshot"]
    assert shown[-1].step == lab.step == 2


def test_a_move_that_cannot_be_is_refused_and_nothing_is_told(lab):
    lab.turn()
    with pytest.raises(SpecError, match="lane must be from 0 to 0"):
        lab.order(ChangeLane("a", 7, Move(strength=3e-3)))
    assert lab.out == []


class Clock:
    """Time that stands still until told."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


def test_at_a_speed_updates_come_so_often_and_a_delay_is_caught_up_only_in_part(tmp_path, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    lab = Lab(tmp_path, epochs=1000, paused=True)
    settled(lab)
    lab.order(ChangeSpeed("a", 10.0))
    lab.order(Resume("a"))
    steps = []
    for _ in range(10):
        lab.turn()
        lab.turn()
        steps.append(lab.step)
        clock.now += 0.1
    assert steps == pytest.approx(range(1, 11), abs=1)
    assert lab.job.idle_until(NEVER) == pytest.approx(clock.now, abs=0.11)
    before = lab.step
    clock.now += 60.0
    for _ in range(100):
        lab.turn()
    assert lab.step - before == pytest.approx(10.0 * MAX_LAG + 1, abs=1)


def test_a_stop_shows_the_final_state_keeps_it_and_is_final(lab):
    for _ in range(3):
        lab.turn()
    lab.order(Stop("a"))
    written = [*lab.out]
    while not lab.job.ended:
        lab.turn()
        written += lab.out
    events = [event for event, _ in written]
    assert events[0] == "checkpoint"
    assert events[-2:] == ["snapshot", "finished"]
    assert written[-1][1] == {"run": "a", "reason": "stopped"}
    assert written[-2][1].valid_step == written[-2][1].step == 3
    assert lab.job.ending


def test_a_run_ends_when_all_is_trained(tmp_path):
    lab = Lab(tmp_path, epochs=1)
    written = []
    while not lab.job.ended:
        lab.turn(seconds=0.1)
        written += lab.out
    assert written[-1] == ("finished", {"run": "a", "reason": "done"})
    assert lab.step == 19


def test_a_run_whose_lanes_all_diverged_ends(tmp_path):
    lab = Lab(tmp_path, epochs=1000)
    with torch.no_grad():
        lab.job.run.lanes[0].net.fc2.weight.fill_(float("inf"))
    written = []
    while not lab.job.ended:
        lab.turn()
        written += lab.out
    assert written[-1][1]["reason"] == "diverged"
    assert "diverged" in [record.kind for event, record in written if event == "event"]
