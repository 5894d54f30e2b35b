"""What the lesson remembers: by owner, over a restart, within limits, and never at the page's cost."""

import pytest
from sqlalchemy.exc import OperationalError

from core.runs.store.learners import MOST_CHARS, Learners
from core.runs.store.store import Store
from tests.core.runs import made


@pytest.fixture
def url(tmp_path) -> str:
    return made.url(tmp_path)


def learners(url: str) -> Learners:
    store = Store(url, "here")
    store.open()
    return Learners(store)


def test_values_come_back_to_their_owner_after_a_restart(url):
    first = learners(url)
    first.keep("ada", "guided_path", {"at": "slope", "done": ["play"]})
    first.keep("ada", "guess", 30.0)
    first.keep("ada", "guess", None)
    first.keep("bob", "guess", 1)
    assert learners(url).kept("ada") == {"guided_path": {"at": "slope", "done": ["play"]}, "guess": None}
    assert learners(url).kept("eve") == {}


def test_what_is_too_long_or_no_json_is_refused(url):
    with pytest.raises(ValueError, match=f"guess must have at most {MOST_CHARS} characters"):
        learners(url).keep("ada", "guess", "x" * MOST_CHARS)
    with pytest.raises(ValueError, match="JSON"):
        learners(url).keep("ada", "guess", float("nan"))


def test_a_store_in_trouble_costs_the_memory_not_the_page():
    class Broken:
        def kept(self, *_):
            raise OperationalError("select", {}, Exception("gone"))

        keep = kept

    broken = Learners(Broken())
    assert broken.kept("ada") == {}
    broken.keep("ada", "guess", 1)


def test_what_a_locked_database_did_not_take_is_written_later_and_known_meanwhile(url):
    kept = learners(url)
    store, trouble = kept._store.keep, OperationalError("insert", {}, Exception("database is locked"))

    def locked(*_):
        raise trouble

    kept._store.keep = locked
    kept.keep("ada", "guess", 1)
    kept.keep("ada", "guess", 2)
    kept.keep("ada", "at", "slope")
    kept.tick()
    assert kept.kept("ada") == {"guess": 2, "at": "slope"}
    assert learners(url).kept("ada") == {}
    kept._store.keep = store
    kept.tick()
    assert learners(url).kept("ada") == {"guess": 2, "at": "slope"}
    assert not kept._waiting


def test_no_more_wait_than_are_worth_it(url, monkeypatch):
    monkeypatch.setattr("core.runs.store.learners.MOST_WAITING", 2)
    kept = learners(url)
    kept._store.keep = lambda *_: (_ for _ in ()).throw(OperationalError("insert", {}, Exception("locked")))
    for name in "abc":
        kept.keep("ada", name, 1)
    assert kept.kept("ada") == {"b": 1, "c": 1}


def test_no_log_line_of_a_failed_statement_names_the_owner(url, caplog):
    kept = learners(url)
    with kept._store._engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE learners")
    kept.keep("a-secret-owner", "guess", "a-secret-guess")
    assert "learners" in caplog.text
    assert "a-secret" not in caplog.text
