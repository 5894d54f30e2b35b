"""A process that works or waits has a pulse, one whose training thread is stuck has none."""

import queue
import sys
import threading
import time
from itertools import islice

import pytest

from core.worker.pulse import LEAST_WORK, Pulse, worked_by
from tests.core.worker.process import COMMAND, PATIENCE, Process, batch, spec


class Inbox:
    """What a pulse knows of one."""

    def __init__(self):
        self.waiting, self.over = False, threading.Event()


class Body:
    """A pulse of a thread that works when the test says so."""

    def __init__(self):
        self.inbox, self.worked, self.beats = Inbox(), 5.0, []
        self.pulse = Pulse(self.inbox, lambda event, record: self.beats.append(event), lambda: self.worked)
        self.pulse.look()
        self.beats.clear()


@pytest.fixture
def body():
    return Body()


def test_whoever_waits_for_orders_beats(body):
    body.inbox.waiting = True
    for _ in range(3):
        body.pulse.look()
    assert body.beats == ["alive"] * 3


def test_whoever_works_beats_and_who_is_stuck_does_not(body):
    body.worked += LEAST_WORK
    body.pulse.look()
    assert body.beats == ["alive"]
    body.pulse.look()
    assert body.beats == ["alive"]


def test_who_hardly_gets_at_the_processor_beats_more_slowly(body):
    for _ in range(8):
        body.worked += LEAST_WORK / 4
        body.pulse.look()
    assert body.beats == ["alive"] * 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is all of the process")
def test_a_thread_at_work_is_told_from_one_that_is_stuck():
    stuck, end = threading.Lock(), threading.Event()
    stuck.acquire()

    def work():
        while not end.is_set():
            sum(range(1000))

    threads = [threading.Thread(target=target, daemon=True) for target in (stuck.acquire, work)]
    for thread in threads:
        thread.start()
    blocked, busy = map(worked_by, threads)
    before, limit = blocked(), time.monotonic() + PATIENCE
    began = busy()
    while busy() - began < 10 * LEAST_WORK:
        assert time.monotonic() < limit
    assert blocked() - before < LEAST_WORK
    end.set()
    threads[1].join()
    stuck.release()


def test_without_anybody_at_the_input_there_is_no_pulse():
    assert [message["event"] for message in batch(b"")] == ["hello"]


STUCK = """
import threading, torch
from core.worker import __main__ as worker, rounds

def turn(self, seconds, interval):
    if self.run.step:
        {turn}
    else:
        plain(self, seconds, interval)

large = torch.rand(4000, 4000)
plain, rounds.Job.turn = rounds.Job.turn, turn
worker.main()
"""


class Beating(Process):
    """A worker whose beats alone are kept."""

    def _read(self):
        for line in self.popen.stdout:
            if b'"alive"' in line or b'"snapshot"' in line:
                self.lines.put(line)

    def beat(self):
        while b"alive" not in self.lines.get(timeout=PATIENCE):
            pass

    def train(self):
        self.send(op="start", run="a", spec=spec(epochs=1000))
        while b'"step":1,' not in self.lines.get(timeout=PATIENCE):
            pass


def made(turn):
    return Beating([COMMAND[0], "-c", STUCK.format(turn=turn)])


def test_a_turn_that_takes_long_has_a_pulse_and_a_waiting_worker_too():
    process = made("[torch.mm(large, large) for _ in iter(int, 1)]")
    for _ in range(2):
        process.beat()
    process.train()
    for _ in range(4):
        process.beat()
    process.popen.kill()
    process.close()


def test_a_turn_that_is_stuck_has_none():
    process = made("threading.Event().wait()")
    process.train()
    # The beat of the work before may still come, and one that was under way.
    said = iter(lambda: process.lines.get(timeout=3.0), None)
    with pytest.raises(queue.Empty):
        list(islice(said, 4))
    process.popen.kill()
    process.close()
