"""Owners in the database: hashes, also of the keys that an older database still holds."""

import sqlite3
import stat
import sys

import pytest

from core.runs.store.batch import Batch
from core.runs.store.owners import KEY_CHARS, Names, kept_secret, owner_of
from core.runs.store.store import Store
from core.runs.views import RunView
from core.spec import RunSpec

pytestmark = pytest.mark.sqlite_alone

KEY = "k" * KEY_CHARS


def test_an_owner_is_the_sha256_of_the_key():
    # By `printf hello | sha256sum`.
    assert owner_of("hello") == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def test_an_older_database_gets_hashes_for_its_keys_once(tmp_path):
    url = f"sqlite:///{tmp_path}/lab.sqlite"
    store = Store(url, "here")
    store.open()
    hashed = owner_of("another key")
    batch = Batch()
    for run, owner in (("r", KEY), ("s", hashed)):
        batch.runs[run] = RunView(run, owner, RunSpec(), "finished", 0, "", 0, 1.0)
    store.write(batch)
    store.keep(KEY, "guess", "30.0", 1.0)
    store.marks.say(KEY, "r", pinned=2.0)
    with sqlite3.connect(tmp_path / "lab.sqlite") as connection:
        connection.executescript(
            "DROP TABLE alembic_version; DROP TABLE clocks;"
            "DROP TABLE classes; DROP TABLE seats; DROP TABLE answers;"
            "CREATE TABLE formats (id INTEGER PRIMARY KEY, steps INTEGER);"
            "INSERT INTO formats VALUES (1, 1);"
        )
    connection.close()
    for _ in range(2):
        Store(url, "here").open()
        assert store.kept(owner_of(KEY)) == {"guess": "30.0"}
        assert store.marks.of(owner_of(KEY))["r"].pinned == 2.0
        assert [run.id for run in store.listed(owner_of(KEY), 9)] == ["r"]
        assert [run.id for run in store.listed(hashed, 9)] == ["s"]
    with sqlite3.connect(tmp_path / "lab.sqlite") as connection:
        assert KEY not in "".join(connection.iterdump())
    connection.close()


@pytest.mark.skipif(sys.platform == "win32", reason="rights are something else there")
def test_a_database_is_for_its_user_alone(tmp_path):
    old = tmp_path / "old.sqlite"
    old.touch(mode=0o644)
    for file in (old, tmp_path / "new" / "lab.sqlite"):
        store = Store(f"sqlite:///{file}", "here")
        store.open()
        store.keep("ann", "guess", "1", 1.0)
        rights = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.glob(file.name + "*")}
        assert set(rights.values()) == {0o600}, rights
        store.close()


@pytest.fixture
def names() -> Names:
    return Names(b"s" * 32)


def test_a_name_is_its_owner_s_with_the_secret_that_signed_it_alone(names):
    name = names.issue(KEY)
    assert names.owner_named(name) == owner_of(KEY)
    assert Names(b"s" * 32).owner_named(name) == owner_of(KEY)
    assert Names(b"t" * 32).owner_named(name) is None
    assert names.issue() != names.issue()


@pytest.mark.parametrize("name", ["", KEY, f"{KEY}.", f"{KEY}.é", "l" * 22 + ".{signature}", ".{signature}"])
def test_made_up_names_are_nobody(names, name):
    signature = names.issue(KEY).partition(".")[2]
    assert names.owner_named(name.format(signature=signature)) is None


def test_of_two_cookies_the_one_that_https_keeps_counts(names):
    (secure, plain), mine, other = names.cookies, names.issue(KEY), names.issue()
    assert secure.startswith("__Host-")
    assert names.owner({secure: mine, plain: other}) == names.owner({plain: mine}) == owner_of(KEY)
    assert names.owner({secure: "made up", plain: mine}) == owner_of(KEY)
    assert names.owner({"owner": KEY}) is None


def test_two_servers_with_secrets_of_their_own_leave_each_other_s_cookies_alone(names):
    assert not {*names.cookies} & {*Names(b"t" * 32).cookies}


def test_the_secret_is_made_once_and_for_this_user_alone(tmp_path):
    file = tmp_path / "var" / "lab.secret"
    secret = kept_secret(file)
    assert len(secret) >= 32
    assert kept_secret(file) == secret
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", ["a folder", "too short"])
def test_a_secret_that_cannot_be_kept_is_one_for_this_process(tmp_path, damage, caplog):
    file = tmp_path / "lab.secret"
    file.mkdir() if damage == "a folder" else file.write_text("x")
    assert kept_secret(file) != kept_secret(file)
    assert "SPARSITY_LAB_SECRET" in caplog.text
