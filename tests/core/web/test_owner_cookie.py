"""The cookie with a browser's name: who is given which, over http and https, and in frames of other sites."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.runs.store.owners import owner_of
from core.web import Web
from tests.core.runs.made import Lab, ended

KEY = "k" * 22
PAGE = {"Accept": "text/html,*/*"}
FRAME = PAGE | {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}
HTTPS = "https://testserver/page"


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def client(lab: Lab, tmp_path: Path) -> Iterator[TestClient]:
    web = Web(tmp_path, tmp_path / "compressed", lambda: lab.runs)
    page = Route("/page", lambda request: HTMLResponse("<p>page</p>"))
    app = Starlette(
        routes=[*web.routes(), page], middleware=web.middleware(), lifespan=lambda app: web.lifespan(app)
    )
    with TestClient(app) as client:
        yield client


def given(client: TestClient, address: str = "/page", **headers: str) -> SimpleCookie:
    """The cookies that a page load sets."""
    client.cookies.clear()
    return SimpleCookie(client.get(address, headers=PAGE | headers).headers.get("set-cookie", ""))


def test_a_page_load_without_a_name_gets_one_and_keeps_it(client, lab):
    plain = lab.runs.names.cookies[1]
    cookie = given(client)[plain]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert not cookie["secure"]
    assert lab.runs.names.owner_named(cookie.value)
    assert not given(client, Cookie=f"{plain}={cookie.value}")
    assert given(client)[plain].value != cookie.value


@pytest.mark.parametrize("value", ["x", KEY, f"{KEY}.{KEY}{KEY}"])
def test_a_made_up_name_is_replaced(client, lab, value):
    plain = lab.runs.names.cookies[1]
    new = given(client, Cookie=f"{plain}={value}; owner={value}")[plain].value
    assert lab.runs.names.owner_named(new) not in (None, owner_of(KEY))


def test_what_is_no_page_gives_no_name(client):
    assert "set-cookie" not in client.get("/api/health").headers


def test_over_https_the_cookie_is_secure_and_this_host_s_alone(client, lab):
    secure, _ = lab.runs.names.cookies
    cookie = given(client, HTTPS)[secure]
    assert secure.startswith("__Host-")
    assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["samesite"]) == (True, "/", "", "Lax")
    assert not given(client, HTTPS, Cookie=f"{secure}={cookie.value}")


def test_who_came_over_http_before_keeps_the_name(client, lab):
    secure, plain = lab.runs.names.cookies
    name = lab.runs.names.issue()
    assert given(client, HTTPS, Cookie=f"{plain}={name}")[secure].value == name


def test_in_a_frame_of_another_site_the_cookie_is_one_that_frames_may_keep(client):
    told = client.get(HTTPS, headers=FRAME).headers["set-cookie"]
    assert told.startswith("__Host-")
    assert all(part in told for part in ("SameSite=None", "Secure", "Partitioned", "HttpOnly"))
    client.cookies.clear()
    own = client.get(HTTPS, headers=FRAME | {"Sec-Fetch-Site": "same-origin"}).headers["set-cookie"]
    assert "SameSite=Lax" in own


def test_an_unsigned_name_of_before_is_signed_where_the_database_knows_it(client, lab):
    names = lab.runs.names
    assert names.owner_named(given(client, Cookie=f"owner={KEY}")[names.cookies[1]].value) != owner_of(KEY)
    ended(lab, "k", owner=owner_of(KEY))
    lab.runs._writer.flush()
    assert given(client, Cookie=f"owner={KEY}")[names.cookies[1]].value == names.issue(KEY)


def test_while_the_database_cannot_say_an_unsigned_name_is_left_as_it_is(client, lab, monkeypatch):
    def away(owner):
        raise SQLAlchemyError("gone")

    monkeypatch.setattr(lab.runs._store.people, "knows", away)
    assert not given(client, Cookie=f"owner={KEY}")
    assert given(client)


def test_a_hundred_made_up_names_are_nobody_and_start_nothing(client, lab):
    run = lab.start()
    for number in range(100):
        headers = {"Origin": "http://testserver", "Cookie": f"owner={number:022}"}
        assert (
            client.post(f"/api/runs/{run}/ask", headers=headers, json={"question": "predict"}).status_code
            == 403
        )
