"""What the lesson remembers: by owner, over a restart, within limits, and never at the page's cost."""

import pytest
from sqlalchemy.exc import OperationalError

from core.runs.learners import MOST_CHARS, Learners
from core.runs.store import Store


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/lab.sqlite"


def learners(url: str) -> Learners:
    store = Store(url, "here")
    store.open(0.0)
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
