"""A database of a version before this one, opened by this one."""

import json
import sqlite3

import pytest
from alembic.util import CommandError

from core.runs.live import encoding
from core.runs.store.store import Store

pytestmark = pytest.mark.sqlite_alone

RUN = "runs(id, owner, instance, spec, state, reason, speed, created)"
OLD_POINT = (
    '{"lane":%d,"step":%d,"epoch":1.5,"strength":0.001,"norm":4.0,"data_loss":0.5,"penalty":0.004,'
    '"total":0.504,"train_%s":0.75,"test_%s":0.875,"test_step":7,"zeros":{"fc1":3},"dead":{"fc1":1},'
    '"optimality":null,"text":"News."}'
)
"""A point as versions before there were validation images wrote it."""


def old_database(path, spec, kind="accuracy"):
    """Two kept moments of a run with two lanes."""
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE runs (id TEXT PRIMARY KEY, owner TEXT, instance TEXT, spec TEXT, state TEXT, "
            "reason TEXT, speed INTEGER, created FLOAT);"
            "CREATE TABLE moments (run TEXT, number INTEGER, points BLOB, frames BLOB, "
            "PRIMARY KEY (run, number));"
        )
        row = ("r", "ann", "main", json.dumps(spec), "finished", "", 0, 5.0)
        connection.execute(f"INSERT INTO {RUN} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        for number in (0, 8):
            texts = [OLD_POINT % (lane, number, kind, kind) for lane in range(2)]
            row = ("r", number, encoding.packed(texts), None)
            connection.execute("INSERT INTO moments VALUES (?, ?, ?, ?)", row)
    connection.close()


@pytest.fixture
def opened(tmp_path):
    stores = []

    def store(spec=None, kind="accuracy"):
        path = tmp_path / "runs.sqlite"
        if spec is not None:
            old_database(path, spec, kind)
        stores.append(Store(f"sqlite:///{path}", "main"))
        stores[-1].open()
        return stores[-1]

    yield store
    for each in stores:
        each.close()


def points_of(store):
    return [list(encoding.points([encoding.unpacked(points)])) for _, points, _ in store.moments("r")]


@pytest.mark.parametrize(("kind", "dataset"), [("accuracy", "digits"), ("error", "rotated_digits")])
def test_what_was_watched_becomes_the_validation_score_and_there_is_no_test(opened, kind, dataset):
    first, last = points_of(opened({"dataset": dataset, "epochs": 3}, kind))
    assert [(each.lane, each.step) for each in (*first, *last)] == [(0, 0), (1, 0), (0, 8), (1, 8)]
    score = last[1].score
    assert (score.kind, score.train, score.valid, score.n_valid) == (kind, 0.75, 0.875, 360)
    assert (score.test, score.n_test) == (None, 0)
    assert (last[1].valid_step, last[1].text, last[1].zeros) == (7, "News.", {"fc1": 3})


def test_it_is_done_once(opened):
    before = points_of(opened({"epochs": 3}))
    # The second time the points have no test_step to be taken over.
    assert points_of(opened()) == before


@pytest.mark.parametrize(("kept", "now"), [(1437, 0), (1158, 0), (1157, 1157), (100, 100)])
def test_a_run_that_kept_more_images_than_there_are_now_keeps_all(opened, kept, now):
    assert opened({"epochs": 3, "train_size": kept}).view("r").spec.train_size == now


def test_a_later_version_s_database_is_left_as_it_is(opened, tmp_path):
    opened().close()
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '999'")
    connection.close()
    with pytest.raises(CommandError, match="999"):
        opened()
