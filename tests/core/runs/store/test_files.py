"""Files of SQLite that cannot be ours: set aside whole, never deleted, and a new one begun."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.runs.store import files
from core.runs.store.batch import Batch
from core.runs.store.store import Store
from core.runs.views import RunView
from core.spec import RunSpec

pytestmark = pytest.mark.sqlite_alone

VIEW = RunView("r", "ann", RunSpec(), "finished", 0, "", 5, created=2000.0)


def filled(file: Path) -> None:
    store = Store(URL.create("sqlite", database=str(file)), "here")
    store.open()
    batch = Batch()
    for n in range(200):
        batch.runs[f"{n}"] = RunView(f"{n}", "ann", RunSpec(), "finished", 0, "", 5, created=2000.0)
    store.write(batch)
    store.close()


def garbage(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 100)


def text(file: Path) -> None:
    file.write_text("no database at all\n" * 50, encoding="utf-8")


def half(file: Path) -> None:
    filled(file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def a_page_of_zeros(file: Path) -> None:
    filled(file)
    whole = bytearray(file.read_bytes())
    whole[3 * 4096 : 6 * 4096] = bytes(3 * 4096)
    file.write_bytes(whole)


def of_another_program(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE notes (text)")


def with_other_runs(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE runs (run_uuid, name)")


DAMAGES = [garbage, text, half, a_page_of_zeros, of_another_program, with_other_runs]


@pytest.mark.parametrize("spoil", DAMAGES, ids=lambda spoil: spoil.__name__)
def test_a_file_that_cannot_be_ours_is_set_aside_whole_and_a_new_one_begun(tmp_path, spoil):
    file = tmp_path / "lab 100% ?.sqlite"
    for count in range(2):
        spoil(file)
        before = file.read_bytes()
        store = Store(URL.create("sqlite", database=str(file)), "here")
        said = store.open()
        again = "-2" if count else ""
        aside = tmp_path / f"lab 100% ?-set-aside-{date.today().isoformat()}{again}.sqlite"
        assert aside.read_bytes() == before
        assert aside.name in said
        batch = Batch()
        batch.runs["r"] = VIEW
        store.write(batch)
        assert store.view("r") == VIEW
        assert store.open() == ""
        store.close()
        assert store.view("r") == VIEW
        store.close()
        file.unlink()


def test_what_lies_beside_a_file_goes_with_it(tmp_path):
    file = tmp_path / "lab.sqlite"
    text(file)
    Path(f"{file}-wal").write_bytes(b"not in the file yet")
    said = files.ready(file)
    aside = tmp_path / f"lab-set-aside-{date.today().isoformat()}.sqlite"
    assert "damaged" in said
    assert Path(f"{aside}-wal").read_bytes() == b"not in the file yet"
    assert not Path(f"{file}-wal").exists()


def test_a_sound_file_stays_where_it_is(tmp_path, monkeypatch):
    file = tmp_path / "lab.sqlite"
    filled(file)
    store = Store(f"sqlite:///{file}", "here")
    assert store.open() == ""
    store.close()
    # One that is too large to be looked through in time, or is locked, is not called damaged.
    monkeypatch.setattr(files, "LOOK_SECONDS", 0.0)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("UPDATE runs SET reason = ''")
        assert files.ready(file) == ""
    assert list(tmp_path.glob("*set-aside*")) == []


def test_a_copy_of_a_database_in_use_is_no_damage(tmp_path):
    file, copy = tmp_path / "lab.sqlite", tmp_path / "copy.sqlite"
    filled(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE runs SET reason = 'not yet in the file'")
        connection.commit()
        for ending in files.BESIDE:
            shutil.copy(f"{file}{ending}", f"{copy}{ending}")
    store = Store(f"sqlite:///{copy}", "here")
    assert store.open() == ""
    assert store.listed("ann", 1)[0].reason == "not yet in the file"
