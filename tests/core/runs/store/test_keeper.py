"""A server whose database does not answer, is damaged, or whose clock is wrong."""

import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from core.runs import Config, Runs
from core.runs.live.encoding import packed
from core.runs.store import keeper
from core.runs.store import store as made_store
from core.runs.store.batch import Batch
from core.runs.store.keeper import DAY, NEWS_SECONDS, NO_MEMORY, TRY_SECONDS, TWICE
from core.runs.store.store import FOLLOWED_SECONDS, Store
from core.runs.views import Origin, RunView
from core.spec import RunSpec
from tests.core.runs import made
from tests.core.runs.made import Lab, ended, ids

VIEW = RunView("r", "ann", RunSpec(), "finished", 0, "", 5, created=100 * DAY)


@pytest.fixture
def now(monkeypatch):
    """The wall's clock, to be set."""
    clock = made.Clock()
    monkeypatch.setattr(keeper, "time", SimpleNamespace(time=clock))
    return clock


def opened(folder) -> Store:
    store = Store(made.url(folder), "main")
    store.open()
    return store


def kept(store: Store, *days: float) -> None:
    batch = Batch()
    batch.runs = {f"{day:g}": replace(VIEW, id=f"{day:g}", created=day * DAY) for day in days}
    store.write(batch)
    for day in days:
        store.keep("ann", f"{day:g}", "1", day * DAY)


def days_left(store: Store) -> set[float]:
    runs = {float(view.id) for view in store.listed("ann", 99)}
    assert {float(name) for name in store.kept("ann")} == runs
    return runs


def test_old_things_go_by_the_clock_and_by_the_newest_there_is(tmp_path):
    store = opened(tmp_path)
    kept(store, 1, 60, 75, 100)
    assert store.tidy(100 * DAY, 30 * DAY) == ["1", "60"]
    assert days_left(store) == {75, 100}


@pytest.mark.parametrize("jump", [31, 40, 4000])
def test_a_clock_that_is_ahead_for_a_day_deletes_nothing_that_has_two_days_left(tmp_path, jump):
    kept(opened(tmp_path), 73, 85, 100)
    wrong = opened(tmp_path)
    wrong.tidy((100 + jump) * DAY, 30 * DAY)
    # What is begun by the wrong clock does not make the others old.
    kept(wrong, 100 + jump)
    right = opened(tmp_path)
    right.tidy(101 * DAY, 30 * DAY)
    assert days_left(right) == {73, 85, 100, 100 + jump}
    right.tidy(106 * DAY, 30 * DAY)
    assert 73 in days_left(right)
    right.tidy(106 * DAY, 30 * DAY)
    assert 73 not in days_left(right)


def test_a_clock_that_is_set_back_deletes_nothing_and_is_followed(tmp_path):
    store = opened(tmp_path)
    kept(store, 100)
    store.tidy(100 * DAY, 30 * DAY)
    store.tidy(1 * DAY, 30 * DAY)
    store.tidy(200 * DAY, 30 * DAY)
    assert days_left(store) == {100}


def test_after_a_long_rest_the_time_comes_back_to_the_clock(tmp_path):
    store = opened(tmp_path)
    kept(store, 100)
    for _ in range(int(31 * DAY / FOLLOWED_SECONDS)):
        store.tidy(200 * DAY, 30 * DAY)
        assert days_left(store) == {100}
    store.tidy(200 * DAY, 30 * DAY)
    assert days_left(store) == set()


@pytest.mark.sqlite_alone
def test_the_file_shrinks_when_much_of_it_was_deleted(tmp_path):
    file = tmp_path / "lab.sqlite"
    store = Store(f"sqlite:///{file}", "main")
    store.open()
    kept(store, 100)
    batch = Batch()
    batch.runs = {f"{i}": replace(VIEW, id=f"{i}", created=DAY) for i in range(20)}
    store.write(batch)
    for i in range(20):
        store.keep("ann", f"{i}", "x" * 1_000_000, DAY)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = file.stat().st_size
    assert before > 20_000_000
    assert len(store.tidy(100 * DAY, 30 * DAY)) == 20
    assert file.stat().st_size < before / 10
    assert days_left(store) == {100}


