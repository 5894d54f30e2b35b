"""The tables that the revisions make are those that the code reads; an old database gets the later ones."""

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from core.runs.store.store import Store
from core.runs.store.tables import Base
from tests.core.runs import made


def test_the_revisions_make_the_tables_that_the_code_reads(tmp_path):
    store = Store(made.url(tmp_path), "main")
    for _ in range(2):
        store.open()
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        indices = {
            (table, *index["column_names"])
            for table in Base.metadata.tables
            for index in inspect(connection).get_indexes(table)
        }
    assert indices == {
        (table.name, *(column.name for column in index.columns))
        for table in Base.metadata.tables.values()
        for index in table.indexes
    }
    store.close()


@pytest.mark.sqlite_alone
def test_a_database_without_the_later_tables_gets_them_and_keeps_its_runs(tmp_path):
    path = tmp_path / "runs.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE runs (id TEXT PRIMARY KEY, owner TEXT, instance TEXT, spec TEXT, state TEXT, "
            "reason TEXT, speed INTEGER, created FLOAT)"
        )
        row = ("r", "ann", "main", '{"epochs": 3}', "finished", "", 0, 5.0)
        connection.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.close()
    store = Store(f"sqlite:///{path}", "main")
    store.open()
    view = store.view("r")
    assert (view.owner, view.spec.epochs, view.state) == ("ann", 3, "finished")
    store.marks.say("ann", "r", name="old")
    assert store.marks.of("ann")["r"].name == "old"
    assert (store.kept("ann"), store.moments("r"), store.events("r")) == ({}, [], [])
    store.close()
