"""Of what is uploaded the newest stays, by Streamlit's own routes."""

from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from streamlit.web.server.starlette.starlette_routes import create_upload_routes

from core.web.limits import uploads
from core.web.limits.uploads import Uploads

TOKEN = generate_xsrf_token_string()
LARGE, FRAMED = 1000, 1300
"""Bytes of a file, and of a body with one in it at most."""


class Place:
    """Streamlit's uploads behind the middleware."""

    def __init__(self, base: str = "") -> None:
        self.files = MemoryUploadedFileManager(f"{base}/_stcore/upload_file")
        runtime = SimpleNamespace(is_active_session=lambda session: session != "gone")
        routes = create_upload_routes(runtime, self.files, base.strip("/") or None)
        app = Starlette(routes=routes, middleware=[Middleware(Uploads)])
        cookies = {"_streamlit_xsrf": TOKEN}
        self.client = TestClient(app, headers={"X-Xsrftoken": TOKEN}, cookies=cookies)

    def put(self, tab: str, file: str, n_bytes: int = LARGE) -> int:
        given = {"file": (f"{file}.json", b"x" * n_bytes)}
        return self.client.put(f"{self.files.endpoint}/{tab}/{file}", files=given).status_code

    def of(self, tab: str) -> list[str]:
        return list(self.files.file_storage[tab])


@pytest.fixture(autouse=True)
def _little(monkeypatch):
    monkeypatch.setattr(uploads, "AT_LEAST", FRAMED)
    monkeypatch.setattr(uploads, "OF_A_TAB", 3 * FRAMED)
    monkeypatch.setattr(uploads, "OF_ALL", 6 * FRAMED)


@pytest.mark.parametrize("base", ["", "/lab"])
def test_of_a_tab_the_newest_stay(base):
    place = Place(base)
    place.put("other", "mine")
    for n in range(60):
        assert place.put("tab", str(n)) == 204
    assert (place.of("tab"), place.of("other")) == (["57", "58", "59"], ["mine"])


def test_of_all_tabs_the_newest_stay():
    place = Place()
    for n in range(20):
        assert place.put(f"tab {n}", "file") == 204
    assert [n for n in range(20) if place.of(f"tab {n}")] == [14, 15, 16, 17, 18, 19]


def test_small_ones_are_counted_as_well():
    place = Place()
    for n in range(9):
        assert place.put("tab", str(n), n_bytes=1) == 204
    assert place.of("tab") == ["6", "7", "8"]


def test_the_newest_stays_however_large():
    place = Place()
    place.put("tab", "small")
    assert place.put("tab", "large", 100 * LARGE) == 204
    assert place.of("tab") == ["large"]


def test_what_comes_again_counts_once_and_what_was_refused_not_at_all():
    place = Place()
    place.put("tab", "first")
    for _ in range(9):
        place.put("tab", "again")
        assert place.put("gone", "refused") == 400
    assert place.of("tab") == ["first", "again"]