def test_a_server_that_runs_for_long_deletes_old_runs_each_day_with_their_weights(tmp_path, monkeypatch, now):
    monkeypatch.setenv("SPARSITY_LAB_CHECKPOINTS", str(tmp_path / "checkpoints"))
    now.now = time.time()
    lab = Lab(tmp_path, keep_days=2.5)
    run = ended(lab, "a")
    lab.runs._writer.flush()
    lab.runs.checkpoints.keep(run, "000000001.weights.safetensors", b"w")
    for _ in range(3):
        assert lab.runs.view(run) is not None
        now.now += 0.99 * DAY
        lab.pass_minutes(0.99 * 24 * 60)
    lab.pass_minutes(60)
    assert lab.runs.view(run) is None
    assert lab.runs.checkpoints.steps(run) == []
    lab.runs.close()


@pytest.mark.sqlite_alone
def test_a_database_that_was_set_aside_is_said_for_a_day(tmp_path, caplog):
    (tmp_path / "runs.sqlite").write_bytes(b"no database at all, " * 100)
    lab = Lab(tmp_path)
    assert "set aside as runs-set-aside-" in lab.runs.notice
    (sentence,) = [each for each in caplog.messages if "it is now called" in each]
    assert "\n" not in sentence
    lab.pass_minutes((NEWS_SECONDS + 1) / 60)
    assert lab.runs.notice == ""
    lab.runs.close()


@pytest.mark.sqlite_alone
def test_without_a_database_runs_go_on_and_are_written_when_it_answers(tmp_path, caplog):
    (tmp_path / "runs.sqlite").mkdir()
    lab = Lab(tmp_path)
    (sentence,) = [each for each in caplog.messages if "cannot be used" in each]
    assert "\n" not in sentence
    assert "SPARSITY_LAB_DATABASE" in sentence
    assert "SPARSITY_LAB_CHECKPOINTS" in sentence
    assert lab.runs.notice == NO_MEMORY
    run = ended(lab, "a")
    going = lab.start(owner="bob", spec=RunSpec(seed=2))
    lab.runs.learners.keep("ann", "guess", 30)
    assert lab.state(run) == "finished"
    assert lab.runs.view("other") is None
    assert lab.runs.learners.kept("ann") == {"guess": 30}
    assert ids(lab) == [run]
    lab.pass_minutes((TRY_SECONDS + 1) / 60)
    assert lab.runs.notice == NO_MEMORY
    (tmp_path / "runs.sqlite").rmdir()
    lab.pass_minutes((TRY_SECONDS + 1) / 60)
    assert lab.runs.notice == ""
    lab.runs._writer.flush()
    assert lab.state(going) == "running"
    assert lab.runs._store.view(run).state == "finished"
    assert lab.runs._store.kept("ann") == {"guess": "30"}
    assert sum("cannot be used" in message for message in caplog.messages) == 1
    lab.runs.close()


