import json
import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from core.runs.encoding import packed, unpacked
from core.runs.store import Batch, Store
from core.runs.views import RunView
from core.runs.writer import TROUBLE, Writer
from core.spec import RunSpec
from tests.core.runs.made import Lab, event

VIEW = RunView("r", "ann", RunSpec(), "running", 0, "", 5, created=2000.0)


def opened(folder: Path, instance: str = "main") -> Store:
    store = Store(f"sqlite:///{folder / 'deep' / 'runs.sqlite'}", instance)
    store.open(oldest=0.0)
    return store


def batch(*views: RunView) -> Batch:
    made = Batch()
    made.runs = {view.id: view for view in views}
    return made


def moment(number: int) -> dict:
    return {"run": "r", "number": number, "points": packed(["1"]), "frames": packed(["2"])}


def test_a_run_comes_back_as_it_was(tmp_path):
    store = opened(tmp_path)
    store.write(batch(VIEW))
    assert store.view("r") == VIEW
    changed = replace(VIEW, state="finished", reason="Done.", speed=0)
    store.write(batch(changed))
    assert store.view("r") == changed
    assert store.view("other") is None


def test_the_file_is_in_wal_mode(tmp_path):
    opened(tmp_path)
    with sqlite3.connect(tmp_path / "deep" / "runs.sqlite") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_runs_left_going_are_interrupted_at_the_next_start_but_not_another_servers(tmp_path):
    here, there = opened(tmp_path, "here"), opened(tmp_path, "there")
    here.write(batch(VIEW, replace(VIEW, id="q", state="queued"), replace(VIEW, id="f", state="finished")))
    there.write(batch(replace(VIEW, id="t")))
    again = opened(tmp_path, "here")
    states = {run: again.view(run).state for run in "rqft"}
    assert states == {"r": "interrupted", "q": "interrupted", "f": "finished", "t": "running"}
    assert "restarted" in again.view("r").reason


def test_old_runs_are_deleted_with_all_they_had(tmp_path):
    store = opened(tmp_path)
    made = batch(replace(VIEW, state="finished"), replace(VIEW, id="new", created=5000.0))
    made.moments["r", 0] = moment(0)
    made.events["r", 0] = {"run": "r", "number": 0, "body": event().model_dump_json()}
    store.write(made)
    store.open(oldest=3000.0)
    assert store.view("r") is None
    assert (store.moments("r"), store.events("r")) == ([], [])
    assert store.view("new") is not None


@pytest.mark.parametrize("spec", [{"dataset": "faces"}, {"train_size": 5000}, {"lanes": []}])
def test_a_spec_of_another_version_is_no_run_and_the_others_stay(tmp_path, spec):
    store = opened(tmp_path)
    store.write(batch(VIEW, replace(VIEW, id="new")))
    with sqlite3.connect(tmp_path / "deep" / "runs.sqlite") as connection:
        connection.execute("UPDATE runs SET spec = ? WHERE id = 'r'", [json.dumps(spec)])
    connection.close()
    again = opened(tmp_path)
    assert again.view("r") is None
    assert [view.id for view in again.listed("ann", 10)] == ["new"]


def test_moments_are_thinned_and_the_last_replaces(tmp_path):
    store = opened(tmp_path)
    first = batch()
    first.moments = {("r", n): moment(n) for n in range(8)}
    store.write(first)
    second = batch()
    second.thin("r", 2, 4)
    second.moments["r", 6] = moment(6) | {"points": packed(["last"])}
    store.write(second)
    rows = store.moments("r")
    assert [number for number, _, _ in rows] == [0, 2, 4, 6]
    assert [frames is not None for _, _, frames in rows] == [True, False, True, True]
    assert unpacked(rows[-1][1]) == "last"


def test_a_restart_keeps_spec_events_and_history(tmp_path):
    lab = Lab(tmp_path)
    run = lab.start()
    for step in range(5):
        lab.worker.show(run, step)
    lab.runs.change("ann", run, 1, strength=3e-3)
    lab.worker.say({"event": "event", **event(run, step=4).model_dump()})
    lab.runs._writer.flush()

    again = Lab(tmp_path)
    view = again.runs.view(run)
    assert (view.state, view.owner) == ("interrupted", "ann")
    assert view.spec.lanes[1].strength == 3e-3
    feed = again.runs.attach(run).feed
    message = json.loads(feed.update(0, False)[1])
    assert [p["step"] for p in message["points"] if p["lane"] == 0] == [0, 1, 2, 3, 4]
    assert [e["text"] for e in message["events"]] == ["λ 0 → 1"]
    assert message["status"]["state"] == "interrupted"
    assert {frame["step"] for frame in message["frames"]} == {4}
    again.runs.close()
    lab.runs.close()


def test_runs_going_when_the_server_closes_are_interrupted(tmp_path):
    lab = Lab(tmp_path)
    run = lab.start()
    lab.worker.show(run, 3)
    lab.runs.close()
    assert opened(tmp_path).view(run) is None
    view = Store(lab.runs.settings.database, "main").view(run)
    assert (view.state, "stopped" in view.reason) == ("interrupted", True)


class BrokenStore:
    def __init__(self) -> None:
        self.broken = True
        self.written: list[Batch] = []

    def write(self, made: Batch) -> None:
        if self.broken:
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))
        self.written.append(made)


def test_a_full_disk_is_told_retried_and_loses_nothing():
    store = BrokenStore()
    writer = Writer(store)
    writer.run(VIEW)
    writer.moment("r", 1, b"1", None)
    writer.flush()
    assert writer.trouble == TROUBLE
    writer.moment("r", 2, b"2", None)
    writer.run(replace(VIEW, state="finished"))
    writer.flush()
    store.broken = False
    writer.flush()
    assert writer.trouble == ""
    assert list(store.written[0].moments) == [("r", 1), ("r", 2)]
    assert store.written[0].runs["r"].state == "finished"
    writer.flush()
    assert len(store.written) == 1


def test_a_disk_that_stays_full_costs_bounded_memory(monkeypatch):
    monkeypatch.setattr("core.runs.writer.MOMENTS_WAITING", 10)
    writer = Writer(BrokenStore())
    for number in range(100):
        writer.moment("r", number, b"", None)
        writer.flush()
    assert [number for _, number in writer._batch.moments] == list(range(90, 100))


def test_what_was_thinned_while_the_disk_was_full_is_not_written_later():
    store = BrokenStore()
    writer = Writer(store)
    for number in range(4):
        writer.moment("r", number, b"", b"")
    writer.flush()
    writer.thinned("r", 2, 4)
    store.broken = False
    writer.flush()
    assert {key: row["frames"] for key, row in store.written[0].moments.items()} == {
        ("r", 0): b"",
        ("r", 2): None,
    }


def test_a_locked_database_does_not_stop_a_run_and_its_viewers_are_told(tmp_path):
    lab = Lab(tmp_path)
    run = lab.start()
    lab.runs._writer.trouble = TROUBLE
    lab.runs.tick()
    lab.worker.show(run, 1)
    message = json.loads(lab.runs.attach(run).feed.update(0, False)[1])
    assert message["status"]["reason"] == TROUBLE
    assert [p["step"] for p in message["points"]] == [1, 1]
    lab.runs.close()


@pytest.mark.timeout(60)
def test_the_writer_writes_without_being_asked(tmp_path):
    store = opened(tmp_path)
    writer = Writer(store)
    writer.start()
    writer.run(VIEW)
    until = time.monotonic() + 30
    while store.view("r") is None and time.monotonic() < until:
        time.sleep(0.05)
    assert store.view("r") == VIEW
    writer.close()
