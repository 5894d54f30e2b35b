"""Trainers as real processes: talking, dying, being replaced. With the fake one and with the real one."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import torch
from safetensors.torch import load

from core.checkpoints import moment_name
from core.runs import Config, Runs, condition
from core.runs.board import TRAINER_SILENT
from core.runs.config import ROOT
from core.runs.trainers.pool import Pool
from core.runs.trainers.process import TrainerProcess
from core.runs.trainers.trainer import HUNG_SECONDS, LONGEST_WAIT, SILENT_SECONDS
from core.spec import LaneSpec, RunSpec
from core.training.run import Run
from tests.core.runs.made import Clock, config, url

FAKE = (sys.executable, "-m", "tests.core.runs.trainers.fake_trainer")
SERVER = "tests.core.runs.trainers.server_to_kill"


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something another process does; generous, because the machine is shared."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    service = Runs(config(tmp_path, worker=FAKE))
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
    runs.steering.step("ann", run, "update")
    runs.steering.change("ann", run, 1, LaneSpec(strength=3e-3))
    runs.steering.step("ann", run, "epoch")
    until(lambda: state(runs, run) == "finished")
    message = json.loads(runs.attach(run).feed.update(0, False)[1])
    assert [p["step"] for p in message["points"]] == [0, 0, 1, 1, 2, 2]
    assert len(message["events"]) == 1
    assert message["status"]["device"] == "CPU · fake"


def test_a_killed_worker_is_noticed_and_its_run_goes_on_in_the_next(runs):
    run = runs.start("ann", RunSpec(), key="1").id
    until(lambda: len(points(runs, run)) == 2)
    killed, first = time.monotonic(), runs.trainer_pid(run)
    os.kill(first, signal.SIGKILL)
    until(lambda: state(runs, run) == "queued" or runs.trainer_pid(run) != first)
    assert time.monotonic() - killed < 5
    until(lambda: state(runs, run) == "running")
    until(lambda: "goes on at step 0" in runs.attach(run).feed.update(0, False)[1])
    assert len(points(runs, run)) == 2


@pytest.fixture
def turned(tmp_path: Path) -> Iterator[tuple[Runs, Clock]]:
    """Runs of the real worker, whose time passes as the test turns the clock."""
    clock = Clock()
    service = Runs(config(tmp_path, trainers=1), clock=clock)
    service.open()
    yield service, clock
    service.close()


def test_a_hung_trainer_is_told_then_replaced_and_its_run_goes_on(turned):
    service, clock = turned

    def pass_seconds(seconds: float) -> None:
        for _ in range(round(seconds)):
            clock.now += 1.0
            service.tick()

    spec = RunSpec(model="small_cnn", train_size=96, batch_size=32, epochs=10_000, lanes=(LaneSpec(),))
    run = service.start("ann", spec, key="k", speed=60).id
    feed = service.attach(run).feed
    until(lambda: points(service, run)[-1:] and points(service, run)[-1]["step"] > 20, 120)
    hung = psutil.Process(service.trainer_pid(run))
    hung.suspend()
    # What it said before may still come.
    until(lambda: pass_seconds(1) or TRAINER_SILENT in feed.update(0, False)[1])
    now = service.condition()
    assert (now.status, now.worker, now.why) == ("degraded", "ready", [condition.TRAINER_SILENT])
    assert (state(service, run), service.trainer_pid(run)) == ("running", hung.pid)
    pass_seconds(HUNG_SECONDS - SILENT_SECONDS)
    assert service.trainer_pid(run) != hung.pid
    until(lambda: not hung.is_running())
    until(lambda: "goes on at step" in feed.update(0, False)[1], 120)
    shown = points(service, run)[-1]["step"]
    until(lambda: points(service, run)[-1]["step"] > shown)
    assert TRAINER_SILENT not in feed.update(0, False)[1]
    assert (service.condition().status, service.condition().why) == ("ready", [])


def test_a_worker_that_dies_of_an_order_is_replaced(runs):
    run = runs.start("ann", RunSpec(), key="1").id
    until(lambda: len(points(runs, run)) == 2)
    first = runs.trainer_pid(run)
    runs.steering.set_speed("ann", run, 13)
    until(lambda: runs.worker_state == "ready" and runs.trainer_pid(run) != first)
    until(lambda: state(runs, run) == "running")


def test_closing_ends_the_worker_quickly(runs):
    until(lambda: runs.worker_state == "ready")
    worker = psutil.Process(*runs.trainer_pids)
    begun = time.monotonic()
    runs.close()
    assert time.monotonic() - begun < 10
    assert not worker.is_running()


def test_a_trainer_that_dies_at_once_is_not_started_all_the_time(tmp_path):
    clock, lost = Clock(), []
    pool = Pool(config(tmp_path, worker=(sys.executable, "-c", "pass")), clock)
    pool.start(lambda message: None, lambda runs, questions: lost.append(clock.now))
    until(lambda: len(lost) == 1)
    pool.tick()
    assert pool.pids == []
    for n, pause in enumerate((1.0, 2.0, 4.0), start=1):
        clock.now += pause - 0.1
        pool.tick()
        assert pool.pids == []
        clock.now += 0.1
        pool.tick()
        until(lambda n=n: len(lost) == n + 1)
    assert pool._trainers[0]._wait <= LONGEST_WAIT
    pool.close()


def test_a_command_that_is_none_is_a_lost_trainer(tmp_path):
    pool = Pool(config(tmp_path, worker=("/no/such/program",)), Clock())
    pool.start(lambda message: None, lambda runs, questions: None)
    assert pool.state == "lost"
    pool.close()


def test_the_real_worker_trains_changes_and_stops(tmp_path):
    service = Runs(config(tmp_path))
    service.open()
    try:
        run = service.start("ann", RunSpec.beside_zero(LaneSpec(), epochs=1000), key="k").id
        until(lambda: any(p["step"] > 0 for p in points(service, run)), 120)
        service.steering.change("ann", run, 1, LaneSpec(strength=3e-3))
        feed = service.attach(run).feed
        until(lambda: "change" in feed.update(0, False)[1], 60)
        service.steering.stop("ann", run)
        assert state(service, run) == "stopped"
        message = json.loads(feed.update(0, False)[1])
        assert {p["lane"] for p in message["points"]} == {0, 1}
        assert message["status"]["device"] != ""
    finally:
        service.close()


def test_a_run_that_was_held_when_the_server_was_closed_is_held_where_it_was(tmp_path):
    service = Runs(config(tmp_path))
    service.open()
    run = service.start("ann", RunSpec.beside_zero(LaneSpec()), key="k", paused=True).id
    until(lambda: len(points(service, run)) == 2, 120)
    service.close()
    again = Runs(config(tmp_path, worker=FAKE))
    again.open()
    assert again.view(run).state in ("queued", "paused")
    until(lambda: state(again, run) == "paused")
    again.close()


def test_the_web_process_never_imports_torch():
    code = (
        "import sys, app, core.web, core.runs; "
        "rooms = {f'core.{name}' for name in ('maths', 'data', 'training', 'smaller', 'inspect', 'worker')}; "
        "print(sorted((rooms | {'torch', 'sklearn', 'torchvision'}) & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("worker", [FAKE, None], ids=["fake", "real"])
def test_no_worker_outlives_a_killed_server_and_its_run_goes_on_in_the_next(tmp_path, worker):
    made = config(tmp_path)
    command = [sys.executable, "-m", SERVER, made.database, *(worker or made.worker)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    said = json.loads(server.stdout.readline())
    worker_process = psutil.Process(said["worker"])
    server.kill()
    server.wait()
    server.stdout.close()
    gone, alive = psutil.wait_procs([worker_process], timeout=5)
    assert (len(gone), alive) == (1, [])
    service = Runs(config(tmp_path, worker=FAKE))
    service.open()
    run = said["run"]
    until(lambda: state(service, run) == "running")
    assert len(points(service, run)) >= 2
    until(lambda: "goes on at step" in service.attach(run).feed.update(0, False)[1])
    service.close()


def test_a_worker_finds_the_program_where_python_looks_in_no_working_directory(monkeypatch):
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    said: list = []
    script = "import json, os, core.spec; print(json.dumps({'event': os.environ['PYTHONPATH']}))"
    process = TrainerProcess((sys.executable, "-c", script), said.append, lambda: None, {})
    until(lambda: bool(said))
    assert said[0]["event"].endswith(f"{os.pathsep}elsewhere")
    process.close()


def test_of_two_trainers_one_is_killed_and_nothing_of_any_run_is_lost(tmp_path):
    service = Runs(config(tmp_path, trainers=2))
    service.open()
    specs = [
        RunSpec(model="small_cnn", train_size=96, batch_size=32, epochs=400, seed=seed, lanes=(LaneSpec(),))
        for seed in (1, 2)
    ]
    killed = service.start("ann", specs[0], key="k", speed=60).id
    until(lambda: [trainer.state for trainer in service._pool._trainers] == ["ready"] * 2, 120)
    other = service.start("bob", specs[1], key="k", speed=60).id
    until(
        lambda: all(
            points(service, run)[-1:] and points(service, run)[-1]["step"] > 20 for run in (killed, other)
        )
    )
    had = service.trainer_pid(killed)
    assert service.trainer_pid(other) not in (had, None)
    os.kill(had, signal.SIGKILL)
    until(lambda: service.trainer_pid(killed) not in (had, None))
    for run, owner in ((killed, "ann"), (other, "bob")):
        service.steering.set_speed(owner, run, 0)
        until(lambda run=run: state(service, run) == "finished", 120)
    kinds = [[event.kind for event in service.history(run).events] for run in (killed, other)]
    service.close()
    assert [each.count("resumed") for each in kinds] == [1, 0]
    torch.set_flush_denormal(True)
    for run, spec in zip((killed, other), specs, strict=True):
        alone = Run(spec, torch.device("cpu"))
        while not alone.done:
            alone.advance()
        kept = service.checkpoints.read(run, moment_name(alone.step))
        weights = load(kept)
        own = alone.lanes[0].net.state_dict()
        assert own
        assert all(torch.equal(weights[f"0.{name}"], value) for name, value in own.items())
    torch.set_flush_denormal(False)


def test_any_commands_that_speak_the_protocol_are_trainers(tmp_path):
    """As `ssh` does: each starts the trainer as another process, whose stdin and stdout it passes on."""
    wrapper = tmp_path / "elsewhere"
    wrapper.write_text('cat | sh -c "$1"\n')
    command = f"sh {wrapper} 'exec {' '.join(FAKE)}'"
    settings = {"SPARSITY_LAB_TRAINER_COMMANDS": f"{command}; {command}"}
    service = Runs(replace(Config.from_environment(settings), database=url(tmp_path)))
    service.open()
    first = service.start("ann", RunSpec(), key="1").id
    until(lambda: [trainer.state for trainer in service._pool._trainers] == ["ready"] * 2)
    second = service.start("bob", RunSpec(), key="1").id
    until(lambda: all(len(points(service, run)) == 2 for run in (first, second)))
    assert service.trainer_pid(first) != service.trainer_pid(second)
    for owner, run in (("ann", first), ("bob", second)):
        service.steering.step(owner, run, "epoch")
        until(lambda run=run: state(service, run) == "finished")
    wrappers = [psutil.Process(pid) for pid in service.trainer_pids]
    service.close()
    assert not any(process.is_running() for process in wrappers)