@pytest.mark.sqlite_alone
def test_a_locked_database_is_opened_later_and_what_was_left_in_it_goes_on(tmp_path):
    store = opened(tmp_path)
    batch = Batch()
    batch.runs["r"] = replace(VIEW, state="running")
    batch.origins["r"] = Origin(RunSpec())
    store.write(batch)
    store.close()
    with closing(sqlite3.connect(tmp_path / "runs.sqlite", isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        lab = Lab(tmp_path)
        assert lab.runs.notice == NO_MEMORY
        new = lab.start(owner="bob")
        lab.runs._writer.flush()
    lab.pass_minutes((TRY_SECONDS + 1) / 60)
    assert (lab.runs.notice, lab.state(new), lab.state("r")) == ("", "running", "running")
    assert lab.worker.ops("r") == ["start"]
    lab.runs.close()


@pytest.mark.sqlite_alone
@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open stays there")
def test_a_database_that_is_deleted_is_begun_anew_with_the_runs_that_are_there(tmp_path):
    lab = Lab(tmp_path)
    run = lab.start()
    lab.worker.show(run, 0)
    moved = {"step": 0, "lane": 1, "move": {"strength": 3e-3}}
    lab.worker.say({"event": "moved", "run": run, **moved})
    lab.worker.say({"event": "event", **made.event(run, step=0).model_dump()})
    lab.runs._writer.flush()
    before = lab.runs._store
    said = before.view(run), before.past(run), before.events(run), before.moments(run)
    for file in tmp_path.glob("runs.sqlite*"):
        file.unlink()
    lab.pass_minutes(0.02)
    assert lab.runs.notice == keeper.LOST
    lab.runs._writer.flush()
    after = opened(tmp_path)
    assert (after.view(run), after.past(run), after.events(run), after.moments(run)) == said
    assert len(said[3]) == 1
    lab.worker.show(run, 1)
    lab.runs._writer.flush()
    assert len(after.moments(run)) == 2
    lab.runs.close()


def test_a_run_whose_curves_cannot_be_read_ends_and_the_others_go_on(tmp_path):
    store = opened(tmp_path)
    batch = Batch()
    for run in ("bad", "good"):
        batch.runs[run] = replace(VIEW, id=run, owner=run, state="running")
        batch.origins[run] = Origin(RunSpec())
    batch.moments["bad", 0] = {"run": "bad", "number": 0, "points": b"flipped", "frames": packed(["2"])}
    store.write(batch)
    lab = Lab(tmp_path)
    assert (lab.state("bad"), lab.state("good")) == ("interrupted", "running")
    lab.pass_minutes(10)
    assert lab.runs.attach("bad") is None
    assert lab.runs.history("bad") is None
    lab.runs.close()


@pytest.mark.sqlite_alone
def test_a_database_that_takes_no_call_holds_a_start_up_for_seconds_and_a_page_not_at_all(monkeypatch):
    monkeypatch.setattr(made_store, "CONNECT_SECONDS", 2)  # The least there is.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql+psycopg://lab@127.0.0.1:{silent.getsockname()[1]}/lab"
        runs = Runs(Config(database=address), make_pool=made.NotedWorker)
        begun = time.monotonic()
        runs.open()
        opened = time.monotonic()
        assert 1.5 < opened - begun < 10.0
        assert runs.notice == NO_MEMORY
        assert runs.learners.kept("ann") == {}
        assert runs.shelf.listed("ann") == []
        assert time.monotonic() - opened < 1.0
        runs.close()


FIRST_SERVER = """import sys
from pathlib import Path
from core.runs.store.files import Claim
assert Claim(Path(sys.argv[1]), sys.argv[2]).take()
print("taken", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_server(folder, instance: str = "main") -> Iterator[None]:
    """One that has the database of a folder."""
    command = [sys.executable, "-c", FIRST_SERVER, str(folder / "runs.sqlite"), instance]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"taken\n"
        yield
        process.stdin.close()


@pytest.mark.sqlite_alone
@pytest.mark.skipif(sys.platform == "win32", reason="files are not claimed there")
def test_a_second_server_says_so_and_takes_no_run_until_it_is_alone(tmp_path, caplog):
    first = Lab(tmp_path)
    run = first.start()
    first.runs.close()
    with another_server(tmp_path):
        second = Lab(tmp_path)
        assert second.runs.notice == TWICE
        assert caplog.text.count(TWICE) == 1
        assert second.runs.view(run).state == "running"
        assert not second.runs.active("ann")
        second.pass_minutes(0.5)
        assert not second.runs.active("ann")
        # It is a server like any other, but for what the first has.
        assert second.state(second.start("bob")) == "running"
    second.pass_minutes(0.5)
    assert second.runs.notice == ""
    assert [view.id for view in second.runs.active("ann")] == [run]
    second.runs.close()


@pytest.mark.sqlite_alone
def test_two_servers_of_two_names_share_a_database(tmp_path):
    with another_server(tmp_path, "other"):
        lab = Lab(tmp_path)
        assert lab.runs.notice == ""
        lab.runs.close()
