"""Health tells the truth, to machines and people, and tells nothing of anybody."""

import re
import shutil
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.runs.condition import free_bytes
from core.web import Web
from core.web.limits.open_files import n_open
from tests.core.runs.made import Lab

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path, max_runs=2)


@pytest.fixture
def client(lab: Lab, tmp_path: Path) -> Iterator[TestClient]:
    web = Web(tmp_path, tmp_path / "compressed", lambda: lab.runs)
    with TestClient(Starlette(routes=web.routes(), lifespan=lambda app: web.lifespan(app))) as client:
        yield client


def away(*_):
    raise OperationalError("SELECT 1", {}, Exception("gone"))


def test_a_server_that_is_well_says_so_with_its_numbers(client, lab):
    for run in lab.starts("ann", "bob", "eve"):
        lab.runs.attach(run)
    answer = client.get("/api/health")
    told = answer.json()
    assert told.pop("free_mb") > 0
    well = {"status": "ready", "why": [], "worker": "ready", "database": True}
    assert told == well | {"running": 2, "queued": 1, "viewers": 3}
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


@pytest.mark.parametrize(("state", "word"), [("lost", "ended"), ("starting", "starting")])
def test_without_a_trainer_it_is_not_ready_and_says_why(client, lab, state, word):
    lab.worker.state = state
    answer = client.get("/api/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    assert word in " ".join(answer.json()["why"])


def test_with_a_trainer_that_may_be_hung_it_is_degraded_and_says_so(client, lab):
    lab.worker.silent = True
    answer = client.get("/api/health")
    told = answer.json()
    assert (answer.status_code, told["status"], told["worker"]) == (200, "degraded", "ready")
    assert "does not answer" in told["why"][0]


def test_without_a_database_it_goes_on_degraded_and_says_why(client, lab, monkeypatch):
    monkeypatch.setattr(lab.runs._store, "_session", away)
    answer = client.get("/api/health")
    assert (answer.status_code, answer.json()["status"], answer.json()["database"]) == (
        200,
        "degraded",
        False,
    )
    assert "database" in answer.json()["why"][0]
    monkeypatch.undo()
    lab.runs._writer.trouble = "Results cannot be saved."
    assert client.get("/api/health").json()["status"] == "degraded"


def test_with_hardly_any_disk_left_it_says_so(client, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**12, 10**12, 10**8))
    told = client.get("/api/health").json()
    assert (told["status"], told["free_mb"]) == ("degraded", 100)
    assert "disk" in told["why"][0]


def test_metrics_have_the_same_numbers_as_prometheus_reads_them(client, lab):
    lab.runs.attach(lab.start("ann"))
    answer = client.get("/api/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    # The format: HELP and TYPE before each sample, a name, a blank, a number.
    sample = re.compile(r"sparsity_lab_[a-z_]+ \d+")
    assert all(line.startswith("#") or sample.fullmatch(line) for line in lines)
    numbers = dict(line.split() for line in lines if not line.startswith("#"))
    assert all(f"# TYPE {name} gauge" in lines for name in numbers)
    assert (numbers["sparsity_lab_ready"], numbers["sparsity_lab_runs_running"]) == ("1", "1")
    assert (numbers["sparsity_lab_viewers"], numbers["sparsity_lab_database_up"]) == ("1", "1")
    assert abs(int(numbers["sparsity_lab_open_files"]) - n_open()) < 20


def test_neither_tells_anything_of_anybody(client, lab):
    run = lab.start("an-owner")
    for path in ("/api/health", "/api/metrics"):
        text = client.get(path).text
        assert run not in text
        assert "an-owner" not in text


def test_the_disk_of_a_folder_that_is_not_there_yet_is_that_of_the_one_above(tmp_path):
    assert free_bytes(tmp_path / "not" / "yet") == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.1)
