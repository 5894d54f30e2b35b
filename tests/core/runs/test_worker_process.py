"""The worker as a real process: talking, dying, being replaced. With the fake one and with the real one."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from core.runs import Runs
from core.runs.settings import ROOT
from core.runs.worker_process import LONGEST_WAIT, Worker
from core.spec import LaneSpec, RunSpec
from tests.core.runs.made import Clock, settings

FAKE = (sys.executable, "-m", "tests.core.runs.fake_worker")
SERVER = "tests.core.runs.server_to_kill"


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something another process does; generous, because the machine is shared."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    service = Runs(settings(tmp_path, worker=FAKE))
    service.open()
    yield service
    service.close()


def state(runs: Runs, run: str) -> str:
    view = runs.view(run)
    assert view is not None
    return view.state


def points(runs: Runs, run: str) -> list[dict]:
    return json.loads(runs.attach(run).feed.update(0, False)[1])["points"]


def test_a_run_from_start_to_finish(runs):
    run = runs.start("ann", RunSpec(), key="k", paused=True).id
    until(lambda: state(runs, run) == "paused")
    runs.step("ann", run, "update")
    runs.change("ann", run, 1, strength=3e-3)
    runs.step("ann", run, "epoch")
    until(lambda: state(runs, run) == "finished")
    message = json.loads(runs.attach(run).feed.update(0, False)[1])
    assert [p["step"] for p in message["points"]] == [0, 0, 1, 1, 2, 2]
    assert len(message["events"]) == 1
    assert message["status"]["device"] == "CPU · fake"


def test_a_killed_worker_is_noticed_and_the_next_run_works(runs):
    run = runs.start("ann", RunSpec(), key="1").id
    waiting = runs.start("ann", RunSpec(), key="2").id
    until(lambda: len(points(runs, run)) == 2)
    killed = time.monotonic()
    os.kill(runs.worker_pid, signal.SIGKILL)
    until(lambda: state(runs, run) == "failed")
    assert time.monotonic() - killed < 5
    assert "orker lost" in runs.view(run).reason
    assert len(points(runs, run)) == 2
    until(lambda: len(points(runs, waiting)) == 2)
    assert state(runs, waiting) == "running"


def test_a_worker_that_dies_of_an_order_is_replaced(runs):
    run = runs.start("ann", RunSpec(), key="1").id
    until(lambda: state(runs, run) == "running")
    runs.set_speed("ann", run, 13)
    until(lambda: state(runs, run) == "failed")
    until(lambda: runs.worker_state == "ready")


def test_closing_ends_the_worker_quickly(runs):
    until(lambda: runs.worker_state == "ready")
    worker = psutil.Process(runs.worker_pid)
    begun = time.monotonic()
    runs.close()
    assert time.monotonic() - begun < 10
    assert not worker.is_running()


def test_a_worker_that_dies_at_once_is_not_started_all_the_time():
    clock, lost = Clock(), []
    worker = Worker((sys.executable, "-c", "pass"), clock)
    worker.start(lambda message: None, lambda: lost.append(clock.now))
    until(lambda: len(lost) == 1)
    worker.tick()
    assert worker.pid is None
    for n, pause in enumerate((1.0, 2.0, 4.0), start=1):
        clock.now += pause - 0.1
        worker.tick()
        assert worker.pid is None
        clock.now += 0.1
        worker.tick()
        until(lambda n=n: len(lost) == n + 1)
    assert worker._wait <= LONGEST_WAIT
    worker.close()


def test_a_command_that_is_none_is_a_lost_worker():
    worker = Worker(("/no/such/program",), Clock())
    worker.start(lambda message: None, lambda: None)
    assert worker.state == "lost"
    worker.close()


def test_the_real_worker_trains_changes_and_stops(tmp_path):
    service = Runs(settings(tmp_path))
    service.open()
    try:
        run = service.start("ann", RunSpec.beside_zero(LaneSpec(), epochs=1000), key="k").id
        until(lambda: any(p["step"] > 0 for p in points(service, run)), 120)
        service.change("ann", run, 1, strength=3e-3)
        feed = service.attach(run).feed
        until(lambda: "change" in feed.update(0, False)[1], 60)
        service.stop("ann", run)
        assert state(service, run) == "stopped"
        message = json.loads(feed.update(0, False)[1])
        assert {p["lane"] for p in message["points"]} == {0, 1}
        assert message["status"]["device"] != ""
    finally:
        service.close()


def test_the_web_process_never_imports_torch():
    code = (
        "import sys, app, core.web, core.runs; "
        "print(sorted({'torch', 'sklearn', 'torchvision', 'core.training'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("worker", [FAKE, None], ids=["fake", "real"])
def test_no_worker_outlives_a_killed_server_and_its_run_is_interrupted(tmp_path, worker):
    made = settings(tmp_path)
    command = [sys.executable, "-m", SERVER, made.database, *(worker or made.worker)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    said = json.loads(server.stdout.readline())
    worker_process = psutil.Process(said["worker"])
    server.kill()
    server.wait()
    server.stdout.close()
    gone, alive = psutil.wait_procs([worker_process], timeout=5)
    assert (len(gone), alive) == (1, [])
    service = Runs(settings(tmp_path, worker=FAKE))
    service.open()
    assert state(service, said["run"]) == "interrupted"
    assert len(points(service, said["run"])) >= 2
    service.close()
