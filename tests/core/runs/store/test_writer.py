"""What the runs gather reaches the store once a second, and nothing is lost while it does not answer."""

import json
import time
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from core.runs.store.batch import Batch
from core.runs.store.store import Store
from core.runs.store.writer import TROUBLE, Writer
from core.runs.views import RunView
from core.spec import RunSpec
from tests.core.runs import made
from tests.core.runs.made import Lab

VIEW = RunView("r", "ann", RunSpec(), "running", 0, "", 5, created=2000.0)


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
    monkeypatch.setattr("core.runs.store.writer.MOMENTS_WAITING", 10)
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
    store = Store(made.url(tmp_path), "main")
    store.open()
    writer = Writer(store)
    writer.start()
    writer.run(VIEW)
    until = time.monotonic() + 30
    while store.view("r") is None and time.monotonic() < until:
        time.sleep(0.05)
    assert store.view("r") == VIEW
    writer.close()


class Refusing(BrokenStore):
    """Takes everything but events."""

    def write(self, made: Batch) -> None:
        if made.events:
            raise IntegrityError("INSERT", {}, Exception("constraint failed"))
        self.written.append(made)


def test_what_the_database_will_never_take_does_not_hold_up_the_rest():
    store = Refusing()
    writer = Writer(store)
    writer.event("r", 0, "{}")
    writer.flush()
    writer.run(VIEW)
    writer.flush()
    assert (writer.trouble, [made.runs for made in store.written]) == ("", [{"r": VIEW}])


def test_the_same_number_again_replaces_the_first():
    store = BrokenStore()
    store.broken = False
    writer = Writer(store)
    for frames in (None, b"last"):
        writer.moment("r", 7, b"points", frames)
    writer.event("r", 0, "{}")
    writer.close()
    (made,) = store.written
    assert [row["frames"] for row in made.moments.values()] == [b"last"]
    assert made.events == {("r", 0): {"run": "r", "number": 0, "body": "{}"}}
